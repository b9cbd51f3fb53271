"""The access anchor of everything sensitive: reference, grants, conflicts, and the one rule of who sees what."""
