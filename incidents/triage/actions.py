"""Deciding on an incident: every answer with its reason, the sentence of power, and what happens next."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from incidents.access import Right, Sphere
from incidents.accounts.viewer import Viewer
from incidents.casework import actions as casework
from incidents.casework import workflow
from incidents.casework.models import Case
from incidents.casework.queries import case_of
from incidents.casework.words import CaseState
from incidents.citations import actions as citing
from incidents.decisions.actions import decide
from incidents.decisions.queries import current
from incidents.errors import NotAllowed, NotPossibleNow, Refused
from incidents.extensions import db
from incidents.matters.actions import set_sphere, strictest
from incidents.matters.visibility import standing
from incidents.recording.lifecycle import INCIDENT, IncidentFacts, IncidentState, IncidentVerb
from incidents.recording.models import Incident
from incidents.recording.queries import title_of
from incidents.recording.settling import RETENTION
from incidents.recording.words import Direction
from incidents.triage import motives, queries
from incidents.triage.action_tests import TestName
from incidents.triage.answers import NO_ACTION_REASONS, Circumstances, TriageAnswers, kept_facts
from incidents.triage.belonging import possible_cases
from incidents.triage.facts import Power
from incidents.triage.power import power
from incidents.triage.queries import NOT_ASKED
from incidents.triage.questions import SINGLE_QUESTIONS, QuestionName, YesNo
from incidents.triage.today import ADULTS_IN_SCHOOL

# What decisions are kept under. The last is the one that says whether an incident was triaged.
TIME, CONTROL, DIRECTION, REASONABLE, POWER, DISPOSITION = (
    "time", "control", "direction", "reasonable", "power", "disposition",
)  # fmt: skip
TEST_QUESTIONS: dict[TestName, str] = {test: f"test_{test.value}" for test in TestName}

NEW_CASE, EXISTING_CASE, NO_FURTHER_ACTION = "new_case", "existing_case", "no_further_action"


def triage(incident: Incident, answers: TriageAnswers, *, by: Viewer, at: datetime) -> Case:
    """Decide on an incident: what the record and the answers say, the power to act, and the case that it goes to.

    Raises `Refused` with the field for an answer that is missing or can't be; `NotPossibleNow` if somebody else decided
    meanwhile or the case is closed; `NotAllowed` for anybody who does not decide this matter.
    """
    again = _open(incident, answers.seen, answers.why, by=by)
    circumstances = queries.circumstances_of(incident)
    for field, message in circumstances.missing(answers).items():
        raise Refused(message, field)
    weighed = citing.weigh(incident, answers.rules, by=by, reason=answers.rules_why, direction=answers.direction)
    _hold_sphere(incident, answers.direction, by, at)
    decided = power(circumstances.facts(answers))
    kept = _Keeping(incident, by, at, answers.why if again else "", circumstances.policy_version)
    _keep_answers(kept, circumstances, answers)
    _keep_power(kept, circumstances, answers, decided)
    case = _put_in_case(kept, answers, citing.workflow_started(weighed))
    disposition = current(incident, DISPOSITION)
    citing.keep(incident, weighed, by=by, at=at, reason=answers.rules_why, decision=disposition)
    return case


def _hold_sphere(incident: Incident, direction: Direction, by: Viewer, at: datetime) -> None:
    """What is alleged of an adult in school is not for everybody who works on pupils' cases, even if nobody is named yet."""
    if direction in ADULTS_IN_SCHOOL:
        incident.sphere_at_least = Sphere.STAFF_CONDUCT
        set_sphere(incident, strictest([Sphere(incident.sphere), Sphere.STAFF_CONDUCT]), by=by.account_id, at=at)
        incident.retention_class = RETENTION[Sphere(incident.sphere)]


