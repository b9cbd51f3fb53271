"""Working a case: what each act changes, whom it reaches, and what it refuses."""

from datetime import UTC, datetime, timedelta

import pytest

from incidents.access import Right
from incidents.audit.queries import acts_in
from incidents.casework import actions, established, history, queries, who
from incidents.casework.models import Note
from incidents.casework.words import CaseState, StepState
from incidents.casework.workflow import load
from incidents.clock import now
from incidents.database import across_schools, writing
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.matters.actions import put_in_conflict
from incidents.matters.models import Capacity, Why
from incidents.matters.visibility import standing
from incidents.notifications.models import Notice
from tests.casework.cases import a_case, an_incident, finish_the_rest, step
from tests.cast import Cast

ALL_CHECKS = ("decided_by", "place", "lawful", "reasonable", "proportionate", "the_pupil")


def act(verb, *args, cast: Cast, by: str = "head", at=None, **kwargs):
    """One action in one transaction."""
    with writing():
        return verb(*args, by=cast.viewer(by), at=at or now(), **kwargs)


def test_a_case_opens_with_every_step_of_its_workflow_dated_and_given(cast):
    with cast.here():
        case = a_case(cast)
        steps = queries.steps_of(case)
        assert [each.key for each in steps] == [plan.key for plan in load("pupil_to_pupil").steps]
        assert step(case, "account_target").due_at == datetime(2026, 11, 30, 15, 20, tzinfo=UTC)
        assert step(case, "letters").due_at is None
        assert step(case, "finding").owner_id == cast.accounts["head"]
        assert step(case, "review_target").owner_id == cast.accounts["dsl"]
        assert step(case, "evidence").owner_id == cast.accounts["teacher"]


def test_the_incident_hangs_together_with_its_case(cast):
    with cast.here():
        incident = an_incident(cast)
        case = a_case(cast, incident=incident)
        assert (incident.state, incident.anchor_id, queries.case_of(incident).id) == ("in_case", case.id, case.id)
        assert [each.id for each in queries.incidents_of(case)] == [incident.id]


def test_an_incident_is_not_put_in_two_cases(cast):
    with cast.here():
        incident = an_incident(cast)
        a_case(cast, incident=incident)
        with pytest.raises(NotPossibleNow, match="in a case already"):
            a_case(cast, incident=incident)


@pytest.mark.parametrize(
    ("title", "message"),
    [("", "Give the case a title"), ("Isla and the chat", "Leave names out"), ("Tully’s threat", "Leave names out")],
)
def test_a_title_without_words_or_with_a_name_is_refused(cast, title, message):
    with cast.here():
        incident = an_incident(cast)
        with pytest.raises(Refused, match=message):
            act(actions.open_case, incident, "pupil_to_pupil", title, cast.accounts["dsl"], cast=cast)


def test_nobody_in_conflict_is_made_owner(cast):
    with cast.here():
        incident = an_incident(cast, target="teacher", by="other_teacher")
        with pytest.raises(Refused, match="Choose somebody else"):
            a_case(cast, "staff_as_target", owner="teacher", incident=incident)


def test_a_step_done_starts_what_waits_for_it_and_dates_it(cast):
    with cast.here():
        case = a_case(cast)
        act(actions.find, case, "confirmed_bullying", "The screenshots show it.", cast=cast)
        plan = step(case, "support_plan")
        assert (plan.started_at, plan.due_at) == (now(), datetime(2026, 11, 30, 15, 20, tzinfo=UTC))


def test_the_finding_ends_its_own_step_and_can_be_changed_with_a_reason(cast):
    with cast.here():
        case = a_case(cast)
        (first,) = act(actions.find, case, "confirmed_bullying", "The screenshots show it.", cast=cast)
        assert step(case, "finding").state == StepState.DONE
        (second,) = act(actions.find, case, "conflict", "Both of them wrote.", cast=cast)
        assert (second.supersedes_id, established.finding_of(case)) == (first.id, "conflict")


