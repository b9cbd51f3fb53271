"""The strict reader, for packs and drafts alike; and what is peculiar to each of the five packs."""

from dataclasses import replace
from datetime import date

import pytest

from incidents.casework.workflow import FOLDER as WORKFLOW_FOLDER
from incidents.policies.kinds import BREACHABLE, WORKFLOWS, Audience, Force, Permit, Seriousness
from incidents.policies.reading import FOLDER, PolicyText, from_json, packs, read_pack
from incidents.schools.data_file import PackBroken

GOOD = """
kind = "social_media"
title = "Social media"
adopted_on = 2025-09-01
in_force_from = 2025-09-01
adopted_before = "By the governors"

[pack]
label = "A pack"
says = ["One thing"]
source = "A policy"

[[clauses]]
code = "1"
audiences = ["staff"]
force = "must"
wording = "Be kind."
keywords = ["rude"]

[[clauses]]
code = "2"
audiences = ["parents"]
force = "invitation"
wording = "Be kind too."
"""
ASKS = '[before_posting]\nquestions = [{{ask = "A?", think = "B.", {}}}]\n[pack]'


def policy(name: str) -> PolicyText:
    return next(pack.policy for pack in packs() if pack.name == name)


def clause(name: str, code: str):
    return next(each for each in policy(name).clauses if each.code == code)


@pytest.mark.parametrize(("old", "new", "says"), [
    ('wording = "Be kind."', 'wording = "Be kind."\ncolour = "red"', "[1].colour is not a key that is known here (line 18)"),
    ('title = "Social media"', 'title = ""', "title is empty (line 3)"),
    ('code = "2"', 'code = "1"', "clauses[2].code is used twice: 1 (line 21)"),
    ('code = "2"', 'code = "no spaces"', "clauses[2].code must be short"),
    ('force = "must"', 'force = "should"', "clauses[1].force must be one of must"),
    ('audiences = ["staff"]', 'audiences = ["cats"]', "clauses[1].audiences must be of"),
    ('audiences = ["staff"]', 'audiences = ["staff", "staff"]', "clauses[1].audiences says one thing twice"),
    ('force = "invitation"', 'force = "invitation"\nworkflow = "parents_post"', "clauses[2].workflow can’t stand here"),
    ('force = "must"', 'force = "must"\nworkflow = "dance"', "clauses[1].workflow is not a workflow"),
    ('force = "must"', 'force = "must"\npermission = "dance"', "clauses[1].permission must be one of"),
    ("in_force_from = 2025-09-01", "in_force_from = 2024-09-01", "in_force_from is before the day of adoption (line 5)"),
    ("adopted_before", "review_on = 2025-01-01\nadopted_before", "review_on is not after the day of adoption (line 6)"),
    ("adopted_on = 2025-09-01", 'adopted_on = "soon"', "adopted_on must be a date"),
    ("[pack]", ASKS.format('wary = "maybe"'), "wary must be yes or no"),
    ("[pack]", ASKS.format('wary = "no", clauses = ["9"]'), "names no clause"),
    ("[pack]", '[tests]\norderly = "A"\nthreat = "B"\n[pack]', "tests.reputation is missing"),
    ("[pack]", "[pack", "line 8"),
])  # fmt: skip
def test_a_broken_pack_is_refused_with_its_key_and_line(old, new, says):
    with pytest.raises(PackBroken) as broken:
        read_pack("a_pack", GOOD.replace(old, new, 1))
    assert says in str(broken.value)


def test_a_draft_is_read_by_the_same_reader():
    text = read_pack("a_pack", GOOD).policy
    assert from_json(text.as_json()) == text
    with pytest.raises(PackBroken, match="colour"):
        from_json({**text.as_json(), "colour": "red"})
    with pytest.raises(PackBroken, match="must be a date"):
        from_json({**text.as_json(), "adopted_on": "tomorrow"})


def test_a_digest_is_of_every_word_and_date():
    text = read_pack("a_pack", GOOD).policy
    others = [replace(text, title="Other"), replace(text, review_on=date(2027, 1, 1)),
              replace(text, clauses=text.clauses[::-1]), replace(text, clauses=text.clauses[:1])]  # fmt: skip
    assert len({each.digest() for each in (text, *others)}) == 5
    assert from_json(text.as_json()).digest() == text.digest()


