"""The school's own rules: policies, their versions with dates, their clauses, and who approved them."""
