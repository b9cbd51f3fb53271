"""The school's page: what it shows, what its forms change, and what they refuse."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time

import pytest
from sqlalchemy import func, select

from incidents import clock as now
from incidents.audit.models import AuditEntry
from incidents.database import of_school, writing
from incidents.extensions import db
from incidents.governors.actions import start_edition
from incidents.schools import actions, queries
from incidents.schools.calendar import ClosureKind
from incidents.schools.models import Closure, SafetyNumber, Term
from tests.cast import Cast, make_cast, this_school

SUMMER = {"name": "Summer term 2027", "starts": ["12", "4", "2027"], "ends": ["21", "7", "2027"]}
HALF_TERM = {"kind": "half_term", "name": "", "starts": ["26", "10", "2026"], "ends": ["30", "10", "2026"]}
NUMBER = {"kind": "lado", "who": "Council, at night", "phone": "01632 960 171"}


@pytest.fixture
def office(cast):
    return cast.client("administrator")


def the(cast: Cast, row, /, **wanted):
    """One row of this kind with these values."""
    with cast.here():
        return db.session.scalars(select(row).filter_by(**wanted)).one()


def count(cast: Cast, kind) -> int:
    with cast.here():
        return db.session.scalar(select(func.count()).select_from(kind).where(kind.school_id == cast.school_id))


def last_act(cast: Cast) -> tuple[str, str]:
    with cast.here():
        act = db.session.scalars(
            select(AuditEntry).where(AuditEntry.chain == str(cast.school_id)).order_by(AuditEntry.seq.desc()).limit(1)
        ).one()
        assert act.actor_id == cast.accounts["administrator"]
        return act.verb, act.kind


def shut_half_term(cast: Cast) -> uuid.UUID:
    with cast.here(), writing():
        shut = actions.add_closure(
            ClosureKind.HALF_TERM, "", date(2026, 10, 26), date(2026, 10, 30), by=None, at=now.now()
        )
        return shut.id


def test_the_page_shows_the_school_its_day_its_year_its_numbers_and_who_is_on_duty(office):
    page = office.get("/school").text
    for words in ("Penwick Green Primary School", "England", "08:45 to 15:20", "Autumn term 2026", "01632 960 170",
                  "Friday 18 December 2026", "Farida Qureshi"):  # fmt: skip
        assert words in page


def test_the_page_says_plainly_what_is_missing(cast, office, clock):
    assert "No half-term in Autumn term 2026" in office.get("/school").text
    clock.move_to(now.now().replace(month=3, day=1, year=2027))
    page = cast.client("administrator").get("/school").text
    assert "No dates after 26 March 2027: deadlines in school days can’t be counted." in page


def test_a_number_that_is_missing_is_named(cast, office):
    number = the(cast, SafetyNumber, kind="outside")
    assert office.post(f"/school/numbers/{number.id}/remove").status_code == 302
    assert "No number for: Whoever takes a case when nobody in school may." in office.get("/school").text
    assert last_act(cast) == ("removed", "safety_number")


def test_a_term_is_added_and_written_in_the_log(cast, office):
    assert office.post("/school/terms/new", data=SUMMER).status_code == 302
    assert the(cast, Term, name="Summer term 2027").ends == date(2027, 7, 21)
    assert last_act(cast) == ("added", "term")


def test_a_button_pressed_many_times_at_once_adds_one_term(cast):
    browsers = [cast.client("administrator") for _ in range(6)]
    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = list(pool.map(lambda browser: browser.post("/school/terms/new", data=SUMMER).status_code, browsers))
    assert sorted(answers) == [302] + [422] * 5
    assert the(cast, Term, name="Summer term 2027")


def test_a_term_is_put_right(cast, office):
    term = the(cast, Term, name="Spring term 2027")
    put_right = {"name": term.name, "starts": ["5", "1", "2027"], "ends": ["25", "3", "2027"]}
    assert "2027" in office.get(f"/school/terms/{term.id}").text
    assert office.post(f"/school/terms/{term.id}", data=put_right).status_code == 302
    assert the(cast, Term, name="Spring term 2027").starts == date(2027, 1, 5)


BAD_TERMS = [
    ({"starts": ["1", "3", "2027"]}, "Terms can’t overlap"),
    ({"ends": ["1", "3", "2027"]}, "The last day is before the first"),
    ({"ends": ["31", "6", "2027"]}, "There is no 31 June in 2027"),
    ({"starts": ["31", "02", "2027"]}, "There is no 31 February in 2027"),
    ({"starts": ["x", "4", "2027"]}, "The day must be a number"),
    ({"starts": ["12", "4", "20226"]}, "The year must have four numbers"),
    ({"starts": ["12", "4", "2097"], "ends": ["21", "7", "2097"]}, "too far from today"),
    ({"ends": ["21", "7", "2028"]}, "days in a row"),
    ({"name": "autumn TERM 2026"}, "There is a term of this name already"),
    ({"name": ""}, "Type the name of the term"),
    ({"starts": ["", "", ""]}, "Type the first day"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "says"), BAD_TERMS)
def test_a_term_that_cannot_be_comes_back_with_what_was_typed(cast, office, changes, says):
    before, typed = count(cast, Term), {**SUMMER, **changes}
    answer = office.post("/school/terms/new", data=typed)
    assert answer.status_code == 422
    assert answer.text.count(says) == 2  # over the form and by the field
    assert all(f'value="{part}"' in answer.text for part in [typed["name"], *typed["starts"], *typed["ends"]] if part)
    assert count(cast, Term) == before


def test_a_term_changed_into_another_is_refused_and_stays(cast, office):
    term = the(cast, Term, name="Spring term 2027")
    assert office.post(f"/school/terms/{term.id}", data={**SUMMER, "starts": ["1", "12", "2026"],
                                                         "ends": ["1", "2", "2027"]}).status_code == 422  # fmt: skip
    assert the(cast, Term, name="Spring term 2027").starts == date(2027, 1, 4)


def test_a_term_is_taken_away_and_the_log_keeps_it(cast, office):
    term = the(cast, Term, name="Spring term 2027")
    assert "nobody can count school days" in office.get(f"/school/terms/{term.id}/remove").text
    assert office.post(f"/school/terms/{term.id}/remove").status_code == 302
    assert last_act(cast) == ("removed", "term")
    assert "Spring term 2027" not in office.get("/school").text


def test_a_term_that_a_report_is_about_stays(cast, office):
    term = the(cast, Term, name="Summer term 2026")
    with cast.here(), writing():
        start_edition(queries.entry(Term, term.id), by=cast.viewer("head"), at=now.now())
    answer = office.post(f"/school/terms/{term.id}/remove")
    assert answer.status_code == 422
    assert "A report is about this term" in answer.text
    assert the(cast, Term, id=term.id)


def test_days_without_pupils_are_added_and_taken_away(cast, office):
    assert office.post("/school/closures/new", data=HALF_TERM).status_code == 302
    shut = the(cast, Closure, kind="half_term")
    assert "Half-term" in office.get("/school").text
    assert office.post(f"/school/closures/{shut.id}/remove").status_code == 302
    assert last_act(cast) == ("removed", "closure")
    assert count(cast, Closure) == 0


def test_one_day_needs_no_last_day(cast, office):
    office.post("/school/closures/new", data={**HALF_TERM, "kind": "inset", "ends": ["", "", ""]})
    assert the(cast, Closure, kind="inset").ends == date(2026, 10, 26)


@pytest.mark.parametrize(("changes", "says"), [
    ({"ends": ["1", "10", "2026"]}, "The last day is before the first"),
    ({"ends": ["1", "10", "2027"]}, "days in a row"),
    ({"kind": "because"}, "Say why school is shut"),
    ({"starts": ["26", "oktember", "2026"]}, "The month must be a number"),
    ({}, "These days are entered already"),
])  # fmt: skip
def test_days_that_cannot_be_are_refused(cast, office, changes, says):
    shut_half_term(cast)
    answer = office.post("/school/closures/new", data={**HALF_TERM, **changes})
    assert (answer.status_code, count(cast, Closure)) == (422, 1)
    assert says in answer.text


def test_the_school_day_is_changed(cast, office):
    assert office.post("/school/day", data={"day_starts": "8.30", "day_ends": "3.15 pm"}).status_code == 302
    with cast.here():
        assert (this_school(cast).day_starts, this_school(cast).day_ends) == (time(8, 30), time(15, 15))


def test_an_empty_post_changes_nothing(cast, office):
    assert office.post("/school/day").status_code < 500
    with cast.here():
        assert (this_school(cast).day_starts, this_school(cast).day_ends) == (time(8, 45), time(15, 20))


@pytest.mark.parametrize(("starts", "ends", "says"), [
    ("15:30", "8:45", "The school day ends before it begins"),
    ("25:00", "15:20", "Type the time with hours and minutes"),
    ("early", "15:20", "Type the time with hours and minutes"),
    ("", "15:20", "Type when school starts"),
])  # fmt: skip
def test_a_school_day_that_cannot_be_is_refused(cast, office, starts, ends, says):
    answer = office.post("/school/day", data={"day_starts": starts, "day_ends": ends})
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{ends}"' in answer.text
    with cast.here():
        assert this_school(cast).day_starts == time(8, 45)


def test_a_number_is_added_changed_and_stands_on_the_pages_about_incidents(cast, office):
    assert office.post("/school/numbers/new", data=NUMBER).status_code == 302
    number = the(cast, SafetyNumber, phone="01632 960 171")
    assert office.post(f"/school/numbers/{number.id}", data={**NUMBER, "phone": "01632 960 172"}).status_code == 302
    assert last_act(cast) == ("changed", "safety_number")
    assert "01632 960 172" in cast.client("teacher").get("/my-records").text


@pytest.mark.parametrize(("changes", "says"), [
    ({"phone": "ring Ann"}, "Type the phone number in figures"),
    ({"phone": ""}, "Type the phone number"),
    ({"kind": "police"}, "Say whose number it is"),
    ({"who": "Council, weekdays", "phone": "01632 960 170"}, "This number is entered already"),
])  # fmt: skip
def test_a_number_that_nobody_can_ring_is_refused(cast, office, changes, says):
    before = count(cast, SafetyNumber)
    answer = office.post("/school/numbers/new", data={**NUMBER, **changes})
    assert (answer.status_code, count(cast, SafetyNumber)) == (422, before)
    assert says in answer.text


def test_a_deputy_is_put_on_duty_and_every_page_about_an_incident_says_so(cast, office):
    assert office.post("/school/on-duty", data={"account": cast.accounts["deputy_dsl"]}).status_code == 302
    assert "On duty now: <strong>Tom Hathersage" in cast.client("teacher").get("/my-records").text
    assert last_act(cast) == ("put on duty", "school")


def test_nobody_but_a_safeguarding_lead_or_deputy_can_be_put_on_duty(cast, office):
    assert office.post("/school/on-duty", data={"account": cast.accounts["teacher"]}).status_code == 422
    with cast.here():
        assert this_school(cast).on_duty_id is None


PATHS = ("/school/terms/{}", "/school/terms/{}/remove", "/school/closures/{}/remove", "/school/numbers/{}",
         "/school/numbers/{}/remove")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_another_schools_entry_is_the_same_404_as_one_that_never_was(cast, office, path):
    other = make_cast(cast.app, "Elmsworth Primary School", "elmsworth.example")
    shut_half_term(other)
    kind = Term if "terms" in path else Closure if "closures" in path else SafetyNumber
    with other.app.app_context(), of_school(other.school_id):
        theirs = db.session.scalars(select(kind.id)).first()
    for method in ("GET", "POST"):
        foreign, unknown = (office.open(path.format(each), method=method) for each in (theirs, uuid.uuid4()))
        assert foreign.status_code == unknown.status_code == 404
        assert foreign.data == unknown.data


@pytest.mark.parametrize("who", ["head", "dsl", "teacher", "governor"])
def test_nobody_but_an_administrator_opens_the_page(cast, who):
    assert cast.client(who).get("/school").status_code == 403
