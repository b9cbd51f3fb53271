"""Who did what, when, to what: append-only, and it verifies itself."""
