"""How fast the product is: `make bench` grows a school, measures its pages beside their floors, and prints a report."""
