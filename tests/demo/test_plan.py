"""On whatever day the demo is made, its stories lie in the past and in term, and happen where and when they say."""

import uuid
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest

from incidents.demo.cast import SchoolCast, schools
from incidents.demo.reading import stories_of
from incidents.demo.ruling import rule_acts
from incidents.demo.setting_up import MadeSchool
from incidents.demo.telling import Told
from incidents.demo.working import acts_after
from incidents.demo.year import Days, terms_around
from incidents.recording.hours import UNDER_CONTROL, SchoolTime, time_of
from incidents.recording.words import Direction
from incidents.schools.calendar import ClosedDays, SchoolCalendar, TermDates
from incidents.schools.jurisdiction import load

# In term, on its first day, at a weekend, in the holidays, just after midnight, in summer time.
DAYS = [
    datetime(2026, 11, 21, 3, 0, tzinfo=UTC),
    datetime(2026, 9, 2, 12, 0, tzinfo=UTC),
    datetime(2027, 1, 4, 0, 1, tzinfo=UTC),
    datetime(2027, 8, 15, 9, 0, tzinfo=UTC),
    datetime(2028, 3, 27, 23, 59, tzinfo=UTC),
]
CASES = [pytest.param(cast, at, id=f"{cast.key}-{at:%Y-%m-%d}") for cast in schools() for at in DAYS]


def made(cast: SchoolCast, at: datetime) -> MadeSchool:
    terms = terms_around(at.date())
    pack = load(cast.nation, cast.school_type)
    calendar = SchoolCalendar(
        terms=[TermDates(term.name, term.first, term.last) for term in terms],
        closures=[ClosedDays(first, last, kind, name) for term in terms for kind, name, first, last in term.shut],
        day_starts=cast.day_starts, day_ends=cast.day_ends, timezone=pack.timezone,
        bank_holidays=pack.bank_holidays(range(at.year - 2, at.year + 4)),
    )  # fmt: skip
    school = MadeSchool(cast, uuid.uuid4(), at)
    school.days = Days(calendar, at)
    return school


def told(cast: SchoolCast, at: datetime) -> dict[str, Told]:
    school = made(cast, at)
    return {story.key: Told(school, story) for story in stories_of(cast)}


@pytest.mark.parametrize(("cast", "at"), CASES)
def test_every_act_is_over_before_the_demo_is_made(cast: SchoolCast, at: datetime) -> None:
    everything = told(cast, at)
    acts = [act for each in everything.values() for act in acts_after(each, everything)]
    assert len(acts) > len(everything)
    assert max(act.at for act in acts) < at


@pytest.mark.parametrize(("cast", "at"), CASES)
def test_every_policy_and_signature_is_over_too(cast: SchoolCast, at: datetime) -> None:
    assert max(act.at for act in rule_acts(made(cast, at))) < at


@pytest.mark.parametrize(("cast", "at"), CASES)
def test_nothing_is_recorded_before_it_happened(cast: SchoolCast, at: datetime) -> None:
    for key, each in told(cast, at).items():
        happened = each.happened()
        days = happened.days()
        recorded = each.recorded()
        assert all(day <= recorded for day in days), key
        if days and days[-1] == recorded:
            last = happened.time_until or (happened.time_from if len(days) == 1 else None) or time(0)
            assert last < each.story.at, key


@pytest.mark.parametrize(("cast", "at"), CASES)
def test_what_happened_in_school_among_pupils_was_in_school_hours(cast: SchoolCast, at: datetime) -> None:
    for key, each in told(cast, at).items():
        if each.story.place in UNDER_CONTROL and each.story.direction is Direction.PUPIL_TO_PUPIL:
            assert time_of(each.happened(), each.made.days.calendar).time is SchoolTime.IN_HOURS, key


@pytest.mark.parametrize(("cast", "at"), CASES)
def test_school_days_are_counted_back_from_the_last_one(cast: SchoolCast, at: datetime) -> None:
    days = made(cast, at).days
    counted = [days.day(number) for number in range(40)]
    assert counted[0] < days.calendar.local(at).date()
    assert all(later > earlier for later, earlier in pairwise(counted))
    assert all(days.calendar.is_school_day(day) for day in counted)


def test_a_day_that_has_not_come_is_refused() -> None:
    with pytest.raises(ValueError, match="not come"):
        made(schools()[0], DAYS[0]).days.day(-1)


def test_a_weekday_stands_in_the_words_where_it_is_asked_for() -> None:
    each = told(schools()[0], DAYS[0])["chatter"]
    assert "{weekday}" in each.story.words
    assert f"{each.happened().days()[0]:%A}" in each.in_words(each.story.words)


@pytest.mark.parametrize("at", DAYS)
def test_pupils_are_a_year_younger_before_september(at: datetime) -> None:
    school = made(schools()[0], at)
    first = school.grew()
    assert school.form_of("zara", first) == ("Year 8", "8B")
    assert school.form_of("zara", first - timedelta(days=1)) == ("Year 7", "7B")


@pytest.mark.parametrize("at", DAYS)
def test_nobody_is_in_a_story_from_before_they_came(at: datetime) -> None:
    for key, each in told(schools()[0], at).items():
        pupils = [pupil.key for pupil in schools()[0].pupils if pupil.key in each.story.named]
        days = [each.recorded(), *each.happened().days()]
        assert all(each.made.form_of(pupil, day) for pupil in pupils for day in days), key


@pytest.mark.parametrize("at", DAYS)
def test_the_words_of_every_story_name_the_year_and_not_a_blank(at: datetime) -> None:
    for key, each in told(schools()[0], at).items():
        assert "{" not in each.in_words(each.story.words + each.story.told), key
        assert each.story.triage is None or each.owner() in schools()[0].keys, key


def test_on_a_day_of_july_the_terms_told_of_are_those_of_one_school_year() -> None:
    days = made(schools()[0], datetime(2027, 7, 12, 9, 0, tzinfo=UTC)).days
    assert [days.term(back).name for back in (2, 1, 0)] == ["Autumn term 2026", "Spring term 2027", "Summer term 2027"]


def test_a_story_of_an_earlier_term_lies_in_it() -> None:
    school = made(schools()[0], DAYS[0])
    for story in stories_of(schools()[0]):
        if story.term:
            assert Told(school, story).recorded() in school.days.term(story.term), story.key
