"""Incidents for the tests of triage, recorded by the action that staff use."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date, time

from sqlalchemy import select

from incidents import clock
from incidents.accounts.viewer import Viewer
from incidents.database import writing
from incidents.extensions import db
from incidents.recording import actions as recording
from incidents.recording.answers import Answers, Named
from incidents.recording.hours import Control, Happened, WhenKind
from incidents.recording.models import Incident
from incidents.recording.words import Danger, Intimate, Method, Part
from incidents.schools.models import School
from incidents.triage.queries import how_many_wait
from tests.cast import Cast

EVENING = Happened(WhenKind.EXACT, date(2026, 11, 20), None, time(21, 14))
LESSON = Happened(WhenKind.EXACT, date(2026, 11, 20), None, time(11, 0))
WORDS = "Screenshots of a group chat came in tonight."


def record(
    cast: Cast,
    people: Sequence[tuple[Part, str]] = ((Part.TARGET, "isla"), (Part.ALLEGED, "mason")),
    *,
    by: str = "teacher",
    happened: Happened = EVENING,
    control: Control = Control.OFF_SITE,
    method: Method = Method.GROUP_CHAT,
    account: str = "",
    danger: Danger = Danger.NO,
    handles: Sequence[tuple[Part, str]] = (),
    within: bool = False,
) -> Incident:
    """One incident, by these people of the cast and these unknown accounts. Inside `cast.here()`.

    `within` a transaction that is open already, or in one of its own.
    """
    named = [Named(part, person_id=cast.persons[who]) for part, who in people]
    named += [Named(part, handle_platform="Snapchat", handle_name=name) for part, name in handles]
    answers = Answers(
        words=WORDS,
        danger=danger,
        happened=happened,
        control=control,
        method=method,
        account_name=account,
        spoken_to="the safeguarding lead, in person",
        intimate=Intimate.NO,
        people=tuple(named),
    )
    viewer = cast.viewer(by)
    with nullcontext() if within else writing():
        draft = recording.start_draft(by=viewer, at=clock.now())
        return recording.record_incident(draft, answers, by=viewer, at=clock.now())


def number_on_tab(viewer: Viewer) -> int:
    """What the tab of the first page says, asked as the cover asks it."""
    count: int = db.session.scalars(select(how_many_wait(viewer)).select_from(School)).first()
    return count
