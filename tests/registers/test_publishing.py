"""May this go up? It never says yes against one child."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.registers.consent import Answer
from incidents.registers.publishing import NEVER_NAMES, Child, Place, may_go_up

TODAY = date(2026, 11, 23)
PAGE = Place("“@ourschool”, Facebook", approved=True, review_on=TODAY)
NO, PICTURE, NAME_TOO = Answer
children = st.lists(st.builds(Child, st.sampled_from(["Ann", "Ben", "Cai"]), st.sampled_from(Answer)), max_size=6)
places = st.builds(
    Place,
    st.just("The page"),
    st.booleans(),
    st.booleans(),
    st.none() | st.integers(-5, 5).map(lambda days: TODAY + timedelta(days=days)),
)


@given(places, children, st.booleans(), st.booleans())
def test_it_never_says_yes_against_one_child(place: Place, several: list[Child], names: bool, never: bool):
    verdict = may_go_up(place, several, names, never, TODAY)
    if verdict.yes:
        assert all(each.answer is not NO for each in several)
        assert not names or all(each.answer is NAME_TOO for each in several)
        assert not (names and never and several)
        assert place.approved
        assert not place.closed
        assert place.review_on is None or place.review_on >= TODAY


@given(places, children, st.booleans(), st.booleans())
def test_every_answer_has_a_reason_and_every_child_who_is_against_it_is_said(
    place: Place, several: list[Child], names: bool, never: bool
):
    verdict = may_go_up(place, several, names, never, TODAY)
    assert verdict.reasons
    assert all(any(each.name in reason for reason in verdict.reasons) for each in several if each.answer is NO)


@given(children, st.booleans())
def test_what_could_go_up_instead_could(several: list[Child], never: bool):
    verdict = may_go_up(PAGE, several, True, never, TODAY)
    if not verdict.yes and "none of these" not in verdict.instead[0]:
        left = [each for each in several if each.answer is not NO]
        with_names = "without names" not in verdict.instead[0]
        assert may_go_up(PAGE, left, with_names, never, TODAY).yes


@pytest.mark.parametrize(("place", "says"), [
    (Place("The page", approved=False), "not approved"),
    (Place("The page", approved=True, closed=True), "closed"),
    (Place("The page", approved=True, review_on=TODAY - timedelta(days=1)), "review on 22 November 2026"),
])  # fmt: skip
def test_an_account_that_does_not_stand_is_a_reason(place: Place, says: str):
    verdict = may_go_up(place, [Child("Ann", NAME_TOO)], False, False, TODAY)
    assert not verdict.yes
    assert says in verdict.reasons[0]


@pytest.mark.parametrize(("answers", "names", "never", "instead"), [
    ((PICTURE, NO), False, False, "It could go up without this child."),
    ((PICTURE, NO, NO), False, False, "It could go up without these 2 children."),
    ((PICTURE, NAME_TOO), True, False, "It could go up without names."),
    ((NAME_TOO, NO), True, True, "It could go up without this child and without names."),
    ((NO, NO), False, False, "A picture on which none of these children can be seen."),
])  # fmt: skip
def test_it_says_what_could_go_up_instead(answers: tuple[Answer, ...], names: bool, never: bool, instead: str):
    several = [Child(f"Child {place}", answer) for place, answer in enumerate(answers)]
    assert may_go_up(PAGE, several, names, never, TODAY).instead == (instead,)


def test_where_the_school_never_puts_a_name_to_a_picture_no_consent_changes_that():
    assert may_go_up(PAGE, [Child("Ann", NAME_TOO)], True, True, TODAY).reasons == (NEVER_NAMES,)
    assert may_go_up(PAGE, [Child("Ann", NAME_TOO)], False, True, TODAY).yes
