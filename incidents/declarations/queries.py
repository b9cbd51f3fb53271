"""Reading declarations: who is asked on a day, what each answered, and which links are open."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased

from incidents.database import question
from incidents.declarations.answers import Given
from incidents.declarations.households import Child, Household, Parent, households
from incidents.declarations.lists import Group, Line, Member, family_lines, in_order, member_line
from incidents.declarations.models import Asked, LivesApart, Signature, SignatureChild
from incidents.declarations.words import Answer, How
from incidents.errors import NotFound
from incidents.extensions import db
from incidents.people.models import Employed, Employment, Enrolment, Kinship, Person
from incidents.people.queries import contacts_of_each, same_as
from incidents.policies.kinds import Audience
from incidents.policies.models import PolicyVersion
from incidents.policies.queries import versions_of

KINDS: dict[Audience, tuple[Employed, ...]] = {
    Audience.STAFF: (Employed.EMPLOYEE, Employed.AGENCY),
    Audience.GOVERNORS: (Employed.GOVERNOR,),
    Audience.VOLUNTEERS: (Employed.VOLUNTEER,),
}


def holds(row: type[Enrolment] | type[Employment] | type[Kinship], day: Any) -> ColumnElement[bool]:
    """The condition on a dated fact that it holds on a day."""
    return and_(row.starts <= day, or_(row.ends.is_(None), row.ends >= day))


# --- who is asked what


def lasting(day: date) -> ColumnElement[bool]:
    """The condition on `Asked` that it holds on a day."""
    return and_(Asked.starts <= day, or_(Asked.ends.is_(None), Asked.ends > day))


def every_asked() -> Sequence[Asked]:
    """All that was ever asked, the newest first."""
    return db.session.scalars(select(Asked).order_by(Asked.begun_at.desc(), Asked.id)).all()


def audiences_asked() -> list[Audience]:
    """Of whom signatures are asked now, or will be."""
    return sorted({Audience(each) for each in db.session.scalars(select(Asked.audience).where(Asked.ends.is_(None)))})


def asked(asked_id: uuid.UUID) -> Asked:
    """One of them. Raises `NotFound`."""
    found = db.session.scalar(select(Asked).where(Asked.id == asked_id))
    if found is None:
        raise NotFound
    return found


def versions_asked(row: Asked, day: date) -> list[PolicyVersion]:
    """The versions of the policy that can be signed on a day, the newest first: also an earlier one, from a box."""
    return [each for each in versions_of(row.policy_id) if each.in_force_from <= day]


def people_asked(audience: Audience, day: date) -> list[Member]:
    """Those who work for, volunteer for or govern the school on a day, each once, by family name."""
    rows = _working(KINDS[audience], day).tuples()
    return list({person.id: Member(person.id, person.name, job) for person, job in rows}.values())


@question
def _working(kinds: Any, day: Any) -> Select[tuple[Person, str]]:
    entry = aliased(Person)
    return (
        select(Person, Employment.job)
        .select_from(Employment)
        .join(entry, and_(entry.school_id == Employment.school_id, entry.id == Employment.person_id))
        .join(Person, and_(Person.school_id == entry.school_id, Person.id == entry.one_id))
        .where(Employment.kind.in_(kinds), holds(Employment, day))
        .order_by(Person.family_name, Person.given_name, Person.id, Employment.starts)
    )


def children_on(day: date, only: Collection[uuid.UUID] | None = None, group: Group | None = None) -> list[Child]:
    """The pupils of a day, each once, by class and family name; or those of them who are one of `only`, or in a class."""
    if only is not None:
        rows = _children_among(day, only)
    else:
        rows = _children_in(day, *group) if group else _every_child(day)
    found: dict[uuid.UUID, Child] = {}
    for person_id, given_name, family_name, year_group, form in rows.tuples():
        found.setdefault(
            person_id, Child(person_id, given_name, f"{given_name} {family_name}".strip(), year_group, form)
        )
    return list(found.values())


OfChild = tuple[uuid.UUID, str, str, str, str]


def _pupils(day: Any) -> Select[OfChild]:
    entry = aliased(Person)
    return (
        select(Person.id, Person.given_name, Person.family_name, Enrolment.year_group, Enrolment.form)
        .select_from(Enrolment)
        .join(entry, and_(entry.school_id == Enrolment.school_id, entry.id == Enrolment.person_id))
        .join(Person, and_(Person.school_id == entry.school_id, Person.id == entry.one_id))
        .where(holds(Enrolment, day))
        .order_by(Enrolment.year_group, Enrolment.form, Person.family_name, Person.given_name, Person.id)
    )


_every_child = question(_pupils)


@question
def _children_among(day: Any, only: Any) -> Select[OfChild]:
    return _pupils(day).where(Person.id.in_(only))


@question
def _children_in(day: Any, year_group: Any, form: Any) -> Select[OfChild]:
    return _pupils(day).where(Enrolment.year_group == year_group, Enrolment.form == form)


def classes_on(day: date) -> list[Group]:
    """The classes of a day, in the order of their names."""
    return sorted(_classes(day).tuples(), key=in_order)


@question
def _classes(day: Any) -> Select[Group]:
    return select(Enrolment.year_group, Enrolment.form).where(holds(Enrolment, day)).distinct()


def _parents_of(children: Iterable[Child], day: date) -> dict[uuid.UUID, list[Parent]]:
    contacts = contacts_of_each([child.person_id for child in children], day)
    return {
        child_id: [Parent(each.person_id, each.name, each.do_not_tell) for each in several if each.parental_responsibility]
        for child_id, several in contacts.items()
    }  # fmt: skip


def apart() -> frozenset[uuid.UUID]:
    """The parents who live apart, as the school said."""
    return frozenset(_apart().scalars())


@question
def _apart() -> Select[tuple[uuid.UUID]]:
    entry = and_(Person.school_id == LivesApart.school_id, Person.id == LivesApart.person_id)
    return select(Person.one_id).join(LivesApart, entry).where(LivesApart.ended_at.is_(None))


def households_on(day: date) -> list[Household]:
    """Every household of a day."""
    children = children_on(day)
    return households(children, _parents_of(children, day), apart())


def households_of(child_ids: Collection[uuid.UUID], day: date) -> list[Household]:
    """The households of these children (`ones`) on a day, with their brothers and sisters: the same as among all."""
    wanted = frozenset(child_ids)
    children = children_on(day, wanted | _brothers_and_sisters(wanted, day))
    found = households(children, _parents_of(children, day), apart())
    return [each for each in found if wanted & {child.person_id for child in each.children}]


def _brothers_and_sisters(child_ids: Collection[uuid.UUID], day: date) -> set[uuid.UUID]:
    """All to whom a parent of these is anything, these among them: at least those who share a form with them."""
    return set(_of_the_same_parents(child_ids, day).scalars())


@question
def _of_the_same_parents(child_ids: Any, day: Any) -> Select[tuple[uuid.UUID]]:
    """One step after the other: a database that was never told how much it holds might begin a join with everybody."""
    theirs, more = aliased(Kinship), aliased(Kinship)
    entry, parent, other = aliased(Person), aliased(Person), aliased(Person)
    entries_of_children = select(entry.id).where(entry.one_id.in_(child_ids))
    parents = select(theirs.person_id).where(
        theirs.other_id.in_(entries_of_children), theirs.parental_responsibility, holds(theirs, day)
    )
    one_parents = select(parent.one_id).where(parent.id.in_(parents))
    entries_of_parents = select(other.id).where(other.one_id.in_(one_parents))
    children = select(more.other_id).where(more.person_id.in_(entries_of_parents), holds(more, day))
    return select(Person.one_id).where(Person.id.in_(children))


def ones(person_ids: Iterable[uuid.UUID]) -> frozenset[uuid.UUID]:
    """These persons, each by the one entry that stands for all of theirs."""
    return frozenset(one_of(person_ids).values())


def one_of(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Of each entry the one that stands for all of that person's."""
    rows = db.session.execute(select(Person.id, Person.one_id).where(Person.id.in_(set(person_ids))))
    return dict(rows.tuples().all())


