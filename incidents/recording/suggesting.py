"""Who else may be in it: the pupils of the same form or year as those already named. A part of the queries."""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy import and_, or_, select

from incidents.extensions import db
from incidents.people.models import Enrolment, Person
from incidents.people.queries import Found, entries, is_listed, same_as, status_of, statuses_of

MOST = 40  # a form, and some more: who looks for one of a whole year types two letters


def beside(named: Collection[uuid.UUID], on: date) -> dict[str, list[Found]]:
    """By form, or by year group where there are no forms: those whom a search would find too, and nobody else.

    Only the list of pupils is asked, never what is recorded: a suggestion tells nothing about anybody.
    """
    groups: dict[str, list[Found]] = {}
    for year, form in sorted(
        {(each.year_group, each.form) for each in (status_of(one, on) for one in named) if each.year_group}
    ):
        if found := _pupils_of(year, form, on, named):
            groups[form or year] = found
    return groups


def _pupils_of(year: str, form: str, on: date, named: Collection[uuid.UUID]) -> list[Found]:
    same = entries()
    held = (
        select(same.c.entry_id)
        .join(Enrolment, and_(Enrolment.school_id == same.c.school_id, Enrolment.person_id == same.c.person_id))
        .where(
            Enrolment.year_group == year,
            Enrolment.form == form,
            Enrolment.starts <= on,
            or_(Enrolment.ends.is_(None), Enrolment.ends >= on),
        )
    )
    people = db.session.scalars(
        select(Person)
        .where(Person.id.in_(held), is_listed(), Person.id.not_in(same_as(named)))
        .order_by(Person.family_name, Person.given_name, Person.id)
        .limit(MOST)
    ).all()
    statuses = statuses_of([each.id for each in people], on)
    return [
        Found(each.id, each.name, was.kind, was.as_was, was.year_group, was.form)
        for each in people
        for was in [statuses[each.id]]
    ]
