"""An incident as staff wrote it down."""
