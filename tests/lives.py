"""Incidents and cases living through thousands of chance events, beside a small model that says what must be true of them."""

import random
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select
from time_machine import Traveller

from incidents import clock
from incidents.audit.models import AuditHead
from incidents.audit.queries import verify_every_chain
from incidents.casework import actions as casework
from incidents.casework.models import Case, CaseIncident, Note, Step
from incidents.casework.queries import incidents_of, steps_of
from incidents.casework.words import StepState
from incidents.database import across_schools, writing
from incidents.decisions.models import Decision
from incidents.errors import NotAllowed, NotPossibleNow, Refused
from incidents.extensions import db
from incidents.matters.visibility import standing
from incidents.recording import actions as recording
from incidents.recording.answers import Named
from incidents.recording.hours import Control
from incidents.recording.models import Incident, Statement, StatementKind
from incidents.recording.words import Direction, Part
from incidents.triage import actions as triage
from incidents.triage.answers import TriageAnswers
from incidents.triage.queries import earlier_of
from tests.cast import PUPILS, Cast
from tests.triage.recorded import LESSON, record

NEEDED = ("finding", "response")  # the steps that no case goes without
REFUSALS = (Refused, NotPossibleNow, NotAllowed)
YOUNG = 4  # so many incidents are alive at once; the oldest is left in peace when another comes


@dataclass
class Model:
    """What has to be so, kept by hand: which words were said, what is in which case, which case is closed."""

    said: dict[uuid.UUID, list[str]] = field(default_factory=dict)  # incident -> all words ever said
    noted: dict[uuid.UUID, list[str]] = field(default_factory=dict)  # case -> all notes ever written
    in_case: dict[uuid.UUID, uuid.UUID | None] = field(default_factory=dict)
    closed: dict[uuid.UUID, bool] = field(default_factory=dict)
    done: dict[uuid.UUID, str] = field(default_factory=dict)  # step -> how it ended


