"""The laws that may be relevant: none escapes its nation or its days, and a refusal names the one that could be cited."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.recording.words import Direction, Method
from incidents.schools.data_file import PackBroken
from incidents.schools.jurisdiction import FOLDER, Nation, SchoolType, school_types
from incidents.schools.statutes import (
    DIRECTIONS,
    METHODS,
    TOPIC_LABELS,
    Statute,
    Topic,
    WhyNot,
    caution,
    citable,
    likely,
    load,
    parse,
    why_not,
)

LAWS = load()
FILE = (FOLDER / "statutes.toml").read_text(encoding="utf-8")
SCHOOLS = [(nation, kind) for nation in Nation for kind in school_types(nation)]
IN_2019, IN_2026 = date(2019, 11, 20), date(2026, 11, 20)
MAINTAINED = SchoolType.MAINTAINED

days = st.none() | st.dates(date(1990, 1, 1), date(2030, 1, 1))
a_law, a_school = st.sampled_from(LAWS.rows), st.sampled_from(SCHOOLS)


def titles(found: tuple[Statute, ...]) -> set[str]:
    return {law.title for law in found}


def refused(key: str, nation: Nation, day: date | None, kind: SchoolType = MAINTAINED) -> tuple[WhyNot, list[str]]:
    refusal = why_not(LAWS.by_key[key], nation, kind, day, day)
    assert refusal is not None
    return refusal.why, [law.key for law in refusal.instead]


# --- the guard


@given(a_school, days, days)
def test_no_law_escapes_its_nation_its_type_of_school_or_its_days(school, one, other):
    first, last = sorted([one, other]) if one and other else (one or other, one or other)
    for law in citable(*school, one or other, None) if not (one and other) else citable(*school, first, last):
        assert school[0] in law.extent
        assert not law.school_types or school[1] in law.school_types
        if first is not None:
            assert law.in_force <= last
            assert law.repealed is None or first < law.repealed


@given(a_law, a_school, days)
def test_the_guard_and_the_list_never_disagree(law, school, day):
    assert (why_not(law, *school, day, day) is None) is (law in citable(*school, day, day))


@given(a_law, a_school, days)
def test_whatever_a_refusal_names_could_be_cited(law, school, day):
    refusal = why_not(law, *school, day, day)
    if refusal:
        assert law not in refusal.instead
        assert not [named for named in refusal.instead if why_not(named, *school, day, day)]
        assert all(named.title in refusal.message for named in refusal.instead)


@given(a_law, st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 900))
def test_over_several_days_a_law_counts_if_it_was_in_force_on_one_and_is_cautioned_if_not_on_all(law, first, length):
    last = first + timedelta(days=length)
    nation = next(iter(law.extent))
    kind = next(iter(law.school_types), MAINTAINED)
    each = [law.in_force_on(first + timedelta(days=n)) for n in range(length + 1)]
    assert (why_not(law, nation, kind, first, last) is None) is any(each)
    assert (caution(law, first, last) == "") is all(each)


@pytest.mark.parametrize("nation", [nation for nation in Nation if nation is not Nation.JERSEY])
def test_an_incident_of_2019_and_one_of_2026_get_different_lists(nation):
    assert titles(citable(nation, MAINTAINED, IN_2019, None)) != titles(citable(nation, MAINTAINED, IN_2026, None))


REFUSALS = [
    ("osa_181", Nation.ENGLAND, IN_2019, WhyNot.NOT_YET, "malicious_1988_threat"),
    ("osa_179", Nation.WALES, IN_2019, WhyNot.NOT_YET, "communications_2003_127_2_false"),
    ("malicious_1988_threat", Nation.ENGLAND, IN_2026, WhyNot.NO_LONGER, "osa_181"),
    ("malicious_1988_false", Nation.ENGLAND, IN_2026, WhyNot.NO_LONGER, "osa_179"),
    ("malicious_1988_threat", Nation.ENGLAND, date(2024, 1, 31), WhyNot.NO_LONGER, "osa_181"),
    ("osa_181", Nation.ENGLAND, date(2024, 1, 30), WhyNot.NOT_YET, "malicious_1988_threat"),
    ("private_images_2015", Nation.WALES, IN_2026, WhyNot.NO_LONGER, "sharing_intimate_66b"),
    ("sharing_intimate_66b", Nation.ENGLAND, IN_2019, WhyNot.NOT_YET, "private_images_2015"),
    ("malicious_1988_threat", Nation.SCOTLAND, IN_2019, WhyNot.OTHER_NATION, "threatening_2010_scotland"),
    ("osa_181", Nation.SCOTLAND, IN_2026, WhyNot.OTHER_NATION, "threatening_2010_scotland"),
    ("harassment_1997", Nation.NORTHERN_IRELAND, IN_2026, WhyNot.OTHER_NATION, "harassment_1997_ni"),
    ("harassment_1997", Nation.JERSEY, IN_2026, WhyNot.OTHER_NATION, "harassment_2008_jersey"),
    ("communications_2003_127_1", Nation.JERSEY, IN_2026, WhyNot.OTHER_NATION, "telecommunications_2002_jersey"),
    ("equality_2010", Nation.JERSEY, IN_2026, WhyNot.OTHER_NATION, "discrimination_2013_jersey"),
    ("data_2018", Nation.ENGLAND, IN_2019, WhyNot.NOT_YET, "data_2018_gdpr"),
    ("defamation_2021_scotland", Nation.SCOTLAND, IN_2019, WhyNot.NOT_YET, "defamation_1996"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "nation", "day", "why", "instead"), REFUSALS, ids=lambda value: str(value))
def test_a_refusal_says_why_and_names_the_one_that_could_be_cited(key, nation, day, why, instead):
    said, named = refused(key, nation, day)
    assert said is why
    assert instead in named


def test_the_sentence_of_a_refusal_can_be_read_by_a_headteacher():
    refusal = why_not(LAWS.by_key["malicious_1988_threat"], "england", "maintained", IN_2026, None)
    assert refusal is not None
    assert refusal.message == (
        "Malicious Communications Act 1988 s.1(1)(a)(ii) was the law no longer; it was from 29 September 1988 to "
        "30 January 2024. In its place: Online Safety Act 2023 s.181."
    )


def test_section_89_does_not_cover_an_academy_and_section_90_does():
    why, named = refused("behaviour_2006_89", Nation.ENGLAND, IN_2026, SchoolType.ACADEMY)
    assert why is WhyNot.OTHER_TYPE
    assert "behaviour_2006_90" in named


def test_where_nothing_stands_in_its_place_the_refusal_says_so():
    refusal = why_not(LAWS.by_key["osa_184"], Nation.JERSEY, MAINTAINED, IN_2026, None)
    assert refusal is not None
    assert refusal.message.endswith("Nothing on the list stands in its place.")


def test_a_day_that_is_not_known_leaves_all_that_was_ever_the_law_and_says_so():
    law = LAWS.by_key["malicious_1988_threat"]
    assert why_not(law, Nation.ENGLAND, MAINTAINED, None, None) is None
    assert "The day is not known" in caution(law, None, None)
    assert caution(law, IN_2019, None) == ""


# --- Jersey, and the list as a whole


def test_a_jersey_school_sees_jersey_s_laws_and_no_act_of_parliament_that_was_not_extended_there():
    for kind in school_types(Nation.JERSEY):
        for law in citable(Nation.JERSEY, kind, None, None):
            assert "(Jersey)" in law.name or law.extended_by


def test_an_act_of_parliament_reaches_jersey_only_by_the_order_that_takes_it_there():
    whole = 'extent = ["england", "wales", "scotland", "northern_ireland"]'
    text = FILE.replace(whole, 'extent = ["wales", "jersey"]', 1)
    with pytest.raises(PackBroken, match="name the Order that extends it there"):
        parse("statutes.toml", text)
    parse("statutes.toml", text.replace('"jersey"]\n', '"jersey"]\nextended_by = "An Order"\n'))


@pytest.mark.parametrize("nation", Nation)
@pytest.mark.parametrize("topic", [Topic.HARASSMENT, Topic.OFFENSIVE_MESSAGES, Topic.CHILD_IMAGES, Topic.EQUALITY,
                                   Topic.PERSONAL_DATA, Topic.BEHAVIOUR, Topic.COMPUTERS])  # fmt: skip
def test_each_nation_has_a_law_of_its_own_on_what_schools_meet_most(nation, topic):
    assert [law for law in citable(nation, MAINTAINED, IN_2026, None) if law.topic is topic]


def test_what_is_likely_is_part_of_what_may_be_cited_and_follows_direction_and_method():
    asked = ("england", "maintained", IN_2026, None)
    of_pupils = likely(*asked, direction="pupil_to_pupil", method="group_chat")
    of_parents = likely(*asked, direction="parent_to_staff", method="website_comment")
    assert set(of_pupils) < set(citable(*asked))
    assert "behaviour_2006_89" in {law.key for law in of_pupils}
    assert "teacher_named_141f" in {law.key for law in of_parents}
    assert "behaviour_2006_89" not in {law.key for law in of_parents}


@pytest.mark.parametrize(("nation", "kind"), SCHOOLS)
@pytest.mark.parametrize("direction", Direction)
def test_every_direction_has_something_to_look_at_in_every_school(nation, kind, direction):
    assert likely(nation, kind, IN_2026, None, direction=direction, method=Method.OTHER)


def test_the_words_of_an_incident_are_those_of_the_record():
    assert set(Direction) == DIRECTIONS
    assert set(Method) == METHODS
    assert set(TOPIC_LABELS) == set(Topic)


def test_no_law_is_said_to_have_been_broken_and_none_is_called_an_offence_that_somebody_committed():
    said = " ".join(law.about.lower() for law in LAWS.rows)
    assert all(word not in said for word in ("committed", "guilty", "illegal", "criminal", "unlawful"))


# --- a file that is wrong


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ('version = "2026-11"', "", "statutes.toml: version is missing"),
        (
            'topic = "harassment"',
            'topic = "noise"',
            r"statutes.toml: statutes\[1\].topic must be one of .* \(line \d+\)",
        ),
        ('section = "ss.1–5"', "", r"statutes.toml: statutes\[1\].section is missing"),
        ('section = "ss.1–5"', 'section = "1"\nfine = 5', r"statutes\[1\].fine is not a key .* \(line 13\)"),
        ('extent = ["england", "wales"]', 'extent = ["cornwall"]', r"extent has “cornwall” in it"),
        ("in_force = 1997-06-16", 'in_force = "1997"', r"statutes\[1\].in_force must be a date"),
        ("repealed = 2024-01-31", "repealed = 1980-01-31", "must be after the day on which it came into force"),
        ('key = "stalking_1997"', 'key = "harassment_1997"', "stands here twice"),
        ('replaced_by = ["osa_181"]', 'replaced_by = ["osa_999"]', "names “osa_999”, which is not in the file"),
        ('about = "It may be relevant', 'about = "It was broken', "must say that it may be relevant"),
    ],
)
def test_a_broken_file_is_named_with_the_key_and_the_line(was, becomes, fault):
    assert was in FILE
    with pytest.raises(PackBroken, match=fault):
        parse("statutes.toml", FILE.replace(was, becomes, 1))