def no_further_action(
    incident: Incident,
    reasons: Sequence[str],
    words: str,
    *,
    by: Viewer,
    at: datetime,
    direction: Direction | None = None,
    single: Mapping[QuestionName, YesNo] | None = None,
    ticked: Collection[str] = (),
    seen: uuid.UUID | None = None,
) -> None:
    """Decide that nothing more is to be done, with the reason. The incident stays on record.

    What is alleged of an adult in school can't end here unless the harm threshold was asked and is not met.
    """
    reasons = [key for key in NO_ACTION_REASONS if key in reasons]
    if not reasons and not words.strip():
        raise Refused("Say why nothing more is to be done. Tick a reason or write your own.", "reasons")
    again = _open(incident, seen, words or "; ".join(reasons), by=by)
    _or_not_now(incident, IncidentVerb.TAKE_NO_ACTION, IncidentFacts(reason=words or reasons[0]))
    circumstances = queries.circumstances_of(incident)
    settled = direction or circumstances.suggested
    single = dict(single or {})
    for field, message in circumstances.missing_motives(settled, ticked).items():
        raise Refused(message, field)
    if QuestionName.HARM_THRESHOLD in circumstances.asked(settled):
        _harm_is_answered_no(single)
    kept = _Keeping(incident, by, at, words or NO_ACTION_REASONS[reasons[0]] if again else "")
    kept.answer(DIRECTION, settled.value)
    for name, answer in single.items():
        kept.answer(name.value, answer.value)
    if ticked:
        _keep_motives(kept, circumstances, ticked)
    kept.answer(DISPOSITION, NO_FURTHER_ACTION, reasons=reasons, words=words.strip(), changed=True)
    incident.state = IncidentState.NO_FURTHER_ACTION


def _harm_is_answered_no(single: Mapping[QuestionName, YesNo]) -> None:
    question = SINGLE_QUESTIONS[QuestionName.HARM_THRESHOLD]
    answer = single.get(QuestionName.HARM_THRESHOLD)
    if answer is None:
        raise Refused(f"{question.title} Choose yes, no or not sure.", question.name.value)
    if answer is not YesNo.NO:
        raise Refused(
            "This can’t end here: a child may have been harmed. Open a case and ring for advice first.",
            question.name.value,
        )


def _open(incident: Incident, seen: uuid.UUID | None, why: str, *, by: Viewer) -> bool:
    """Take the incident for deciding: one at a time, by somebody who may. Whether it was decided before."""
    db.session.execute(select(Incident.id).where(Incident.id == incident.id).with_for_update())
    held = standing(by, incident.id)
    if held is None or not held.may(Right.DECIDE):
        raise NotAllowed
    before = current(incident, DISPOSITION)
    if (before.id if before else None) != seen:
        raise NotPossibleNow("Somebody decided this while you were reading. Look at their answer first.")
    if before and not why.strip():
        raise Refused("Say why this takes the place of the earlier decision.", "why")
    return before is not None


class _Keeping:
    """Answers about one incident on their way into the record. What did not change is not decided anew."""

    def __init__(self, incident: Incident, by: Viewer, at: datetime, why: str, policy_version: str = "") -> None:
        self.incident, self.by, self.at, self.why = incident, by, at, why.strip()
        self.policy_version = policy_version

    def answer(
        self,
        question: str,
        answer: str,
        *,
        reasons: Sequence[str] = (),
        words: str = "",
        sentence: str = "",
        facts: dict[str, Any] | None = None,
        changed: bool = False,
    ) -> None:
        """Keep one answer; over an earlier one `why` is its reason where it has no words of its own."""
        before = current(self.incident, question)
        if before and not changed:
            same = (before.answer, before.reasons, before.sentence) == (answer, list(reasons), sentence)
            if same and words in ("", before.words):
                return
        decide(
            self.incident, question, answer, by=self.by, at=self.at, reasons=reasons, sentence=sentence, facts=facts,
            words=words or (self.why if before else ""), policy_version=self.policy_version,
        )  # fmt: skip

    def not_asked(self, question: str) -> None:
        """An earlier answer to what is no longer asked must not stand."""
        before = current(self.incident, question)
        if before and before.answer != NOT_ASKED:
            self.answer(question, NOT_ASKED)


def _keep_answers(kept: _Keeping, circumstances: Circumstances, answers: TriageAnswers) -> None:
    asked = circumstances.asked(answers.direction)
    kept.answer(TIME, circumstances.time.time.value, facts={"because": circumstances.time.because})
    kept.answer(CONTROL, circumstances.control.control.value, facts={"because": circumstances.control.because})
    kept.answer(DIRECTION, answers.direction.value)
    for test, question in TEST_QUESTIONS.items():
        if QuestionName.TESTS in asked:
            given = answers.tests[test]
            kept.answer(question, given.answer.value, reasons=given.reasons, words=given.own_words.strip())
        else:
            kept.not_asked(question)
    if QuestionName.REASONABLE in asked and answers.reasonable:
        kept.answer(
            REASONABLE,
            answers.reasonable.answer.value,
            reasons=answers.reasonable.considered,
            words=answers.reasonable.own_words.strip(),
        )
    else:
        kept.not_asked(REASONABLE)
    for name in SINGLE_QUESTIONS:
        if name in asked:
            kept.answer(name.value, answers.single[name].value)
        else:
            kept.not_asked(name.value)
    _keep_kinds(kept, circumstances, answers)


