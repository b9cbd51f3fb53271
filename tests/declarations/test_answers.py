"""What is said of somebody in an incident, the codes of links, the list for mail merge, the fortnights: rules alone."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from incidents.declarations.answers import Given, Told, signed_line
from incidents.declarations.chasing import chase_day
from incidents.declarations.codes import ALPHABET, Knocks, digest, draw
from incidents.declarations.mail_merge import HEAD, as_csv, plain
from incidents.declarations.wording import invites, signatories
from incidents.declarations.words import Answer, How
from incidents.policies.kinds import Force

DAY = date(2026, 11, 10)
ME, OTHER = uuid.uuid4(), uuid.uuid4()


def answer(on: date, by: uuid.UUID | None = ME, said: Answer = Answer.SIGNED, how: How = How.PAPER) -> Given:
    return Given(uuid.uuid4(), said, how, on, by, "", None)


def told(*given: Given, number: int = 2, in_force: bool = True) -> Told:
    return Told("Rules online", number, in_force, given)


EARLY, LATE = date(2026, 9, 3), date(2026, 11, 12)


@pytest.mark.parametrize(("versions", "as_parent", "words"), [
    ([told(answer(EARLY))], None, "version 2: signed 3 September 2026, on paper"),
    ([told(answer(EARLY, how=How.SIGNED_IN))], None, "version 2: signed 3 September 2026, signed in"),
    ([told()], None, "version 2: not signed"),
    ([told(answer(EARLY, said=Answer.DECLINED))], None, "version 2: declined 3 September 2026, on paper"),
    ([told(answer(EARLY, said=Answer.TAKEN_BACK))], None, "version 2: not signed"),
    ([told(answer(LATE))], None, "version 2: signed 12 November 2026, on paper, after this happened"),
    ([told(), told(answer(date(2025, 9, 4)), number=1, in_force=False)], None,
     "version 2: not signed; version 1: signed 4 September 2025, on paper"),
    # a newer version was not in force that day: it is not asked about
    ([told(answer(LATE), number=3, in_force=False), told(answer(EARLY))], None, "version 2: signed 3 September 2026, on paper"),
    # a parent's own answer; the other parent's is not theirs; and what is not known is said to be so
    ([told(answer(EARLY, OTHER), answer(EARLY, ME, Answer.DECLINED))], ME, "version 2: declined 3 September 2026, on paper"),
    ([told(answer(EARLY, OTHER))], ME, "version 2: not signed"),
    ([told(answer(EARLY, None))], ME, "version 2: signed 3 September 2026, on paper, by one parent: it is not known which"),
])  # fmt: skip
def test_what_is_said_of_somebody_in_an_incident(versions: list[Told], as_parent: uuid.UUID | None, words: str):
    assert signed_line(versions, DAY, by_household=False, as_parent=as_parent) == f"Rules online, {words}"


def test_who_was_never_asked_is_not_said_to_have_left_it_unsigned():
    before = Told("Rules online", 2, True, (), was_asked=False)
    assert signed_line([before], DAY, by_household=False) == "Rules online, version 2: not asked to sign it by that day"


def test_of_a_pupil_it_says_that_the_household_signed_and_of_no_policy_in_force_nothing():
    assert signed_line([told(answer(EARLY, OTHER))], DAY, by_household=True).endswith("on paper, by the household")
    assert signed_line([told(answer(EARLY), in_force=False)], DAY, by_household=False) == ""


# --- codes


def test_a_code_can_be_typed_from_paper_in_any_way():
    code = draw()
    assert [len(part) for part in code.split("-")] == [4, 4, 4, 4]
    assert set(code) <= set(ALPHABET + "-")
    assert digest(code) == digest(code.lower().replace("-", " ")) != digest(draw())


def test_knocking_too_often_is_turned_away_for_an_hour_and_nobody_else_is():
    knocks, at = Knocks(3), datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert [knocks.too_many("one", at) for _ in range(5)] == [False, False, False, True, True]
    assert not knocks.too_many("another", at)
    assert not knocks.too_many("one", at + timedelta(hours=1))


def test_the_memory_of_knocks_does_not_grow_for_ever(monkeypatch):
    monkeypatch.setattr("incidents.declarations.codes.REMEMBERED", 2)
    knocks, at = Knocks(1), datetime(2026, 11, 23, 8, tzinfo=UTC)
    for who in "abcab":
        assert not knocks.too_many(who, at)


# --- the list, the words, the fortnights


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", "\r=1", "\uff1d1", "\uff20x"])
def test_no_cell_is_a_formula(cell: str):
    assert plain(cell) == f"'{cell}"
    assert plain("Ann O’Lowe") == "Ann O’Lowe"


def test_the_list_is_read_by_every_spreadsheet():
    """Each cell stands in quotes: where a spreadsheet parts cells by semicolons, no name begins a cell of its own."""
    text = as_csv([("=1", "Ann;=2", *[""] * 5)]).decode("utf-8-sig")
    assert text.splitlines() == [",".join(f'"{each}"' for each in HEAD), '"\'=1","Ann;=2","","","","",""']


@pytest.mark.parametrize(("forces", "only"), [
    ([Force.INVITATION, Force.PROMISE, Force.ADVICE], True), ([Force.INVITATION, Force.MUST_NOT], False), ([], True),
])  # fmt: skip
def test_parents_are_only_invited_where_nothing_can_be_breached(forces: list[Force], only: bool):
    assert invites(forces) is only


def test_those_who_sign_for_the_school_are_the_policys_titles_with_the_names_of_today():
    found = signatories(["Chair of Governors", "Headteacher", "Parent representative"], "J Pettifer", "L Abara")
    assert [each.name for each in found] == ["L Abara", "J Pettifer", ""]
    assert [each.title for each in signatories([], "", "")] == ["Headteacher", "Chair of governors"]


SINCE = date(2026, 9, 1)


@pytest.mark.parametrize(("today", "day"), [
    (date(2026, 9, 14), None),
    (date(2026, 9, 15), date(2026, 9, 15)),
    (date(2026, 9, 28), date(2026, 9, 15)),
    (date(2026, 10, 13), date(2026, 10, 13)),
    (date(2027, 3, 1), date(2026, 10, 13)),
])  # fmt: skip
def test_reminders_are_a_fortnight_apart_and_end(today: date, day: date | None):
    assert chase_day(SINCE, today) == day
