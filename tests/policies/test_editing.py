"""Changing a draft clause by clause, and what a draft changes, word by word."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.errors import NotFound, Refused
from incidents.policies.differing import Fate, Mark, by_word, difference
from incidents.policies.editing import Move, clause_called, moved, next_code, with_clause, without_clause
from incidents.policies.kinds import Audience, Force, PolicyKind
from incidents.policies.reading import BeforePosting, ClauseText, PolicyText, Question

words = st.text(alphabet="abc \n", max_size=60)


def clause(code: str, wording: str = "Be kind to people.") -> ClauseText:
    return ClauseText(code, (Audience.STAFF,), Force.MUST, wording)


TEXT = PolicyText(
    PolicyKind.SOCIAL_MEDIA, "Social media", date(2026, 9, 1), date(2026, 9, 1),
    before_posting=BeforePosting("", (Question("Is it kind?", "no", "Think.", ("A", "B")),)),
    clauses=tuple(clause(code) for code in "ABC"),
)  # fmt: skip


def codes(text: PolicyText) -> str:
    return "".join(each.code for each in text.clauses)


@pytest.mark.parametrize(("code", "way", "after"), [
    ("A", Move.DOWN, "BAC"), ("C", Move.UP, "ACB"), ("A", Move.UP, "ABC"), ("C", Move.DOWN, "ABC"),
])  # fmt: skip
def test_a_clause_goes_up_and_down_and_stays_at_the_ends(code, way, after):
    assert codes(moved(TEXT, code, way)) == after


def test_a_clause_is_added_changed_and_removed_and_the_old_text_stays():
    added = with_clause(TEXT, None, clause("D"))
    renamed = with_clause(added, "A", clause("X"))
    assert (codes(added), codes(renamed), codes(without_clause(renamed, "B"))) == ("ABCD", "XBCD", "XCD")
    assert codes(TEXT) == "ABC"


def test_questions_follow_a_clause_that_gets_another_code_or_goes():
    assert with_clause(TEXT, "A", clause("X")).before_posting.questions[0].clauses == ("X", "B")
    assert without_clause(TEXT, "B").before_posting.questions[0].clauses == ("A",)


@pytest.mark.parametrize(("code", "new"), [(None, "a"), ("A", "b")])
def test_a_code_used_twice_is_refused_by_its_field_whatever_its_case(code, new):
    with pytest.raises(Refused) as refused:
        with_clause(TEXT, code, clause(new))
    assert refused.value.field == "code"


def test_a_clause_that_is_not_there_is_not_found():
    for change in (
        lambda: clause_called(TEXT, "Z"),
        lambda: without_clause(TEXT, "Z"),
        lambda: moved(TEXT, "Z", Move.UP),
    ):
        with pytest.raises(NotFound):
            change()


def test_the_next_code_is_free():
    assert next_code(replace(TEXT, clauses=(clause("1"), clause("3")))) == "2"


@given(words, words)
def test_both_sides_can_be_read_back_from_the_pieces(before, after):
    pieces = by_word(before, after)
    old = " ".join(piece.words for piece in pieces if piece.mark is not Mark.NEW)
    new = " ".join(piece.words for piece in pieces if piece.mark is not Mark.GONE)
    assert old.split() == before.split()
    assert new.split() == after.split()


def test_one_word_changed_is_one_word_marked():
    assert [(piece.mark, piece.words) for piece in by_word("Be kind to staff.", "Be kind to everybody.")] == [
        (Mark.SAME, "Be kind to"), (Mark.GONE, "staff."), (Mark.NEW, "everybody."),
    ]  # fmt: skip


def test_what_became_of_each_clause_is_told():
    after = with_clause(moved(without_clause(TEXT, "B"), "C", Move.UP), None, clause("D"))
    after = with_clause(after, "A", clause("A", "Be kind to all people."))
    fates = {each.code: each.fate for each in difference(TEXT, after).clauses}
    assert fates == {"A": Fate.CHANGED, "B": Fate.GONE, "C": Fate.MOVED, "D": Fate.NEW}


def test_a_moved_clause_is_moved_and_nothing_else():
    found = difference(TEXT, moved(TEXT, "A", Move.DOWN))
    assert (found.count(Fate.MOVED), found.count(Fate.SAME), found.lines) == (1, 2, ())


def test_a_draft_that_says_the_same_changes_nothing():
    assert difference(TEXT, TEXT).is_none
    assert not difference(TEXT, replace(TEXT, review_on=date(2027, 9, 1))).is_none
