"""The first decision: the three tests, the power to act, and what follows."""
