"""Deciding on an incident: what is kept, what supersedes, what is refused."""

from dataclasses import replace

import pytest

from incidents import clock
from incidents.access import Sphere
from incidents.casework.queries import case_of, owner_of_case
from incidents.casework.words import CaseState
from incidents.database import writing
from incidents.decisions.queries import all_current, current, history
from incidents.errors import NotAllowed, NotPossibleNow, Refused
from incidents.matters.actions import step_aside
from incidents.recording import actions as recording
from incidents.recording.answers import Named
from incidents.recording.hours import Control
from incidents.recording.lifecycle import IncidentState
from incidents.recording.settling import RETENTION
from incidents.recording.words import Direction, Part
from incidents.triage import actions, queries
from incidents.triage.action_tests import Answer, Reasonable, ReasonableAnswer, TestAnswer, TestName
from incidents.triage.answers import TriageAnswers
from incidents.triage.belonging import possible_cases
from incidents.triage.questions import QuestionName, YesNo
from tests.triage.recorded import LESSON, number_on_tab, record

NOT_MET = TestAnswer(Answer.NOT_MET, ("nothing_points_to_it",))
TESTS = {
    TestName.RUNNING: TestAnswer(Answer.MET, ("many_joined_in",), "Eleven children voted."),
    TestName.THREAT: NOT_MET,
    TestName.REPUTATION: TestAnswer(Answer.UNCLEAR, (), "A closed group so far."),
}
MET = TriageAnswers(
    Direction.PUPIL_TO_PUPIL,
    tests=TESTS,
    reasonable=ReasonableAnswer(Reasonable.YES, ("reaches_into_school",)),
)


def triage(cast, incident, answers, who="head"):
    viewer = cast.viewer(who)
    with writing():
        return actions.triage(incident, answers, by=viewer, at=clock.now())


def again(incident, answers, why="Parents brought more.", **changes):
    return replace(answers, why=why, seen=queries.earlier_of(incident).id, **changes)


def test_a_triage_keeps_every_answer_and_opens_a_case(cast):
    with cast.here():
        incident = record(cast)
        case = triage(cast, incident, MET)
        kept = {question: decision.answer for question, decision in all_current(incident).items()}
        assert kept == {
            "time": "out_of_hours",
            "control": "off_site",
            "direction": "pupil_to_pupil",
            "test_running": "met",
            "test_threat": "not_met",
            "test_reputation": "unclear",
            "reasonable": "yes",
            "power": "may_act",
            "disposition": "new_case",
        }
        assert incident.state == IncidentState.IN_CASE
        assert case_of(incident).id == case.id
        assert owner_of_case(case) == cast.accounts["dsl"]


def test_the_sentence_is_kept_word_for_word_and_names_nobody(cast):
    with cast.here():
        incident = record(cast)
        triage(cast, incident, MET)
        power = current(incident, "power")
        assert power.sentence.startswith(
            "The school may act on what one of its pupils is said to have done off-site on Friday 20 November, because"
        )
        assert not [name for name in ("Mason", "Tully", "Isla", "Fenwick") if name in power.sentence]
        assert power.facts["relied_on"] == ["running"]
        assert power.facts["asked_again"] == ["reputation"]


def test_own_words_and_ticked_reasons_are_kept_with_each_test(cast):
    with cast.here():
        incident = record(cast)
        triage(cast, incident, MET)
        running = current(incident, "test_running")
        assert (running.reasons, running.words) == (["many_joined_in"], "Eleven children voted.")


def test_in_school_no_test_is_asked_and_none_is_kept(cast):
    with cast.here():
        incident = record(cast, happened=LESSON, control=Control.ON_SITE)
        triage(cast, incident, TriageAnswers(Direction.PUPIL_TO_PUPIL))
        kept = all_current(incident)
        assert not [question for question in kept if question.startswith("test_")]
        assert kept["power"].answer == "may_act"


def test_a_test_without_an_answer_is_refused_beside_its_field_and_nothing_is_kept(cast):
    with cast.here():
        incident = record(cast)
        with pytest.raises(Refused) as refused:
            triage(cast, incident, TriageAnswers(Direction.PUPIL_TO_PUPIL))
        assert refused.value.field == "running"
        assert history([incident.id]) == []


def test_a_later_triage_supersedes_and_the_earlier_stays_readable(cast):
    with cast.here():
        incident = record(cast)
        triage(cast, incident, MET)
        threat = {**TESTS, TestName.THREAT: TestAnswer(Answer.MET, ("words_of_threat",))}
        triage(cast, incident, again(incident, MET, tests=threat))
        assert current(incident, "test_threat").answer == "met"
        assert {row.answer for row in history([incident.id]) if row.question == "test_threat"} == {"not_met", "met"}
        assert current(incident, "power").words == "Parents brought more."
        assert current(incident, "power").facts["relied_on"] == ["running", "threat"]


