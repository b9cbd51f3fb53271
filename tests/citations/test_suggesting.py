"""Which rules are suggested for an incident, in which order, as what, and why."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.citations.suggesting import (
    AUDIENCE_OF,
    FEW,
    best,
    judged,
    meant_as,
    shared_words,
    suggestions,
    without_names,
)
from incidents.citations.words import JudgedBy, MeantAs
from incidents.matters.directions import kinds_meant
from incidents.matters.words import Direction, Method
from incidents.people.kinds import PersonKind
from incidents.policies.kinds import BREACHABLE, Audience, Force
from tests.citations.rules import OCTOBER, happening, rule

BECAUSE = [
    ({"methods": {"direct_message"}}, {}, "because it speaks of direct messages"),
    ({"directions": {"staff_contact"}}, {}, "because it is about staff and pupils or parents"),
    ({"methods": {"direct_message"}, "directions": {"staff_contact"}}, {},
     "because it speaks of direct messages and is about staff and pupils or parents"),
    ({"keywords": ("nickname",)}, {"words": "she used a nickname"}, "because it is for records that say “nickname”"),
    ({"keywords": ("mobile number",)}, {"words": "gave her mobile number"},
     "because it is for records that say “mobile number”"),
    ({"keywords": ("photo",)}, {"words": "a lesson on photosynthesis"}, ""),
    ({"methods": {"group_chat"}}, {}, ""),
    ({"methods": {"other"}}, {"method": Method.OTHER}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "record", "because"), BECAUSE)
def test_the_reason_is_what_the_rule_and_the_record_share(clause, record, because):
    found = suggestions([rule(**{key: frozenset(v) if isinstance(v, set) else v for key, v in clause.items()})],
                        happening(**record))  # fmt: skip
    assert [each.because for each in found] == [because]


WHOSE = [
    # audience, who is alleged, direction, whether it is suggested
    ("staff", ["staff"], "staff_contact", True),
    ("pupils", ["staff"], "staff_contact", False),
    ("parents", ["parent"], "parent_to_staff", True),
    ("staff", ["parent"], "parent_to_staff", False),
    ("pupils", [], "pupil_to_pupil", True),  # nobody named yet: the direction says who is meant
    ("pupils", ["unknown"], "pupil_to_pupil", False),
    ("parents", ["public"], "stranger_to_pupil", False),
    ("governors", ["governor"], "governor_or_volunteer", True),
    ("volunteers", ["volunteer"], "governor_or_volunteer", True),
    ("staff", ["pupil", "staff"], "pupil_to_staff", True),
    ("school", ["parent"], "parent_to_staff", True),  # what the school promised is context
]


@pytest.mark.parametrize(("audience", "alleged", "direction", "suggested"), WHOSE)
def test_only_rules_for_the_people_on_the_record_are_suggested(audience, alleged, direction, suggested):
    held = happening(alleged=frozenset(PersonKind(kind) for kind in alleged), direction=Direction(direction))
    assert bool(suggestions([rule(audiences=frozenset({Audience(audience)}))], held)) == suggested


@pytest.mark.parametrize("force", Force)
def test_advice_invitations_promises_and_endeavours_are_context(force):
    assert (meant_as(rule(force=force), happening()) is MeantAs.BREACHED) == (
        force in {Force.MUST, Force.MUST_NOT, Force.PERMISSION_NEEDED}
    )


def test_a_rule_of_the_school_is_broken_only_on_its_own_account():
    own = rule(audiences=frozenset({Audience.SCHOOL}))
    assert meant_as(own, happening()) is MeantAs.CONTEXT
    assert meant_as(own, happening(direction=Direction.SCHOOL_ACCOUNT)) is MeantAs.BREACHED


DATES = [
    # since, until, first, last, judged on, how
    ("2026-10-12", None, "2026-10-12", "2026-10-12", "2026-10-12", "day"),
    ("2026-10-13", None, "2026-10-12", "2026-10-12", None, None),
    ("2020-09-01", "2026-10-11", "2026-10-12", "2026-10-12", None, None),
    ("2020-09-01", "2026-10-12", "2026-10-12", "2026-10-12", "2026-10-12", "day"),
    ("2020-09-01", "2026-10-13", "2026-10-12", "2026-10-16", "2026-10-12", "part"),
    ("2026-10-14", None, "2026-10-12", "2026-10-16", "2026-10-14", "part"),
    ("2026-10-17", None, "2026-10-12", "2026-10-16", None, None),
]


@pytest.mark.parametrize(("since", "until", "first", "last", "on", "how"), DATES)
def test_a_rule_is_judged_by_the_days_on_which_it_may_have_happened(since, until, first, last, on, how):
    held = happening(first=date.fromisoformat(first), last=date.fromisoformat(last))
    found = judged(date.fromisoformat(since), date.fromisoformat(until) if until else None, held)
    assert (found.on.isoformat(), found.by.value) == (on, how) if found else on is None


def test_on_a_day_not_known_it_is_judged_by_the_day_of_recording_and_says_so():
    assert judged(date(2020, 9, 1), None, happening(known=False)).by is JudgedBy.RECORDED


def test_what_points_to_a_rule_comes_first_and_only_a_few_stand_open():
    plain = [rule(f"1.{n}") for n in range(6)]
    telling = [rule(f"2.{n}", methods=frozenset({"direct_message"})) for n in range(5)]
    strongest = rule("3", methods=frozenset({"direct_message"}), directions=frozenset({"staff_contact"}))
    ranked = suggestions([*plain, *telling, strongest], happening())
    assert ranked[0].rule is strongest
    assert len(best(ranked)) == FEW
    assert all(each.because for each in best(ranked))
    assert best(suggestions(plain, happening())) == []


def test_of_two_versions_both_stand_open():
    both = [
        rule(methods=frozenset({"direct_message"}), ends=date(2026, 10, 13)),
        rule(methods=frozenset({"direct_message"}), starts=date(2026, 10, 14), number=2),
    ]
    others = [rule(f"9.{n}", methods=frozenset({"direct_message"}), directions=frozenset({"staff_contact"})) for n in
              range(2)]  # fmt: skip
    shown = best(suggestions([*both, *others], happening(last=date(2026, 10, 16))))
    assert [each.rule.number for each in shown if each.rule.code == "4.2"] == [1, 2]


def test_a_name_points_to_nothing():
    words = without_names(["Grace Poole posted it, with good grace."], ["Grace Poole"])
    assert shared_words(["grace", "posted"], words) == ["posted"]


DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
RULES = st.builds(
    lambda first, last, audiences, force, direction: rule(
        starts=min(first, last), ends=max(first, last), audiences=frozenset(audiences), force=force,
        directions=frozenset({direction}),
    ),
    DAYS, DAYS, st.sets(st.sampled_from(Audience), min_size=1), st.sampled_from(Force), st.sampled_from(Direction),
)  # fmt: skip
RECORDS = st.builds(
    lambda first, last, known, direction, alleged, method: happening(
        first=min(first, last), last=max(first, last), known=known, direction=direction, alleged=frozenset(alleged),
        method=method,
    ),
    DAYS, DAYS, st.booleans(), st.sampled_from(Direction), st.sets(st.sampled_from(PersonKind)), st.sampled_from(Method),
)  # fmt: skip


@given(st.lists(RULES, max_size=5), RECORDS)
def test_no_rule_is_ever_suggested_outside_its_dates_or_its_audience(rules, record):
    theirs = {AUDIENCE_OF.get(kind) for kind in kinds_meant(record.direction, record.alleged)} | {Audience.SCHOOL}
    for each in suggestions(rules, record):
        assert each.rule.starts <= each.judged.on <= each.rule.ends
        assert record.first <= each.judged.on <= record.last
        assert each.rule.audiences & theirs
        if each.meant_as is MeantAs.BREACHED:
            assert each.rule.force in BREACHABLE
            assert each.rule.audiences & record.audiences


def test_the_day_in_these_tests_is_one_on_which_the_rule_is_in_force():
    assert judged(rule().starts, None, happening()).on == OCTOBER
