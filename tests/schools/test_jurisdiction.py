"""The jurisdiction packs: each loads whole, says what its nation says, and a broken file names its fault."""

from datetime import date

import pytest

from incidents.recording.words import PersonKind
from incidents.schools.data_file import PackBroken
from incidents.schools.jurisdiction import (
    FOLDER,
    Nation,
    SchoolType,
    load,
    parse,
    school_types,
)
from incidents.schools.limits import Limit, LimitUnit
from incidents.schools.pack import GROUNDS, TERMS, NoSuchPack, Pack

ALL = [(nation, kind) for nation in Nation for kind in school_types(nation)]
ENGLAND = (FOLDER / "england" / "2026-11.toml").read_text(encoding="utf-8")
OUTSIDE_THE_2006_ACT = (Nation.SCOTLAND, Nation.NORTHERN_IRELAND, Nation.JERSEY)


def read(text: str, kind: SchoolType = SchoolType.MAINTAINED) -> Pack:
    return parse("england.toml", text, Nation.ENGLAND, kind)


@pytest.mark.parametrize(("nation", "kind"), ALL)
def test_every_pack_loads_whole(nation: Nation, kind: SchoolType) -> None:
    pack = load(nation, kind)
    assert (pack.nation, pack.school_type) == (nation, kind)
    assert set(pack.words) == TERMS
    assert set(pack.grounds) == GROUNDS
    assert pack.sanction_checks
    assert date(2026, 12, 25) in pack.bank_holidays([2026])


@pytest.mark.parametrize(("nation", "kind"), ALL)
def test_no_pack_gives_power_over_a_parent_or_a_stranger(nation: Nation, kind: SchoolType) -> None:
    pack = load(nation, kind)
    for over in PersonKind.PARENT, PersonKind.PUBLIC, PersonKind.UNKNOWN:
        assert not pack.ground(over).power


@pytest.mark.parametrize(("nation", "kind"), [row for row in ALL if row[0] in OUTSIDE_THE_2006_ACT])
def test_no_pack_outside_england_and_wales_cites_the_2006_act(nation: Nation, kind: SchoolType) -> None:
    pack = load(nation, kind)
    said = [ground.text + ground.source for ground in pack.grounds.values()]
    said += [check.text + check.source for check in pack.sanction_checks]
    assert not [text for text in said if "Education and Inspections" in text or "s.91" in text]


@pytest.mark.parametrize(("nation", "kind"), [row for row in ALL if row[0] in OUTSIDE_THE_2006_ACT])
def test_a_ground_over_pupils_that_no_lawyer_confirmed_says_so(nation: Nation, kind: SchoolType) -> None:
    pack = load(nation, kind)
    assert pack.ground(PersonKind.PUPIL).confirm
    assert "grounds.pupil_off_site" in pack.to_confirm


@pytest.mark.parametrize(
    ("nation", "word", "says"),
    [
        (Nation.ENGLAND, "dsl", "designated safeguarding lead (DSL)"),
        (Nation.WALES, "dsl", "designated safeguarding person (DSP)"),
        (Nation.WALES, "dsl_short", "DSP"),
        (Nation.SCOTLAND, "dsl", "child protection coordinator"),
        (Nation.NORTHERN_IRELAND, "target_part", "experiencing"),
        (Nation.NORTHERN_IRELAND, "alleged_part", "displaying"),
        (Nation.NORTHERN_IRELAND, "headteacher", "principal"),
        (Nation.JERSEY, "police", "States of Jersey Police"),
    ],
)
def test_each_nation_uses_its_own_words(nation: Nation, word: str, says: str) -> None:
    assert load(nation, SchoolType.MAINTAINED).term(word) == says


def test_a_word_that_no_pack_has_is_an_error_and_not_an_empty_place() -> None:
    with pytest.raises(KeyError):
        load(Nation.ENGLAND, SchoolType.MAINTAINED).term("headmaster")


@pytest.mark.parametrize(
    ("nation", "kind", "who"),
    [
        (Nation.ENGLAND, SchoolType.MAINTAINED, "chair of governors"),
        (Nation.ENGLAND, SchoolType.ACADEMY, "chief executive of the trust"),
        (Nation.ENGLAND, SchoolType.INDEPENDENT, "proprietor"),
        (Nation.ENGLAND, SchoolType.PRU, "chair of the management committee"),
        (Nation.SCOTLAND, SchoolType.MAINTAINED, "head of education at the council"),
    ],
)
def test_a_case_about_the_head_goes_to_whom_the_type_of_school_has(nation: Nation, kind: SchoolType, who: str) -> None:
    assert load(nation, kind).head_cases.who == who


