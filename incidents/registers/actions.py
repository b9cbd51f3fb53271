"""Asking for an entry, deciding on it, and linking it with an incident. What was asked and done is never overwritten."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from incidents.access import Right
from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.database import current_school
from incidents.errors import NotAllowed, NotFound, NotPossibleNow, Refused
from incidents.extensions import db
from incidents.matters.models import Matter
from incidents.notifications.actions import notify
from incidents.notifications.models import NoticeKind
from incidents.people.queries import on_list
from incidents.registers.kinds import REGISTERS, EntryState, RegisterKind
from incidents.registers.lifecycle import ENDS_EARLY, ENTRY, FIELD_OF, EntryFacts, Verb
from incidents.registers.models import RegisterEntry, RegisterEvent, RegisterLink
from incidents.registers.queries import (
    accounts_of_school,
    deciders_of,
    entry_for,
    events_of,
    links_of,
    may_enter,
    register_of,
    rights_in,
)

SAME_TWO: Final = "The second person must be somebody else."
WHO_NEEDED: Final = "Say who it is: by name, or by the name that they write under."
NOT_YOURS: Final = (
    "Somebody else decides about this person. Open it from the incident it belongs to, or leave it to them."
)
KEPT_BY_LINK: Final = "This link keeps the entry with you. Without it somebody else would decide, and read all of it."
MEANWHILE: Final = "Somebody did something with this meanwhile. Read what stands there now, then decide."
STILL_TO_COME: Final = "That day is still to come. Change until when it holds instead."


@dataclass(frozen=True)
class Asked:
    """What was typed for a new entry: people and account in their columns, all else by the register's fields."""

    facts: dict[str, Any] = field(default_factory=dict)
    person_id: uuid.UUID | None = None
    second_id: uuid.UUID | None = None
    account_id: uuid.UUID | None = None
    starts: date | None = None
    ends: date | None = None
    review_on: date | None = None
    untold: str = ""  # why somebody whose use of a device is watched is not told yet


@dataclass(frozen=True)
class Given:
    """What was typed with an act on an entry."""

    words: str = ""
    starts: date | None = None
    ends: date | None = None
    review_on: date | None = None
    on: date | None = None
    person_id: uuid.UUID | None = None
    second_id: uuid.UUID | None = None


