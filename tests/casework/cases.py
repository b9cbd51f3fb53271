"""Cases made by the actions that people use."""

import uuid
from datetime import date, datetime, time

from incidents import clock
from incidents.casework.actions import open_case, skip_step
from incidents.casework.models import Case, Step
from incidents.casework.queries import steps_of
from incidents.casework.words import StepState
from incidents.database import writing
from incidents.extensions import db
from incidents.people.kinds import PersonKind
from incidents.recording.actions import record_incident, start_draft
from incidents.recording.answers import Answers, Named
from incidents.recording.hours import Control, Happened, WhenKind
from incidents.recording.models import Incident
from incidents.recording.words import Danger, Intimate, Method, Part
from tests.cast import Cast

TITLE = "Threat in a Year 6 group chat"


def an_incident(cast: Cast, target: str = "isla", alleged: str = "mason", by: str = "teacher") -> Incident:
    """Recorded by a teacher: one pupil to another, on Friday evening. Inside `here()`."""
    at = clock.now()
    happened = Happened(WhenKind.EXACT, date(2026, 11, 20), None, time(19, 40), None)
    answers = Answers(
        words="A picture with a threat under it.", danger=Danger.NO, happened=happened, control=Control.OFF_SITE,
        platform="Chatterbox", method=Method.GROUP_CHAT, account_name="", url="", spoken_to="The DSL, by phone.",
        intimate=Intimate.NO, device="",
        people=(Named(Part.TARGET, cast.persons[target], kind=PersonKind.PUPIL),
                Named(Part.ALLEGED, cast.persons[alleged], kind=PersonKind.PUPIL)),
    )  # fmt: skip
    with writing():
        draft = start_draft(by=cast.viewer(by), at=at)
        return record_incident(draft, answers, by=cast.viewer(by), at=at)


def a_case(
    cast: Cast, workflow: str = "pupil_to_pupil", owner: str = "dsl", incident: Incident | None = None, by: str = "head"
) -> Case:
    """A case that the head opened on Monday morning, for the incident above. Inside `here()`."""
    incident = incident or an_incident(cast)
    with writing():
        return open_case(incident, workflow, TITLE, cast.accounts[owner], by=cast.viewer(by), at=clock.now())


def step(case: Case, key: str) -> Step:
    return next(each for each in steps_of(case) if each.key == key)


def finish_the_rest(cast: Cast, case: Case, at: datetime | None = None) -> None:
    """Put aside every step that is still to do, but those of the finding and the outcome."""
    with writing():
        for each in steps_of(case):
            if each.state == StepState.TODO and each.key not in ("finding", "response"):
                skip_step(each, "Not needed in this test.", by=cast.viewer("head"), at=at or clock.now())


def reload(case: Case) -> Case:
    db.session.expire_all()
    return db.session.get_one(Case, (case.school_id, case.id))


def nobody() -> uuid.UUID:
    return uuid.uuid4()
