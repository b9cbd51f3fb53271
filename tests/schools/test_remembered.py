"""Within one change the school's calendar is read once, and again as soon as a row that it comes from is written."""

from datetime import date

from sqlalchemy import event

from incidents.database import writing
from incidents.extensions import db
from incidents.schools import actions as schools
from incidents.schools.queries import calendar, this_school
from tests.cast import Cast
from tests.conftest import MORNING


def statements_of(times: int) -> int:
    """How many statements it takes to ask for the calendar so often."""
    said: list[str] = []
    note = lambda *given: said.append(given[2])  # noqa: E731 - the listener must be taken off again
    event.listen(db.engine, "before_cursor_execute", note)
    for _ in range(times):
        calendar()
    event.remove(db.engine, "before_cursor_execute", note)
    return len(said)


def test_within_a_change_the_calendar_is_read_once(cast: Cast) -> None:
    with cast.here(), writing(audited=False):
        assert statements_of(1) > 0
        assert statements_of(5) == 0


def test_a_term_that_was_just_added_is_in_it(cast: Cast) -> None:
    with cast.here(), writing():
        before = len(calendar().terms)
        schools.add_term("A term of its own", date(2031, 1, 6), date(2031, 3, 28), by=None, at=MORNING)
        assert len(calendar().terms) == before + 1


def test_a_school_day_that_was_just_changed_is_in_it_before_it_is_written(cast: Cast) -> None:
    with cast.here(), writing(audited=False):
        ends = calendar().day_ends
        this_school().day_ends = ends.replace(minute=ends.minute ^ 1)
        assert calendar().day_ends != ends
        db.session.expunge_all()
