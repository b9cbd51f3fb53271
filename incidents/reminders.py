"""Reminders: what is due, overdue or waits undecided, and whom that is told of in the current school."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from incidents.accounts.models import Account
from incidents.accounts.queries import holders, seats
from incidents.casework.models import Case, Step
from incidents.casework.queries import owner_of_case
from incidents.casework.words import CaseState, StepState
from incidents.casework.workflow import load
from incidents.extensions import db
from incidents.matters.models import Matter
from incidents.matters.visibility import deciders
from incidents.notifications.actions import may_know, remind
from incidents.notifications.models import Notice, NoticeKind
from incidents.policies.queries import ROLE_OF as POLICY_ROLES
from incidents.policies.queries import reviews_due
from incidents.policies.versions import reminders_begun
from incidents.recording.lifecycle import IncidentState
from incidents.recording.models import Incident
from incidents.schools.queries import this_school

UNTRIAGED_FOR = timedelta(days=1)
# A review is a talk that must be arranged, over a weekend if need be: it is told some days before.
REVIEW_AHEAD = timedelta(days=3)

Turn = Callable[[], Sequence[uuid.UUID | None]]


@dataclass(frozen=True)
class Reminder:
    """Something to be told: of which step, matter or policy, for which day, and whose it is, by turns.

    The first turn with somebody who may act and may know is told: what waits for somebody who left, or who was named in
    it since, would be forgotten.
    """

    kind: NoticeKind
    matter: Matter | None  # a policy is nobody's matter
    about_id: uuid.UUID
    due_on: date
    turns: tuple[Turn, ...]

    @property
    def key(self) -> tuple[str, uuid.UUID, date]:
        """Told once. If the day moves, it is another one, and is told again."""
        return self.kind, self.about_id, self.due_on


def make_reminders(at: datetime) -> int:
    """Make what is due at this moment in the current school, each once; how many. The caller's transaction keeps them."""
    here = ZoneInfo(this_school().timezone)
    due = [*_of_steps(at, here), *_of_incidents(at, here), *_of_policies(at, here)]
    told = _told(each.about_id for each in due)
    return sum(_tell(each, at) for each in due if each.key not in told)


def _told(about: Iterable[uuid.UUID]) -> set[tuple[str, uuid.UUID, date]]:
    rows = select(Notice.kind, Notice.about_id, Notice.due_on).where(Notice.about_id.in_(set(about)))
    return {(kind, about_id, due_on) for kind, about_id, due_on in db.session.execute(rows) if about_id and due_on}


def _tell(reminder: Reminder, at: datetime) -> int:
    matter_id = reminder.matter.id if reminder.matter else None
    for turn in reminder.turns:
        asked = [db.session.get_one(Account, account_id) for account_id in turn() if account_id]
        told = [account for account in asked if may_know(account, matter_id, at)]
        if told:
            return sum(
                remind(account.id, reminder.kind, reminder.about_id, reminder.due_on, matter_id=matter_id, at=at)
                for account in told
            )
    return 0


def _of_steps(at: datetime, here: ZoneInfo) -> Iterator[Reminder]:
    """Steps of open cases whose clock runs: to their owner, else to the case's, else to those who decide it."""
    today = at.astimezone(here).date()
    soon = datetime.combine(today + REVIEW_AHEAD + timedelta(days=1), time.min, here)
    running = (
        select(Step, Case)
        .join(Case, and_(Case.school_id == Step.school_id, Case.id == Step.case_id))
        .where(
            Step.state == StepState.TODO,
            Step.started_at.is_not(None),
            Step.due_at < soon,
            Case.state == CaseState.OPEN,
        )
        .order_by(Step.due_at, Step.id)
    )
    for step, case in db.session.execute(running).tuples():
        if step.due_at is None:
            continue
        due_on = step.due_at.astimezone(here).date()
        kind = _kind_of(step.due_at < at, due_on == today, step.key == load(case.workflow).review)
        if kind:
            turns = (_only(step.owner_id), partial(_owner_of, case), partial(_deciders_of, case, at))
            yield Reminder(kind, case, step.id, due_on, turns)


def _kind_of(is_over: bool, is_today: bool, is_review: bool) -> NoticeKind | None:
    if is_over:
        return NoticeKind.STEP_OVERDUE
    if is_today:
        return NoticeKind.STEP_DUE
    return NoticeKind.REVIEW_DUE if is_review else None


def _of_incidents(at: datetime, here: ZoneInfo) -> Iterator[Reminder]:
    """Incidents on which nobody has decided for a day: to those who decide them."""
    waiting = select(Incident).where(
        Incident.state == IncidentState.RECORDED, Incident.recorded_at <= at - UNTRIAGED_FOR
    )
    for incident in db.session.scalars(waiting.order_by(Incident.recorded_at, Incident.id)):
        due_on = (incident.recorded_at + UNTRIAGED_FOR).astimezone(here).date()
        yield Reminder(NoticeKind.UNTRIAGED, incident, incident.id, due_on, (partial(_deciders_of, incident, at),))


def _of_policies(at: datetime, here: ZoneInfo) -> Iterator[Reminder]:
    """Policies whose review is near, or due: to the headteacher and the chair, 90 and 30 days before and on the day.

    Of several that nothing ran for, the last is made: a policy long past its review is told of once.
    """
    today = at.astimezone(here).date()
    for version in reviews_due(today):
        if version.review_on and (days := reminders_begun(version.review_on, today)) is not None:
            due_on = version.review_on - timedelta(days=days)
            yield Reminder(NoticeKind.REVIEW_DUE, None, version.id, due_on, (partial(_policy_makers, at),))


def _policy_makers(at: datetime) -> Sequence[uuid.UUID | None]:
    held = holders(*POLICY_ROLES.values(), at=at)
    return list(dict.fromkeys(account.id for _, account in held))


def _only(account_id: uuid.UUID | None) -> Turn:
    return lambda: [account_id]


def _owner_of(case: Case) -> Sequence[uuid.UUID | None]:
    return [owner_of_case(case)]


def _deciders_of(matter: Matter, at: datetime) -> Sequence[uuid.UUID | None]:
    return deciders(matter, seats(at))
