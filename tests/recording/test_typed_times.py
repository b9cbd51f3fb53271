"""What people type for a time is read as they mean it, and asked again where it could mean two things."""

from datetime import date, time

import pytest

from incidents.errors import Refused
from incidents.recording.hours import WhenKind
from incidents.recording.typed_times import happened, times_in

FRIDAY, SATURDAY, SUNDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("", None, None),
        ("  ", None, None),
        ("21:15", time(21, 15), None),
        ("21.15", time(21, 15), None),
        ("2115", time(21, 15), None),
        ("08:30", time(8, 30), None),
        ("10:30", time(10, 30), None),
        ("00:05", time(0, 5), None),
        ("9pm", time(21), None),
        ("9.30 p.m.", time(21, 30), None),
        ("12am", time(0), None),
        ("12pm", time(12), None),
        ("noon", time(12), None),
        ("about 9pm", time(21), None),
        ("8pm to 9pm", time(20), time(21)),
        ("8 to 9pm", time(20), time(21)),
        ("8-9pm", time(20), time(21)),
        ("between 8:15 and 9:45pm", time(20, 15), time(21, 45)),
        ("20:00–21:30", time(20), time(21, 30)),
        ("11pm until 1am", time(23), time(1)),
    ],
)
def test_a_time_is_read_as_it_was_meant(typed: str, start: time | None, end: time | None) -> None:
    assert times_in(typed) == (start, end)


@pytest.mark.parametrize("typed", ["8:30", "8", "12", "9 to 10"])
def test_morning_or_evening_is_asked_and_never_guessed(typed: str) -> None:
    with pytest.raises(Refused, match="morning or the evening") as refused:
        times_in(typed)
    assert refused.value.field == "time"


@pytest.mark.parametrize("typed", ["25:00", "13pm", "after tea", "8pm to 9pm to 10pm", "21:75", "0am"])
def test_what_is_no_time_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused, match="like 21:15"):
        times_in(typed)


def test_no_day_is_not_known() -> None:
    assert happened(None, None, "").kind is WhenKind.UNKNOWN


def test_one_day_and_one_time_is_exact() -> None:
    found = happened(FRIDAY, FRIDAY, "21:14")
    assert (found.kind, found.day_from, found.day_until, found.time_from) == (
        WhenKind.EXACT,
        FRIDAY,
        None,
        time(21, 14),
    )


def test_a_stretch_past_midnight_ends_on_the_next_day() -> None:
    found = happened(FRIDAY, None, "11pm to 1am")
    assert (found.kind, found.day_until, found.time_until) == (WhenKind.RANGE, SATURDAY, time(1))


def test_several_days_are_a_range() -> None:
    found = happened(FRIDAY, SUNDAY, "")
    assert (found.kind, found.day_from, found.day_until) == (WhenKind.RANGE, FRIDAY, SUNDAY)
