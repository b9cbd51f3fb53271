"""What a school changes about its pack: its own words where no lawyer confirmed the pack's, and the version that it uses."""

import uuid
from datetime import date, datetime

from sqlalchemy import func, select

from incidents.audit.actions import record
from incidents.database import current_school
from incidents.errors import NotFound, NotPossibleNow, Refused
from incidents.extensions import db
from incidents.schools.law import VERSION, Value, read, values_of
from incidents.schools.models import PackChange
from incidents.schools.queries import (
    newer_pack,
    one_at_a_time,
    pack_changes,
    pack_of,
    standing_changes,
    statutes_of,
    this_school,
)

LONGEST_REASON = 500


def value_of(path: str) -> Value:
    """One value as the school reads it now. Raises `NotFound` for a path that its pack has not."""
    school = this_school()
    for value in values_of(pack_of(school), statutes_of(school)):
        if value.path == path:
            return value
    raise NotFound


def edit_value(path: str, typed: str, reason: str, *, by: uuid.UUID, at: datetime) -> PackChange:
    """The school's own words for a value that no lawyer has confirmed. Raises `Refused` with the field that is wrong."""
    value = value_of(path)
    says = read(value, typed)
    if says == value.says:
        raise Refused("It says this already.", "says")
    if value.is_date:
        _fits_its_days(path, says)
    return change_pack(path, says, _why(reason), by=by, at=at)


def put_back_value(path: str, reason: str, *, by: uuid.UUID, at: datetime) -> PackChange:
    """The pack's own value again. Raises `NotPossibleNow` where the school has none of its own."""
    value_of(path)
    if path not in standing_changes(pack_changes(this_school())):
        raise NotPossibleNow("It stands as it came already.")
    return change_pack(path, None, _why(reason), by=by, at=at)


def take_up_version(version: str, *, by: uuid.UUID, at: datetime) -> PackChange:
    """Use the newest version from now on. What was decided under an older one keeps it."""
    newer = newer_pack(this_school())
    if newer is None or newer.version != version:
        raise NotPossibleNow("There is no such newer version. Look again.")
    return change_pack(VERSION, version, "Taken up.", by=by, at=at)


def change_pack(key: str, says: str | None, reason: str, *, by: uuid.UUID | None, at: datetime) -> PackChange:
    """A new row over the earlier ones of its key: none is ever altered."""
    one_at_a_time()
    here = current_school()
    last = db.session.scalar(select(func.max(PackChange.number)).where(PackChange.school_id == here)) or 0
    change = PackChange(school_id=here, number=last + 1, key=key, says=says, reason=reason, by=by, at=at)
    db.session.add(change)
    db.session.flush()
    verb = "took up version" if key == VERSION else "put back" if says is None else "changed"
    record(verb, change, by=by, at=at, field=key, after=says or "", number=change.number)
    return change


def _why(reason: str) -> str:
    if not reason.strip():
        raise Refused("Say why.", "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"Use {LONGEST_REASON} letters or fewer.", "reason")
    return reason.strip()


def _fits_its_days(path: str, says: str) -> None:
    """A law ends after it began."""
    law = statutes_of(this_school()).by_key[path.split(".")[1]]
    day = date.fromisoformat(says) if says else None
    starts, ends = (day, law.repealed) if path.endswith(".in_force") else (law.in_force, day)
    if starts and ends and ends <= starts:
        raise Refused("It must end after it began.", "says")
