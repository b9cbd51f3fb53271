"""What stands around every page costs little, is asked anew after each change, and counts this school's alone."""

import pytest
from sqlalchemy import event

from incidents.database import of_school, remembered, writing
from incidents.extensions import db
from incidents.schools import actions as schools
from incidents.schools.queries import calendar, this_school
from tests.cast import Cast, make_cast
from tests.triage.recorded import number_on_tab, record

# Statements that the gate and the cover may ask, whatever stands in the page: the session, who holds office and who is
# close to them, their conflicts, the school and what it changed of its pack, the tabs, the numbers to ring. The page’s own come
# on top.
AROUND = 7


@pytest.fixture
def asked(cast: Cast):
    found: list[str] = []

    def hear(connection, cursor, statement, *rest):
        if statement.startswith("SELECT") and "set_config" not in statement:
            found.append(statement)

    with cast.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    yield found
    event.remove(engine, "before_cursor_execute", hear)


@pytest.mark.parametrize(
    ("who", "page"),
    [("head", "/what-the-school-keeps"), ("teacher", "/what-the-school-keeps"), ("administrator", "/roles")],
)
def test_the_cover_asks_few_questions(cast, asked, who, page):
    client = cast.client(who)
    client.get(page)
    asked.clear()
    assert client.get(page).status_code == 200
    assert len(asked) <= AROUND + (page != "/what-the-school-keeps") * 12, "\n".join(asked)


def test_the_number_on_a_tab_counts_this_school_alone(cast, app):
    other = make_cast(app, "Elmsworth Primary School", "elmsworth.example")
    with cast.here():
        record(cast)
        assert number_on_tab(cast.viewer("head")) == 1
    with other.here():
        assert number_on_tab(other.viewer("head")) == 0


def test_what_was_remembered_is_forgotten_with_a_change(cast):
    with cast.here():
        before = calendar().day_ends
        with writing():
            later = before.replace(hour=before.hour + 1)
            schools.change_day(
                this_school().day_starts, later, by=cast.accounts["administrator"], at=cast.viewer("head").at
            )
            assert calendar().day_ends == later
        assert calendar().day_ends == later


def test_what_was_remembered_is_of_one_school(cast, app):
    other = make_cast(app, "Elmsworth Primary School", "elmsworth.example")
    with cast.here():
        assert remembered("name", lambda: this_school().name) == "Penwick Green Primary School"
        with of_school(other.school_id):
            assert remembered("name", lambda: this_school().name) == "Elmsworth Primary School"
