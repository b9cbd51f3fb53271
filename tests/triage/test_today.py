"""The first page: the most serious first, and the state in a sentence."""

import uuid
from datetime import UTC, date, datetime

import pytest

from incidents.casework.progress import StepNow
from incidents.casework.words import StepState
from incidents.recording.hours import Happened, WhenKind
from incidents.recording.words import Danger, Direction
from incidents.triage.day_picture import picture_of, place_of
from incidents.triage.today import Rank, incident_item, state_sentence, step_item
from tests.schools.example import calendar as school

NOW = datetime(2026, 11, 23, 8, 10, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 21, 40, tzinfo=UTC)
AN_ID = uuid.UUID(int=1)


def incident(danger="no", direction="pupil_to_pupil", decides=True, at=FRIDAY):
    title = "Group chat, Year 6"
    return incident_item(AN_ID, "7K4M", title, at, Direction(direction), Danger(danger), school(), decides=decides)


def step(due, late="", safety=False):
    now = StepNow(AN_ID, "meet", "Meet the parent", StepState.TODO, due=due, late=late, safety=safety)
    return step_item(now, AN_ID, "HP5C", "Case HP5C, a parent’s post", NOW, school())


IN_ORDER = [
    incident("yes"),
    incident("not_sure"),
    step(datetime(2026, 11, 19, 17, tzinfo=UTC), "2 days", safety=True),
    step(datetime(2026, 11, 23, 16, 20, tzinfo=UTC)),
    incident(direction="staff_conduct"),
    incident(),
    incident(at=datetime(2026, 11, 22, 10, tzinfo=UTC)),
    step(datetime(2026, 11, 19, 17, tzinfo=UTC), "2 school days"),
    incident(decides=False),
    step(datetime(2026, 11, 30, 16, tzinfo=UTC)),
    step(None),
]


def test_the_most_serious_stands_first():
    mixed = [IN_ORDER[place] for place in (7, 3, 10, 0, 5, 9, 1, 8, 4, 2, 6)]
    assert sorted(mixed, key=lambda item: item.order) == IN_ORDER


ROWS = [
    (incident("yes"), "overdue", "In danger. Recorded Friday 20 November, 21:40"),
    (incident("not_sure"), "today", "May be in danger. Recorded Friday 20 November, 21:40"),
    (incident(), "new", "New, Friday 20 November, 21:40"),
    (step(datetime(2026, 11, 23, 16, 20, tzinfo=UTC)), "today", "Due today by 16:20"),
    (step(datetime(2026, 11, 19, 17, tzinfo=UTC), "2 school days"), "overdue", "Overdue by 2 school days"),
    (step(datetime(2026, 11, 30, 16, tzinfo=UTC)), "new", "Due Monday 30 November"),
    (step(None), "new", "No date"),
]


@pytest.mark.parametrize(("item", "kind", "says"), ROWS)
def test_each_line_says_its_state_in_words(item, kind, says):
    assert (item.kind, item.says) == (kind, says)


SENTENCES = [
    ([], ("Nobody is recorded as in danger.", "")),
    ([incident()], ("Nobody is recorded as in danger.", "One incident waits for a decision.")),
    ([incident(decides=False)], ("Nobody is recorded as in danger.", "")),
    (
        [incident("yes"), incident()],
        ("Somebody is in danger in one incident. Ring first.", "Two incidents wait for a decision."),
    ),
    (
        [incident("not_sure")],
        ("Somebody may be in danger in one incident. Find out first.", "One incident waits for a decision."),
    ),
    (
        [IN_ORDER[3], IN_ORDER[7]],
        ("Nobody is recorded as in danger.", "One step is due today. One step is overdue."),
    ),
]


@pytest.mark.parametrize(("items", "sentence"), SENTENCES)
def test_the_page_begins_with_the_state(items, sentence):
    assert state_sentence(items) == sentence


def test_what_comes_later_is_not_counted_as_needed_now():
    assert IN_ORDER[-1].rank is IN_ORDER[-2].rank is Rank.COMING


def at(day, *times):
    kind = WhenKind.EXACT if len(times) == 1 else WhenKind.RANGE
    return Happened(kind, day, None, *[datetime.strptime(each, "%H:%M").time() for each in times])  # noqa: DTZ007  # a time of day


def test_the_strip_shows_the_school_day_and_the_moment():
    picture = picture_of(at(date(2026, 11, 20), "21:14"), school())
    assert picture.marks == [(88.5, "21:14")]
    assert "It happened at 21:14." in picture.says
    assert picture.school is not None


def test_the_strip_of_a_sunday_has_no_school_day():
    picture = picture_of(at(date(2026, 11, 22), "10:00", "11:30"), school())
    assert picture.school is None
    assert picture.says == "Sunday 22 November: it was not a school day. It went on from 10:00 to 11:30."


NO_STRIP = [
    Happened(WhenKind.UNKNOWN),
    Happened(WhenKind.EXACT, date(2026, 11, 20)),
    Happened(WhenKind.RANGE, date(2026, 11, 20), date(2026, 11, 22)),
    at(date(2031, 11, 20), "21:14"),
]


@pytest.mark.parametrize("happened", NO_STRIP)
def test_there_is_no_strip_where_it_would_say_more_than_is_known(happened):
    assert picture_of(happened, school()) is None


def test_a_place_on_the_strip_is_per_cent_of_the_day():
    assert place_of(datetime(2026, 1, 1, 12, tzinfo=UTC).time()) == 50.0
