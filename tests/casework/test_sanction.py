"""Suspension and exclusion have a path of their own, in England that of section 51A."""

from dataclasses import replace

import pytest

from incidents.casework.sanction import (
    Exclusion,
    Telling,
    governors,
    reasons_against_exclusion,
    section_51a_applies,
)
from incidents.schools.jurisdiction import Nation, SchoolType

WHOLE = Exclusion(
    days=2,
    days_in_term=2,
    days_in_year=2,
    decided_by_head=True,
    notice_in_writing=True,
    parents_told=True,
    local_authority_told=True,
    social_worker=Telling.HAS_NONE,
    virtual_head=Telling.HAS_NONE,
)


@pytest.mark.parametrize(
    ("nation", "school_type", "applies"),
    [
        ("england", "maintained", True),
        ("england", "academy", True),
        ("england", "special", True),
        ("england", "pru", True),
        ("england", "independent", False),
        ("wales", "maintained", False),
        ("scotland", "maintained", False),
        ("northern_ireland", "maintained", False),
        ("jersey", "maintained", False),
    ],
)
def test_section_51a_is_about_state_schools_in_england(nation, school_type, applies):
    assert section_51a_applies(Nation(nation), SchoolType(school_type)) == applies


def test_a_suspension_with_everything_told_stands():
    assert reasons_against_exclusion(WHOLE, under_51a=True) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"decided_by_head": False}, "Only the headteacher"),
        ({"notice_in_writing": False}, "The notice must be given in writing"),
        ({"parents_told": False}, "The parents who may be told"),
        ({"social_worker": Telling.NOT_YET}, "A social worker"),
        ({"virtual_head": Telling.NOT_YET}, "For a child in care"),
        ({"local_authority_told": False}, "The local authority must be told"),
        ({"days": 0}, "Say for how many days"),
        ({"days_in_year": 45.5}, "A pupil can’t be suspended for more than 45 days"),
        ({"days_in_term": 15.5}, "The governors have to meet"),
        ({"days_in_term": 5.5, "parents_asked_governors": True}, "The governors have to meet"),
        ({"permanent": True, "days": 0}, "The governors have to meet"),
    ],
)
def test_a_suspension_says_the_one_thing_that_is_missing(change, reason):
    reasons = reasons_against_exclusion(replace(WHOLE, **change), under_51a=True)
    assert len(reasons) == 1
    assert reasons[0].startswith(reason)


@pytest.mark.parametrize(
    ("days", "permanent", "meet"),
    [(5, False, ""), (5.5, False, "if asked"), (15, False, "if asked"), (15.5, False, "must"), (0, True, "must")],
)
def test_governors_meet_by_the_days_in_the_term(days, permanent, meet):
    assert governors(replace(WHOLE, days_in_term=days, permanent=permanent)) == meet


def test_forty_five_days_are_the_most_and_not_too_many():
    assert reasons_against_exclusion(replace(WHOLE, days_in_year=45), under_51a=True) == []


def test_elsewhere_the_school_says_which_rules_it_followed():
    assert reasons_against_exclusion(WHOLE, under_51a=False) == [
        "Write down which rules were followed: they differ here."
    ]
    followed = replace(WHOLE, rules_followed="The regulations for Wales.", local_authority_told=False)
    assert reasons_against_exclusion(followed, under_51a=False) == []
