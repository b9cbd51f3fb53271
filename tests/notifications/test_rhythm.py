"""Messages go at the same hours for everybody, each hour once a day whatever the clocks do, and are tried again in time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.notifications.rhythm import BACK_OFF, BACK_OFF_IN_DANGER, ROUNDS, latest_slot, next_try

LONDON = "Europe/London"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("at", "slot"), [
    ("2026-11-23 08:00", "2026-11-23 08:00"),
    ("2026-11-23 08:59", "2026-11-23 08:00"),
    ("2026-11-23 23:30", "2026-11-23 19:00"),
    ("2026-11-24 06:59", "2026-11-23 19:00"),
    ("2026-07-01 06:00", "2026-07-01 06:00"),  # 7:00 by the school's clock in summer
    ("2026-10-25 06:30", "2026-10-24 18:00"),  # clocks went back in the night: 6:30, and last evening's 19:00
    ("2026-10-25 07:00", "2026-10-25 07:00"),
    ("2027-03-28 06:00", "2027-03-28 06:00"),  # clocks went forward in the night
])  # fmt: skip
def test_the_last_round_is_an_hour_by_the_schools_own_clock(at: str, slot: str):
    assert latest_slot(ROUNDS, LONDON, utc(at)) == utc(slot)


@given(st.integers(0, 23), st.sampled_from([LONDON, "Europe/Jersey", "Europe/Lisbon"]))
def test_every_day_has_each_hour_once_also_when_the_clocks_change(hour: int, timezone: str):
    for first in ("2026-10-23 00:00", "2027-03-26 00:00"):
        moments = [utc(first) + timedelta(minutes=20) * step for step in range(6 * 72)]
        slots = {latest_slot([hour], timezone, at) for at in moments}
        inside = sorted(slot for slot in slots if slot > moments[0])
        assert len(inside) in (5, 6)
        assert all(timedelta(hours=23) <= b - a <= timedelta(hours=25) for a, b in pairwise(inside))


@given(st.integers(0, 2 * 366 * 24 * 60))
def test_a_round_never_lies_ahead_and_never_far_behind(minutes: int):
    at = utc("2026-01-01 00:00") + timedelta(minutes=minutes)
    assert timedelta(0) <= at - latest_slot(ROUNDS, LONDON, at) < timedelta(hours=13)


@pytest.mark.parametrize(("urgent", "waits"), [(False, BACK_OFF), (True, BACK_OFF_IN_DANGER)])
def test_each_wait_is_longer_than_the_one_before_and_the_last_failure_gives_up(urgent: bool, waits):
    tried = [next_try(tries, NOON, urgent=urgent) for tries in range(1, len(waits) + 2)]
    assert tried == [*(NOON + wait for wait in waits), None]
    assert list(waits) == sorted(set(waits))


def test_danger_is_tried_again_within_a_minute_and_given_up_the_same_day():
    assert BACK_OFF_IN_DANGER[0] == timedelta(minutes=1)
    assert sum(BACK_OFF_IN_DANGER, timedelta()) < timedelta(hours=5)
