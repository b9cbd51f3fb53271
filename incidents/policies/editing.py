"""Changing a draft, clause by clause: each change gives a new text and leaves the old one as it was."""

from dataclasses import replace
from enum import StrEnum

from incidents.errors import NotFound, Refused
from incidents.policies.reading import BeforePosting, ClauseText, PolicyText


class Move(StrEnum):
    """Which way a clause goes."""

    UP = "up"
    DOWN = "down"


def clause_called(text: PolicyText, code: str) -> ClauseText:
    """The clause with this code. Raises `NotFound`."""
    found = next((clause for clause in text.clauses if clause.code == code), None)
    if found is None:
        raise NotFound
    return found


def with_clause(text: PolicyText, code: str | None, clause: ClauseText) -> PolicyText:
    """With a clause in the place of the one called `code`, or at the end. Raises `Refused` for a code that is taken."""
    others = {each.code.casefold() for each in text.clauses if each.code != code}
    if clause.code.casefold() in others:
        raise Refused(f"There is a clause {clause.code} already. Give this one another code.", "code")
    if code is None:
        return replace(text, clauses=(*text.clauses, clause))
    clause_called(text, code)
    changed = replace(text, clauses=tuple(clause if each.code == code else each for each in text.clauses))
    return _named(changed, code, clause.code)


def without_clause(text: PolicyText, code: str) -> PolicyText:
    """Without the clause, and without its mention in the questions before posting."""
    clause_called(text, code)
    left = tuple(each for each in text.clauses if each.code != code)
    return _named(replace(text, clauses=left), code, "")


def moved(text: PolicyText, code: str, way: Move) -> PolicyText:
    """With the clause one place up or down; at the end of the list it stays where it is."""
    clauses = list(text.clauses)
    at = clauses.index(clause_called(text, code))
    to = at + (1 if way is Move.DOWN else -1)
    if 0 <= to < len(clauses):
        clauses[at], clauses[to] = clauses[to], clauses[at]
    return replace(text, clauses=tuple(clauses))


def next_code(text: PolicyText) -> str:
    """A code for one more clause: the first number that is free."""
    taken = {clause.code.casefold() for clause in text.clauses}
    return next(str(n) for n in range(1, len(taken) + 2) if str(n) not in taken)


def _named(text: PolicyText, before: str, after: str) -> PolicyText:
    """The questions before posting name a clause by its code: they follow it."""
    questions = tuple(
        replace(
            question, clauses=tuple(after if code == before else code for code in question.clauses if code != before or after)
        )
        for question in text.before_posting.questions
    )  # fmt: skip
    return replace(text, before_posting=BeforePosting(text.before_posting.rule, questions))
