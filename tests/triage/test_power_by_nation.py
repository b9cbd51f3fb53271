"""The sentence of power for a real school of each nation and type: no law is cited outside its extent."""

import pytest

from incidents.schools.jurisdiction import Nation, SchoolType, load, school_types
from tests.triage.power_cases import decide

ENGLISH_AND_WELSH_LAW = ("Education and Inspections Act", "section 9", "2006")
SCHOOLS = [(nation, kind) for nation in Nation for kind in school_types(nation)]
PLACES = [("out", "off"), ("in", "off"), ("out", "trip"), ("in", "site")]

GROUNDS = [
    (Nation.ENGLAND, SchoolType.MAINTAINED, "section 89(5) of the Education and Inspections Act 2006"),
    (Nation.ENGLAND, SchoolType.ACADEMY, "section 90(2)(a) of the Education and Inspections Act 2006"),
    (Nation.ENGLAND, SchoolType.INDEPENDENT, "section 90(2)(a) of the Education and Inspections Act 2006"),
    (Nation.WALES, SchoolType.MAINTAINED, "section 89(5) of the Education and Inspections Act 2006"),
    (Nation.JERSEY, SchoolType.MAINTAINED, "Education (Jersey) Law 1999"),
]


def decided(nation, kind, **more):
    facts = {"tests": "ynn", "reasonable": "y", **more}
    return decide("pupil_to_pupil", "1 pupil", nation=nation, grounds=load(nation, kind).grounds, **facts)


@pytest.mark.parametrize(("nation", "kind", "words"), GROUNDS)
def test_the_ground_off_site_is_the_nation_s_and_the_type_s_own(nation, kind, words):
    assert words in decided(nation, kind).sentence[1]


def test_an_academy_s_ground_has_another_source():
    power = decided(Nation.ENGLAND, SchoolType.ACADEMY)
    assert "Independent School Standards" in power.source
    assert "s.89" not in power.source
    assert any("has not confirmed" in note for note in power.notes)


@pytest.mark.parametrize(("nation", "kind"), SCHOOLS)
@pytest.mark.parametrize(("time", "place"), PLACES)
def test_the_2006_act_is_named_in_england_and_wales_only(nation, kind, time, place):
    power = decided(nation, kind, time=time, place=place)
    said = " ".join([power.in_full, power.source, *power.notes, *power.reminders])
    named = any(words in said for words in ENGLISH_AND_WELSH_LAW)
    assert named is (nation in {Nation.ENGLAND, Nation.WALES})


@pytest.mark.parametrize(("nation", "kind"), SCHOOLS)
@pytest.mark.parametrize("direction", ["parent_to_staff", "stranger_to_pupil", "unknown_author"])
def test_nowhere_do_the_tests_reach_anyone_but_pupils(nation, kind, direction):
    grounds = load(nation, kind).grounds
    power = decide(direction, tests="yyy", reasonable="y", nation=nation, grounds=grounds)
    assert power.may in {"no_power", "undecided"}
    assert power.relied_on == []


def test_a_ground_that_is_the_policy_itself_is_said_once():
    power = decided(Nation.NORTHERN_IRELAND, SchoolType.INDEPENDENT)
    assert power.in_full.count("its behaviour policy") == 1