class Lives:
    """One school in which chance does what people do. The same seed gives the same lives."""

    def __init__(self, cast: Cast, traveller: Traveller, seed: int) -> None:
        self.cast, self.traveller, self.chance, self.model = cast, traveller, random.Random(seed), Model()
        self.counted: dict[str, int] = {}
        self.refused = 0
        self.number = 0

    def live(self, steps: int) -> None:
        """So many events, with what must be true looked at after each and the whole log at the end."""
        with self.cast.here():
            for self.number in range(steps):
                self.traveller.shift(timedelta(minutes=self.chance.randrange(1, 90)))
                event = self.chance.choices(EVENTS, WEIGHTS)[0] if self.model.said else Lives.something_happens
                self._try(event)
                self._look()
            with across_schools():
                assert verify_every_chain()[1] == []

    def _try(self, event: Callable[["Lives"], None]) -> None:
        """An event happens whole or not at all; whatever happened is in the log."""
        before = self._log()
        try:
            with writing():
                event(self)
        except REFUSALS:
            self.refused += 1
            assert self._log() == before, f"{event.__name__} was refused and is in the log"
        else:
            self.counted[event.__name__] = self.counted.get(event.__name__, 0) + 1
            changed = event not in MAY_CHANGE_NOTHING
            assert self._log() > before or not changed, f"{event.__name__} happened and is not in the log"

    def _log(self) -> int:
        chain = str(self.cast.school_id)
        return db.session.scalar(select(AuditHead.seq).where(AuditHead.chain == chain)) or 0

    # --- who and what

    def _viewer(self, who: str):
        return self.cast.viewer(who)

    def _incident(self) -> Incident:
        return self._get(Incident, self.chance.choice(list(self.model.said)[-YOUNG:]))

    def _case(self) -> Case:
        cases = list(self.model.closed)[-YOUNG:]
        if not cases:
            raise NotPossibleNow("There is no case yet.")
        return self._get(Case, self.chance.choice(cases))

    def _step(self) -> Step:
        return self.chance.choice(steps_of(self._case()))

    def _get(self, kind, key):
        return db.session.get_one(kind, (self.cast.school_id, key))

    # --- events

    def something_happens(self) -> None:
        target, alleged = self.chance.sample([key for key, *_ in PUPILS], 2)
        incident = record_within(self.cast, [(Part.TARGET, target), (Part.ALLEGED, alleged)])
        self.model.said[incident.id] = [words_of(incident)]
        self.model.in_case[incident.id] = None

    def somebody_adds_words(self) -> None:
        incident, words = self._incident(), f"Words number {self.number}."
        kind = self.chance.choice([StatementKind.ADDITION, StatementKind.CORRECTION])
        recording.add_words(incident, kind, words, by=self._viewer("teacher"), at=clock.now())
        self.model.said[incident.id].append(words)

    def somebody_is_added(self) -> None:
        named = Named(Part.WITNESS, given_name="Passer", family_name=f"By{self.number}")
        recording.involve(self._incident(), named, by=self._viewer("head"), at=clock.now())

    def the_head_triages(self) -> None:
        incident = self._incident()
        was, now_in = self.model.in_case[incident.id], None
        if self.chance.random() < 0.3 and self.model.closed:
            now_in = self._case().id
        earlier = earlier_of(incident)
        answers = TriageAnswers(Direction.PUPIL_TO_PUPIL, case_id=now_in, why="Looked at again.",
                                seen=earlier.id if earlier else None)  # fmt: skip
        case = triage.triage(incident, answers, by=self._viewer("head"), at=clock.now())
        assert now_in is None or not self.model.closed[now_in], "put in a closed case"
        assert was is None or was == case.id, "an incident went from one case to another without being taken out"
        self.model.in_case[incident.id] = case.id
        self.model.closed.setdefault(case.id, False)
        self.model.noted.setdefault(case.id, [])

    def nothing_more_is_done(self) -> None:
        incident = self._incident()
        earlier = earlier_of(incident)
        triage.no_further_action(incident, ["once_and_small"], "", by=self._viewer("head"), at=clock.now(),
                                 seen=earlier.id if earlier else None)  # fmt: skip
        assert self.model.in_case[incident.id] is None, "ended although it is in a case"

    def an_incident_is_taken_out(self) -> None:
        case = self._case()
        incident = self.chance.choice(incidents_of(case))
        alone = len(incidents_of(case)) == 1
        casework.unlink(case, incident, f"Note number {self.number}.", by=self._viewer("head"), at=clock.now())
        assert not alone, "a case was left without an incident"
        assert not self.model.closed[case.id], "taken out of a closed case"
        self.model.in_case[incident.id] = None
        self.model.noted[case.id].append(f"Note number {self.number}.")

    def a_note_is_added(self) -> None:
        case, words = self._case(), f"Note number {self.number}."
        casework.add_note(case, words, by=self._viewer("dsl"), at=clock.now())
        assert not self.model.closed[case.id], "noted on a closed case"
        self.model.noted[case.id].append(words)

    def a_step_is_done(self) -> None:
        step = self._step()
        casework.do_step(step, f"Done in step {self.number}.", by=self._viewer("dsl"), at=clock.now())
        self._ends(step, StepState.DONE)

    def a_step_is_put_aside(self) -> None:
        step = self._step()
        casework.skip_step(step, f"Put aside in {self.number}.", by=self._viewer("dsl"), at=clock.now())
        self._ends(step, StepState.SKIPPED)

    def _ends(self, step: Step, state: StepState) -> None:
        assert step.id not in self.model.done, "a step that was over ended again"
        assert not self.model.closed[step.case_id], "a step of a closed case ended"
        self.model.done[step.id] = state.value

    def a_step_is_taken_up_again(self) -> None:
        step = self._step()
        casework.take_up_again(step, f"Again in {self.number}.", by=self._viewer("dsl"), at=clock.now())
        assert not self.model.closed[step.case_id], "a step of a closed case was taken up again"
        self.model.done.pop(step.id, None)

    def it_is_handed_over(self) -> None:
        who = self.chance.choice(["dsl", "deputy_head", "head"])
        casework.hand_over(self._case(), self.cast.accounts[who], by=self._viewer("head"), at=clock.now())

    def a_finding_is_recorded(self) -> None:
        answer = self.chance.choice(["confirmed_bullying", "not_upheld", "conflict"])
        casework.find(self._case(), answer, f"From what {self.number} said.", by=self._viewer("head"), at=clock.now())

    def an_outcome_is_recorded(self) -> None:
        answer = self.chance.choice(["support_target", "no_action", "restorative"])
        casework.settle_outcome(
            self._case(), answer, f"Because of {self.number}.", by=self._viewer("head"), at=clock.now()
        )

    def everything_left_is_put_aside(self) -> None:
        """So that closing is reached at all."""
        left = [step for step in steps_of(self._case()) if step.state == StepState.TODO and step.key not in NEEDED]
        if not left:
            raise NotPossibleNow("Nothing is left.")
        for step in left:
            casework.skip_step(step, f"Put aside in {self.number}.", by=self._viewer("dsl"), at=clock.now())
        for step in left:
            self._ends(step, StepState.SKIPPED)

    def it_is_closed(self) -> None:
        case = self._case()
        casework.close(case, "Everything is done.", by=self._viewer("head"), at=clock.now())
        assert not self.model.closed[case.id], "closed twice"
        assert all(step.state != StepState.TODO for step in steps_of(case)), "closed with a step to do"
        self.model.closed[case.id] = True

    def it_is_opened_again(self) -> None:
        case = self._case()
        casework.reopen(case, f"Something new: {self.number}.", by=self._viewer("head"), at=clock.now())
        assert self.model.closed[case.id], "opened although it was open"
        self.model.closed[case.id] = False

    # --- what must be true

    def _look(self) -> None:
        """Nothing said is lost or altered; an incident is in one case at most, and in the one that it should be in."""
        db.session.rollback()
        incident_id = self.chance.choice(list(self.model.said))
        said = db.session.scalars(select(Statement.words).where(Statement.incident_id == incident_id)).all()
        assert sorted(said) == sorted(self.model.said[incident_id])
        links = db.session.scalars(
            select(CaseIncident.case_id).where(
                CaseIncident.incident_id == incident_id, CaseIncident.unlinked_at.is_(None)
            )
        ).all()
        assert list(links) == [case for case in [self.model.in_case[incident_id]] if case]
        assert standing(self._viewer("head"), incident_id)
        assert standing(self._viewer("other_teacher"), incident_id) is None
        if self.model.closed:
            self._look_at_a_case(self.chance.choice(list(self.model.closed)))

    def _look_at_a_case(self, case_id: uuid.UUID) -> None:
        case = self._get(Case, case_id)
        assert (case.state == "closed") == self.model.closed[case_id]
        notes = db.session.scalars(select(Note.words).where(Note.case_id == case_id)).all()
        assert Counter(self.model.noted[case_id]) <= Counter(notes), "a note was lost"
        for step in steps_of(case):
            if step.id in self.model.done:
                assert step.state == self.model.done[step.id]
        standing_ones = (
            select(Decision.question)
            .where(Decision.matter_id == case_id, ~Decision.id.in_(_superseded(case_id)))
            .group_by(Decision.question)
            .having(func.count() > 1)
        )
        assert db.session.scalars(standing_ones).all() == [], "two decisions stand on one question"


