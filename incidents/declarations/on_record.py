"""For somebody in an incident: which version in force that day they, or their household, had signed. A part of the queries."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import or_, select

from incidents.declarations.answers import Given, Told, signed_line
from incidents.declarations.models import Asked, Signature, SignatureChild
from incidents.declarations.queries import one_of, signatures_where, standing
from incidents.declarations.words import AUDIENCE_OF
from incidents.extensions import db
from incidents.people.kinds import PersonKind
from incidents.people.models import Kinship
from incidents.people.queries import same_as
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
    asked = db.session.scalars(select(Asked).where(Asked.audience.in_({audience for _, audience in several}))).all()
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
        self.one = one_of(person_id for person_id, _ in several)
        self._pupils = {self.one[each] for each in pupils}
        adults = {self.one[each] for each, audience in several if audience is Audience.PARENTS} - self._pupils
        self._children = _children_of(adults)
        children = self._pupils | {child for theirs in self._children.values() for child in theirs}
        covering = select(SignatureChild.signature_id).where(SignatureChild.child_id.in_(same_as(children)))
        theirs = Signature.person_id.in_(same_as(set(self.one.values())))
        self._given = signatures_where(standing(), or_(theirs, Signature.id.in_(covering)))

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


def _children_of(parents: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """The children of each, both by the one entry that stands for all of theirs."""
    kin = select(Kinship.person_id, Kinship.other_id).where(
        Kinship.person_id.in_(same_as(parents)), Kinship.parental_responsibility, ~Kinship.do_not_tell
    )
    pairs = db.session.execute(kin).tuples().all() if parents else []
    one = one_of({each for pair in pairs for each in pair})
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for parent_id, child_id in pairs:
        found.setdefault(one[parent_id], set()).add(one[child_id])
    return found
