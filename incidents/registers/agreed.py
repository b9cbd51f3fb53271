"""What parents agreed to: the one answer for everybody, and for safeguarding leads what lies behind it."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased

from incidents.access import Permission
from incidents.accounts.viewer import Viewer
from incidents.database import question
from incidents.errors import NotFound
from incidents.extensions import db
from incidents.matters.words import Direction
from incidents.people.matching import by_number
from incidents.people.models import Enrolment, Person
from incidents.people.queries import contacts_of_each, entries, same_as
from incidents.policies.kinds import Force
from incidents.policies.models import Clause
from incidents.policies.queries import clauses_of, in_force
from incidents.registers.consent import Answer, Said, effective
from incidents.registers.kinds import Channel
from incidents.registers.models import ConsentAnswer, ContactRisk, NamesRule


@dataclass(frozen=True)
class Pupil:
    """A pupil of a class."""

    id: uuid.UUID
    name: str


def classes(day: date) -> list[str]:
    """The classes that have pupils on a day, in the school's own words: "6R", or the year group where there are none."""
    return sorted({form or year for year, form in _classes(day).tuples()}, key=by_number)


@question
def _classes(day: Any) -> Select[tuple[str, str]]:
    return select(Enrolment.year_group, Enrolment.form).where(*_on(day)).distinct()


def pupils_of(name: str, day: date) -> list[Pupil]:
    """The pupils of a class on a day, by family name; nobody for a class that there is not."""
    rows = _pupils_of(name, day).tuples()
    return [Pupil(person_id, f"{given_name} {family_name}".strip()) for person_id, given_name, family_name in rows]


@question
def _pupils_of(name: Any, day: Any) -> Select[tuple[uuid.UUID, str, str]]:
    """Who is in the class is read first, and then who they are: the other way round it would be all persons one by one."""
    entry = aliased(Person)
    of_class = or_(Enrolment.form == name, and_(Enrolment.form == "", Enrolment.year_group == name))
    in_class = select(Enrolment.person_id).where(*_on(day), of_class)
    ones = select(entry.one_id).where(entry.id.in_(in_class))
    return (
        select(Person.id, Person.given_name, Person.family_name)
        .where(Person.id.in_(ones))
        .order_by(Person.family_name, Person.given_name, Person.id)
    )


def pupils_known(ids: Collection[uuid.UUID], day: date) -> list[Pupil]:
    """Those of these who are pupils on a day, by family name. Others are left out like what is not there."""
    one = aliased(Person)
    rows = db.session.scalars(
        select(one)
        .select_from(Enrolment)
        .join(Person, and_(Person.school_id == Enrolment.school_id, Person.id == Enrolment.person_id))
        .join(one, and_(one.school_id == Person.school_id, one.id == Person.one_id))
        .where(*_on(day), one.id.in_(list(ids)))
        .distinct()
        .order_by(one.family_name, one.given_name, one.id)
    ).all()
    return [Pupil(row.id, row.name) for row in rows]


def pupil(child_id: uuid.UUID, day: date) -> Pupil:
    """One pupil. Raises `NotFound` for anybody who is none on that day."""
    found = pupils_known([child_id], day)
    if not found:
        raise NotFound
    return found[0]


def _on(day: Any) -> tuple[ColumnElement[bool], ...]:
    return Enrolment.starts <= day, or_(Enrolment.ends.is_(None), Enrolment.ends >= day)


# --- the one answer


def effective_consent(child_ids: Collection[uuid.UUID], channel: Channel, day: date) -> dict[uuid.UUID, Answer]:
    """For each child the one answer that holds there on this day: the same for whoever asks, in as many statements."""
    return {child: each[channel] for child, each in effective_everywhere(child_ids, day).items()}


def effective_everywhere(child_ids: Collection[uuid.UUID], day: date) -> dict[uuid.UUID, dict[Channel, Answer]]:
    """For each child and channel the one answer that holds on this day.

    The flag is read for every child, with or without one, and comes out as a consent not given: by nothing on any page
    can the two be told apart.
    """
    wanted = list(child_ids)
    children = _entries_of(wanted)
    said = _said(children)
    contacts = contacts_of_each(wanted, day)
    flagged = _flagged(children, day)
    return {
        child: {
            channel: effective(
                said.get((child, channel), ()),
                {child, *(each.person_id for each in contacts[child] if each.parental_responsibility)},
                day,
                kept_back=child in flagged,
            )
            for channel in Channel
        }
        for child in wanted
    }


