"""Citing and withdrawing: what is frozen, what is refused, what the database itself refuses."""

from datetime import date, time

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from incidents import clock
from incidents.audit.models import AuditEntry
from incidents.citations import actions, queries
from incidents.citations.models import Citation
from incidents.citations.words import MeantAs
from incidents.database import writing
from incidents.errors import NotAllowed, NotFound, NotPossibleNow, Refused
from incidents.extensions import db
from incidents.recording.hours import Happened, WhenKind
from incidents.recording.words import Part
from incidents.schools.law_changes import change_pack
from tests.citations.rules import adopt
from tests.triage.recorded import record

WEEK = Happened(WhenKind.RANGE, date(2026, 11, 16), date(2026, 11, 20), time(8, 0), time(20, 0))


def cite(cast, incident, *keys, who="head", **more):
    by = cast.viewer(who)
    with writing():
        return actions.cite(incident, keys, by=by, at=clock.now(), **more)


def clause(key):
    return f"clause:{key}"


def test_a_rule_is_cited_with_its_wording_and_the_day(cast):
    with cast.here():
        _, [one] = adopt(cast, {"wording": "Be unkind in a chat.", "exceptions": ["a private joke"]})
        incident = record(cast)
        [row] = cite(cast, incident, clause(one))
        assert (row.meant_as, row.code, row.heading, row.version) == ("breached", "4.1", "Social media policy", "1")
        assert row.wording == "Be unkind in a chat.\nExcept: a private joke"
        assert (row.in_force_on, row.judged_by) == (date(2026, 11, 20), "day")
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "cited")).one()
        assert entry.matter_id == incident.id
        assert entry.detail["which"] == str(one)


def test_what_is_cited_already_is_not_cited_twice_and_not_offered(cast):
    with cast.here():
        _, [one] = adopt(cast, {})
        incident = record(cast)
        cite(cast, incident, clause(one))
        assert cite(cast, incident, clause(one), clause(one)) == []
        assert queries.offer_for(incident, cast.viewer("head")).rules == []


def test_a_new_version_changes_nothing_of_what_was_cited(cast):
    with cast.here():
        policy, [one] = adopt(cast, {"wording": "Old words."})
        incident = record(cast)
        cite(cast, incident, clause(one))
        adopt(cast, {"wording": "New words."}, policy_id=policy, number=2, since=date(2026, 11, 23))
        [held] = queries.cited_in([incident.id])
        assert held.citation.wording == "Old words."


def test_a_rule_that_was_not_in_force_is_refused_and_the_right_one_named(cast):
    with cast.here():
        policy, [old] = adopt(cast, {})
        adopt(cast, {}, policy_id=policy, number=2, since=date(2026, 11, 1))
        incident = record(cast)
        with pytest.raises(
            Refused, match=r"not in force on 20 November 2026. In force then: version 2, 4.1"
        ) as refused:
            cite(cast, incident, clause(old))
        assert refused.value.field == "rules"


NEVER_BROKEN = ["advice", "invitation", "promise", "endeavour", "procedure"]


@pytest.mark.parametrize("force", NEVER_BROKEN)
def test_what_is_no_order_is_context_and_never_broken(cast, force):
    with cast.here():
        _, [one] = adopt(cast, {"force": force})
        incident = record(cast)
        with pytest.raises(Refused, match="is not an order"):
            cite(cast, incident, clause(one), as_=MeantAs.BREACHED)
        [row] = cite(cast, incident, clause(one))
        assert row.meant_as == "context"


def test_a_rule_for_others_is_never_broken_by_these(cast):
    with cast.here():
        _, [one] = adopt(cast, {"audiences": ["parents"]})
        incident = record(cast)
        with pytest.raises(Refused, match="is a rule for others"):
            cite(cast, incident, clause(one), as_=MeantAs.BREACHED)
        assert cite(cast, incident, clause(one))[0].meant_as == "context"


def test_days_with_two_versions_show_both_and_ask_for_a_reason(cast):
    with cast.here():
        policy, [old] = adopt(cast, {})
        _, [new] = adopt(cast, {}, policy_id=policy, number=2, since=date(2026, 11, 18))
        incident = record(cast, happened=WEEK)
        assert {each.rule.clause_id for each in queries.offer_for(incident, cast.viewer("head")).rules} == {old, new}
        with pytest.raises(Refused, match="some of these days only") as refused:
            cite(cast, incident, clause(new))
        assert refused.value.field == "rules_why"
        [row] = cite(cast, incident, clause(new), reason="The messages are of Thursday.")
        assert (row.judged_by, row.in_force_on) == ("part", date(2026, 11, 18))


def test_without_a_day_it_is_judged_by_the_day_of_recording(cast):
    with cast.here():
        policy, _ = adopt(cast, {})
        _, [new] = adopt(cast, {}, policy_id=policy, number=2, since=date(2026, 11, 23))
        incident = record(cast, happened=Happened(WhenKind.UNKNOWN))
        assert [each.rule.clause_id for each in queries.offer_for(incident, cast.viewer("head")).rules] == [new]
        assert cite(cast, incident, clause(new))[0].judged_by == "recorded"


