"""What parents' answers come to, in rows; and what must hold whatever was answered."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.registers.consent import Answer, Said, effective

MOTHER, FATHER, CHILD, COUSIN = (uuid.UUID(int=number) for number in range(1, 5))
AGREE = {MOTHER, FATHER, CHILD}
TODAY = date(2026, 11, 23)
NO, PICTURE, NAME_TOO = Answer


def said(who: uuid.UUID | None, answer: Answer, starts: int = -10, until: int | None = None, hour: int = 0) -> Said:
    """An answer from so many days ahead of today on, entered in this hour."""
    end = None if until is None else TODAY + timedelta(days=until)
    entered = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=hour)
    return Said(answer, TODAY + timedelta(days=starts), end, who, entered)


ROWS = [
    ("nobody answered", [], NO),
    ("one yes", [said(MOTHER, PICTURE)], PICTURE),
    ("one yes with the name", [said(MOTHER, NAME_TOO)], NAME_TOO),
    ("a form without a name", [said(None, NAME_TOO)], NAME_TOO),
    ("two parents do not agree", [said(MOTHER, NAME_TOO), said(FATHER, NO)], NO),
    ("one parent leaves the name out", [said(MOTHER, NAME_TOO), said(FATHER, PICTURE)], PICTURE),
    ("withdrawn", [said(MOTHER, PICTURE), said(MOTHER, NO, 0, hour=1)], NO),
    ("withdrawn by the other", [said(MOTHER, PICTURE), said(FATHER, NO, 0, hour=1)], NO),
    ("withdrawn and given again", [said(MOTHER, NO), said(MOTHER, PICTURE, -5, hour=1)], PICTURE),
    ("an older form is entered after the no", [said(MOTHER, NO, -5), said(MOTHER, PICTURE, -9, hour=1)], NO),
    ("a yes for later, then a no", [said(MOTHER, PICTURE, 0), said(MOTHER, NO, -3, hour=1)], NO),
    ("a yes and a no at one moment", [said(MOTHER, PICTURE), said(MOTHER, NO)], NO),
    ("not yet", [said(MOTHER, PICTURE, 1)], NO),
    ("its last day", [said(MOTHER, PICTURE, until=0)], PICTURE),
    ("run out", [said(MOTHER, PICTURE, until=-1)], NO),
    ("a newer one ran out", [said(MOTHER, PICTURE), said(MOTHER, PICTURE, -5, -1, 1)], NO),
    ("run out for one, not for the other", [said(MOTHER, NAME_TOO, until=-1), said(FATHER, PICTURE)], PICTURE),
    ("the child says no", [said(MOTHER, PICTURE), said(CHILD, NO)], NO),
    ("somebody who may not agree", [said(COUSIN, NAME_TOO)], NO),
    ("somebody who may not agree says no", [said(MOTHER, PICTURE), said(COUSIN, NO)], NO),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_answers_come_to(answers: list[Said], expected: Answer):
    assert effective(answers, AGREE, TODAY) is expected


answers_of_any_kind = st.lists(
    st.builds(
        said,
        st.sampled_from([MOTHER, FATHER, CHILD, COUSIN, None]),
        st.sampled_from(Answer),
        st.integers(-20, 5),
        st.none() | st.integers(6, 40),
        st.integers(0, 400),
    ),
    max_size=8,
)


@given(answers_of_any_kind)
def test_a_flag_comes_out_as_a_consent_not_given(answers: list[Said]):
    assert effective(answers, AGREE, TODAY, kept_back=True) is effective([], AGREE, TODAY)


@given(answers_of_any_kind, st.sampled_from([MOTHER, FATHER, CHILD, None]))
def test_a_withdrawal_is_obeyed_at_once_whatever_was_said_before(answers: list[Said], who: uuid.UUID | None):
    now = Said(NO, TODAY, None, who, datetime(2026, 11, 23, 8, tzinfo=UTC))
    assert effective([*answers, now], AGREE, TODAY) is NO
    later = TODAY + timedelta(days=30)
    assert effective([*answers, now], AGREE, later) is NO


@given(answers_of_any_kind)
def test_nobody_s_yes_makes_anything_out_of_another_s_no(answers: list[Said]):
    if effective(answers, AGREE, TODAY) is not NO:
        assert effective([*answers, said(uuid.uuid5(MOTHER, "x"), NO)], AGREE, TODAY) is NO


@given(answers_of_any_kind)
def test_the_order_of_reading_does_not_matter(answers: list[Said]):
    assert effective(answers, AGREE, TODAY) is effective(answers[::-1], AGREE, TODAY)
