"""How far signatures have come, counted by the database: of each class and of each audience. A part of the queries."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select, tuple_
from sqlalchemy.orm import aliased

from incidents.database import question
from incidents.declarations.answers import Share, State, share_of
from incidents.declarations.lists import Group, in_order, total
from incidents.declarations.models import Asked, Signature, SignatureChild
from incidents.declarations.queries import KINDS, holds, standing
from incidents.declarations.words import Answer
from incidents.people.models import Employed, Employment, Enrolment, Person, SamePerson
from incidents.policies.kinds import Audience
from incidents.policies.models import PolicyVersion
from incidents.policies.queries import all_versions

Versions = Collection[uuid.UUID]


def how_far(rows: Iterable[Asked], day: date) -> dict[uuid.UUID, tuple[PolicyVersion, Share]]:
    """Of each request the version that is signed on a day and its share; none before the first version is in force.

    As many statements for many requests as for one of each audience.
    """
    newest = {version.policy_id: version for version in all_versions() if version.in_force_from <= day}
    several = [(row.id, newest[row.policy_id], Audience(row.audience)) for row in rows if row.policy_id in newest]
    of_parents = by_class({version.id for _, version, audience in several if audience is Audience.PARENTS}, day)
    of_others = _by_audience({version.id for _, version, audience in several if audience is not Audience.PARENTS}, day)
    found = of_others | {(each, Audience.PARENTS): total(shares) for each, shares in of_parents.items()}
    return {asked_id: (version, found[version.id, audience]) for asked_id, version, audience in several}


def share(version_id: uuid.UUID, audience: Audience, day: date) -> Share:
    """The share of a whole audience: of the children, or of the people."""
    if audience is Audience.PARENTS:
        return total(by_class([version_id], day)[version_id])
    return _by_audience([version_id], day)[version_id, audience]


# --- parents: each child counts once, in the first of their classes, and one signature is enough for them


def by_class(version_ids: Versions, day: date) -> dict[uuid.UUID, dict[Group, Share]]:
    """Of each version and class of a day the share of children for whom a parent signed, in the order of the classes."""
    if not version_ids:
        return {}
    children = {(year_group, form): count for year_group, form, count in _children(day)}
    answered = {
        (version_id, (year_group, form)): (signed, count - signed)
        for version_id, year_group, form, count, signed in _answered(version_ids, day)
    }
    groups = sorted(children, key=in_order)
    return {
        version_id: {group: Share(children[group], *answered.get((version_id, group), (0, 0))) for group in groups}
        for version_id in version_ids
    }


@question
def _children(day: Any) -> Select[tuple[str, str, int]]:
    group = Enrolment.year_group, Enrolment.form
    return select(*group, func.count()).where(_in_first_class(day)).group_by(*group)


@question
def _answered(version_ids: Any, day: Any) -> Select[tuple[uuid.UUID, str | None, str | None, int, int]]:
    """How many children of each class have an answer, and how many of them a signature; no class: who is no pupil now.

    Outer joins, because a database that was never told how much it holds is free to begin a plain one with all pupils.
    """
    of_answer = and_(SignatureChild.school_id == Signature.school_id, SignatureChild.signature_id == Signature.id)
    child = and_(Person.school_id == SignatureChild.school_id, Person.id == SignatureChild.child_id)
    said = _said(version_ids).where(Signature.audience == Audience.PARENTS)
    children = said.outerjoin(SignatureChild, of_answer).outerjoin(Person, child).subquery()
    entry = aliased(Person)
    enrolled = and_(Enrolment.school_id == entry.school_id, Enrolment.person_id == entry.id, _in_first_class(day))
    group = children.c.version_id, Enrolment.year_group, Enrolment.form
    return (
        select(*group, func.count(), func.sum(children.c.signed))
        .select_from(children)
        .outerjoin(entry, and_(entry.school_id == children.c.school_id, entry.one_id == children.c.one_id))
        .outerjoin(Enrolment, enrolled)
        .group_by(*group)
    )


def _said(version_ids: Any) -> Select[Any]:
    """Who answered which version as what, each once, and whether one of their answers is a signature."""
    who = Signature.school_id, Signature.version_id, Signature.audience, Person.one_id
    signed = func.max(case((Signature.answer == Answer.SIGNED, 1), else_=0)).label("signed")
    return (
        select(*who, signed)
        .select_from(Signature)
        .where(Signature.version_id.in_(version_ids), Signature.answer != Answer.TAKEN_BACK, standing())
        .group_by(*who)
    )


def _in_first_class(day: Any) -> ColumnElement[bool]:
    """The condition on `Enrolment` that it holds on a day, and no other entry of the same child holds one that comes first.

    One entry holds one a day: whoever writes them ends the one before.
    """
    first, later, merged, mine, other = aliased(Enrolment), aliased(Enrolment), *(aliased(Person) for _ in range(3))
    said_of = select(merged.one_id).where(merged.id.in_(select(SamePerson.person_id)))
    entry_of_several = select(other.id).where(other.one_id.in_(said_of))
    one = select(mine.one_id).where(mine.school_id == later.school_id, mine.id == later.person_id).correlate(later)
    same = select(Person.id).where(Person.school_id == later.school_id, Person.one_id.in_(one)).correlate(later)
    at_first = and_(first.school_id == later.school_id, first.person_id.in_(same), _place(first) < _place(later))
    before = exists().where(at_first, holds(first, day))
    again = select(later.id).where(later.person_id.in_(entry_of_several), holds(later, day), before)
    return and_(holds(Enrolment, day), Enrolment.id.not_in(again))


def _place(row: type[Enrolment]) -> Any:
    return tuple_(row.year_group, row.form, row.id)


# --- everybody else answers for themselves


def _by_audience(version_ids: Versions, day: date) -> dict[tuple[uuid.UUID, Audience], Share]:
    """Of each version and audience of those who work, volunteer or govern on a day."""
    if not version_ids:
        return {}
    people: dict[Audience, set[uuid.UUID]] = {audience: set() for audience in KINDS}
    for kind, person_id in _members(day):
        people[_AUDIENCE_OF[Employed(kind)]].add(person_id)
    answered: dict[tuple[uuid.UUID, str], dict[uuid.UUID, State]] = defaultdict(dict)
    for _, version_id, audience, person_id, signed in _own(version_ids):
        answered[version_id, audience][person_id] = State.SIGNED if signed else State.DECLINED
    return {
        (version_id, audience): _share(members, answered[version_id, audience])
        for version_id in version_ids
        for audience, members in people.items()
    }


def _share(people: Iterable[uuid.UUID], answered: Mapping[uuid.UUID, State]) -> Share:
    return share_of(answered.get(person_id, State.OPEN) for person_id in people)


_AUDIENCE_OF = {kind: audience for audience, kinds in KINDS.items() for kind in kinds}


@question
def _members(day: Any) -> Select[tuple[str, uuid.UUID]]:
    entry = and_(Person.school_id == Employment.school_id, Person.id == Employment.person_id)
    return select(Employment.kind, Person.one_id).join(Person, entry).where(holds(Employment, day)).distinct()


@question
def _own(version_ids: Any) -> Select[Any]:
    who = and_(Person.school_id == Signature.school_id, Person.id == Signature.person_id)
    return _said(version_ids).where(Signature.audience != Audience.PARENTS).join(Person, who)
