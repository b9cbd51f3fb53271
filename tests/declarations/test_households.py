"""Who shares a form: told by who has parental responsibility, and erring towards two forms."""

import itertools
import uuid

import pytest

from incidents.declarations.answers import Given, State
from incidents.declarations.households import Child, Household, Parent, households
from incidents.declarations.lists import family_lines
from incidents.declarations.words import Answer, How
from tests.declarations.asked import TODAY

IDS = {name: uuid.uuid5(uuid.NAMESPACE_DNS, name) for name in ("Ann", "Ben", "Cal", "Mum", "Dad", "Gran", "Step")}


def child(name: str, form: str = "6R") -> Child:
    return Child(IDS[name], name, f"{name} Lowe", "Year 6", form)


def drawn(families: dict[str, str], apart: str = "") -> set[tuple[str, str]]:
    """{"Ann": "Mum Dad!"} → {("Mum", "Ann")}; with ! a parent must not be told about that child."""
    parents = {
        IDS[name]: [Parent(IDS[each.rstrip("!")], each.rstrip("!"), each.endswith("!")) for each in several.split()]
        for name, several in families.items()
    }
    found = households([child(name) for name in families], parents, {IDS[name] for name in apart.split()})
    return {(" ".join(p.name for p in each.parents), " ".join(c.given_name for c in each.children)) for each in found}


@pytest.mark.parametrize(("families", "apart", "forms"), [
    ({"Ann": "Mum"}, "", {("Mum", "Ann")}),
    ({"Ann": "Mum Dad"}, "", {("Mum Dad", "Ann")}),
    ({"Ann": "Mum Dad", "Ben": "Mum Dad"}, "", {("Mum Dad", "Ann Ben")}),
    # the school said so: two forms, and neither is on the other's
    ({"Ann": "Mum Dad", "Ben": "Mum Dad"}, "Dad", {("Mum", "Ann Ben"), ("Dad", "Ann Ben")}),
    # a half-brother stands on his own mother's form, and not on his sister's father's
    ({"Ann": "Mum Dad", "Ben": "Mum"}, "", {("Mum", "Ann Ben"), ("Dad", "Ann")}),
    ({"Ann": "Mum Dad", "Ben": "Mum Step"}, "", {("Mum", "Ann Ben"), ("Dad", "Ann"), ("Step", "Ben")}),
    # whoever must not be told is left out as if they were not there
    ({"Ann": "Mum Dad!"}, "", {("Mum", "Ann")}),
    ({"Ann": "Mum Dad!", "Ben": "Mum Dad"}, "", {("Mum", "Ann Ben"), ("Dad", "Ben")}),
    # nobody may be told: a form without a parent, so without a link
    ({"Ann": "Dad!"}, "", {("", "Ann")}),
    ({"Ann": ""}, "", {("", "Ann")}),
    ({"Ann": "Mum Dad Gran"}, "", {("Mum Dad Gran", "Ann")}),
])  # fmt: skip
def test_who_shares_a_form(families: dict[str, str], apart: str, forms: set[tuple[str, str]]):
    assert drawn(families, apart) == forms


TIES = ("", "Mum", "Dad", "Mum Dad", "Mum Dad!", "Mum! Dad", "Mum! Dad!")


def test_no_form_ever_shows_a_child_to_a_parent_who_may_not_know_and_each_child_has_one():
    for several in itertools.product(TIES, repeat=3):
        families = dict(zip(("Ann", "Ben", "Cal"), several, strict=True))
        for apart in ("", "Mum"):
            forms = drawn(families, apart)
            for parents, children in forms:
                for parent, name in itertools.product(parents.split(), children.split()):
                    assert parent in families[name].split(), (families, forms)
            assert {name for _, children in forms for name in children.split()} == set(families)


def test_the_key_is_that_of_these_people_and_of_no_others():
    one = Household((Parent(IDS["Mum"], "Mum"),), (child("Ann"), child("Ben")))
    same = Household((Parent(IDS["Mum"], "Mrs Lowe"),), (child("Ben", "3T"), child("Ann")))
    assert one.key == same.key
    assert one.key != Household(one.parents, (child("Ann"),)).key
    assert one.key != Household((Parent(IDS["Dad"], "Dad"),), one.children).key


# --- lists by class

MUM, DAD = Parent(IDS["Mum"], "Mum"), Parent(IDS["Dad"], "Dad")
HERS, HIS = Household((MUM,), (child("Ann"), child("Ben", "3T"))), Household((DAD,), (child("Ann"),))


def given(by: Parent | None, household: Household, answer: Answer = Answer.SIGNED) -> Given:
    children = frozenset(each.person_id for each in household.children)
    return Given(uuid.uuid4(), answer, How.PAPER, TODAY, by.person_id if by else None, "", household.key, children)


def lines(group: tuple[str, str], *answers: Given) -> list[tuple[str, State, bool]]:
    return [(line.note, line.state, line.is_open) for line in family_lines([HERS, HIS], answers, group)]


def test_a_class_has_a_line_for_each_form_and_a_child_counts_once():
    assert lines(("Year 6", "6R")) == [("Mum; also Ben (3T)", State.OPEN, True), ("Dad", State.OPEN, True)]
    assert lines(("Year 6", "6R"), given(DAD, HIS)) == [
        ("Mum; also Ben (3T)", State.SIGNED, True), ("Dad", State.SIGNED, False)]  # fmt: skip
    assert lines(("Year 6", "3T"), given(DAD, HIS)) == [("Mum; also Ann (6R)", State.OPEN, True)]


def test_an_answer_from_a_household_that_is_one_no_longer_is_shown_with_each_child_it_was_for():
    before = Household((MUM,), (child("Ann"),))
    assert lines(("Year 6", "6R"), given(None, before))[0] == ("Mum; also Ben (3T)", State.SIGNED, False)
    assert lines(("Year 6", "3T"), given(None, before)) == [("Mum; also Ann (6R)", State.OPEN, False)]