def ask(
    kind: RegisterKind, asked: Asked, *, by: Viewer, at: datetime, today: date, matter: Matter | None = None
) -> RegisterEntry:
    """Ask for an entry; or, in a register in which nobody asks, make one that holds at once.

    Raises `NotFound` for a register that this person does not find, `Refused` for what can't be taken.
    """
    register = REGISTERS[kind]
    if not may_enter(by, kind):
        raise NotFound
    verb = Verb.ASK if register.asks else Verb.ENTER
    _check(kind, asked, verb, today)
    entry = RegisterEntry(
        school_id=current_school(), kind=kind, state=EntryState.ASKED if register.asks else EntryState.APPROVED,
        person_id=asked.person_id, second_id=asked.second_id, account_id=asked.account_id, facts=asked.facts,
        starts=asked.starts or (None if register.asks else today), ends=asked.ends, review_on=asked.review_on,
        asked_by=by.account_id, asked_at=at,
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    record("asked" if register.asks else "entered", entry, by=by.account_id, at=at, register=kind)
    _happened(entry, verb, Given(), by, at)
    if asked.untold:
        _happened(entry, Verb.NOT_TELL, Given(words=asked.untold), by, at)
    if matter is not None:
        _link(entry, matter, by, at)
    if not register.shared and Right.DECIDE not in rights_in(by, entry):
        raise Refused(NOT_YOURS, "person")
    if register.asks:
        for account_id in deciders_of(entry, at):
            if account_id != by.account_id:
                notify(account_id, NoticeKind.NEEDS_YOU, at=at)
    return entry


def _check(kind: RegisterKind, asked: Asked, verb: Verb, today: date) -> None:
    register = REGISTERS[kind]
    for person_id in filter(None, (asked.person_id, asked.second_id)):
        on_list(person_id)
    if asked.second_id and asked.second_id == asked.person_id:
        raise Refused(SAME_TWO, "second")
    if asked.account_id and asked.account_id not in {each.id for each in accounts_of_school()}:
        raise Refused(register.field("account").needed, "account")
    named = [each.key for each in register.fields if each.key in ("author", "used_by") and not each.needed]
    if named and not asked.person_id and not any(asked.facts.get(key) for key in named):
        raise Refused(WHO_NEEDED, named[0])
    starts = asked.starts or today
    facts = EntryFacts(register, starts=starts, ends=asked.ends, review_on=asked.review_on)
    move = ENTRY.move(verb, None)
    assert move
    _refuse([reason for need in move.needs for reason in need.unmet(facts)])


def _refuse(reasons: list[str]) -> None:
    for reason in reasons:
        raise Refused(reason, FIELD_OF.get(reason))


def act(
    entry_id: uuid.UUID, verb: Verb, given: Given, *, seen: int, by: Viewer, at: datetime, today: date
) -> RegisterEntry:
    """Do something with an entry. `seen` is how many events its page showed: of two at once the second is told so.

    Raises `NotFound`, `NotAllowed`, `NotPossibleNow` where the lifecycle has no such move, `Refused` for what was typed.
    """
    entry = _locked(by, entry_id)
    rights, state = rights_in(by, entry), EntryState(entry.state)
    if ENTRY.move(verb, state) is None:
        raise NotPossibleNow(ENTRY.instead[state])
    if not ENTRY.may(verb, state, rights):
        raise NotAllowed
    if len(events_of(entry.id)) != seen:
        raise NotPossibleNow(MEANWHILE)
    if verb is Verb.END:
        given = _last_day(entry, given, today)
    changed = _with(entry, given, verb, today)
    _refuse(ENTRY.reasons_not_to(verb, state, changed))
    move = ENTRY.move(verb, state)
    assert move
    entry.state = move.to
    entry.starts, entry.ends, entry.review_on = changed.starts, changed.ends, changed.review_on
    if verb is Verb.CHANGE and entry.kind == RegisterKind.ACCOUNT:
        _change_keepers(entry, given)
    if verb in (Verb.APPROVE, Verb.REFUSE):
        entry.decided_by, entry.decided_at = by.account_id, at
        if entry.asked_by != by.account_id:
            notify(entry.asked_by, NoticeKind.NEEDS_YOU, at=at)
    _happened(entry, verb, given, by, at)
    return entry


def _locked(by: Viewer, entry_id: uuid.UUID) -> RegisterEntry:
    """The entry, held until the transaction ends; on SQLite there is one writer anyway."""
    entry_for(by, entry_id)
    return db.session.execute(
        select(RegisterEntry)
        .where(RegisterEntry.id == entry_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()


def _last_day(entry: RegisterEntry, given: Given, today: date) -> Given:
    """Until which day it held. One that was to begin later never began."""
    last = given.ends or today
    if last > today:
        raise Refused(STILL_TO_COME, "ends")
    if entry.starts and entry.starts > today:
        entry.starts = entry.ends = entry.review_on = None
        return Given(words=given.words)
    if entry.starts and last < entry.starts:
        raise Refused(ENDS_EARLY, "ends")
    return Given(words=given.words, ends=last)


def _with(entry: RegisterEntry, given: Given, verb: Verb, today: date) -> EntryFacts:
    """The entry as the act leaves it: approving and changing set the days, other acts leave them."""
    sets = verb in (Verb.APPROVE, Verb.CHANGE)
    starts = (given.starts or entry.starts or today) if verb is Verb.APPROVE else entry.starts
    return EntryFacts(
        register_of(entry),
        words=given.words,
        starts=starts,
        ends=given.ends if sets or verb is Verb.END else entry.ends,
        review_on=given.review_on if sets else entry.review_on,
        on=given.on,
    )


def _change_keepers(entry: RegisterEntry, given: Given) -> None:
    person_id, second_id = given.person_id or entry.person_id, given.second_id or entry.second_id
    for each in filter(None, (person_id, second_id)):
        on_list(each)
    if person_id == second_id:
        raise Refused(SAME_TWO, "second")
    entry.person_id, entry.second_id = person_id, second_id


def _happened(entry: RegisterEntry, verb: Verb, given: Given, by: Viewer, at: datetime) -> None:
    event = RegisterEvent(
        school_id=entry.school_id, entry_id=entry.id, number=len(events_of(entry.id)) + 1, verb=verb, words=given.words,
        told_on=given.on, starts=entry.starts, ends=entry.ends, review_on=entry.review_on, person_id=entry.person_id,
        second_id=entry.second_id, by=by.account_id, at=at,
    )  # fmt: skip
    db.session.add(event)
    db.session.flush()
    record(verb.value, event, by=by.account_id, at=at, field="words", after=given.words, entry=entry.id)


# --- incidents


def link(entry_id: uuid.UUID, matter: Matter, *, by: Viewer, at: datetime) -> None:
    """Say that an entry and an incident or case have to do with each other. The caller has seen that they may work on it."""
    entry = _locked(by, entry_id)
    if any(each.entry.id == entry.id for each in links_of(by, matter_id=matter.id)):
        raise Refused("These two are linked already.", "entry")
    _link(entry, matter, by, at)


def _link(entry: RegisterEntry, matter: Matter, by: Viewer, at: datetime) -> None:
    made = RegisterLink(
        school_id=entry.school_id, entry_id=entry.id, matter_id=matter.id, by=by.account_id, at=at
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    # Who asks what was done in an incident must not learn from it that somebody is watched.
    shown_in = matter.id if register_of(entry).shared else None
    record("linked", made, by=by.account_id, at=at, matter=shown_in)


def unlink(matter: Matter, link_id: uuid.UUID, *, by: Viewer, at: datetime) -> None:
    """They have nothing to do with each other after all. Raises `NotFound` for a link that this person may not know of,
    and `NotPossibleNow` for the one by which a monitoring is theirs: without it the head would find it, and ask why."""
    found = next((each for each in links_of(by, matter_id=matter.id) if each.link.id == link_id), None)
    if found is None:
        raise NotFound
    found.link.ended_by, found.link.ended_at = by.account_id, at
    db.session.flush()
    if not register_of(found.entry).shared and Right.DECIDE not in rights_in(by, found.entry):
        raise NotPossibleNow(KEPT_BY_LINK)
    shown_in = matter.id if register_of(found.entry).shared else None
    record("unlinked", found.link, by=by.account_id, at=at, matter=shown_in)