def _keep_kinds(kept: _Keeping, circumstances: Circumstances, answers: TriageAnswers) -> None:
    """Perceived motives, several or none known, and one of the four kinds: both may be left open."""
    _keep_motives(kept, circumstances, answers.motives)
    if answers.four_cs is None:
        kept.not_asked(motives.FOUR_CS)
    else:
        kept.answer(motives.FOUR_CS, answers.four_cs.value)


def _keep_motives(kept: _Keeping, circumstances: Circumstances, ticked: Collection[str]) -> None:
    named = motives.answered(ticked, circumstances.motives)
    if named is None:
        kept.not_asked(motives.MOTIVES)
    else:
        kept.answer(motives.MOTIVES, named[0], reasons=named[1])


def _keep_power(kept: _Keeping, circumstances: Circumstances, answers: TriageAnswers, decided: Power) -> None:
    """The sentence, word for word, with the codes that it was decided on."""
    facts = kept_facts(circumstances, circumstances.facts(answers))
    facts |= {
        "over": decided.over.value,
        "source": decided.source,
        "relied_on": [test.value for test in decided.relied_on],
        "asked_again": [test.value for test in decided.asked_again],
    }
    kept.answer(
        POWER,
        decided.may.value,
        reasons=[test.value for test in decided.relied_on],
        sentence=decided.in_full,
        facts=facts,
    )


def _put_in_case(kept: _Keeping, answers: TriageAnswers, by_the_rules: str) -> Case:
    """Into the case chosen, or a new one. One that is in a case stays: taking it out is an act on that case's page."""
    incident, by, at = kept.incident, kept.by, kept.at
    now = case_of(incident)
    if now:
        if now.state == CaseState.CLOSED:
            raise NotPossibleNow("Its case is closed. Reopen the case first.")
        if answers.case_id not in (None, now.id):
            raise Refused("This incident is in a case. Take it out of that case first, on the case’s page.", "case")
        kept.answer(DISPOSITION, EXISTING_CASE, facts={"case": str(now.id)}, changed=True)
        return now
    chosen = _chosen_case(incident, answers, by)
    closed = chosen is not None and chosen.state == CaseState.CLOSED
    _or_not_now(incident, IncidentVerb.PUT_IN_CASE, IncidentFacts(answers.why, other_case_closed=closed))
    if chosen is not None:
        casework.link(chosen, incident, by=by, at=at)
        kept.answer(DISPOSITION, EXISTING_CASE, facts={"case": str(chosen.id)}, changed=True)
        return chosen
    key = answers.workflow or by_the_rules or workflow.suggest(answers.direction)
    if key not in set(workflow.keys()):
        raise Refused("Choose one of the ways to work this case.", "workflow")
    title = answers.title.strip() or title_of(incident)
    case = casework.open_case(incident, key, title, _owner(incident, answers, by), by=by, at=at)
    kept.answer(DISPOSITION, NEW_CASE, facts={"case": str(case.id), "workflow": key}, changed=True)
    return case


def _chosen_case(incident: Incident, answers: TriageAnswers, by: Viewer) -> Case | None:
    if answers.case_id is None:
        return None
    if answers.case_id not in {each.case_id for each in possible_cases(by, incident)}:
        raise Refused("Choose a case from the list, or a new one.", "case")
    return db.session.scalars(select(Case).where(Case.id == answers.case_id)).one()


def _owner(incident: Incident, answers: TriageAnswers, by: Viewer) -> uuid.UUID:
    possible = [each.account_id for each in queries.possible_owners(incident, by)]
    if answers.owner_id is None:
        return possible[0]
    if answers.owner_id not in possible:
        raise Refused("Choose an owner from the list.", "owner")
    return answers.owner_id


def _or_not_now(incident: Incident, verb: IncidentVerb, facts: IncidentFacts) -> None:
    reasons = INCIDENT.reasons_not_to(verb, incident.state, facts)
    if reasons:
        raise NotPossibleNow(reasons)
