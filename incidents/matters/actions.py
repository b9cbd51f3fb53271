"""Opening a matter, giving it to somebody, taking somebody out of it."""

import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, update

from incidents.access import Sphere
from incidents.accounts.membership import WHEN_LEFT
from incidents.accounts.models import AccountPerson
from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.database import question
from incidents.errors import NotPossibleNow
from incidents.extensions import db
from incidents.matters import reference
from incidents.matters.models import Capacity, Conflict, Grant, Matter, MatterYear, NeedToKnow, Told, Why
from incidents.schools.models import School
from incidents.schools.queries import this_school

# From least to most restricted: a matter takes the strictest of what hangs together with it.
STRICTNESS: tuple[Sphere, ...] = (Sphere.ADULT, Sphere.PUPIL, Sphere.STAFF_CONDUCT, Sphere.HEAD)

DRAWS = 50


def new_reference(at: datetime, school: School) -> tuple[int, str]:
    """A year and a reference that the school has not used in it."""
    year = at.astimezone(ZoneInfo(school.timezone)).year
    for _ in range(DRAWS):
        drawn = reference.draw()
        if _called(year, drawn).first() is None:
            return year, drawn
    raise NotPossibleNow("No free reference was found. Try again.")


@question
def _called(year: Any, drawn: Any) -> Select[tuple[uuid.UUID]]:
    return select(Matter.id).where(Matter.reference_year == year, Matter.reference == drawn)


def strictest(spheres: Iterable[Sphere]) -> Sphere:
    """The one of these that fewest may see."""
    return max(spheres, key=STRICTNESS.index)


def give(
    matter: Matter, account_id: uuid.UUID, capacity: Capacity, *, by: Viewer, at: datetime, ends: datetime | None = None
) -> Grant:
    """Give one matter to one account. Whoever is in conflict with it gets nothing by it: `visibility` takes it away live."""
    standing = db.session.scalar(
        select(Grant).where(
            Grant.matter_id == matter.id,
            Grant.account_id == account_id,
            Grant.capacity == capacity,
            Grant.ends.is_(None),
        )
    )
    if standing and ends is None:
        return standing
    grant = Grant(
        school_id=matter.school_id, matter_id=matter.id, account_id=account_id, capacity=capacity, given_by=by.account_id,
        starts=at, ends=ends,
    )  # fmt: skip
    db.session.add(grant)
    db.session.flush()
    record("gave", grant, by=by.account_id, at=at, matter=matter.id, capacity=capacity, account=account_id)
    return grant


def take_back(matter: Matter, account_id: uuid.UUID, capacity: Capacity, *, by: Viewer, at: datetime) -> None:
    """End what `give` gave. A former owner sees the matter no longer, unless by a role."""
    for grant in db.session.scalars(
        select(Grant).where(
            Grant.matter_id == matter.id,
            Grant.account_id == account_id,
            Grant.capacity == capacity,
            Grant.ends.is_(None),
        )
    ):
        grant.ends = at
        record("took back", grant, by=by.account_id, at=at, matter=matter.id, capacity=capacity, account=account_id)


def put_in_conflict(
    matter: Matter, person_id: uuid.UUID, why: Why, source: str, *, by: uuid.UUID | None, at: datetime
) -> None:
    """From this moment the person may not decide the matter (or, alleged, know of it): in pages, counts, search, messages."""
    put_all_in_conflict(matter, {(person_id, why): source}, by=by, at=at)


def put_all_in_conflict(
    matter: Matter, wanted: Mapping[tuple[uuid.UUID, str], str], *, by: uuid.UUID | None, at: datetime,
    standing: Iterable[Conflict] | None = None,
) -> None:  # fmt: skip
    """The same for several: what says so, by the person and why. Who is in such a conflict already stays in it.

    `standing` are the conflicts of the matter, from whoever has read them already.
    """
    known = {(each.person_id, each.why) for each in (conflicts_in(matter) if standing is None else standing)}
    for (person_id, why), source in wanted.items():
        if (person_id, why) not in known:
            row = Conflict(
                school_id=matter.school_id, matter_id=matter.id, person_id=person_id, why=why, source=source, starts=at
            )
            db.session.add(row)
            record("put in conflict", row, by=by, at=at, matter=matter.id, why=row.why, source=row.source)


def conflicts_in(matter: Matter) -> Sequence[Conflict]:
    """Who is in conflict with this matter now, itself; not with what hangs together with it."""
    return _conflicts_in(matter.id).scalars().all()


@question
def _conflicts_in(matter_id: Any) -> Select[tuple[Conflict]]:
    return select(Conflict).where(Conflict.matter_id == matter_id, Conflict.ends.is_(None))