def test_what_did_not_change_is_not_decided_anew(cast):
    with cast.here():
        incident = record(cast)
        triage(cast, incident, MET)
        first = current(incident, "test_running").id
        triage(cast, incident, again(incident, MET))
        assert current(incident, "test_running").id == first


def test_superseding_needs_a_reason(cast):
    with cast.here():
        incident = record(cast)
        triage(cast, incident, MET)
        with pytest.raises(Refused) as refused:
            triage(cast, incident, again(incident, MET, why=" "))
        assert refused.value.field == "why"


def test_of_two_who_decide_at_once_the_second_is_shown_the_first(cast):
    with cast.here():
        incident = record(cast)
        triage(cast, incident, MET)
        with pytest.raises(NotPossibleNow):
            triage(cast, incident, MET)
        assert len([row for row in history([incident.id]) if row.question == "disposition"]) == 1


def test_a_test_no_longer_asked_does_not_stand(cast):
    with cast.here():
        incident = record(cast, [(Part.TARGET, "isla")], handles=[(Part.ALLEGED, "nightowl")])
        triage(
            cast,
            incident,
            replace(MET, direction=Direction.UNKNOWN_AUTHOR, single={QuestionName.IDENTIFIES_TEACHER: YesNo.NO}),
        )
        triage(
            cast,
            incident,
            again(incident, TriageAnswers(Direction.PUPIL_TO_PUPIL, tests=TESTS, reasonable=MET.reasonable)),
        )
        assert current(incident, "identifies_teacher").answer == "not_asked"


def test_staff_conduct_asks_the_harm_threshold_and_stays_with_few(cast):
    with cast.here():
        incident = record(cast, [(Part.ALLEGED, "other_teacher")])
        assert incident.sphere == Sphere.STAFF_CONDUCT
        with pytest.raises(Refused) as refused:
            triage(cast, incident, TriageAnswers(Direction.STAFF_CONDUCT))
        assert refused.value.field == "harm_threshold"
        case = triage(
            cast, incident, TriageAnswers(Direction.STAFF_CONDUCT, single={QuestionName.HARM_THRESHOLD: YesNo.YES})
        )
        assert case.workflow == "staff_breach"
        assert owner_of_case(case) == cast.accounts["head"]


def test_a_direction_about_staff_makes_it_a_staff_matter_though_nobody_is_named(cast):
    with cast.here():
        incident = record(cast, [(Part.TARGET, "isla")])
        triage(cast, incident, TriageAnswers(
            Direction.STAFF_CONTACT, tests=TESTS, single={QuestionName.HARM_THRESHOLD: YesNo.NO},
        ))  # fmt: skip
        assert incident.sphere == Sphere.STAFF_CONDUCT
        assert incident.retention_class == RETENTION[Sphere.STAFF_CONDUCT]


def test_a_decided_staff_matter_stays_one_when_people_are_added_later(cast):
    with cast.here():
        incident = record(cast, [(Part.TARGET, "isla")])
        triage(cast, incident, TriageAnswers(Direction.STAFF_CONDUCT, single={QuestionName.HARM_THRESHOLD: YesNo.YES}))
        with writing():
            named = Named(Part.WITNESS, person_id=cast.persons["zara"])
            recording.involve(incident, named, by=cast.viewer("head"), at=clock.now())
        assert incident.sphere == Sphere.STAFF_CONDUCT


def test_a_second_incident_may_join_the_case_of_the_first(cast):
    with cast.here():
        case = triage(cast, record(cast), MET)
        second = record(cast)
        assert [each.case_id for each in possible_cases(cast.viewer("head"), second)] == [case.id]
        triage(cast, second, replace(MET, case_id=case.id))
        assert case_of(second).id == case.id
        assert current(second, "disposition").answer == "existing_case"


def test_nothing_is_decided_anew_in_a_closed_case(cast):
    with cast.here():
        incident = record(cast)
        case = triage(cast, incident, MET)
        with writing(audited=False):
            case.state, case.outcome, case.closed_at = CaseState.CLOSED, "no_action", clock.now()
        with pytest.raises(NotPossibleNow, match="Reopen the case first"):
            triage(cast, incident, again(incident, MET))


