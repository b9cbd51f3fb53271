"""What was sent to somebody and when, and what could not be sent."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, Integer, and_, func, select

from incidents.access import ROLE_LABELS, Permission, Role
from incidents.accounts.models import Account, Membership
from incidents.accounts.queries import in_force
from incidents.accounts.viewer import Viewer
from incidents.extensions import db
from incidents.matters.visibility import Asking, asked_by
from incidents.notifications.models import JobSlot, Notice, NoticeKind
from incidents.notifications.rhythm import ROUND, is_late
from incidents.notifications.smtp import Problem
from incidents.phrases import Phrase
from incidents.schools.queries import this_school

PAGE = 25
GIVEN_UP = and_(Notice.given_up_at.is_not(None), Notice.dropped_at.is_(None))
ON_ITS_WAY = and_(Notice.sent_at.is_(None), Notice.dropped_at.is_(None), Notice.given_up_at.is_(None))


@dataclass(frozen=True)
class Sent:
    """One message, as its reader may be reminded of it: when it went, and what it said."""

    at: datetime
    urgent: bool
    about_roles: bool
    new: bool


def sent_to(account_id: uuid.UUID, before: datetime | None = None) -> tuple[list[Sent], datetime | None]:
    """One page of the messages to this account in the current school, the newest first, and the moment to go on from."""
    moments = select(Notice.sent_at).where(Notice.account_id == account_id, Notice.sent_at.is_not(None))
    if before:
        moments = moments.where(Notice.sent_at < before)
    found = db.session.scalars(moments.distinct().order_by(Notice.sent_at.desc()).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    notices = db.session.scalars(select(Notice).where(Notice.account_id == account_id, Notice.sent_at.in_(shown))).all()
    several = {at: [notice for notice in notices if notice.sent_at == at] for at in shown if at}
    return [_sent(at, those) for at, those in several.items()], shown[-1] if len(found) > PAGE else None


def _sent(at: datetime, notices: Sequence[Notice]) -> Sent:
    kinds = {notice.kind for notice in notices}
    new = any(notice.seen_at is None for notice in notices)
    return Sent(at, NoticeKind.DANGER in kinds, NoticeKind.ROLE_CHANGED in kinds, new)


def new_for(viewer: Viewer) -> Phrase[int]:
    """The number beside the bell: messages that this account has not said it saw; for the office also what could not go."""
    return asked_by(viewer, _new_for, viewer.may(Permission.MANAGE_ACCOUNTS), kind=Integer())


def _new_for(asking: Asking, also_stuck: bool) -> ColumnElement[int]:
    here = Notice.school_id == asking.school
    own = select(func.count(Notice.sent_at.distinct())).where(
        here, Notice.account_id == asking.account, Notice.sent_at.is_not(None), Notice.seen_at.is_(None)
    )
    if not also_stuck:
        return own.scalar_subquery()
    stuck = select(func.count(Notice.account_id.distinct())).where(here, GIVEN_UP)
    return own.scalar_subquery() + stuck.scalar_subquery()


@dataclass(frozen=True)
class NotSent:
    """A message that was given up, as the office may know of it: to somebody in which role, since when, and why."""

    role: str
    at: datetime
    problem: Problem


def not_sent(at: datetime) -> list[NotSent]:
    """What could not be sent in the current school, one line an account; neither who it is nor what it was about."""
    rows = db.session.execute(
        select(Notice.account_id, func.max(Notice.given_up_at), func.max(Notice.problem))
        .where(GIVEN_UP)
        .group_by(Notice.account_id)
    ).all()
    roles = _roles_of([account_id for account_id, _, _ in rows], at)
    found = [NotSent(roles.get(account_id, "No role now"), when, Problem(why)) for account_id, when, why in rows]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _roles_of(account_ids: Sequence[uuid.UUID], at: datetime) -> dict[uuid.UUID, str]:
    held: dict[uuid.UUID, set[Role]] = {}
    for account_id, role in db.session.execute(
        select(Membership.account_id, Membership.role).where(Membership.account_id.in_(account_ids), in_force(at))
    ):
        held.setdefault(account_id, set()).add(Role(role))
    return {account_id: ROLE_LABELS[max(roles, key=list(Role).index)] for account_id, roles in held.items()}


def address_of(account_id: uuid.UUID) -> str:
    """Where messages to this account go."""
    return db.session.get_one(Account, account_id).email


def is_taken(job: str, slot: datetime) -> bool:
    """Whether somebody made this round already. Read before the writing transaction is opened, which is dear."""
    return db.session.scalar(select(JobSlot.id).where(JobSlot.job == job, JobSlot.slot == slot)) is not None


def rounds_are_late(at: datetime) -> bool:
    """Whether messages do not go round in the current school."""
    return is_late(this_school().timezone, at, taken=partial(is_taken, ROUND))