# --- what was answered


@cache
def standing() -> ColumnElement[bool]:
    """The condition on `Signature` that nothing has superseded it. Put together once, because that costs more than asking."""
    later = aliased(Signature)
    return ~select(later.id).where(later.school_id == Signature.school_id, later.supersedes_id == Signature.id).exists()


def given(version_id: uuid.UUID, audience: Audience) -> list[Given]:
    """The answers of one audience to one version that stand, in the order in which they were given."""
    return given_where(Signature.version_id == version_id, Signature.audience == audience)


def given_where(*conditions: ColumnElement[bool]) -> list[Given]:
    """The standing answers that meet the conditions."""
    return [answer for _, answer in signatures_where(standing(), *conditions)]


def signatures_where(*conditions: ColumnElement[bool]) -> list[tuple[Signature, Given]]:
    """Answers as rows, each with how it reads: persons by the one entry that stands for all of theirs."""
    rows = db.session.execute(_with_who_signed().where(*conditions)).tuples().all()
    children = _children_of(select(Signature.id).where(*conditions)) if rows else {}
    return [
        (row, Given(row.id, Answer(row.answer), How(row.how), row.signed_on, person.id if person else None,
                    row.typed_name or (person.name if person else ""), row.household,
                    frozenset(children.get(row.id, ()))))
        for row, person in rows
    ]  # fmt: skip


