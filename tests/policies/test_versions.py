"""Which version holds on which day: always one, never two, and never one that was altered."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.policies.versions import in_force, is_past_review, last_day, reminders_begun, wrong_dates

ONE = uuid.UUID(int=1)
JAN, MAR, JUN, SEP = (date(2026, month, 1) for month in (1, 3, 6, 9))
DAY = timedelta(days=1)
days = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@dataclass(frozen=True)
class V:
    """A version as far as dates go."""

    policy_id: uuid.UUID
    in_force_from: date


def several(starts: set[date], policy: uuid.UUID = ONE) -> list[V]:
    return [V(policy, start) for start in starts]


@given(st.sets(days, max_size=6), days)
def test_the_version_shown_is_always_the_one_in_force(starts, day):
    found = in_force(several(starts), day)
    expected = [V(ONE, max(start for start in starts if start <= day))] if any(s <= day for s in starts) else []
    assert found == expected


@given(st.sets(days, min_size=2, max_size=6))
def test_versions_never_overlap_and_leave_no_day_between_them(starts):
    versions = several(starts)
    for earlier, later in pairwise(sorted(versions, key=lambda each: each.in_force_from)):
        assert last_day(earlier, versions) == later.in_force_from - DAY


@given(st.sets(days, max_size=6), days, days)
def test_a_span_shows_what_held_on_any_of_its_days(starts, one, other):
    first, last = min(one, other), min(max(one, other), min(one, other) + 40 * DAY)
    on_days = {v for n in range((last - first).days + 1) for v in in_force(several(starts), first + n * DAY)}
    assert set(in_force(several(starts), first, last)) == on_days


def test_each_policy_has_its_own_versions():
    other = uuid.UUID(int=2)
    versions = [V(ONE, JAN), V(other, MAR), V(ONE, JUN)]
    assert in_force(versions, SEP) == [V(ONE, JUN), V(other, MAR)]


@pytest.mark.parametrize(("adopted", "starts", "review", "newest", "field"), [
    (MAR, JAN, None, None, "in_force_from"),
    (MAR, MAR, MAR, None, "review_on"),
    (MAR, MAR, JAN, None, "review_on"),
    (JAN, JAN, None, JAN, "in_force_from"),
    (JAN, JAN, None, MAR, "in_force_from"),
    (MAR, JUN, None, JAN, "in_force_from"),
])  # fmt: skip
def test_dates_that_can_not_be_are_named_by_their_field(adopted, starts, review, newest, field):
    wrong = wrong_dates(adopted, starts, review, newest=newest, began=MAR, today=SEP)
    assert [each.field for each in wrong] == [field]


@pytest.mark.parametrize(("starts", "newest"), [(JAN, None), (SEP, JAN), (SEP + DAY, JAN), (JUN, JAN)])
def test_a_first_version_and_those_from_before_the_product_may_be_old(starts, newest):
    assert wrong_dates(JAN, starts, None, newest=newest, began=SEP, today=SEP) == []


@given(days, days, days, days)
def test_no_dates_that_are_taken_begin_on_or_before_another_version(adopted, starts, newest, today):
    if not wrong_dates(adopted, starts, None, newest=newest, began=date(2020, 1, 1), today=today):
        assert starts > newest
        assert starts >= adopted


@pytest.mark.parametrize(("before", "begun"), [(91, None), (90, 90), (31, 90), (30, 30), (1, 30), (0, 0), (-400, 0)])
def test_a_review_is_told_at_90_30_and_0_days(before, begun):
    assert reminders_begun(SEP, SEP - before * DAY) == begun


def test_past_its_review_is_the_day_after_it():
    assert not is_past_review(SEP, SEP)
    assert is_past_review(SEP, SEP + DAY)
    assert not is_past_review(None, SEP)
