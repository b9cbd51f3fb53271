"""What the report knows of each incident, where it is not plain from one row."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from incidents import clock
from incidents.access import Sphere
from incidents.database import writing
from incidents.extensions import db
from incidents.governors.facts import YEAR, cases_of, incidents_of
from incidents.people import merging
from incidents.people.models import Person
from incidents.recording import actions as recording
from incidents.recording.models import Involvement
from incidents.recording.words import Method, Part
from incidents.schools.queries import calendar
from tests.cast import Cast
from tests.governors.counting import TERM
from tests.governors.term import add_case, add_incident
from tests.triage.recorded import record

OCTOBER = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SUMMER = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 9, 1, tzinfo=UTC) - YEAR - timedelta(days=2)


def aimed(
    cast: Cast, at: datetime, *people: str, part: str = "target", kind: str = "pupil", **more: object
) -> uuid.UUID:
    """An incident with these people in it. Inside `here()`."""
    sphere = more.pop("sphere", Sphere.PUPIL)
    assert isinstance(sphere, Sphere)
    with writing(audited=False):
        new = add_incident(cast, at, sphere=sphere)
        for who in people:
            db.session.add(
                Involvement(school_id=cast.school_id, incident_id=new, person_id=cast.persons[who], part=part,
                            person_kind=kind, year_group="", form="", as_was="", by=cast.accounts["head"], at=at, **more)
            )  # fmt: skip
    return new


def repeated() -> tuple[int, int]:
    """How many incidents the report is about, and how many of them were aimed at somebody once more."""
    found = incidents_of(TERM, calendar(), clock.now())
    return len(found), sum(each.repeated for each in found)


def test_of_two_aimed_at_one_person_the_later_is_one_more(cast: Cast) -> None:
    with cast.here():
        aimed(cast, OCTOBER, "isla", "mason")
        assert repeated() == (1, 0)
        aimed(cast, OCTOBER + HOUR, "mason")
        aimed(cast, OCTOBER + HOUR, "zara")
        assert repeated() == (3, 1)


def test_of_two_at_one_moment_one_is_one_more(cast: Cast) -> None:
    with cast.here():
        for _ in range(2):
            aimed(cast, OCTOBER, "isla", "isla")
        assert repeated() == (2, 1)


@pytest.mark.parametrize(("at", "how_many"), [(SUMMER, 1), (LONG_AGO, 0)])
def test_a_year_back_counts_and_no_more(cast: Cast, at: datetime, how_many: int) -> None:
    with cast.here():
        aimed(cast, at, "isla")
        aimed(cast, OCTOBER, "isla")
        assert repeated() == (1, how_many)


def test_two_entries_of_one_person_are_one(cast: Cast) -> None:
    with cast.here():
        for who in ("isla", "zara"):
            record(cast, [(Part.TARGET, who)])
        assert repeated() == (2, 0)
        with writing():
            two = (db.session.get_one(Person, (cast.school_id, cast.persons[each])) for each in ("zara", "isla"))
            merging.merge(*two, "The same child.", by=None, at=clock.now())
        assert repeated() == (2, 1)


@pytest.mark.parametrize("more", [
    {"part": "witness"}, {"part": "alleged"}, {"ended_at": OCTOBER}, {"sphere": Sphere.HEAD},
])  # fmt: skip
def test_what_was_not_aimed_at_them_and_what_the_annex_has_does_not_count(cast: Cast, more: dict[str, object]) -> None:
    with cast.here():
        aimed(cast, OCTOBER, "isla", **more)  # type: ignore[arg-type]  # one of its own
        aimed(cast, OCTOBER + HOUR, "isla")
        assert repeated()[1] == 0


def test_aimed_at_staff_is_told_from_aimed_at_a_pupil(cast: Cast) -> None:
    with cast.here():
        aimed(cast, OCTOBER, "isla")
        aimed(cast, OCTOBER, "teacher", "isla", kind="staff")
        aimed(cast, OCTOBER, "teacher", part="alleged", kind="staff")
        assert sorted(each.staff_target for each in incidents_of(TERM, calendar(), clock.now())) == [False, False, True]


def test_means_and_place_are_as_they_were_last_put_right(cast: Cast) -> None:
    with cast.here():
        incident, by = record(cast, method=Method.GROUP_CHAT), cast.viewer("dsl")
        for place in ("Snapchat", "Roblox"):
            with writing():
                changes = {"method": Method.GAMING_CHAT, "platform": place}
                recording.correct_particulars(incident, changes, "Misread.", by=by, at=clock.now())
        (counted,) = incidents_of(TERM, calendar(), clock.now())
        assert (counted.method, counted.platform, counted.direction) == (Method.GAMING_CHAT, "Roblox", None)


def test_a_case_without_steps_has_none_that_fell_due(cast: Cast) -> None:
    with cast.here():
        with writing(audited=False):
            add_case(cast, OCTOBER, closed_at=OCTOBER + HOUR)
        (opened,) = cases_of(TERM, calendar(), clock.now())
    assert (opened.steps, opened.steps_on_time, opened.closed_in_20_days, opened.finding) == (0, 0, True, None)