def _superseded(matter_id: uuid.UUID):
    return select(Decision.supersedes_id).where(Decision.matter_id == matter_id, Decision.supersedes_id.is_not(None))


def words_of(incident: Incident) -> str:
    return db.session.scalars(select(Statement.words).where(Statement.incident_id == incident.id)).one()


def record_within(cast: Cast, people) -> Incident:
    """Recorded in the transaction that is open."""
    return record(cast, people, control=Control.ON_SITE, happened=LESSON, within=True)


WEIGHED = {
    Lives.something_happens: 4, Lives.somebody_adds_words: 4, Lives.somebody_is_added: 2, Lives.the_head_triages: 8,
    Lives.nothing_more_is_done: 2, Lives.an_incident_is_taken_out: 4, Lives.a_note_is_added: 3, Lives.a_step_is_done: 12,
    Lives.a_step_is_put_aside: 4, Lives.a_step_is_taken_up_again: 4, Lives.it_is_handed_over: 2,
    Lives.a_finding_is_recorded: 6, Lives.an_outcome_is_recorded: 6, Lives.everything_left_is_put_aside: 8,
    Lives.it_is_closed: 8, Lives.it_is_opened_again: 3,
}  # fmt: skip
MAY_CHANGE_NOTHING = (Lives.the_head_triages, Lives.it_is_handed_over)  # the same answers again; to whoever has it
EVENTS, WEIGHTS = tuple(WEIGHED), tuple(WEIGHED.values())
