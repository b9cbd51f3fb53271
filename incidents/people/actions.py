"""Writing people down, and the dated facts about them."""

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import delete, insert, select

from incidents.audit.actions import record
from incidents.database import current_school
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.people.matching import fold
from incidents.people.models import (
    Employed,
    Employment,
    Enrolment,
    Handle,
    Identification,
    Kinship,
    NameWord,
    Person,
)
from incidents.people.queries import employments_of, enrolments_of, identification_of, kin_of, same_as, same_name
from incidents.schools.queries import one_at_a_time

Fact = TypeVar("Fact", Enrolment, Employment, Kinship)


def add_person(
    given_name: str,
    family_name: str,
    *,
    by: uuid.UUID | None,
    at: datetime,
    title: str = "",
    date_of_birth: date | None = None,
) -> Person:
    """Write down somebody who can be named. What they are to the school is said apart."""
    person = Person(
        school_id=current_school(),
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        title=title.strip(),
        folded=fold(f"{given_name} {family_name}"),
        date_of_birth=date_of_birth,
        added_by=by,
        added_at=at,
    )
    if not person.folded:
        raise Refused("Type at least one name.", "family_name")
    db.session.add(person)
    db.session.flush()
    keep_names([person])
    record("added", person, by=by, at=at)
    return person


def keep_names(people: Collection[Person], *, renamed: bool = False) -> None:
    """The words that people are found by follow from their names: called wherever a name is written."""
    if renamed:
        db.session.execute(delete(NameWord).where(NameWord.id.in_([person.id for person in people])))
    rows = [
        {"school_id": person.school_id, "id": person.id, "word": word}
        for person in people
        for word in sorted(set(person.folded.split()))
    ]
    if rows:
        db.session.execute(insert(NameWord), rows)


def add_to_list(
    given_name: str,
    family_name: str,
    *,
    asked_about: Collection[uuid.UUID],
    by: uuid.UUID | None,
    at: datetime,
    title: str = "",
    date_of_birth: date | None = None,
) -> Person:
    """Write down somebody who is no other of the same name on the list: `asked_about` are those that were thought of.

    Raises `Refused` if one more has come meanwhile, by a second press of the button or by somebody else.
    """
    one_at_a_time()
    if {each.person_id for each in same_name(given_name, family_name, at.date())} != set(asked_about):
        raise Refused("Somebody of this name was added just now. Is it the same person?", "given_name")
    return add_person(given_name, family_name, by=by, at=at, title=title, date_of_birth=date_of_birth)


def enrol(
    person: Person,
    year_group: str,
    form: str,
    starts: date,
    *,
    by: uuid.UUID | None,
    at: datetime,
    ends: date | None = None,
) -> Enrolment:
    """Say that somebody is a pupil here from a day on. A running enrolment ends the day before: a new year group, say."""
    _in_order(starts, ends)
    one_at_a_time()
    for running in db.session.scalars(
        select(Enrolment).where(
            Enrolment.person_id.in_(same_as([person.id])), Enrolment.ends.is_(None), Enrolment.starts < starts
        )
    ):
        end(running, starts - timedelta(days=1), by=by, at=at)
    if any(
        row.ends is None or row.ends >= starts for row in enrolments_of(person.id) if ends is None or row.starts <= ends
    ):
        raise Refused("They are a pupil here on that day already. Check the first day.", "starts")
    enrolment = Enrolment(
        school_id=person.school_id, person_id=person.id, year_group=year_group, form=form, starts=starts, ends=ends
    )
    return _added(enrolment, person, by, at)


def employ(
    person: Person,
    kind: Employed,
    job: str,
    starts: date,
    *,
    by: uuid.UUID | None,
    at: datetime,
    ends: date | None = None,
) -> Employment:
    """Say that somebody works for, volunteers for or governs the school from a day on."""
    _in_order(starts, ends)
    one_at_a_time()
    if any((row.kind, row.job) == (kind, job) and _runs(row, starts) for row in employments_of(person.id)):
        raise Refused("That is entered already.", "job")
    employment = Employment(
        school_id=person.school_id, person_id=person.id, kind=kind, job=job, starts=starts, ends=ends
    )
    return _added(employment, person, by, at)


def relate(
    person: Person,
    other: Person,
    relation: str,
    starts: date,
    *,
    by: uuid.UUID | None,
    at: datetime,
    parental_responsibility: bool = False,
    do_not_tell: bool = False,
    note: str = "",
) -> Kinship:
    """Say that `person` is the `relation` ("mother", "husband") of `other`, and what they may be told."""
    if person.id == other.id:
        raise Refused("Nobody is their own family. Choose another person.", "other")
    one_at_a_time()
    if any(
        (row.person_id, row.other_id) == (person.id, other.id) and _runs(row, starts) for row, _ in kin_of(person.id)
    ):
        raise Refused("These two are entered already. End that entry first if it has changed.", "other")
    kinship = Kinship(
        school_id=person.school_id,
        person_id=person.id,
        other_id=other.id,
        relation=relation,
        parental_responsibility=parental_responsibility,
        do_not_tell=do_not_tell,
        note=note,
        starts=starts,
        ends=None,
    )
    return _added(kinship, person, by, at)


def end(fact: Enrolment | Employment | Kinship, last: date, *, by: uuid.UUID | None, at: datetime) -> None:
    """Say which day was the last on which this held. What happened before stays judged by it."""
    if fact.ends is not None:
        raise NotPossibleNow("This has ended already.")
    _in_order(fact.starts, last)
    fact.ends = last
    record("ended", fact, by=by, at=at, last=last.isoformat())


def add_handle(platform: str, name: str, *, by: uuid.UUID | None, at: datetime) -> Handle:
    """Write down an account on a platform whose owner is not known."""
    handle = Handle(school_id=current_school(), platform=platform, name=name, added_by=by, added_at=at)
    db.session.add(handle)
    db.session.flush()
    record("added", handle, by=by, at=at)
    return handle


def identify(
    handle: Handle,
    person: Person,
    reason: str,
    *,
    by: uuid.UUID | None,
    at: datetime,
    matter: uuid.UUID | None = None,
) -> Identification:
    """Say who is behind a handle, and why. What was said before is superseded, never removed.

    `matter` is where it was said: the account may stand in others too, and their readers are not told the reason.
    """
    before = identification_of(handle.id)
    said = Identification(
        school_id=handle.school_id,
        handle_id=handle.id,
        person_id=person.id,
        reason=reason,
        by=by,
        at=at,
        supersedes_id=before.id if before else None,
    )
    db.session.add(said)
    db.session.flush()
    record(
        "identified",
        said,
        by=by,
        at=at,
        matter=matter,
        field="reason",
        after=reason,
        handle=handle.id,
        person=person.id,
    )
    return said


def _runs(fact: Employment | Kinship, day: date) -> bool:
    return fact.ends is None or fact.ends >= day


def _in_order(starts: date, ends: date | None) -> None:
    if ends is not None and ends < starts:
        raise Refused("The last day is before the first.", "ends")


def _added(fact: Fact, person: Person, by: uuid.UUID | None, at: datetime) -> Fact:
    db.session.add(fact)
    db.session.flush()
    record("added", fact, by=by, at=at, person=person.id, starts=fact.starts.isoformat())
    return fact