def test_a_step_that_waits_can_not_be_done_and_says_for_what(cast):
    with cast.here():
        case = a_case(cast)
        with pytest.raises(NotPossibleNow, match="It starts after “Sanction check, or support”"):
            act(actions.do_step, step(case, "letters"), "Sent.", cast=cast)


def test_of_two_people_who_change_one_step_the_second_is_told(cast):
    with cast.here():
        case = a_case(cast)
        seen = step(case, "parents").version
        act(actions.do_step, step(case, "parents"), "Both told, by phone.", cast=cast, seen_version=seen)
        with pytest.raises(NotPossibleNow, match="Somebody changed this step"):
            act(actions.skip_step, step(case, "parents"), "Not needed.", cast=cast, by="dsl", seen_version=seen)
        assert step(case, "parents").words == "Both told, by phone."


def test_a_step_is_not_skipped_without_a_reason(cast):
    with cast.here():
        case = a_case(cast)
        with pytest.raises(NotPossibleNow, match="Give the reason"):
            act(actions.skip_step, step(case, "platform"), "  ", cast=cast)


def test_a_step_taken_up_again_keeps_what_was_said_and_stops_what_followed(cast):
    with cast.here():
        case = a_case(cast)
        act(actions.find, case, "conflict", "Both wrote.", cast=cast)
        act(actions.do_step, step(case, "parents"), "Both told.", cast=cast)
        act(actions.take_up_again, step(case, "parents"), "A third family.", cast=cast)
        act(actions.take_up_again, step(case, "finding"), "New pictures.", cast=cast)
        assert (step(case, "parents").state, step(case, "parents").words) == (StepState.TODO, "")
        assert step(case, "support_plan").due_at is None
        notes = [note.words for note in db.session.scalars(db.select(Note).order_by(Note.at))]
        assert "Tell both sets of parents: done. Both told." in notes
        assert "Tell both sets of parents: taken up again. A third family." in notes


def test_a_step_given_to_a_teacher_shows_them_that_step_and_no_more(cast):
    with cast.here():
        case = a_case(cast)
        assert standing(cast.viewer("other_teacher"), case.id) is None
        act(
            actions.assign_step,
            step(case, "account_witnesses"),
            cast.accounts["other_teacher"],
            cast=cast,
            words="Ask Zara.",
        )
        held = standing(cast.viewer("other_teacher"), case.id)
        assert held.may(Right.DO_OWN_STEPS)
        assert not held.may(Right.SEE_IN_FULL)
        assert [each.step.key for each in queries.steps_for(cast.viewer("other_teacher"))] == ["account_witnesses"]
        assert db.session.scalars(
            db.select(Notice.account_id).where(Notice.account_id == cast.accounts["other_teacher"])
        ).all()


def test_a_step_taken_away_takes_the_sight_of_it_along(cast):
    with cast.here():
        case = a_case(cast)
        for name in ("other_teacher", "deputy_dsl"):
            act(actions.assign_step, step(case, "account_witnesses"), cast.accounts[name], cast=cast)
        assert standing(cast.viewer("other_teacher"), case.id) is None


def test_a_step_is_not_given_to_somebody_who_is_involved(cast):
    with cast.here():
        case = a_case(cast)
        incident = queries.incidents_of(case)[0]
        with writing():
            put_in_conflict(incident, cast.persons["other_teacher"], Why.WITNESS, "test", by=None, at=now())
        with pytest.raises(Refused, match="Choose somebody else"):
            act(actions.assign_step, step(case, "parents"), cast.accounts["other_teacher"], cast=cast)
        assert cast.accounts["other_teacher"] not in dict(who.people_to_choose(case, now()))


