"""For somebody in an incident: which version in force that day they, or their household, had signed. A part of the queries."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import or_, select

from incidents.declarations.answers import Given, Told, signed_line
from incidents.declarations.models import Asked, Signature, SignatureChild
from incidents.declarations.queries import ones, signatures_where, standing
from incidents.declarations.words import AUDIENCE_OF
from incidents.extensions import db
from incidents.people.kinds import PersonKind
from incidents.people.models import Kinship
from incidents.people.queries import same_as
from incidents.policies.kinds import Audience
from incidents.policies.models import PolicyVersion
from incidents.policies.queries import in_force, versions_of

Who = tuple[uuid.UUID, PersonKind]  # a person, and what they were to the school that day


def signed_by(people: Iterable[Who], first: date, last: date) -> dict[uuid.UUID, list[str]]:
    """Of each person a sentence for every version, in force on a day of the incident, of what they were asked to sign.

    A pupil stands for their household. Whoever was nothing to the school was asked nothing. Two entries of one person are one.
    """
    several = [(person_id, AUDIENCE_OF[kind]) for person_id, kind in people if kind in AUDIENCE_OF]
    asked = db.session.scalars(select(Asked).where(Asked.audience.in_({audience for _, audience in several}))).all()
    if not asked:
        return {}
    current = in_force(first, last)
    pupils = {person_id for person_id, kind in people if kind is PersonKind.PUPIL}
    found: dict[uuid.UUID, list[str]] = {}
    for person_id, audience in several:
        rows = [row for row in asked if row.audience == audience]
        mine = _answers_of(person_id, audience, is_pupil=person_id in pupils)
        parent = _one(person_id) if audience is Audience.PARENTS and person_id not in pupils else None
        for version in (each for each in current if any(row.policy_id == each.policy_id for row in rows)):
            was_asked = any(row.starts <= last for row in rows if row.policy_id == version.policy_id)
            told = _told(version, versions_of(version.policy_id), mine, was_asked)
            line = signed_line(told, last, by_household=person_id in pupils, as_parent=parent)
            found.setdefault(person_id, []).append(line)
    return found


def _told(
    version: PolicyVersion, versions: Sequence[PolicyVersion], mine: Sequence[tuple[Signature, Given]], was_asked: bool
) -> list[Told]:
    """The version in question and those before it, the newest first."""
    return [
        Told(each.title, each.number, each.id == version.id, tuple(given for row, given in mine if row.version_id == each.id),
             was_asked)
        for each in versions if each.number <= version.number
    ]  # fmt: skip


def _one(person_id: uuid.UUID) -> uuid.UUID:
    return next(iter(ones([person_id])))


def _answers_of(person_id: uuid.UUID, audience: Audience, *, is_pupil: bool) -> list[tuple[Signature, Given]]:
    """The answers that may be theirs: their own, those for them as a child, or for a child of theirs."""
    same = same_as([person_id])
    if audience is not Audience.PARENTS:
        return signatures_where(standing(), Signature.audience == audience, Signature.person_id.in_(same))
    children = same if is_pupil else _children_of(same)
    covering = select(SignatureChild.signature_id).where(SignatureChild.child_id.in_(children))
    mine = Signature.id.in_(covering) if is_pupil else or_(Signature.person_id.in_(same), Signature.id.in_(covering))
    return signatures_where(standing(), Signature.audience == audience, mine)


def _children_of(parents: Iterable[uuid.UUID]) -> frozenset[uuid.UUID]:
    kin = select(Kinship.other_id).where(
        Kinship.person_id.in_(list(parents)), Kinship.parental_responsibility, ~Kinship.do_not_tell
    )
    return same_as(db.session.scalars(kin).all())
