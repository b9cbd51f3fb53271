"""Saying that something waits: made with the change, sent later, and only if it may still be known."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from incidents.access import Right, Role
from incidents.accounts.membership import WHEN_ROLE_CHANGED
from incidents.accounts.models import Account, Membership
from incidents.accounts.queries import holders, viewer_of
from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.database import current_school
from incidents.extensions import Model, db
from incidents.matters.queries import needed_to_know
from incidents.matters.visibility import standing
from incidents.notifications.models import JobSlot, Notice, NoticeKind
from incidents.notifications.queries import GIVEN_UP, ON_ITS_WAY
from incidents.notifications.rhythm import TAKEN_FOR, next_try
from incidents.notifications.smtp import Problem
from incidents.schools.queries import this_school

EVERY_KIND: Final = tuple(NoticeKind)
# Danger does not wait for the next round of messages.
AT_ONCE: Final = (NoticeKind.DANGER,)

# A message says that something waits to be done; whoever may only read their own words has nothing to do.
ACTING: Final = (Right.DECIDE, Right.WORK, Right.SAFEGUARD, Right.DO_OWN_STEPS)

# --- making notices


def notify(account_id: uuid.UUID, kind: NoticeKind, *, at: datetime, matter_id: uuid.UUID | None = None) -> None:
    """Put a message without content into the outbox, with the change it belongs to. One waiting message of a kind is enough."""
    notify_all({account_id: kind}, at=at, matter_id=matter_id)


def notify_all(
    kinds: Mapping[uuid.UUID, NoticeKind], *, at: datetime, matter_id: uuid.UUID | None = None, first: bool = False
) -> None:
    """The same for several accounts: which kind for whom. `first`: nothing was ever said of this matter, so nothing waits."""
    waiting = select(Notice.account_id, Notice.kind).where(
        Notice.account_id.in_(kinds), Notice.matter_id == matter_id, ON_ITS_WAY
    )
    known = set(db.session.execute(waiting).tuples()) if kinds and not first else set()
    db.session.add_all(
        Notice(
            school_id=current_school(), account_id=account_id, matter_id=matter_id, kind=kind, made_at=at,
            next_try_at=at if kind in AT_ONCE else None,
        )
        for account_id, kind in kinds.items()
        if (account_id, kind) not in known
    )  # fmt: skip


def remind(
    account_id: uuid.UUID,
    kind: NoticeKind,
    about_id: uuid.UUID,
    due_on: date,
    *,
    matter_id: uuid.UUID | None,
    at: datetime,
) -> bool:
    """Remind one account of one thing that is due on one day; once, whoever else does so at the same time.

    With another day it is another reminder. Returns whether this made it.
    """
    return _insert_once(
        Notice, id=uuid.uuid4(), school_id=current_school(), account_id=account_id, matter_id=matter_id, kind=kind,
        made_at=at, about_id=about_id, due_on=due_on, tries=0,
    )  # fmt: skip


def tell_of_role(membership: Membership, at: datetime) -> None:
    """A privileged role was proposed, agreed, refused or ended: all who hold it, the administrators and its person are told.

    Whoever did it is told too: if it was not them, they learn that somebody uses their account.
    """
    told = {account.id for _, account in holders(Role(membership.role), Role.ADMINISTRATOR, at=at)}
    for account_id in sorted(told | {membership.account_id}):
        notify(account_id, NoticeKind.ROLE_CHANGED, at=at)


WHEN_ROLE_CHANGED.append(tell_of_role)

# --- the timetable


def take_slot(job: str, slot: datetime, at: datetime) -> bool:
    """Whether this round is ours to make: true for one of all who ask. It is taken when the transaction ends.

    Whoever asks while another has it and has not finished waits, and has it if the other is cut off.
    """
    return _insert_once(JobSlot, id=uuid.uuid4(), school_id=current_school(), job=job, slot=slot, taken_at=at)


def forget_slots(before: datetime) -> None:
    """Take away the rows of rounds long past."""
    db.session.execute(delete(JobSlot).where(JobSlot.slot < before))


_INSERT: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def _insert_once(table: type[Model], **values: Any) -> bool:
    insert = _INSERT[db.session.get_bind().dialect.name](table)
    made = db.session.execute(insert.values(**values).on_conflict_do_nothing().returning(table.id))  # type: ignore[attr-defined]  # both have one
    return made.scalar_one_or_none() is not None


# --- sending


def let_go(at: datetime, kinds: Collection[NoticeKind] = EVERY_KIND) -> None:
    """The hour has come: what waits for a round may go."""
    db.session.execute(
        update(Notice).where(ON_ITS_WAY, Notice.next_try_at.is_(None), Notice.kind.in_(kinds)).values(next_try_at=at)
    )


@dataclass(frozen=True)
class Parcel:
    """What goes to one account in one message: its notices, taken out by whoever sends it now."""

    account_id: uuid.UUID
    address: str
    urgent: bool
    key: uuid.UUID  # the oldest notice in it; the same when it is tried again
    notices: frozenset[uuid.UUID]


def take_out(at: datetime, kinds: Collection[NoticeKind] = EVERY_KIND) -> list[Parcel]:
    """What may go now in the current school, one parcel an account. Nobody else sends it for the next few minutes.

    Who may no longer know of the matter is sent nothing. Sending is not part of this transaction: a mail server may be
    slow. Whoever is cut off between taking out and `settle` has it sent again, under the same key.
    """
    rows = db.session.scalars(
        select(Notice)
        .where(ON_ITS_WAY, Notice.next_try_at <= at, Notice.kind.in_(kinds))
        .order_by(Notice.account_id, Notice.made_at, Notice.id)
        .with_for_update(skip_locked=True)
    ).all()
    parcels = []
    for account_id, several in groupby(rows, key=lambda notice: notice.account_id):
        account = db.session.get_one(Account, account_id)
        going = []
        for notice in several:
            if may_know(account, notice.matter_id, at) or _needs_to_know(account, notice, at):
                notice.tries, notice.next_try_at = notice.tries + 1, at + TAKEN_FOR
                going.append(notice)
            else:
                notice.dropped_at = at
        if going:
            urgent = any(notice.kind in AT_ONCE for notice in going)
            ids = frozenset(notice.id for notice in going)
            parcels.append(Parcel(account.id, account.email, urgent, going[0].id, ids))
    return parcels


def settle(notices: Iterable[uuid.UUID], problem: Problem | None, at: datetime) -> None:
    """What became of notices that were taken out: sent, or to be tried again, or given up."""
    for notice in db.session.scalars(select(Notice).where(Notice.id.in_(notices), Notice.sent_at.is_(None))):
        notice.problem = problem
        if problem is None:
            notice.sent_at = at
            continue
        notice.next_try_at = next_try(notice.tries, at, urgent=notice.kind in AT_ONCE)
        if notice.next_try_at is None:
            notice.given_up_at = at


def may_know(account: Account, matter_id: uuid.UUID | None, at: datetime) -> bool:
    """Whether a message may go to this account. Asked at the moment of sending: somebody may have been named since."""
    if account.disabled_at:
        return False
    if matter_id is None:
        return True
    held = standing(viewer_of(account, at), matter_id)
    return held is not None and any(held.may(right) for right in ACTING)


def _needs_to_know(account: Account, notice: Notice, at: datetime) -> bool:
    """Whether it may say that there is something to know: who reads that has nothing to do in the matter itself."""
    if account.disabled_at or notice.kind != NoticeKind.NEEDS_YOU:
        return False
    return any(known.matter_id == notice.matter_id for known in needed_to_know(viewer_of(account, at)))


# --- what people do about them


def have_seen(account_id: uuid.UUID, at: datetime) -> None:
    """Its reader has seen what was sent to them until now."""
    db.session.execute(
        update(Notice)
        .where(Notice.account_id == account_id, Notice.sent_at <= at, Notice.seen_at.is_(None))
        .values(seen_at=at)
    )


def try_again(*, by: Viewer, at: datetime) -> int:
    """What was given up goes once more, after somebody put an address or the mail server right. Returns how many notices."""
    given_up: Sequence[Notice] = db.session.scalars(select(Notice).where(GIVEN_UP)).all()
    for notice in given_up:
        notice.given_up_at, notice.tries, notice.next_try_at = None, 0, at
    if given_up:
        record("sent again", this_school(), by=by.account_id, at=at, messages=len(given_up))
    return len(given_up)
