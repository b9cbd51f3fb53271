"""The school's response: a case, its steps, findings, outcome."""
