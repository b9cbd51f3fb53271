"""Messages without content: made in an action, checked again when they are sent."""
