"""The termly report to the governing board: figures through one gate, frozen when published."""
