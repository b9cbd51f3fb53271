"""Five schools with the policies this product was asked to serve: what is peculiar to each, told as it would happen.

The same act is a breach in one school and none in another. Each school is a cast with one pack in force, as
`flask load-pack` puts it; the acts are the slices' own.
"""

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from typing import Any

import pytest

from incidents import clock as now
from incidents.citations import actions as citing
from incidents.citations import queries as rules
from incidents.citations.said import offered
from incidents.citations.words import MeantAs
from incidents.database import writing
from incidents.errors import Refused
from incidents.policies import actions as policies
from incidents.policies.kinds import Seriousness
from incidents.policies.queries import clauses_of, in_force, reviews_due
from incidents.policies.reading import packs
from incidents.recording.hours import Happened, WhenKind
from incidents.recording.models import Incident
from incidents.recording.words import Method, Part
from incidents.registers.agreed import effective_consent, never_with_names
from incidents.registers.consent import Answer
from incidents.registers.kinds import Channel, RegisterKind
from incidents.registers.lifecycle import Verb
from incidents.registers.publishing import Child, Place, may_go_up
from incidents.schools.jurisdiction import Nation, SchoolType
from tests.cast import Cast, make_cast
from tests.registers.entered import NEXT_YEAR, TODAY, a_ban, act, an_account, answered, ask
from tests.triage.recorded import record

ADOPTED = date(2025, 9, 1)
School = Callable[..., Cast]
TODAY_AT_EIGHT = Happened(WhenKind.EXACT, TODAY, None, time(8, 0))
MESSAGE_TO_PARENT = ((Part.ALLEGED, "teacher"), (Part.TARGET, "mother"))
MESSAGE_TO_PUPIL = ((Part.ALLEGED, "teacher"), (Part.TARGET, "isla"))


@pytest.fixture
def school(app: Any, clock: Any) -> School:
    """A school in which one pack is in force."""

    def with_pack(pack_name: str, **where: Any) -> Cast:
        cast = make_cast(app, **where)
        pack = next(each for each in packs() if each.name == pack_name)
        with cast.here(), writing():
            policies.adopt_at_once(pack, ADOPTED, at=now.now())
        return cast

    return with_pack


def best(cast: Cast, incident: Incident) -> dict[str, bool]:
    """The rules that stand open on the triage page, and whether each is there as context only."""
    offer = rules.offer_for(incident, cast.viewer("head"))
    return {row["strong"].split()[0]: row["context"] for row in offered(offer)["few"]}


def clause_id(code: str) -> str:
    [found] = [each.id for each in clauses_of(version.id for version in in_force(TODAY)) if each.code == code]
    return f"clause:{found}"


def cited(cast: Cast, incident: Incident, code: str, as_: MeantAs | None = None) -> str:
    by = cast.viewer("head")
    with writing():
        [row] = citing.cite(incident, [clause_id(code)], by=by, at=now.now(), as_=as_)
        return row.meant_as


def contact(cast: Cast, people: Sequence[tuple[Part, str]]) -> Incident:
    return record(cast, people, method=Method.DIRECT_MESSAGE, by="deputy_dsl")


def test_a_teacher_who_writes_to_a_parent_breaks_the_rule_of_the_first_school_and_not_of_the_second(school):
    first = school("trimley_st_martin")
    with first.here():
        incident = contact(first, MESSAGE_TO_PARENT)
        assert best(first, incident)["S7"] is False
        assert cited(first, incident, "S7") == MeantAs.BREACHED
    second = school("newton_westpark", name="Second Primary School", domain="second.example")
    with second.here():
        incident = contact(second, MESSAGE_TO_PARENT)
        assert "S6" not in best(second, incident)
        with pytest.raises(Refused, match="about others than those on the record"):
            cited(second, incident, "S6", MeantAs.BREACHED)
        assert best(second, contact(second, MESSAGE_TO_PUPIL))["S6"] is False


def test_a_parent_who_was_invited_and_did_not_come_along_has_broken_nothing(school):
    cast = school("trimley_st_martin")
    with cast.here():
        incident = record(cast, ((Part.ALLEGED, "mother"), (Part.TARGET, "teacher")), method=Method.WEBSITE_COMMENT)
        with pytest.raises(Refused, match="not an order: invitation"):
            cited(cast, incident, "P4", MeantAs.BREACHED)
        assert cited(cast, incident, "P4") == MeantAs.CONTEXT


def test_a_policy_past_its_review_stays_in_force_and_is_told_of(school):
    cast = school("newton_westpark")
    with cast.here():
        [version] = in_force(TODAY)
        assert (version.in_force_from, version.review_on) == (date(2016, 11, 1), date(2017, 11, 30))
        assert [each.id for each in reviews_due(TODAY)] == [version.id]
    page = cast.client("head").get("/policies").text
    assert "30 November 2017" in page


