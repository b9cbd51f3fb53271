"""Saying that something waits: made with the change, sent later, and only if it may still be known."""

import uuid
from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import select

from incidents.access import Right, Role
from incidents.accounts.membership import WHEN_ROLE_CHANGED
from incidents.accounts.models import Account, Membership
from incidents.accounts.queries import holders, viewer_of
from incidents.database import current_school
from incidents.extensions import db
from incidents.matters.visibility import standing
from incidents.notifications.models import Notice, NoticeKind

Send = Callable[[Account, NoticeKind], None]


def notify(account_id: uuid.UUID, kind: NoticeKind, *, at: datetime, matter_id: uuid.UUID | None = None) -> None:
    """Put a message without content into the outbox, with the change it belongs to. One waiting message of a kind is enough."""
    waiting = select(Notice.id).where(
        Notice.account_id == account_id, Notice.kind == kind, Notice.matter_id == matter_id,
        Notice.sent_at.is_(None), Notice.dropped_at.is_(None),
    )  # fmt: skip
    if not db.session.scalar(waiting):
        db.session.add(
            Notice(school_id=current_school(), account_id=account_id, matter_id=matter_id, kind=kind, made_at=at)
        )


def tell_of_role(membership: Membership, at: datetime) -> None:
    """A privileged role was proposed, agreed, refused or ended: all who hold it, the administrators and its person are told.

    Whoever did it is told too: if it was not them, they learn that somebody uses their account.
    """
    told = {account.id for _, account in holders(Role(membership.role), Role.ADMINISTRATOR, at=at)}
    for account_id in sorted(told | {membership.account_id}):
        notify(account_id, NoticeKind.ROLE_CHANGED, at=at)


WHEN_ROLE_CHANGED.append(tell_of_role)


def deliver(send: Send, *, at: datetime, kinds: Collection[NoticeKind] = tuple(NoticeKind)) -> int:
    """Send what waits in the current school, each to an account that may still know of its matter; the rest is dropped.

    Returns how many went. The caller's transaction marks them, so a message that could not be handed over waits on.
    """
    sent = 0
    for notice in db.session.scalars(
        select(Notice)
        .where(Notice.sent_at.is_(None), Notice.dropped_at.is_(None), Notice.kind.in_(kinds))
        .order_by(Notice.made_at)
    ).all():
        account = db.session.get_one(Account, notice.account_id)
        if not _may_still_know(account, notice, at):
            notice.dropped_at = at
            continue
        send(account, NoticeKind(notice.kind))
        notice.sent_at = at
        sent += 1
    return sent


def _may_still_know(account: Account, notice: Notice, at: datetime) -> bool:
    """Asked again at the moment of sending: somebody may have been named in it since."""
    if account.disabled_at:
        return False
    if notice.matter_id is None:
        return True
    held = standing(viewer_of(account, at), notice.matter_id)
    return held is not None and any(held.may(right) for right in _ACTING)


# A message says that something waits to be done; whoever may only read their own words has nothing to do.
_ACTING = (Right.DECIDE, Right.WORK, Right.SAFEGUARD, Right.DO_OWN_STEPS)
