"""The school, its trust, settings and calendar."""
