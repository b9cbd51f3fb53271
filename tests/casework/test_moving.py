"""Dates of steps move when the school's calendar does, and say why."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from incidents import clock
from incidents.audit.queries import acts_in
from incidents.casework import actions, history, queries
from incidents.casework.models import Case, DateMove
from incidents.casework.moving import last_move
from incidents.database import writing
from incidents.extensions import db
from incidents.schools import actions as schools
from incidents.schools.calendar import ClosureKind
from incidents.schools.models import Closure, Term
from tests.casework.cases import a_case, finish_the_rest, step
from tests.cast import Cast

DUE = datetime(2026, 11, 30, 15, 20, tzinfo=UTC)  # five school days from Monday 23 November
FRIDAY = date(2026, 11, 27)
DAY = timedelta(days=1)


def close_on(day: date, until: date | None = None) -> None:
    with writing():
        schools.add_closure(ClosureKind.CLOSURE, "snow", day, until or day, by=None, at=clock.now())


def due(case: Case) -> datetime | None:
    db.session.expire_all()
    return step(case, "account_target").due_at


def only(kind):
    return db.session.scalars(select(kind)).one()


def test_a_closed_day_moves_the_date_and_taking_it_away_moves_it_back(cast: Cast):
    with cast.here():
        case = a_case(cast)
        close_on(FRIDAY)
        assert due(case) == DUE + DAY
        with writing():
            schools.remove_closure(only(Closure), by=None, at=clock.now())
        assert due(case) == DUE


def test_the_step_and_the_chronology_say_why(cast: Cast):
    with cast.here():
        case = a_case(cast)
        close_on(FRIDAY)
        said = [entry.text for entry in history.chronology(case) if entry.text.startswith("Moved")]
        why = "because a day when the school was closed (snow), Friday 27 November 2026, was added."
        assert f"Moved from Monday 30 November to Tuesday 1 December, {why}" in said
        address = f"/cases/{case.id}/steps/{step(case, 'account_target').id}"
    assert why in cast.client("dsl").get(address).text


def test_safety_clocks_run_on(cast: Cast):
    with cast.here():
        case = a_case(cast)
        before = {each.key: each.due_at for each in queries.steps_of(case) if each.safety}
        close_on(FRIDAY, date(2026, 12, 4))
        db.session.expire_all()
        assert before
        assert {each.key: each.due_at for each in queries.steps_of(case) if each.safety} == before


def test_a_date_that_a_person_set_stays(cast: Cast):
    with cast.here():
        case, set_by_hand = a_case(cast), datetime(2026, 12, 9, 12, 0, tzinfo=UTC)
        with writing():
            actions.change_date(
                step(case, "account_target"), set_by_hand, "She is away.", by=cast.viewer("head"), at=clock.now()
            )
        close_on(FRIDAY)
        assert due(case) == set_by_hand
        assert last_move(step(case, "account_target")) is None


def test_what_is_over_stays(cast: Cast):
    with cast.here():
        case = a_case(cast)
        finish_the_rest(cast, case)
        close_on(FRIDAY)
        assert due(case) == DUE


def test_without_the_terms_dates_there_is_no_date_and_with_them_there_is(cast: Cast):
    with cast.here():
        case = a_case(cast)
        autumn = db.session.scalars(select(Term).where(Term.name == "Autumn term 2026")).one()
        with writing():
            schools.change_term(
                db.session.merge(autumn), autumn.name, autumn.starts, date(2026, 11, 25), by=None, at=clock.now()
            )
        assert due(case) == datetime(2027, 1, 6, 15, 20, tzinfo=UTC)
        with writing():
            schools.remove_term(only_term("Spring term 2027"), by=None, at=clock.now())
        assert due(case) is None
        moves = [entry.text for entry in history.chronology(case) if "to no date" in entry.text]
        assert any("the dates of Spring term 2027 were taken away" in text for text in moves)
        with writing():
            schools.add_term("Spring term", date(2027, 1, 4), date(2027, 3, 26), by=None, at=clock.now())
        assert due(case) == datetime(2027, 1, 6, 15, 20, tzinfo=UTC)


def only_term(name: str) -> Term:
    return db.session.scalars(select(Term).where(Term.name == name)).one()


def test_another_end_of_the_school_day_moves_the_time(cast: Cast):
    with cast.here():
        case = a_case(cast)
        with writing():
            schools.change_day(time(8, 45), time(15, 30), by=None, at=clock.now())
        assert due(case) == DUE + timedelta(minutes=10)
        (said,) = {entry.text for entry in history.chronology(case) if "15:20" in entry.text and "30 Nov" in entry.text}
        assert said.startswith("Moved from Monday 30 November, 15:20 to Monday 30 November, 15:30, because the times")


def test_the_log_names_nobody_for_it(cast: Cast):
    with cast.here():
        case = a_case(cast)
        with writing():
            schools.add_closure(
                ClosureKind.INSET, "", FRIDAY, FRIDAY, by=cast.accounts["administrator"], at=clock.now()
            )
        moved = [act for act in acts_in(case.id) if act.verb == "moved the date"]
        assert moved
        assert {act.actor_id for act in moved} == {None}
        assert len(moved) == len(db.session.scalars(select(DateMove)).all())


def test_the_office_is_told_nothing_of_it(cast: Cast):
    office = cast.client("administrator")
    with cast.here():
        a_case(cast)
    form = {"kind": "closure", "name": "", "starts": ["27", "11", "2026"], "ends": ["", "", ""]}
    page = office.post("/school/closures/new", data=form, follow_redirects=True).text
    assert "The days are added." in page
    assert "1 December" not in page