def test_a_law_is_relevant_and_keeps_its_plain_sentence(cast):
    with cast.here():
        incident = record(cast)
        law = queries.offer_for(incident, cast.viewer("head")).laws[0].statute
        [row] = cite(cast, incident, f"statute:{law.key}")
        assert (row.meant_as, row.heading, row.wording, row.force) == ("relevant", law.title, law.about, "")


def test_a_law_is_cited_as_the_school_reads_it(cast):
    """What no lawyer confirmed is the school's to put right: a law that is law no longer can't be cited."""
    with cast.here():
        incident, head = record(cast), cast.viewer("head")
        first, second = [each.statute for each in queries.offer_for(incident, head).laws if each.statute.confirm][:2]
        with writing():
            change_pack(f"statutes.{first.key}.repealed", "2026-01-01", "Our solicitor.", by=None, at=clock.now())
            change_pack(f"statutes.{second.key}.about", "It may be relevant here.", "Ours.", by=None, at=clock.now())
        assert first.key not in {each.statute.key for each in queries.offer_for(incident, head).laws}
        with pytest.raises(Refused):
            cite(cast, incident, f"statute:{first.key}")
        assert cite(cast, incident, f"statute:{second.key}")[0].wording == "It may be relevant here."


def test_a_law_of_another_nation_or_time_is_refused_by_name_of_the_right_one(cast):
    with cast.here():
        incident = record(cast)
        offer = queries.offer_for(incident, cast.viewer("head"))
        barred = queries.barred_laws(offer.happening, offer.likely)
        assert len(barred) > 1
        for each in (barred[0], barred[-1]):
            with pytest.raises(Refused, match="In its place: ") as refused:
                cite(cast, incident, f"statute:{each.key}")
            assert (refused.value.message, refused.value.field) == (each.why, "rules")
        assert db.session.scalars(select(Citation)).all() == []


@pytest.mark.parametrize("key", ["clause:x", "clause:00000000-0000-4000-8000-000000000000", "statute:none", "☃", ""])
def test_what_is_no_rule_and_no_law_is_refused(cast, key):
    with cast.here():
        incident = record(cast)
        with pytest.raises(Refused, match="from the list"):
            cite(cast, incident, key)


def test_what_was_withdrawn_stays_marked_and_can_be_cited_again(cast):
    with cast.here():
        _, [one] = adopt(cast, {})
        incident = record(cast)
        [row] = cite(cast, incident, clause(one))
        by, at = cast.viewer("head"), clock.now()
        with pytest.raises(Refused), writing():
            actions.withdraw(incident, row.id, " ", by=by, at=at)
        with writing():
            actions.withdraw(incident, row.id, "The wrong chat.", by=by, at=at)
        with pytest.raises(NotPossibleNow), writing():
            actions.withdraw(incident, row.id, "Again.", by=by, at=at)
        [held] = queries.cited_in([incident.id])
        assert (held.withdrawn.reason, held.withdrawn_by) == ("The wrong chat.", "Joanna Pettifer")
        assert len(cite(cast, incident, clause(one))) == 1


def test_only_who_decides_cites(cast):
    with cast.here():
        _, [one] = adopt(cast, {})
        incident = record(cast)
        hidden = record(cast, [(Part.ALLEGED, "head")])
        with pytest.raises(NotAllowed):
            cite(cast, incident, clause(one), who="dsl")
        with pytest.raises(NotFound):
            cite(cast, hidden, clause(one))


IMPOSSIBLE = [
    {"meant_as": "breached", "force": "advice"},
    {"meant_as": "breached", "force": "invitation"},
    {"meant_as": "breached", "force": "promise"},
    {"meant_as": "breached", "force": "endeavour"},
    {"what": "statute", "clause_id": None, "statute_key": "x", "meant_as": "breached", "force": "must"},
    {"judged_by": "part", "reason": ""},
    {"clause_id": None},
]


@pytest.mark.parametrize("wrong", IMPOSSIBLE)
def test_the_database_refuses_what_can_t_be(cast, wrong):
    with cast.here():
        _, [one] = adopt(cast, {})
        incident = record(cast)
        usual = {
            "what": "clause", "clause_id": one, "statute_key": "", "meant_as": "context", "force": "must", "code": "1",
            "heading": "", "version": "1", "wording": "", "in_force_on": date(2026, 1, 1), "judged_by": "day",
            "reason": "", "by": cast.accounts["head"], "at": clock.now(),
        }  # fmt: skip
        with pytest.raises(IntegrityError), writing(audited=False):
            db.session.add(Citation(school_id=cast.school_id, matter_id=incident.id, **usual | wrong))


def test_a_citation_is_never_altered(cast):
    with cast.here():
        _, [one] = adopt(cast, {})
        incident = record(cast)
        cite(cast, incident, clause(one))
        with pytest.raises(DBAPIError), writing(audited=False):
            db.session.execute(db.update(Citation).values(wording="Other words."))
