"""What follows on a story: its triage, the steps of its case, what was found and done, and how it ended."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import select

from incidents.accounts.viewer import Viewer
from incidents.casework import actions as casework
from incidents.casework.models import Step
from incidents.casework.words import PUPIL_SANCTIONS, Records, StepRole
from incidents.casework.workflow import StepPlan, load
from incidents.decisions.queries import current
from incidents.demo.reading import usual
from incidents.demo.ruling import cited
from incidents.demo.stories import Answers, Known, Triage, Work
from incidents.demo.telling import Act, Told
from incidents.extensions import db
from incidents.matters.actions import tell
from incidents.people.models import Handle
from incidents.recording import actions as recording
from incidents.recording.words import Part
from incidents.schools.queries import pack_of, this_school
from incidents.triage import actions as triage
from incidents.triage.answers import TriageAnswers
from incidents.triage.motives import suggested
from incidents.triage.questions import QuestionName

# When in the day a step is usually written up; each step of a case takes the next.
CLOCKS = (time(9, 10), time(11, 5), time(12, 40), time(14, 15), time(15, 35), time(16, 20))
ASSIGNED = timedelta(minutes=4)
FIRST_STEP = timedelta(minutes=11)
AFTERNOON = time(16, 45)
# What is said to those whom it concerns, and to whoever wrote it down: that it was acted on, and nothing about anybody.
TO_STAFF = (
    "We have dealt with whoever did this, and it has come down. Thank you for leaving the answer to us. "
    "You did nothing to bring it on. My door is open, and so is the helpline.",
    "It has been dealt with, and we look again in two weeks. Please tell me at once if anything like it comes back.",
)
TO_RECORDER = (
    "Thank you for writing this down so soon. We have spoken with everybody, and acted. I can’t tell you more about each "
    "person. Please say at once if you see it again.",
    "Thank you. What you kept made it easy to settle. It is closed for now, and we will ask again in a few weeks.",
    "Thank you for noticing. It has been dealt with, with both homes where there are two. Tell me if you hear more.",
)
# Steps that start with nobody: somebody has to be chosen.
TO_BE_CHOSEN = (StepRole.INVESTIGATOR, StepRole.CHAIR, StepRole.DECISION_MAKER, StepRole.CLERK, StepRole.DPO)
BRIEFS = {
    StepRole.INVESTIGATOR: "The record comes to you by hand. Please hear those named in it, one at a time, and write up what "
    "you find. What should follow is not for you to say.",
    StepRole.CHAIR: "Only if the parent asks for it. I will tell you beforehand what was said when we met.",
}


def acts_after(told: Told, everything: dict[str, Told]) -> Iterator[Act]:
    """The acts that follow on the recording of a story, in no order."""
    story = told.story
    if story.triage is None:
        return
    first = told.moment(story.triage.answers.after, story.triage.answers.at)
    yield Act(told.story.key, first, lambda at: _triage(told, everything, at))
    if story.triage.again:
        again = story.triage.again
        yield Act(told.story.key, told.moment(again.after, again.at), lambda at: _triage_again(told, again, at))
    if story.work:
        if any(plan.role in TO_BE_CHOSEN for plan in load(story.triage.workflow).steps):
            yield Act(told.story.key, first + ASSIGNED, lambda at: _assign(told, at))
        yield from _steps(told, story.triage, story.work, first)
        yield from _ending(told, story.triage, story.work)


# --- triage


def _answered(told: Told, answers: Answers) -> TriageAnswers:
    story = told.story
    single = {QuestionName.HARM_THRESHOLD: answers.harm, QuestionName.IDENTIFIES_TEACHER: answers.identifies}
    return TriageAnswers(
        direction=story.direction,
        tests=answers.tests,
        reasonable=answers.reasonable,
        single={name: answer for name, answer in single.items() if answer},
        title=story.title,
        motives=answers.motives,
        four_cs=suggested(story.direction, story.method),
        why=answers.says,
        rules=tuple(cited(told, named) for named in answers.rules),
        rules_why=answers.rules_why,
    )


def _triage(told: Told, everything: dict[str, Told], at: datetime) -> None:
    decided = told.story.triage
    if decided is None:
        raise LookupError(f"{told.story.key} has no triage")
    by = told.made.viewer(decided.answers.by, at)
    answers = decided.answers
    if decided.then == "none":
        given = _answered(told, answers)
        triage.no_further_action(
            told.incident(), decided.because, answers.says, by=by, at=at, direction=told.story.direction, single=given.single
        )  # fmt: skip
        return
    joined = everything[decided.joins].case_id if decided.joins else None
    owner = None if joined else told.made.accounts[told.owner()]
    given = replace(
        _answered(told, answers), case_id=joined, workflow=None if joined else decided.workflow, owner_id=owner
    )
    told.case_id = triage.triage(told.incident(), given, by=by, at=at).id


def _triage_again(told: Told, answers: Answers, at: datetime) -> None:
    """A later decision in the place of the first: what it does not answer anew stands as it was."""
    first = told.story.triage
    if first is None:
        raise LookupError(f"{told.story.key} has no triage")
    seen = current(told.incident(), triage.DISPOSITION)
    given = replace(
        _answered(told, first.answers),
        tests={**first.answers.tests, **answers.tests}, why=answers.says, seen=seen.id if seen else None,
    )  # fmt: skip
    triage.triage(told.incident(), given, by=told.made.viewer(answers.by, at), at=at)


# --- steps


def _assign(told: Told, at: datetime) -> None:
    """Steps that start with nobody (who looks into it, who decides, the chair) are given to somebody who may."""
    decided = told.story.triage
    if decided is None:
        raise LookupError(f"{told.story.key} has no triage")
    made = told.made
    outside = next(someone.key for someone in made.cast.people if someone.kind == "outside")
    chair = next(someone.key for someone in made.cast.people if "chair" in someone.roles)
    chosen = {
        StepRole.INVESTIGATOR: outside,
        StepRole.CHAIR: chair,
        StepRole.DECISION_MAKER: decided.answers.by,
    }
    by = made.viewer(decided.answers.by, at)
    plans = {plan.key: plan for plan in load(decided.workflow).steps}
    nobody = select(Step).where(Step.case_id == told.case_id, Step.owner_id.is_(None)).order_by(Step.position)
    for step in db.session.scalars(nobody).all():
        who = chosen.get(plans[step.key].role, told.owner())
        brief = BRIEFS.get(plans[step.key].role, "")
        casework.assign_step(step, made.accounts[who], by=by, at=at, words=brief)


def _steps(told: Told, decided: Triage, work: Work, opened: datetime) -> Iterator[Act]:
    bank = usual()[decided.workflow]
    for number, plan in enumerate(load(decided.workflow).steps):
        if plan.key not in work.steps:
            continue
        day = work.days.get(plan.key, bank[plan.key].day)
        at = opened + FIRST_STEP + number * ASSIGNED
        if day:
            at = told.moment(decided.answers.after + day, CLOCKS[number % len(CLOCKS)])
        yield Act(told.story.key, at, _over(told, decided, work, plan, number))


def _over(told: Told, decided: Triage, work: Work, plan: StepPlan, number: int) -> Callable[[datetime], None]:
    notes = usual()[decided.workflow][plan.key].notes
    usually = notes[(number + told.story.day) % len(notes)]

    def act(at: datetime) -> None:
        step = told.step(plan.key)
        words = told.in_words(work.notes.get(plan.key, usually))
        if plan.records is Records.FINDING and work.finding:
            casework.find(told.case(), work.finding.value, words, by=told.made.viewer(decided.answers.by, at), at=at)
        elif plan.records is Records.OUTCOME:
            _settle(told, decided, work, words, at)
        elif plan.key in work.skips:
            casework.skip_step(step, told.in_words(work.skips[plan.key]), by=_whoever_does(told, step, at), at=at)
        else:
            casework.do_step(step, words, by=_whoever_does(told, step, at), at=at)
        if plan.key == "tell_staff":
            for key in told.story.people[Part.TARGET]:
                _say(told, key, TO_STAFF, decided, at)

    return act


def _say(told: Told, key: str, sayings: tuple[str, ...], decided: Triage, at: datetime) -> None:
    """Tell somebody what was done, as they then read it on their own page."""
    words = sayings[told.story.day % len(sayings)]
    tell(told.incident(), told.made.persons[key], words, by=told.made.viewer(decided.answers.by, at), at=at)


def _whoever_does(told: Told, step: Step, at: datetime) -> Viewer:
    keys = {account: key for key, account in told.made.accounts.items()}
    return told.made.viewer(keys[step.owner_id] if step.owner_id else told.owner(), at)


def _settle(told: Told, decided: Triage, work: Work, words: str, at: datetime) -> None:
    """What was done. Before a sanction every statement of the nation's list was looked at and found to be so."""
    checks = [check.key for check in pack_of(this_school()).sanction_checks]
    casework.settle_outcome(
        told.case(), work.outcomes, words, by=told.made.viewer(decided.answers.by, at), at=at,
        reasons=checks if PUPIL_SANCTIONS & set(work.outcomes) else (),
    )  # fmt: skip