def test_a_class_account_that_nobody_approved_breaks_a_rule_and_an_approved_one_does_not(school):
    cast = school("marston_montgomery")
    with cast.here():
        unapproved = record(
            cast, ((Part.ALLEGED, "teacher"),), method=Method.WEBSITE_COMMENT, by="deputy_dsl", account="@year6fun"
        )
        assert cited(cast, unapproved, "A1", MeantAs.BREACHED) == MeantAs.BREACHED
        an_account(cast)
        approved = record(
            cast, ((Part.ALLEGED, "teacher"),), method=Method.WEBSITE_COMMENT, by="deputy_dsl", account="@penwickgreen",
            happened=TODAY_AT_EIGHT,
        )  # fmt: skip
        with pytest.raises(Refused, match="Permission was given"):
            cited(cast, approved, "A1", MeantAs.BREACHED)


def test_the_three_tests_stand_in_the_words_of_the_schools_own_policy(school):
    cast = school("marston_montgomery")
    with cast.here():
        incident = record(cast)
        assert best(cast, incident)
        page = f"/incidents/{incident.id}/triage"
    [pack] = [each for each in packs() if each.name == "marston_montgomery"]
    assert pack.policy.tests
    assert pack.policy.tests.orderly.rstrip(".") in cast.client("head").get(page).text


def test_a_confidence_given_away_is_very_serious(school):
    cast = school("rattlesden", school_type=SchoolType.ACADEMY)
    with cast.here():
        incident = record(cast, ((Part.ALLEGED, "teacher"),), method=Method.WEBSITE_COMMENT, by="deputy_dsl")
        assert cited(cast, incident, "K3") == MeantAs.BREACHED
        [clause] = [each for each in clauses_of(v.id for v in in_force(TODAY)) if each.code == "K3"]
        assert clause.seriousness == Seriousness.VERY_SERIOUS


def test_caution_about_parents_as_friends_is_advice_and_no_breach(school):
    cast = school("rattlesden", school_type=SchoolType.ACADEMY)
    with cast.here(), pytest.raises(Refused, match="not an order: advice"):
        cited(cast, contact(cast, MESSAGE_TO_PARENT), "S4", MeantAs.BREACHED)


def test_a_name_is_never_put_to_a_photograph_even_where_the_parents_would_allow_it(school):
    cast = school("rattlesden", school_type=SchoolType.ACADEMY)
    with cast.here():
        answered(cast, "isla", Answer.NAME_TOO)
        held = effective_consent([cast.persons["isla"]], Channel.SOCIAL, TODAY)[cast.persons["isla"]]
        page, isla = Place("@penwickgreen", approved=True), [Child("Isla Fenwick", held)]
        assert never_with_names(TODAY)
        assert may_go_up(page, isla, False, never_with_names(TODAY), TODAY).yes
        assert not may_go_up(page, isla, True, never_with_names(TODAY), TODAY).yes


def test_somebody_who_breaks_the_pages_rules_is_banned_until_a_day_on_which_it_is_looked_at_again(school):
    cast = school("st_lukes", nation=Nation.JERSEY)
    with cast.here():
        ban = a_ban(cast, an_account(cast))
        held = act(cast, ban.id, Verb.APPROVE, "head", review_on=NEXT_YEAR)
        assert (held.state, held.review_on) == ("approved", NEXT_YEAR)


def test_a_number_of_ones_own_goes_to_a_pupil_only_where_it_was_agreed(school):
    cast = school("st_lukes", nation=Nation.JERSEY)
    with cast.here():
        before = contact(cast, MESSAGE_TO_PUPIL)
        assert cited(cast, before, "C8") == MeantAs.BREACHED
        agreed = agreed_contact(cast)
        assert agreed.state == "approved"
        after = contact(cast, MESSAGE_TO_PUPIL)
        assert "C8" not in {code for code, context in best(cast, after).items() if not context}
        with pytest.raises(Refused, match="Permission was given"):
            cited(cast, after, "C8", MeantAs.BREACHED)


def agreed_contact(cast: Cast) -> Any:
    facts = {"details": "mobile", "to_whom": "Isla, on tour.", "why": "The tour.", "parents": "Hers, in writing."}
    entry = ask(cast, RegisterKind.CONTACT_DETAILS, "teacher", "teacher", facts=facts)
    return act(cast, entry.id, Verb.APPROVE, "head", starts=TODAY - timedelta(days=30), ends=NEXT_YEAR)


@pytest.mark.parametrize("name", [each.name for each in packs()])
def test_a_school_like_each_of_the_five_is_running_at_once(school, name):
    cast = school(name)
    for who in ("head", "teacher", "governor", "administrator"):
        assert "Social" in cast.client(who).get("/policies").text
    with cast.here():
        assert [version.source for version in in_force(TODAY)] == [name]
