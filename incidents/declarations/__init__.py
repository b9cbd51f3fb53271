"""Declarations: who was asked to sign which policy, and what each answered."""
