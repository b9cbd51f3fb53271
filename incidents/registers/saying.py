"""Writing down what parents answered, what only safeguarding leads know, and the school's rule on names."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from incidents.access import Permission
from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.database import current_school
from incidents.errors import NotAllowed, NotFound, Refused
from incidents.extensions import db
from incidents.people.queries import contacts_of
from incidents.registers.agreed import may_know_risk, pupils_known, risks_of
from incidents.registers.consent import Answer, How
from incidents.registers.kinds import Channel
from incidents.registers.models import ConsentAnswer, ContactRisk, NamesRule
from incidents.schools.queries import one_at_a_time

ENDS_EARLY: Final = "The last day is before the first."
NOTHING_SAID: Final = "Nothing is chosen for any child yet."
UNKNOWN_PARENT: Final = "Choose somebody with parental responsibility, or the form."


@dataclass(frozen=True)
class Line:
    """One child's answer for one channel."""

    child_id: uuid.UUID
    channel: Channel
    answer: Answer


@dataclass(frozen=True)
class Source:
    """Who said it, how, and from when until when it holds."""

    starts: date
    until: date | None = None
    said_by: uuid.UUID | None = None
    how: How = How.FORM
    words: str = ""


def say(lines: Iterable[Line], source: Source, *, by: Viewer, at: datetime, today: date) -> int:
    """Write answers down; how many. A no holds from today at the latest, whatever day was typed.

    Anybody on the staff may take a consent away; only those who keep the register enter one. Raises `NotAllowed`,
    `NotFound` for a child who is none here, `Refused`.
    """
    several = list(lines)
    if not several:
        raise Refused(NOTHING_SAID)
    if any(each.answer is not Answer.NO for each in several) and not by.may(Permission.KEEP_CONSENT):
        raise NotAllowed
    if source.until and source.until < source.starts:
        raise Refused(ENDS_EARLY, "until")
    children = {each.child_id for each in several}
    if {each.id for each in pupils_known(children, today)} != children:
        raise NotFound
    _check_who(source, children, today)
    for each in several:
        refused = each.answer is Answer.NO
        row = ConsentAnswer(
            school_id=current_school(), child_id=each.child_id, channel=each.channel, answer=each.answer,
            starts=min(source.starts, today) if refused else source.starts, until=None if refused else source.until,
            said_by=source.said_by, how=source.how, words=source.words, by=by.account_id, at=at,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        record("answered", row, by=by.account_id, at=at, field="words", after=source.words, child=each.child_id)
    return len(several)


def _check_who(source: Source, children: set[uuid.UUID], today: date) -> None:
    if source.said_by is None:
        return
    (child,) = children if len(children) == 1 else (None,)
    known = {child} | {
        each.person_id for each in (contacts_of(child, today) if child else ()) if each.parental_responsibility
    }
    if child is None or source.said_by not in known:
        raise Refused(UNKNOWN_PARENT, "said_by")


def flag(child_id: uuid.UUID, flagged: bool, words: str, *, by: Viewer, at: datetime, today: date) -> None:
    """Raise or lift the flag that only safeguarding leads read. Nobody is sent anything about it."""
    if not may_know_risk(by, child_id):
        raise NotFound
    one_at_a_time()
    said = risks_of(child_id)
    if bool(said and said[0].flagged) == flagged:
        raise Refused("That is what stands already." if flagged else "There is no flag to lift.", "words")
    row = ContactRisk(
        school_id=current_school(), child_id=child_id, number=len(said) + 1, flagged=flagged, since=today, words=words,
        by=by.account_id, at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record("flagged" if flagged else "lifted", row, by=by.account_id, at=at, field="words", after=words)


def set_names_rule(never: bool, *, by: Viewer, at: datetime) -> None:
    """Say whether the school never puts a name to a picture of a child. What was said before is kept."""
    row = NamesRule(school_id=current_school(), never=never, by=by.account_id, at=at)
    db.session.add(row)
    db.session.flush()
    record("changed", row, by=by.account_id, at=at, never=int(never))
