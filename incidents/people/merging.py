"""Two entries that are one person: said, taken back, and nothing else moved or rewritten."""

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select

from incidents.audit.actions import record
from incidents.errors import NotFound, NotPossibleNow, Refused
from incidents.extensions import db
from incidents.people.models import Identifier, Person, SamePerson
from incidents.people.queries import has_facts
from incidents.schools.queries import one_at_a_time

# What later slices do once it is said or taken back that entries are one person: called with all of those entries.
WHEN_MERGED: list[Callable[[Collection[uuid.UUID], datetime], None]] = []


@dataclass(frozen=True)
class Merged:
    """An entry of the list that is one person with the one asked about, and what was said of it."""

    said: SamePerson
    entry: Person


def merge(entry: Person, into: Person, reason: str, *, by: uuid.UUID | None, at: datetime) -> SamePerson:
    """Say that an entry is the same person as another, which stays. What was said before is superseded, never removed.

    What hangs on the entry stays on it: who asks for the person finds both. Raises `Refused` for two who can't be one.
    """
    one_at_a_time()
    if entry.id == into.id:
        raise Refused("Choose another person.", "other")
    for each in (entry, into):
        db.session.refresh(each)
        if each.one_id != each.id:
            raise NotPossibleNow("One of the two is merged already. Load the page again.")
    if _known_apart(entry, into):
        raise Refused(
            "The school’s records system knows them as two people: each has a number there. Put it right there first.",
            "other",
        )
    said = _say(entry, into, reason, by, at)
    together = _together([entry.id, into.id])
    for each in together:
        each.one_id = into.id
    _follow(together, at)
    return said


def take_apart(entry: Person, reason: str, *, by: uuid.UUID | None, at: datetime) -> SamePerson:
    """Say that an entry is somebody else after all. Everything is as it was: nothing had been moved."""
    one_at_a_time()
    before = _standing([entry.id]).get(entry.id)
    if before is None or before.into_id is None:
        raise NotPossibleNow("They are two people already. Load the page again.")
    together = _together([entry.one_id])
    said = _say(entry, None, reason, by, at)
    into = {said.person_id: said.into_id for said in _standing([each.id for each in together]).values()}
    for each in together:
        each.one_id = _root(each.id, into)
    _follow(together, at)
    return said


def merged_with(person_id: uuid.UUID) -> list[Merged]:
    """The entries of the list that are this person. A name that was only typed in an incident is not told here."""
    entries = db.session.scalars(
        select(Person).where(Person.one_id == person_id, Person.id != person_id, has_facts()).order_by(Person.folded)
    ).all()
    said = _standing([each.id for each in entries])
    return [Merged(said[each.id], each) for each in entries]


def merged_entry(person_id: uuid.UUID, entry_id: uuid.UUID) -> Merged:
    """One of these. Raises `NotFound`."""
    found = next((each for each in merged_with(person_id) if each.entry.id == entry_id), None)
    if found is None:
        raise NotFound
    return found


def said_of(entry_id: uuid.UUID) -> SamePerson | None:
    """What holds now of one entry: that it is somebody's, or is not after all; None: nothing was ever said."""
    return _standing([entry_id]).get(entry_id)


def _say(entry: Person, into: Person | None, reason: str, by: uuid.UUID | None, at: datetime) -> SamePerson:
    before = said_of(entry.id)
    said = SamePerson(
        school_id=entry.school_id, person_id=entry.id, into_id=into.id if into else None, reason=reason.strip(), by=by,
        at=at, supersedes_id=before.id if before else None,
    )  # fmt: skip
    db.session.add(said)
    db.session.flush()
    verb = "said to be one" if into else "said to be two"
    record(verb, said, by=by, at=at, field="reason", after=said.reason, person=entry.id, into=into.id if into else "")
    return said


def _standing(entry_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, SamePerson]:
    later = select(SamePerson.supersedes_id).where(SamePerson.supersedes_id.is_not(None))
    rows = db.session.scalars(
        select(SamePerson).where(SamePerson.person_id.in_(entry_ids), SamePerson.id.not_in(later))
    )
    return {row.person_id: row for row in rows}


def _together(ids: Collection[uuid.UUID]) -> Sequence[Person]:
    return db.session.scalars(select(Person).where(Person.one_id.in_(ids))).all()


def _root(entry_id: uuid.UUID, into: dict[uuid.UUID, uuid.UUID | None]) -> uuid.UUID:
    """The entry at the end: merging joins only such, so that there is no circle."""
    while after := into.get(entry_id):
        entry_id = after
    return entry_id


def _follow(together: Sequence[Person], at: datetime) -> None:
    db.session.flush()
    for follow in WHEN_MERGED:
        follow([each.id for each in together], at)


def _known_apart(entry: Person, into: Person) -> bool:
    """Whether both have an identifier of the same kind."""
    numbers = {
        one: set(
            db.session.scalars(
                select(Identifier.scheme)
                .join(Person, Person.id == Identifier.person_id)
                .where(or_(Person.id == one, Person.one_id == one))
            )
        )
        for one in (entry.id, into.id)
    }
    return bool(numbers[entry.id] & numbers[into.id])


def is_only_named(entry: Person) -> bool:
    """Whether somebody's name was only typed in an incident: no list knows them."""
    return not db.session.scalar(select(exists().where(Person.id == entry.id, has_facts())))
