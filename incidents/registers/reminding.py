"""Reminders without content before an entry of a register runs out, or is to be looked at again."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from incidents.accounts.models import Account
from incidents.accounts.queries import viewer_of
from incidents.extensions import db
from incidents.notifications.actions import remind
from incidents.notifications.models import NoticeKind
from incidents.registers.kinds import EntryState
from incidents.registers.models import RegisterEntry
from incidents.registers.queries import deciders_of, readable, register_of
from incidents.schools.queries import this_school

# So many days before, and on the day itself.
REMINDED: Final = (30, 0)


def remind_of_registers(at: datetime) -> int:
    """Make what is due at this moment in the current school, each once; how many.

    Those who decide are told, and whoever asked while they may know of it. Of monitoring only those who decide: nobody
    else is sent anything by which they could guess.
    """
    today = at.astimezone(ZoneInfo(this_school().timezone)).date()
    made = 0
    for entry, day in _due(today):
        for account_id in _told(entry, at):
            made += remind(account_id, NoticeKind.REVIEW_DUE, entry.id, day, matter_id=None, at=at)
    return made


def _due(today: date) -> Iterator[tuple[RegisterEntry, date]]:
    """The entries that hold, with each day on which to remind of them that has come. Of several the last alone."""
    latest = today + timedelta(days=max(REMINDED))
    running = select(RegisterEntry).where(
        RegisterEntry.state == EntryState.APPROVED,
        or_(RegisterEntry.ends <= latest, RegisterEntry.review_on <= latest),
    )
    for entry in db.session.scalars(running.order_by(RegisterEntry.id)):
        if entry.ends and entry.ends < today:
            continue
        known_since = entry.decided_at or entry.asked_at
        for due in filter(None, (entry.ends, entry.review_on)):
            days = [due - timedelta(days=before) for before in REMINDED]
            come = [day for day in days if known_since.date() < day <= today]
            if come:
                yield entry, max(come)


def _told(entry: RegisterEntry, at: datetime) -> list[uuid.UUID]:
    told = deciders_of(entry, at)
    if register_of(entry).shared and entry.asked_by not in told:
        account = db.session.get_one(Account, entry.asked_by)
        same = select(RegisterEntry.id).where(RegisterEntry.id == entry.id, readable(viewer_of(account, at)))
        if not account.disabled_at and db.session.scalar(same):
            told.append(account.id)
    return told
