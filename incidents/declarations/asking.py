"""Who is still asked to sign: somebody who signs in, and those who are reminded. A part of the queries."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from incidents.accounts.models import Account, AccountPerson
from incidents.accounts.viewer import Viewer
from incidents.declarations.answers import State
from incidents.declarations.models import Asked, Signature
from incidents.declarations.queries import KINDS, lasting, lines, ones
from incidents.declarations.words import Answer
from incidents.extensions import db
from incidents.matters.visibility import Asking, asked_by
from incidents.people.models import Employment, Person
from incidents.phrases import Phrase
from incidents.policies.kinds import Audience
from incidents.policies.models import PolicyVersion
from incidents.policies.queries import version_on
from incidents.schools.queries import this_school


@dataclass(frozen=True)
class ToSign:
    """A version that somebody is asked to sign, as what."""

    asked: Asked
    version: PolicyVersion

    @property
    def audience(self) -> Audience:
        """As what."""
        return Audience(self.asked.audience)


def today_of(viewer: Viewer) -> date:
    """The day by the school's own clock."""
    day: date = viewer.at.astimezone(ZoneInfo(this_school().timezone)).date()
    return day


def to_sign(viewer: Viewer) -> list[ToSign]:
    """What this viewer is asked to sign themselves and has not answered, the oldest request first."""
    waiting = _waiting(viewer.school_id, viewer.person_ids, today_of(viewer))
    rows = db.session.execute(waiting.order_by(Asked.starts, Asked.id)).tuples()
    return [ToSign(row, version) for row, version in rows]


def how_many(viewer: Viewer) -> Phrase[int] | int:
    """Their number, for the cover; asked of the database with all else that stands there."""
    return asked_by(viewer, _how_many, today_of(viewer), kind=Integer()) if viewer.person_ids else 0


def _how_many(asking: Asking, today: date) -> ColumnElement[int]:
    waiting = _waiting(asking.school, asking.persons, today)
    return select(func.count()).select_from(waiting.subquery()).scalar_subquery()


def waits(viewer: Viewer) -> Phrase[bool] | bool:
    """Whether there is anything."""
    return asked_by(viewer, _waits, today_of(viewer)) if viewer.person_ids else False


def _waits(asking: Asking, today: date) -> ColumnElement[bool]:
    return _waiting(asking.school, asking.persons, today).exists()


def _waiting(here: Any, persons: Any, today: date) -> Select[tuple[Asked, PolicyVersion]]:
    """Somebody's persons are every entry of theirs, so that two entries of one person have one answer."""
    later, newer = aliased(PolicyVersion), aliased(Signature)
    works = or_(
        *(and_(Asked.audience == audience, exists().where(
            Employment.school_id == here, Employment.person_id.in_(persons), Employment.kind.in_(kinds),
            Employment.starts <= today, or_(Employment.ends.is_(None), Employment.ends >= today)))
          for audience, kinds in KINDS.items())
    )  # fmt: skip
    answered = exists().where(
        Signature.school_id == here, Signature.version_id == PolicyVersion.id, Signature.audience == Asked.audience,
        Signature.person_id.in_(persons), Signature.answer != Answer.TAKEN_BACK,
        ~exists().where(newer.school_id == here, newer.supersedes_id == Signature.id),
    )  # fmt: skip
    superseded = exists().where(
        later.school_id == here, later.policy_id == PolicyVersion.policy_id, later.in_force_from <= today,
        later.in_force_from > PolicyVersion.in_force_from,
    )  # fmt: skip
    return (
        select(Asked, PolicyVersion)
        .join(PolicyVersion, and_(PolicyVersion.school_id == Asked.school_id, PolicyVersion.policy_id == Asked.policy_id))
        .where(Asked.school_id == here, lasting(today), PolicyVersion.in_force_from <= today, ~superseded, works, ~answered)
    )  # fmt: skip


def own_key(viewer: Viewer) -> uuid.UUID | None:
    """The one entry that stands for the viewer on the lists."""
    if not viewer.person_ids:
        return None
    return min(ones(viewer.person_ids), default=None)


# --- those who are reminded


def chased(day: date) -> Sequence[Asked]:
    """What is asked of staff, governors or volunteers on a day, where the school turned chasing on."""
    return db.session.scalars(
        select(Asked).where(Asked.chasing, lasting(day), Asked.audience != Audience.PARENTS)
    ).all()


def accounts_left(row: Asked, day: date) -> list[uuid.UUID]:
    """The accounts of those who were asked and have not answered; whoever has no account is not reminded."""
    version = version_on(row.policy_id, day)
    if version is None:
        return []
    left = [line.key for line in lines(version.id, Audience(row.audience), day) if line.state is State.OPEN]
    rows = db.session.scalars(
        select(AccountPerson.account_id)
        .join(Person, and_(Person.school_id == AccountPerson.school_id, Person.id == AccountPerson.person_id))
        .join(Account, Account.id == AccountPerson.account_id)
        .where(Person.one_id.in_(left), Account.disabled_at.is_(None))
        .distinct()
    )
    return sorted(rows)
