"""Asking for signatures, and taking in the answers: on paper by the class, one by one, signed in; and putting them right."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.database import current_school
from incidents.declarations.answers import Given
from incidents.declarations.lists import Group, Line
from incidents.declarations.models import Asked, LivesApart, Signature, SignatureChild
from incidents.declarations.queries import is_apart, lasting, lines
from incidents.declarations.words import Answer, How
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.policies.kinds import Audience
from incidents.policies.models import Policy, PolicyVersion
from incidents.schools import year
from incidents.schools.queries import one_at_a_time

CHANGED = "The list has changed meanwhile, so nothing was kept. Load the page again."


@dataclass(frozen=True)
class Entered:
    """What stands on a form that came back. `person_id`: whose signature it is, where that is known."""

    answer: Answer
    signed_on: date
    person_id: uuid.UUID | None = None
    typed_name: str = ""


# --- who is asked


def ask(policy: Policy, audience: Audience, starts: date, *, by: Viewer, at: datetime) -> Asked:
    """From a day on this audience is asked to sign the policy, whichever version is in force."""
    one_at_a_time()
    same = select(Asked.id).where(Asked.policy_id == policy.id, Asked.audience == audience, Asked.ends.is_(None))
    if db.session.scalar(same):
        raise Refused("They are asked already.", "audience")
    row = Asked(
        school_id=current_school(), policy_id=policy.id, audience=audience, starts=starts, begun_by=by.account_id,
        begun_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record("asked to sign", row, by=by.account_id, at=at, audience=audience, policy=policy.id)
    return row


def stop_asking(row: Asked, today: date, *, by: Viewer, at: datetime) -> None:
    """Nobody is asked any more and open links end. What was answered stays."""
    if row.ends is not None:
        raise NotPossibleNow("They are not asked any more. Load the page again.")
    row.ends = max(today, row.starts)
    record("stopped asking", row, by=by.account_id, at=at, audience=row.audience)


def chase(row: Asked, on: bool, *, by: Viewer, at: datetime) -> None:
    """Whether those who did not answer are reminded. It is off until somebody turns it on."""
    if row.chasing != on:
        row.chasing = on
        record("turned chasing on" if on else "turned chasing off", row, by=by.account_id, at=at)


def is_asked(policy_id: uuid.UUID, audience: Audience, day: date) -> bool:
    """Whether this audience is asked to sign the policy on a day."""
    rows = select(Asked.id).where(Asked.policy_id == policy_id, Asked.audience == audience, lasting(day))
    return db.session.scalar(rows.limit(1)) is not None


def live_apart(person_id: uuid.UUID, apart: bool, *, by: Viewer, at: datetime) -> None:
    """A parent gets a form and a link of their own, or no longer. Links of the household as it was end with it."""
    one_at_a_time()
    held = is_apart(person_id)
    if apart and held is None:
        held = LivesApart(school_id=current_school(), person_id=person_id, said_by=by.account_id, said_at=at)
        db.session.add(held)
        db.session.flush()
        record("said they live apart", held, by=by.account_id, at=at, person=person_id)
    elif not apart and held is not None:
        held.ended_at = at
        record("said they live together", held, by=by.account_id, at=at, person=person_id)


# --- answers


def take_in(
    version: PolicyVersion, audience: Audience, keys: Collection[uuid.UUID], entered: Entered, today: date, *, by: Viewer,
    at: datetime, group: Group | None = None,
) -> int:  # fmt: skip
    """The forms of a pile that all say the same, in one go; an entry in the log for each. Returns how many were new.

    What another person entered meanwhile stays as it is. Raises `Refused` if one of the forms is on the list no longer.
    """
    one_at_a_time()
    check_day(version, entered.signed_on, today)
    known = {line.key: line for line in lines(version.id, audience, today, group)}
    if not set(keys) <= known.keys():
        raise Refused(CHANGED)
    new = [line for key, line in known.items() if key in set(keys) and line.is_open]
    for line in new:
        _write(version, audience, line, entered, How.PAPER, by=by.account_id, at=at)
    return len(new)


def enter(
    version: PolicyVersion,
    audience: Audience,
    key: uuid.UUID,
    entered: Entered,
    today: date,
    *,
    by: Viewer,
    at: datetime,
) -> Signature:
    """One answer on one form, with who gave it. Raises `Refused` for a second one of the same person."""
    one_at_a_time()
    check_day(version, entered.signed_on, today)
    line = next((each for each in lines(version.id, audience, today) if each.key == key), None)
    if line is None:
        raise Refused(CHANGED)
    if any(each.person_id == entered.person_id for each in line.own if entered.person_id or not each.who):
        raise Refused("This person has answered already. Put that answer right instead.", "person")
    room = line.household.room if line.household else 1
    if len(line.own) >= room:
        raise Refused("Everybody who can has answered on this form. Put an answer right instead.", "person")
    return _write(version, audience, line, entered, How.PAPER, by=by.account_id, at=at)


def check_day(version: PolicyVersion, signed_on: date, today: date) -> None:
    """Nobody signs tomorrow, or what was not yet adopted. Raises `Refused`."""
    if signed_on > today:
        raise Refused("This day is still to come. Check the date.", "signed_on")
    if signed_on < version.adopted_on:
        raise Refused(
            f"This version was adopted on {year.short_day(version.adopted_on)}. Check the date, or choose an earlier version.",
            "signed_on",
        )


def sign_myself(version: PolicyVersion, audience: Audience, person_id: uuid.UUID, today: date, *, by: Viewer,
                at: datetime) -> Signature:  # fmt: skip
    """Somebody who is signed in says that they have read it. Pressed twice it is one answer."""
    one_at_a_time()
    line = next((each for each in lines(version.id, audience, today) if each.key == person_id), None)
    if line is None or not is_asked(version.policy_id, audience, today):
        raise NotPossibleNow("You are not asked to sign this any more.")
    if line.own:
        return db.session.get_one(Signature, (current_school(), line.own[0].id))
    return _write(version, audience, line, Entered(Answer.SIGNED, today), How.SIGNED_IN, by=by.account_id, at=at)


def _write(
    version: PolicyVersion, audience: Audience, line: Line, entered: Entered, how: How, *, by: uuid.UUID | None,
    at: datetime, link_id: uuid.UUID | None = None,
) -> Signature:  # fmt: skip
    """The row, the children it counts for, and its entry in the log: it holds no name."""
    home = line.household
    only = home.parents[0].person_id if home and len(home.parents) == 1 and not entered.typed_name else None
    row = Signature(
        school_id=current_school(), version_id=version.id, audience=audience,
        person_id=entered.person_id or line.person_id or only, typed_name=entered.typed_name.strip(),
        household=home.key if home else None, answer=entered.answer, how=how, signed_on=entered.signed_on,
        link_id=link_id, by=by, at=at, reason="",
    )  # fmt: skip
    children = [child.person_id for child in home.children] if home else []
    return _kept(row, children, "answered", at)


def _kept(row: Signature, children: Collection[uuid.UUID], verb: str, at: datetime) -> Signature:
    db.session.add(row)
    db.session.flush()
    for child_id in children:
        db.session.add(SignatureChild(school_id=row.school_id, signature_id=row.id, child_id=child_id))
    db.session.flush()
    record(
        verb, row, by=row.by, at=at, field="reason" if row.reason else "", after=row.reason or None, answer=row.answer,
        how=row.how, audience=row.audience, version=row.version_id, person=row.person_id or "", children=len(children),
    )  # fmt: skip
    return row


def by_link(
    version: PolicyVersion, line: Line, entered: Entered, link_id: uuid.UUID, at: datetime
) -> Signature:  # fmt: skip
    """An answer that a household gave with its link."""
    return _write(version, Audience.PARENTS, line, entered, How.ONLINE, by=None, at=at, link_id=link_id)


def correct(
    version: PolicyVersion, held: tuple[Signature, Given], entered: Entered, reason: str, today: date, *, by: Viewer,
    at: datetime,
) -> Signature:  # fmt: skip
    """Put an answer right, with a reason: a later row supersedes it, and both stay."""
    one_at_a_time()
    if entered.answer is not Answer.TAKEN_BACK:
        check_day(version, entered.signed_on, today)
    old, answer = held
    if db.session.scalar(select(Signature.id).where(Signature.supersedes_id == old.id)):
        raise NotPossibleNow("Somebody put this answer right just now. Load the page again.")
    row = Signature(
        school_id=old.school_id, version_id=old.version_id, audience=old.audience, person_id=old.person_id,
        typed_name=entered.typed_name.strip(), household=old.household, answer=entered.answer, how=old.how,
        signed_on=entered.signed_on, by=by.account_id, at=at, supersedes_id=old.id, reason=reason.strip(),
    )  # fmt: skip
    return _kept(row, answer.children, "put answer right", at)