def test_only_scotland_says_how_soon_an_incident_is_recorded() -> None:
    limits = {nation: load(nation, SchoolType.MAINTAINED).record_within for nation in Nation}
    assert limits.pop(Nation.SCOTLAND) == Limit(3, LimitUnit.WORKING_DAYS)
    assert set(limits.values()) == {None}


def test_off_site_and_on_site_are_different_powers_over_pupils() -> None:
    pack = load(Nation.ENGLAND, SchoolType.MAINTAINED)
    assert pack.ground(PersonKind.PUPIL).text == "section 89(5) of the Education and Inspections Act 2006"
    assert "89(5)" not in pack.ground(PersonKind.PUPIL, off_site=False).text


def test_section_89_is_not_cited_for_a_school_that_it_does_not_cover() -> None:
    for kind in SchoolType.ACADEMY, SchoolType.INDEPENDENT:
        ground = load(Nation.ENGLAND, kind).ground(PersonKind.PUPIL)
        assert "89" not in ground.text + ground.source
        assert "90(2)(a)" in ground.text


def test_a_type_that_a_nation_does_not_have_is_told_in_a_sentence() -> None:
    with pytest.raises(NoSuchPack, match="Wales has no school of the type “academy”"):
        load(Nation.WALES, SchoolType.ACADEMY)


def test_a_nation_has_its_own_name_for_a_type_of_school() -> None:
    assert school_types(Nation.JERSEY)[SchoolType.MAINTAINED] == "Provided school"


def test_jersey_keeps_its_own_time_and_its_own_bank_holidays() -> None:
    pack = load(Nation.JERSEY, SchoolType.MAINTAINED)
    assert pack.timezone == "Europe/Jersey"
    assert date(2026, 5, 9) in pack.bank_holidays([2026])
    assert date(2026, 5, 9) not in load(Nation.ENGLAND, SchoolType.MAINTAINED).bank_holidays([2026])


def test_someone_to_tell_about_an_adult_is_found_in_every_nation() -> None:
    assert {load(nation, SchoolType.MAINTAINED).body("lado").key for nation in Nation} == {"lado"}


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ('version = "2026-11"', "", "england.toml: version is missing"),
        ('version = "2026-11"', 'version = ""', "england.toml: version is empty"),
        ('version = "2026-11"', "version = 3", "england.toml: version must be text"),
        ('version = "2026-11"', 'version = "2"\nmotto = "x"', "england.toml: motto is not a key that is known here"),
        ('dsl_short = "DSL"', "", "england.toml: words.dsl_short is missing"),
        ('dsl_short = "DSL"', 'dsl_short = "DSL"\nhead = "x"', "england.toml: words.head is not a key"),
        ('subdivision = "ENG"', 'subdivision = "ENG"\nregion = "x"', "england.toml: bank_holidays.region is not a key"),
        ("[grounds.staff]", "[grounds.teacher]", "england.toml: grounds.staff is missing"),
        ("power = true", "power = 1", "grounds.pupil_off_site.power must be true or false"),
        ('key = "place"', 'key = "place"\nwho = "x"', r"england.toml: sanction_checks\[2\].who is not a key"),
        ('who = "chair of governors"', 'who = "nobody"', "england.toml: head_cases.who is not one of the choices"),
        ('unit = "working_days"', 'unit = "weeks"', "limits.refer_allegation_within.unit must be one of hours"),
        ("amount = 1", "amount = -1", "limits.refer_allegation_within.amount can't be below 0"),
        ("[types.special]", "[types.grammar]", "england.toml: types.grammar is not a type of school"),
        ("[words]", "[words", "england.toml: "),
    ],
)
def test_a_broken_file_is_named_with_the_key_at_fault(was: str, becomes: str, fault: str) -> None:
    assert was in ENGLAND
    with pytest.raises(PackBroken, match=fault):
        read(ENGLAND.replace(was, becomes, 1))


def test_an_unknown_key_in_the_table_of_one_type_is_a_fault_too() -> None:
    text = ENGLAND.replace("[types.pru.words]", '[types.pru.words]\nhouse = "x"')
    with pytest.raises(PackBroken, match=r"england.toml: words.house is not a key"):
        read(text, SchoolType.PRU)


def test_what_is_to_be_confirmed_is_listed_by_where_it_stands() -> None:
    text = ENGLAND.replace('dsl_short = "DSL"', 'dsl_short = { says = "DSL", confirm = true }')
    assert "words.dsl_short" in read(text).to_confirm
    assert "words.dsl_short" not in read(ENGLAND).to_confirm
