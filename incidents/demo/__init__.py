"""A demo of two invented schools, made from data by the same actions that people use."""
