"""Every row of the table that a headteacher can read is what the product says."""

from collections import Counter

from incidents.recording.words import DIRECTION_LABELS
from tests.triage.power_table import ANSWERS, NATIONS, Row, decided, rows

ROWS = rows()


def wrong(row: Row) -> str:
    power = decided(row)
    said = f"{power.ground} {power.in_full}"
    looks_into = "may look into" in power.in_full or "may put right" in power.in_full
    if power.may is not ANSWERS[row.answer] or looks_into is not (row.answer == "may look into it"):
        return f"{row}: {power.may}"
    return "" if row.ground in said else f"{row}: {said}"


def test_each_row_is_what_the_product_says():
    assert [says for row in ROWS if (says := wrong(row))] == []


def test_the_table_is_long_enough_and_no_row_stands_twice():
    assert len(ROWS) >= 150
    assert [row for row, count in Counter(row[:8] for row in ROWS).items() if count > 1] == []


def test_every_nation_every_direction_and_every_answer_is_in_it():
    assert {row.nation for row in ROWS} == set(NATIONS)
    assert {row.direction for row in ROWS} == set(DIRECTION_LABELS.values())
    assert {row.answer for row in ROWS} == set(ANSWERS)


def test_no_row_gives_power_over_a_parent_or_a_stranger():
    over_others = [row for row in ROWS if "parent" in row.who or "outside the school" in row.who]
    assert {row.answer for row in over_others} == {"has no power to punish"}