def test_there_are_five_packs_and_each_says_its_source():
    assert {pack.name for pack in packs()} == {path.stem for path in FOLDER.glob("*.toml")}
    assert len(packs()) == 5
    assert all(pack.source and pack.policy.adopted_before and pack.policy.clauses for pack in packs())


def test_a_pack_without_a_date_takes_the_day_it_is_given():
    undated = {pack.name for pack in packs() if not pack.dated}
    assert undated == {"trimley_st_martin", "marston_montgomery", "rattlesden"}
    pack = next(each for each in packs() if not each.dated)
    assert pack.adopted(date(2026, 1, 2)).in_force_from == date(2026, 1, 2)


def test_the_workflows_that_a_breach_starts_are_those_that_there_are():
    assert set(WORKFLOWS) == {path.stem for path in WORKFLOW_FOLDER.glob("*.toml")}


# --- what is peculiar to each (domain 1)


def test_contact_with_parents_is_banned_in_one_and_not_in_its_sister():
    ban = clause("trimley_st_martin", "S7")
    sister = clause("newton_westpark", "S6")
    assert (ban.force, sister.force) == (Force.MUST_NOT, Force.MUST_NOT)
    assert "parent" in ban.wording
    assert all("parent" not in each.wording for each in policy("newton_westpark").clauses if "in touch" in each.wording)


def test_one_is_past_its_review_since_november_2017():
    assert (policy("newton_westpark").adopted_on, policy("newton_westpark").review_on) == (
        date(2016, 11, 1),
        date(2017, 11, 30),
    )


def test_what_parents_are_asked_is_an_invitation_where_the_policy_invites():
    for name in ("trimley_st_martin", "newton_westpark"):
        asked = [each for each in policy(name).clauses if each.audiences == (Audience.PARENTS,)]
        assert len(asked) == 5
        assert {each.force for each in asked} == {Force.INVITATION}
    assert clause("marston_montgomery", "P3").force is Force.MUST_NOT


def test_accounts_are_approved_in_advance_and_the_tests_have_their_own_words():
    account = clause("marston_montgomery", "A1")
    assert (account.force, account.permission) == (Force.PERMISSION_NEEDED, Permit.SCHOOL_ACCOUNT)
    assert [pack.name for pack in packs() if pack.policy.tests] == ["marston_montgomery"]


def test_released_information_is_very_serious_and_a_name_never_stands_with_a_photograph():
    serious = {each.code for each in policy("rattlesden").clauses if each.seriousness is Seriousness.VERY_SERIOUS}
    assert serious == {"K2", "K3"}
    assert clause("rattlesden", "W3").force is Force.MUST_NOT
    assert len(clause("rattlesden", "S9").exceptions) == 4
    assert clause("rattlesden", "M2").force is Force.ENDEAVOUR


def test_a_friend_who_is_a_parent_is_advice_in_two_and_forbidden_in_one():
    assert clause("rattlesden", "S4").force is Force.ADVICE
    assert clause("st_lukes", "F1").force is Force.ADVICE
    assert clause("marston_montgomery", "S5").force is Force.MUST_NOT


def test_bans_permissions_and_the_family_stand_in_the_jersey_pack():
    assert clause("st_lukes", "C2").permission == Permit.NAME_OR_LOGO
    assert clause("st_lukes", "C8").permission == Permit.CONTACT_DETAILS
    assert clause("st_lukes", "C1").exceptions == ("Children of your own family.",)
    assert {clause("st_lukes", code).force for code in ("A5", "A6")} == {Force.PROCEDURE}


def test_only_two_packs_ask_questions_before_posting():
    asking = {
        pack.name: len(pack.policy.before_posting.questions) for pack in packs() if pack.policy.before_posting.questions
    }
    assert asking == {"rattlesden": 4, "st_lukes": 2}


def test_nothing_that_binds_nobody_can_be_breached():
    for pack in packs():
        for each in pack.policy.clauses:
            assert each.force in BREACHABLE or not (each.workflow or each.permission), (pack.name, each.code)
