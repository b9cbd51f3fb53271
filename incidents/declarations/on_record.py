"""For somebody in an incident: which version in force that day they, or their household, had signed. A part of the queries."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, select, union_all
from sqlalchemy.orm import aliased

from incidents.database import question
from incidents.declarations.answers import Given, Told, signed_line
from incidents.declarations.models import Asked, Signature, SignatureChild
from incidents.declarations.queries import signatures_where, standing
from incidents.declarations.words import AUDIENCE_OF
from incidents.people.kinds import PersonKind
from incidents.people.models import Kinship, Person
from incidents.policies import versions
from incidents.policies.kinds import Audience
from incidents.policies.models import PolicyVersion
from incidents.policies.queries import all_versions

Who = tuple[uuid.UUID, PersonKind]  # a person, and what they were to the school that day


def signed_by(people: Iterable[Who], first: date, last: date) -> dict[uuid.UUID, list[str]]:
    """Of each person a sentence for every version, in force on a day of the incident, of what they were asked to sign.

    A pupil stands for their household. Whoever was nothing to the school was asked nothing. Two entries of one person are one.
    """
    people = list(people)
    several = [(person_id, AUDIENCE_OF[kind]) for person_id, kind in people if kind in AUDIENCE_OF]
    asked = _asked({audience for _, audience in several}).scalars().all()
    if not asked:
        return {}
    every = all_versions()
    current = versions.in_force(every, first, last)
    pupils = {person_id for person_id, kind in people if kind is PersonKind.PUPIL}
    answers = _Answers(several, pupils)
    found: dict[uuid.UUID, list[str]] = {}
    for person_id, audience in several:
        rows = [row for row in asked if row.audience == audience]
        mine = answers.of(person_id, audience)
        parent = answers.one[person_id] if audience is Audience.PARENTS and person_id not in pupils else None
        for version in (each for each in current if any(row.policy_id == each.policy_id for row in rows)):
            was_asked = any(row.starts <= last for row in rows if row.policy_id == version.policy_id)
            told = _told(version, [each for each in every if each.policy_id == version.policy_id], mine, was_asked)
            line = signed_line(told, last, by_household=person_id in pupils, as_parent=parent)
            found.setdefault(person_id, []).append(line)
    return found


def _told(
    version: PolicyVersion, several: Sequence[PolicyVersion], mine: Sequence[tuple[Signature, Given]], was_asked: bool
) -> list[Told]:
    """The version in question and those before it, the newest first; `several` are the policy’s, the oldest first."""
    return [
        Told(each.title, each.number, each.id == version.id, tuple(given for row, given in mine if row.version_id == each.id),
             was_asked)
        for each in reversed(several) if each.number <= version.number
    ]  # fmt: skip


class _Answers:
    """The answers that may be those of the people in an incident, read at once for all of them."""

    def __init__(self, several: Iterable[tuple[uuid.UUID, Audience]], pupils: Collection[uuid.UUID]) -> None:
        several = list(several)
        entries = _entries({person_id for person_id, _ in several}).all()
        self.one = {row.person_id: row.one_id for row in entries}
        one = {row.entry_id: row.one_id for row in entries}
        self._pupils = {self.one[each] for each in pupils}
        adults = {self.one[each] for each, audience in several if audience is Audience.PARENTS} - self._pupils
        kin = _kin({entry for entry, person in one.items() if person in adults}).all() if adults else ()
        self._children: dict[uuid.UUID, set[uuid.UUID]] = {}
        for row in kin:
            self._children.setdefault(one[row.person_id], set()).add(row.child_id)
        children = {row.entry_id for row in kin} | {entry for entry, person in one.items() if person in self._pupils}
        ids = _signatures(one, children).scalars().all()
        self._given = signatures_where(Signature.id.in_(ids)) if ids else []

    def of(self, person_id: uuid.UUID, audience: Audience) -> list[tuple[Signature, Given]]:
        """Their own; for a pupil those for them as a child; for a parent also those for a child of theirs."""
        one = self.one[person_id]
        is_pupil = audience is Audience.PARENTS and one in self._pupils
        children = {one} if is_pupil else self._children.get(one, set()) if audience is Audience.PARENTS else set()
        return [
            (row, given)
            for row, given in self._given
            if row.audience == audience and (children & given.children or (given.person_id == one and not is_pupil))
        ]


@question
def _asked(audiences: Any) -> Select[tuple[Asked]]:
    return select(Asked).where(Asked.audience.in_(audiences))


@question
def _signatures(person_ids: Any, child_ids: Any) -> Select[tuple[uuid.UUID]]:
    """The answers that stand, of these persons or for these children."""
    own = aliased(Signature)
    theirs = select(own.id).where(own.person_id.in_(person_ids))
    covering = select(SignatureChild.signature_id).where(SignatureChild.child_id.in_(child_ids))
    return select(Signature.id).where(standing(), Signature.id.in_(union_all(theirs, covering)))


@question
def _entries(person_ids: Any) -> Select[Any]:
    """Of each person the one entry that stands for all of theirs, beside every one of these."""
    asked, same = aliased(Person), aliased(Person)
    return (
        select(asked.id.label("person_id"), asked.one_id, same.id.label("entry_id"))
        .join(same, and_(same.school_id == asked.school_id, same.one_id == asked.one_id))
        .where(asked.id.in_(person_ids))
    )


@question
def _kin(parent_ids: Any) -> Select[Any]:
    """The children of each of these, by the one entry that stands for all of theirs, beside every one of them."""
    child, same = aliased(Person), aliased(Person)
    return (
        select(Kinship.person_id, child.one_id.label("child_id"), same.id.label("entry_id"))
        .join(child, and_(child.school_id == Kinship.school_id, child.id == Kinship.other_id))
        .join(same, and_(same.school_id == child.school_id, same.one_id == child.one_id))
        .where(Kinship.person_id.in_(parent_ids), Kinship.parental_responsibility, ~Kinship.do_not_tell)
    )
