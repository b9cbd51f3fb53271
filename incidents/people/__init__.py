"""Persons, contacts, enrolment, employment, kinship, and accounts on platforms whose owner is not known yet."""
