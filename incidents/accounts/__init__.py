"""Who signs in, their dated memberships, and their sessions."""
