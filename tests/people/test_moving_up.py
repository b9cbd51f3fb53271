"""A new school year: what is proposed, and moving everybody by one press."""

import re
from datetime import date

import pytest

from incidents.people import queries
from incidents.people.moving_up import next_form, next_year, proposed, told
from tests.people.test_lists import HEAD, NADIA, bring

JUNE = {"starts": ["1", "9", "2027"]}


@pytest.mark.parametrize(
    ("year", "form", "to"),
    [
        ("Year 5", "5R", ("Year 6", "6R")),
        ("Year 9", "9.2", ("Year 10", "10.2")),
        ("Reception", "Oak", ("Year 1", "Oak")),
        ("Nursery", "", ("Reception", "")),
        ("P1", "P1b", ("P2", "P1b")),
        ("Year 1", "11X", ("Year 2", "11X")),
        ("Mixed", "Ash", ("Mixed", "Ash")),
    ],
)
def test_a_class_goes_one_year_further(year, form, to):
    assert (next_year(year), next_form(form, year)) == to


def test_the_oldest_year_leaves_and_stands_first():
    going = proposed({("Year 5", "5R"): 2, ("Year 6", "6R"): 1, ("Reception", ""): 3, ("Year 6", "6T"): 1})
    assert [(each.name, each.to_year) for each in going] == [
        ("Year 6, 6R", ""), ("Year 6, 6T", ""), ("Year 5, 5R", "Year 6"), ("Reception", "Year 1"),
    ]  # fmt: skip
    said = told(
        going, {(each.year_group, each.form): (each.to_year, each.to_form) if each.to_year else None for each in going}
    )
    assert said[0] == ("Year 6, 6R", "1 pupil leaves")
    assert said[2] == ("Year 5, 5R", "2 pupils to Year 6, 6R")


def test_primary_and_secondary_years_of_scotland_follow_each_other():
    assert [each.year_group for each in proposed({("P7", ""): 1, ("S1", ""): 1, ("P1", ""): 1})] == ["S1", "P7", "P1"]


@pytest.fixture
def office(cast):
    return cast.client("administrator")


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="((?:year|form)-\d+|seen)"[^>]*?value="([^"]*)"', page))


def test_all_pupils_move_by_one_press_and_keep_what_they_were(cast, office):
    bring(office, HEAD + NADIA.replace("Year 6,6R", "Year 5,5R"))
    shown = office.post("/people/move-up", data={**JUNE, "then": "classes"})
    typed = fields(shown.text)
    assert (typed["year-0"], typed["year-1"], typed["form-1"]) == ("", "Year 6", "6R")
    preview = office.post("/people/move-up", data={**JUNE, **typed, "then": "show"}).text
    assert re.search(r"<strong>Year 6, 6R</strong><p[^>]*>\d+ pupils leave", preview)
    with cast.here():
        assert queries.status_of(cast.persons["isla"], date(2027, 9, 2)).as_was == "Year 6"
    assert office.post("/people/move-up", data={**JUNE, **fields(preview), "then": "go"}).status_code == 302
    with cast.here():
        assert queries.status_of(cast.persons["isla"], date(2027, 9, 1)).as_was == "Someone outside the school"
        assert queries.status_of(cast.persons["isla"], date(2027, 8, 31)).as_was == "Year 6"
        (nadia,) = queries.find("nadia", date(2027, 9, 1))
        assert (nadia.as_was, nadia.form) == ("Year 6", "6R")
    assert "all have moved already" in office.post("/people/move-up", data={**JUNE, "then": "classes"}).text


def test_classes_that_changed_meanwhile_are_shown_again(cast, office):
    typed = fields(office.post("/people/move-up", data={**JUNE, "then": "classes"}).text)
    bring(office, HEAD + NADIA.replace("Year 6,6R", "Year 5,5R"))
    again = office.post("/people/move-up", data={**JUNE, **typed, "then": "go"})
    assert (again.status_code, "Year 5, 5R" in again.text) == (200, True)
    with cast.here():
        assert queries.status_of(cast.persons["isla"], date(2027, 9, 2)).as_was == "Year 6"


def test_without_dates_the_first_day_is_asked_for_and_not_guessed(office):
    page = office.get("/people/move-up").text
    assert re.findall(r'name="starts"[^>]*value="(\d+)"', page) == []
    assert office.post("/people/move-up", data={"starts": ["", "", ""]}).status_code == 422
