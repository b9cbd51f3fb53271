"""What is put together once a process answers for whoever asks, in whichever school is in scope."""

import pytest
from sqlalchemy import Integer, select

from incidents.access import Right
from incidents.database import of_school, question
from incidents.errors import NoSchool
from incidents.extensions import db
from incidents.matters.models import Matter
from incidents.matters.visibility import seen_with
from incidents.phrases import Phrase, value
from incidents.schools.models import School, Term
from tests.cast import make_cast
from tests.triage.recorded import record

WORDED: list[str] = []


def more_than(form, values):
    WORDED.append(form)
    return values[0] + (1 if form == "one" else 2)


def said(form: str, number: int) -> int:
    phrase = Phrase(more_than, form, [value(number, Integer())], Integer())
    answer: int = db.session.scalar(select(phrase).select_from(School))
    return answer


def test_a_phrase_is_worded_once_a_form_and_says_each_value(cast):
    with cast.here():
        said("one", 0)
        WORDED.clear()
        assert [said("one", number) for number in (5, 7)] == [6, 8]
        assert [said("two", number) for number in (5, 7)] == [7, 9]
    assert WORDED in (["two"], [])  # by the process's cache, not at all the second time this runs


def test_the_rule_worded_for_one_holds_for_the_next_who_asks(cast):
    with cast.here():
        incident = record(cast)
        seen = {
            who: set(db.session.scalars(select(Matter.id).where(seen_with(cast.viewer(who), Right.SEE_OWN_WORDS))))
            for who in ("other_teacher", "teacher")
        }
    assert seen == {"other_teacher": set(), "teacher": {incident.id}}


@question
def twice(first, second, third):
    return select(first, second, third).select_from(School)


def test_a_question_is_given_phrases_and_each_says_its_own_values(cast):
    def phrase(form: str, number: int) -> Phrase[int]:
        return Phrase(more_than, form, [value(number, Integer())], Integer())

    shared = phrase("one", 10)
    also = Phrase(more_than, "two", shared.values, Integer())
    with cast.here():
        assert twice(phrase("one", 5), phrase("two", 5), 0).one() == (6, 7, 0)
        WORDED.clear()
        assert twice(phrase("one", 8), phrase("two", 1), 3).one() == (9, 3, 3)
        assert WORDED == []
        assert twice(shared, also, phrase("two", 0)).one() == (11, 12, 2)
        assert twice(phrase("two", 8), phrase("one", 1), 3).one() == (10, 2, 3)


@question
def seen(right):
    return select(Matter.id).where(right)


def test_a_question_with_the_rule_in_it_is_answered_for_whoever_asks(cast):
    with cast.here():
        incident = record(cast)
        found = {
            who: set(seen(seen_with(cast.viewer(who), Right.SEE_OWN_WORDS)).scalars())
            for who in ("other_teacher", "teacher", "head", "other_teacher")
        }
    assert found == {"other_teacher": set(), "teacher": {incident.id}, "head": set()}


@question
def names():
    return select(Term.name).order_by(Term.starts)


def test_what_is_asked_again_and_again_is_of_the_school_in_scope(cast, app):
    other = make_cast(app, "Elmsworth Primary School", "elmsworth.example")
    with cast.here():
        assert len(names().all()) == 3
        with of_school(other.school_id):
            assert len(names().all()) == 3
    with app.app_context(), pytest.raises(NoSchool):
        names().all()