def test_another_date_needs_a_reason_and_lies_ahead(cast):
    with cast.here():
        case = a_case(cast)
        later = now() + timedelta(days=9)
        act(actions.change_date, step(case, "parents"), later, "The family is away.", cast=cast)
        assert step(case, "parents").due_at == later
        with pytest.raises(Refused, match="must lie ahead"):
            act(actions.change_date, step(case, "parents"), now() - timedelta(days=1), "Oh.", cast=cast)
        with pytest.raises(NotPossibleNow, match="Give the reason"):
            act(actions.change_date, step(case, "parents"), later, "", cast=cast)


def closed(cast, outcome="support_target"):
    case = a_case(cast)
    act(actions.find, case, "confirmed_bullying", "The screenshots show it.", cast=cast)
    act(actions.settle_outcome, case, outcome, "As agreed.", cast=cast, reasons=ALL_CHECKS)
    finish_the_rest(cast, case)
    act(actions.close, case, "", cast=cast)
    return case


def test_a_case_with_everything_done_closes_and_ends_what_was_given_for_steps(cast):
    with cast.here():
        case = closed(cast)
        assert (case.state, case.closed_at, case.outcome) == (CaseState.CLOSED, now(), "support_target")
        assert standing(cast.viewer("teacher"), case.id) is None


def test_a_case_with_something_left_does_not_close_and_says_all_of_it(cast):
    with cast.here():
        case = a_case(cast)
        with pytest.raises(NotPossibleNow) as refused:
            act(actions.close, case, "Done.", cast=cast)
        assert len(refused.value.reasons) == len(load("pupil_to_pupil").steps) + 2


def test_a_closed_case_is_not_changed_until_it_is_reopened(cast):
    with cast.here():
        case = closed(cast)
        for verb, args in (
            (actions.add_note, (case, "Late.")),
            (actions.find, (case, "conflict", "Late.")),
            (actions.take_up_again, (step(case, "parents"), "Late.")),
            (actions.hand_over, (case, cast.accounts["deputy_dsl"])),
            (actions.link, (case, an_incident(cast, "jay"))),
        ):
            with pytest.raises(NotPossibleNow, match="Reopen it first"):
                act(verb, *args, cast=cast)
        act(actions.reopen, case, "It began again.", cast=cast)
        act(actions.add_note, case, "In time.", cast=cast)
        assert (case.state, case.closed_at, case.outcome) == (CaseState.OPEN, None, "support_target")


def test_a_reopened_case_closes_again_and_every_turn_is_kept(cast, clock):
    with cast.here():
        case = closed(cast)
        clock.shift(timedelta(days=1))
        act(actions.reopen, case, "It began again.", cast=cast)
        clock.shift(timedelta(days=1))
        act(actions.close, case, "It has stopped.", cast=cast)
        turns = [entry.strong for entry in history.chronology(case) if entry.strong.startswith("Case ")]
        assert turns == ["Case closed.", "Case opened again.", "Case closed."]


def test_a_sanction_waits_for_the_check_list(cast):
    with cast.here():
        case = a_case(cast)
        act(actions.find, case, "confirmed_bullying", "The screenshots show it.", cast=cast)
        with pytest.raises(NotPossibleNow, match="Before a sanction"):
            act(actions.settle_outcome, case, "sanction", "Two breaks.", cast=cast, reasons=ALL_CHECKS[:-1])
        act(actions.settle_outcome, case, "sanction,support_target", "Two breaks.", cast=cast, reasons=ALL_CHECKS)
        assert case.outcome == "support_target,sanction"


def test_an_outcome_waits_for_the_finding(cast):
    with cast.here():
        case = a_case(cast)
        with pytest.raises(NotPossibleNow, match="There is no finding yet"):
            act(actions.settle_outcome, case, "support_target", "A plan.", cast=cast)


def test_a_finding_against_staff_waits_for_the_hearing(cast):
    with cast.here():
        case = a_case(cast, "staff_breach")
        with pytest.raises(NotPossibleNow, match="starts after “Hold the hearing”"):
            act(actions.find, case, "substantiated", "The post is there.", cast=cast)