def lift_conflict(conflict: Conflict, *, by: uuid.UUID | None, at: datetime) -> None:
    """The involvement it came from was put right."""
    conflict.ends = at
    record("lifted a conflict", conflict, by=by, at=at, matter=conflict.matter_id, why=conflict.why)


def step_aside(matter: Matter, *, by: Viewer, at: datetime) -> None:
    """ "I know someone involved": from the next request on, somebody else decides. Needs no agreement and gives no reason."""
    # The entries that the account was linked to, not those merged with them: they may prove to be somebody else.
    persons = db.session.scalars(select(AccountPerson.person_id).where(AccountPerson.account_id == by.account_id)).all()
    if not persons:
        raise NotPossibleNow("Your account is not linked to a person yet. Ask the office to link it.")
    for person_id in persons:
        put_in_conflict(matter, person_id, Why.DECLARED, "declared", by=by.account_id, at=at)


def set_sphere(
    matter: Matter, sphere: Sphere, *, by: uuid.UUID | None, at: datetime, together: Sequence[Matter] | None = None
) -> None:
    """Say whose business it is, for everything that hangs together: the strictest holds, and no decided floor is passed.

    `together` is what hangs together with it, itself included, from whoever knows that already.
    """
    if together is None:
        together = db.session.scalars(select(Matter).where(Matter.anchor_id == matter.anchor_id)).all()
    others = [Sphere(other.sphere) for other in together if other.id != matter.id and other.kind != "case"]
    floors = [Sphere(other.sphere_at_least) for other in together if other.sphere_at_least]
    settled = strictest([sphere, *others, *floors])
    for other in together:
        if other.sphere != settled:
            record("changed sphere", other, by=by, at=at, matter=other.id, was=other.sphere, now=settled)
            other.sphere = settled


def hang_together(matter: Matter, anchor: Matter) -> None:
    """From here on conflicts count for both. The caller records the act it belongs to."""
    matter.anchor_id = anchor.id
    db.session.flush()


def set_years(matter: Matter, years: Iterable[str], known: Iterable[str] | None = None) -> None:
    """The year groups by which heads of year find the matter. `known` are those that it has, from whoever knows already."""
    if known is None:
        known = db.session.scalars(select(MatterYear.year_group).where(MatterYear.matter_id == matter.id))
    for year in set(years) - set(known) - {""}:
        db.session.add(MatterYear(school_id=matter.school_id, matter_id=matter.id, year_group=year))


def tell(matter: Matter, person_id: uuid.UUID, words: str, *, by: Viewer, at: datetime) -> Told:
    """What the school says to a person whom the matter concerns; it is all that they can read of it."""
    told = Told(
        school_id=matter.school_id, matter_id=matter.id, person_id=person_id, words=words, by=by.account_id, at=at
    )
    told.salt = secrets.token_bytes(16)
    db.session.add(told)
    db.session.flush()
    record("told", told, by=by.account_id, at=at, matter=matter.id, field="words", after=words, person=person_id)
    return told


def give_to_know(
    matter: Matter, account_id: uuid.UUID, words: str, ends: datetime, *, by: Viewer, at: datetime
) -> NeedToKnow:
    """Let one member of staff know one thing of a matter until a moment. The caller has seen to it that they are free of it."""
    known = NeedToKnow(
        school_id=matter.school_id, matter_id=matter.id, account_id=account_id, words=words, by=by.account_id, at=at, ends=ends
    )  # fmt: skip
    db.session.add(known)
    db.session.flush()
    record("gave", known, by=by.account_id, at=at, matter=matter.id, field="words", after=words, account=account_id)
    return known


def end_knowing(known: NeedToKnow, *, by: Viewer, at: datetime) -> None:
    """They need it no longer: it stands on none of their pages from now on."""
    if known.ends > at:
        known.ends = at
        record("took back", known, by=by.account_id, at=at, matter=known.matter_id, account=known.account_id)


def ask_who_saw(matter: Matter | None, *, by: Viewer, at: datetime) -> None:
    """Somebody asked who saw what of a matter; that is itself written down, also when there was none to show."""
    if matter is None:
        record("asked who saw", this_school(), by=by.account_id, at=at, found=0)
    else:
        record("asked who saw", matter, by=by.account_id, at=at, matter=matter.id)


def end_grants_of(account_id: uuid.UUID, at: datetime) -> None:
    """Somebody left: what was given to them ends, and what they were to know. The caller records the act it belongs to."""
    db.session.execute(update(Grant).where(Grant.account_id == account_id, Grant.ends.is_(None)).values(ends=at))
    db.session.execute(
        update(NeedToKnow).where(NeedToKnow.account_id == account_id, NeedToKnow.ends > at).values(ends=at)
    )


WHEN_LEFT.append(end_grants_of)