def test_a_case_that_is_not_on_the_list_is_refused(cast):
    with cast.here():
        staff = triage(
            cast,
            record(cast, [(Part.ALLEGED, "other_teacher")]),
            TriageAnswers(Direction.STAFF_CONDUCT, single={QuestionName.HARM_THRESHOLD: YesNo.NO}),
        )
        with pytest.raises(Refused) as refused:
            triage(cast, record(cast), replace(MET, case_id=staff.id))
        assert refused.value.field == "case"


REFUSED = [
    ("an owner who is not on the list", {"owner_id": "governor"}, "owner"),
    ("a workflow that there is none of", {"workflow": "hanging"}, "workflow"),
    ("a title with a name", {"title": "What Mason did"}, "title"),
]


@pytest.mark.parametrize(("name", "changes", "field"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_can_t_be_is_refused_beside_its_field(cast, name, changes, field):
    changes = {key: cast.accounts.get(value, value) for key, value in changes.items()}
    with cast.here():
        incident = record(cast)
        with pytest.raises(Refused) as refused:
            triage(cast, incident, replace(MET, **changes))
        assert refused.value.field == field
        assert incident.state == IncidentState.RECORDED


def test_nobody_in_conflict_is_offered_as_an_owner(cast):
    with cast.here():
        incident = record(cast, [(Part.TARGET, "dsl"), (Part.ALLEGED, "mason")])
        names = [owner.name for owner in queries.possible_owners(incident, cast.viewer("head"))]
        assert "Farida Qureshi" not in names
        assert names[0] == "Tom Hathersage"


@pytest.mark.parametrize("who", ["teacher", "dsl", "head_of_year", "governor", "administrator"])
def test_nobody_but_who_decides_it_can_triage(cast, who):
    with cast.here():
        incident = record(cast)
        with pytest.raises(NotAllowed):
            triage(cast, incident, MET, who)


def test_no_further_action_keeps_its_reason_and_can_be_taken_back(cast):
    with cast.here():
        incident = record(cast)
        head = cast.viewer("head")
        with writing():
            actions.no_further_action(incident, ["once_and_small"], "", by=head, at=clock.now())
        decided = current(incident, "disposition")
        assert (decided.answer, decided.reasons) == ("no_further_action", ["once_and_small"])
        assert incident.state == IncidentState.NO_FURTHER_ACTION
        triage(cast, incident, again(incident, MET))
        assert incident.state == IncidentState.IN_CASE


def nothing_more(cast, incident, reasons, words="", **more):
    head = cast.viewer("head")
    with writing():
        actions.no_further_action(incident, reasons, words, by=head, at=clock.now(), **more)


def test_no_further_action_without_a_reason_is_refused(cast):
    with cast.here():
        incident = record(cast)
        with pytest.raises(Refused) as refused:
            nothing_more(cast, incident, ["made_up"], "  ")
        assert refused.value.field == "reasons"


@pytest.mark.parametrize("answer", [None, YesNo.YES, YesNo.NOT_SURE])
def test_what_is_alleged_of_staff_can_t_end_before_harm_is_ruled_out(cast, answer):
    single = {QuestionName.HARM_THRESHOLD: answer} if answer else {}
    with cast.here():
        incident = record(cast, [(Part.ALLEGED, "other_teacher")])
        with pytest.raises(Refused) as refused:
            nothing_more(cast, incident, ["put_right"], single=single)
        assert refused.value.field == "harm_threshold"


def test_an_incident_in_a_case_does_not_end_from_here(cast):
    with cast.here():
        incident = record(cast)
        triage(cast, incident, MET)
        with pytest.raises(NotPossibleNow):
            nothing_more(cast, incident, ["put_right"], seen=queries.earlier_of(incident).id)


def test_the_queue_is_the_decider_s_own(cast):
    with cast.here():
        incident = record(cast)
        assert [item.matter_id for item in queries.needs_now(cast.viewer("head"))] == [incident.id]
        assert number_on_tab(cast.viewer("head")) == 1
        assert number_on_tab(cast.viewer("dsl")) == 0
        assert [item.decides for item in queries.needs_now(cast.viewer("dsl"))] == [False]


def test_a_record_about_the_head_is_in_no_queue_of_theirs(cast):
    with cast.here():
        record(cast, [(Part.ALLEGED, "head")])
        assert queries.needs_now(cast.viewer("head")) == []
        assert queries.needs_now(cast.viewer("dsl")) == []
        assert len(queries.needs_now(cast.viewer("case_manager"))) == 1


def test_who_steps_aside_loses_it_to_the_next_in_the_chain(cast):
    with cast.here():
        incident = record(cast)
        head = cast.viewer("head")
        with writing():
            step_aside(incident, by=head, at=clock.now())
        with pytest.raises(NotAllowed):
            triage(cast, incident, MET)
        assert triage(cast, incident, MET, "dsl") is not None