# --- how it ended


def _ending(told: Told, decided: Triage, work: Work) -> Iterator[Act]:
    if work.known:
        known = work.known
        yield Act(told.story.key, told.moment(known.after, AFTERNOON), lambda at: _identify(told, known, at))
    if not work.close:
        return
    bank = usual()[decided.workflow]
    last = max(work.days.get(key, bank[key].day) for key in work.steps)
    after = decided.answers.after + last + 1

    def close(at: datetime) -> None:
        casework.close(told.case(), told.in_words(work.close), by=told.made.viewer(decided.answers.by, at), at=at)
        if told.story.by != decided.answers.by:
            _say(told, told.story.by, TO_RECORDER, decided, at)

    yield Act(told.story.key, told.moment(after, AFTERNOON), close)
    if work.reopened:
        again = work.reopened

        def reopen(at: datetime) -> None:
            casework.reopen(told.case(), again.why, by=told.made.viewer(decided.answers.by, at), at=at)

        yield Act(told.story.key, told.moment(after + again.after, time(10, 30)), reopen)


def _identify(told: Told, known: Known, at: datetime) -> None:
    handle = db.session.scalars(select(Handle).where(Handle.name == known.handle)).one()
    by = told.made.viewer(told.owner(), at)
    recording.identify_handle(told.incident(), handle, told.made.persons[known.person], known.why, by=by, at=at)