def _entries_of(child_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Which of these children an entry on the list is: read by itself, so that a class is not looked for in all answers."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for entry_id, child in _pairs(child_ids).tuples():
        found.setdefault(entry_id, []).append(child)
    return found


@question
def _pairs(child_ids: Any) -> Select[tuple[uuid.UUID, uuid.UUID]]:
    same = entries()
    return select(same.c.entry_id, same.c.person_id).where(same.c.person_id.in_(child_ids))


def _said(children: Mapping[uuid.UUID, Sequence[uuid.UUID]]) -> dict[tuple[uuid.UUID, Channel], list[Said]]:
    found: dict[tuple[uuid.UUID, Channel], list[Said]] = {}
    for entry_id, channel, answer, starts, until, said_by, at in _answers(children).tuples():
        said = Said(Answer(answer), starts, until, said_by, at)
        for child in children[entry_id]:
            found.setdefault((child, Channel(channel)), []).append(said)
    return found


@question
def _answers(children: Any) -> Select[Any]:
    by, row = aliased(Person), ConsentAnswer
    return (
        select(row.child_id, row.channel, row.answer, row.starts, row.until, by.one_id, row.at)
        .outerjoin(by, and_(by.school_id == row.school_id, by.id == row.said_by))
        .where(row.child_id.in_(children))
    )


def _flagged(children: Mapping[uuid.UUID, Sequence[uuid.UUID]], day: date) -> set[uuid.UUID]:
    """Those with a flag on this day. Before the day it was raised the answer stays what it was, as with a withdrawal."""
    said = _flags(children, day).tuples()
    last = {child: flagged for entry_id, flagged in said for child in children[entry_id]}
    return {child for child, flagged in last.items() if flagged}  # the last one holds


@question
def _flags(children: Any, day: Any) -> Select[tuple[uuid.UUID, bool]]:
    return (
        select(ContactRisk.child_id, ContactRisk.flagged)
        .where(ContactRisk.child_id.in_(children), ContactRisk.since <= day)
        .order_by(ContactRisk.at, ContactRisk.number)
    )


def never_with_names(day: date) -> bool:
    """Whether the school never puts a name to a picture of a child: by a policy in force, or as the head last said."""
    held = names_rule()
    return (held is not None and held.never) or names_clause(day) is not None


def names_clause(day: date) -> Clause | None:
    """The clause in force that forbids to put a name to a picture on the school's own accounts."""
    return next(filter(forbids_names, clauses_of(version.id for version in in_force(day))), None)


def forbids_names(clause: Clause) -> bool:
    """Known by what the clause says of itself: an order not to, about the school's accounts, with these keywords."""
    return (
        clause.force == Force.MUST_NOT
        and Direction.SCHOOL_ACCOUNT in clause.directions
        and "name" in clause.keywords
        and bool({"photo", "picture"} & set(clause.keywords))
    )


def names_rule() -> NamesRule | None:
    """What the head last said about names beside pictures."""
    return db.session.scalars(
        select(NamesRule).order_by(NamesRule.at.desc(), NamesRule.never.desc()).limit(1)
    ).one_or_none()


# --- what lies behind it, for safeguarding leads


def may_know_risk(viewer: Viewer, child_id: uuid.UUID) -> bool:
    """A safeguarding lead who is not close to the child: the danger may come from the family."""
    close = same_as([child_id]) & (viewer.person_ids | viewer.family_ids)
    return viewer.may(Permission.CONTACT_RISK) and not close


def risks_of(child_id: uuid.UUID) -> Sequence[ContactRisk]:
    """What was said about it, the newest first. Only for those who `may_know_risk`."""
    mine = ContactRisk.child_id.in_(same_as([child_id]))
    return db.session.scalars(
        select(ContactRisk).where(mine).order_by(ContactRisk.at.desc(), ContactRisk.number.desc())
    ).all()


def children_at_risk(viewer: Viewer, day: date) -> list[Pupil]:
    """The pupils with a flag, for a safeguarding lead; without those close to them."""
    if not viewer.may(Permission.CONTACT_RISK):
        return []
    known = set(db.session.scalars(select(ContactRisk.child_id).distinct()))
    flagged = _flagged(_entries_of(known), day)
    return [each for each in pupils_known(flagged, day) if may_know_risk(viewer, each.id)]


def answers_of(child_id: uuid.UUID) -> Sequence[ConsentAnswer]:
    """Every answer about a child, the newest first. Only for those who `may_know_risk`: beside the one answer that
    everybody gets, they would give the flag away."""
    mine = ConsentAnswer.child_id.in_(same_as([child_id]))
    return db.session.scalars(
        select(ConsentAnswer).where(mine).order_by(ConsentAnswer.at.desc(), ConsentAnswer.channel)
    ).all()