@cache
def _with_who_signed() -> Select[Any]:
    entry, one = aliased(Person), aliased(Person)
    return (
        select(Signature, one)
        .outerjoin(entry, and_(entry.school_id == Signature.school_id, entry.id == Signature.person_id))
        .outerjoin(one, and_(one.school_id == entry.school_id, one.id == entry.one_id))
        .order_by(Signature.signed_on, Signature.at, Signature.id)
    )


def _children_of(signatures: Select[tuple[uuid.UUID]]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """For which children each of these counts."""
    entry = and_(Person.school_id == SignatureChild.school_id, Person.id == SignatureChild.child_id)
    pairs = select(SignatureChild.signature_id, Person.one_id).join(Person, entry)
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for signature_id, child_id in db.session.execute(pairs.where(SignatureChild.signature_id.in_(signatures))).tuples():
        found.setdefault(signature_id, set()).add(child_id)
    return found


def signature(version_id: uuid.UUID, signature_id: uuid.UUID) -> tuple[Signature, Given]:
    """One answer to one version that still stands. Raises `NotFound`."""
    found = signatures_where(standing(), Signature.version_id == version_id, Signature.id == signature_id)
    if not found:
        raise NotFound
    return found[0]


# --- lists


def lines(version_id: uuid.UUID, audience: Audience, day: date, group: Group | None = None) -> list[Line]:
    """A line for each form: of a class, of all parents, or of all who work here. Of a class no more is read than it needs."""
    if audience is not Audience.PARENTS:
        answers = given(version_id, audience)
        return [member_line(each, answers) for each in people_asked(audience, day)]
    if group is None:
        return family_lines(households_on(day), given(version_id, audience))
    return lines_around(version_id, [child.person_id for child in children_on(day, group=group)], day, group)


def lines_around(
    version_id: uuid.UUID, child_ids: Collection[uuid.UUID], day: date, group: Group | None = None
) -> list[Line]:
    """The lines of the households of these children (`ones`), with what was answered for them and for their brothers and sisters.

    The other households of those are read too: an answer must be known for theirs, or it would be taken for this one's.
    """
    around = households_of({*child_ids, *_brothers_and_sisters(child_ids, day)}, day)
    children = {child.person_id for each in around for child in each.children}
    entries_of_children = select(Person.id).where(Person.one_id.in_(children))
    covering = select(SignatureChild.signature_id).where(SignatureChild.child_id.in_(entries_of_children))
    answers = given_where(
        Signature.version_id == version_id, Signature.audience == Audience.PARENTS, Signature.id.in_(covering)
    )
    return family_lines(around, answers, group)


def line(version_id: uuid.UUID, audience: Audience, day: date, key: uuid.UUID) -> Line:
    """One of them. Raises `NotFound`, also for a household that is another one by now."""
    found = next((each for each in lines(version_id, audience, day) if each.key == key), None)
    if found is None:
        raise NotFound
    return found


def is_apart(person_id: uuid.UUID) -> LivesApart | None:
    """What the school said of this parent, if it still holds."""
    return db.session.scalars(
        select(LivesApart).where(LivesApart.person_id.in_(same_as([person_id])), LivesApart.ended_at.is_(None)).limit(1)
    ).first()
