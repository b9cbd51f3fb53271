"""Reminders without content to those who were asked and did not answer: only where the school turned it on."""

from datetime import datetime
from zoneinfo import ZoneInfo

from incidents.declarations.asking import accounts_left, chased
from incidents.declarations.chasing import chase_day
from incidents.notifications.actions import remind
from incidents.notifications.models import NoticeKind
from incidents.policies.queries import version_on
from incidents.schools.queries import this_school


def remind_unsigned(at: datetime) -> int:
    """Make what is due at this moment in the current school, each once; how many. Parents have no account: never them."""
    today = at.astimezone(ZoneInfo(this_school().timezone)).date()
    made = 0
    for row in chased(today):
        version = version_on(row.policy_id, today)
        day = chase_day(max(row.starts, version.in_force_from), today) if version else None
        if day is None:
            continue
        for account_id in accounts_left(row, today):
            made += remind(account_id, NoticeKind.NEEDS_YOU, row.id, day, matter_id=None, at=at)
    return made