def test_an_incident_taken_out_waits_for_triage_again_and_the_last_one_stays(cast):
    with cast.here():
        case, second = a_case(cast), an_incident(cast, "jay")
        act(actions.link, case, second, cast=cast)
        act(actions.unlink, case, second, "It is another matter.", cast=cast)
        assert (second.state, second.anchor_id, queries.case_of(second)) == ("recorded", second.id, None)
        with pytest.raises(NotPossibleNow, match="A case needs an incident"):
            act(actions.unlink, case, queries.incidents_of(case)[0], "Wrong.", cast=cast)


def test_an_incident_that_others_may_know_of_is_not_put_in_the_case(cast):
    with cast.here():
        case = a_case(cast)
        about_staff = an_incident(cast, target="isla", alleged="other_teacher")
        with pytest.raises(NotPossibleNow, match="the business of other people"):
            act(actions.link, case, about_staff, cast=cast)
        assert about_staff.id not in [each.id for each in queries.incidents_of(case)]


def test_the_owner_before_sees_a_case_no_longer_unless_by_a_role(cast):
    with cast.here():
        case = a_case(cast, owner="deputy_head")
        assert standing(cast.viewer("deputy_head"), case.id).may(Right.WORK)
        act(actions.hand_over, case, cast.accounts["dsl"], cast=cast)
        act(actions.hand_over, case, cast.accounts["dsl"], cast=cast)
        held = standing(cast.viewer("deputy_head"), case.id)
        assert held is None or not held.may(Right.SEE_IN_FULL)


def test_sight_is_given_for_a_purpose_and_ends_by_itself(cast, clock):
    with cast.here():
        case = a_case(cast)
        act(actions.give_sight, case, cast.accounts["external"], Capacity.ADVISER, now() + timedelta(days=7), cast=cast)
        assert standing(cast.viewer("external"), case.id).may(Right.SEE_IN_FULL)
        clock.shift(timedelta(days=8))
        assert standing(cast.viewer("external"), case.id) is None


def test_sight_can_be_taken_back_before_its_day(cast):
    with cast.here():
        case = a_case(cast)
        grant = act(
            actions.give_sight, case, cast.accounts["governor"], Capacity.PANEL, now() + timedelta(days=7), cast=cast
        )
        act(actions.end_sight, case, grant.id, cast=cast)
        assert standing(cast.viewer("governor"), case.id) is None


def test_whoever_touched_a_case_does_not_hear_it(cast):
    with cast.here():
        case = a_case(cast)
        act(actions.assign_step, step(case, "support_plan"), cast.accounts["vice_chair"], cast=cast)
        with pytest.raises(Refused, match="have had to do with this case"):
            act(actions.give_sight, case, cast.accounts["vice_chair"], Capacity.PANEL,
                now() + timedelta(days=7), cast=cast)  # fmt: skip


def test_every_act_is_in_the_log_and_the_log_holds_no_words(cast):
    with cast.here():
        case = closed(cast)
        acts = acts_in(case.id)
        assert {"opened", "linked", "planned", "decided", "done", "skipped", "closed"} <= {entry.verb for entry in acts}
        assert "screenshots" not in " ".join(str(entry.detail) for entry in acts)
        with across_schools():
            assert db.session.is_active


def test_a_case_without_entered_dates_says_why_a_step_has_none(cast, clock):
    clock.move_to(datetime(2027, 9, 6, 8, 0, tzinfo=UTC))
    with cast.here():
        case = a_case(cast)
        shown = queries.steps_now(queries.steps_of(case), now(), queries.calendar())
        without = next(each for each in shown if each.key == "parents")
        assert without.due is None
        assert without.why_no_date.startswith("No date yet. The school’s term dates do not cover")
        assert next(each for each in shown if each.key == "platform").due is not None
