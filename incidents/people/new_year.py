"""Moving all pupils up on one day: the classes as they are, and the one change."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from incidents.audit.actions import record
from incidents.errors import Refused
from incidents.extensions import db
from incidents.people.models import Enrolment
from incidents.people.moving_up import Class, Going, Moves, proposed
from incidents.schools.queries import one_at_a_time


def classes(starts: date) -> tuple[list[Going], str]:
    """The classes of the day before, with what is proposed; and the mark of who exactly is in them."""
    rows = _before(starts)
    counts: Counter[Class] = Counter((row.year_group, row.form) for row in rows)
    mark = hashlib.sha256(repr([(str(row.id), row.year_group, row.form) for row in rows]).encode())
    return proposed(counts), mark.hexdigest()


def _before(starts: date) -> Sequence[Enrolment]:
    """Whoever is a pupil on both sides of that midnight, and has nothing entered from that day on."""
    later = aliased(Enrolment)
    entered = exists().where(
        later.school_id == Enrolment.school_id, later.person_id == Enrolment.person_id, later.starts >= starts
    )
    return db.session.scalars(
        select(Enrolment)
        .where(and_(Enrolment.starts < starts, or_(Enrolment.ends.is_(None), Enrolment.ends >= starts)), ~entered)
        .order_by(Enrolment.year_group, Enrolment.form, Enrolment.id)
    ).all()


def move_up(moves: Moves, starts: date, seen: str, *, by: uuid.UUID, at: datetime) -> tuple[int, int]:
    """Move every class from this day on; who leaves was here until the day before. How many moved, and how many left.

    Raises `Refused` if the classes are not those that were shown. To take it back is a change of its own: the facts of
    the year before stay.
    """
    one_at_a_time()
    if classes(starts)[1] != seen:
        raise Refused("Somebody changed the classes meanwhile. Look at them as they are now, and press again.")
    rows = _before(starts)
    for row in rows:
        to = moves[row.year_group, row.form]
        row.ends = starts - timedelta(days=1)
        if to:
            year_group, form = to
            db.session.add(
                Enrolment(
                    school_id=row.school_id, person_id=row.person_id, year_group=year_group, form=form, starts=starts,
                    ends=None,
                )
            )  # fmt: skip
        record("moved up" if to else "ended", row, by=by, at=at, person=row.person_id, starts=starts.isoformat())
    moved = sum(bool(moves[row.year_group, row.form]) for row in rows)
    return moved, len(rows) - moved
