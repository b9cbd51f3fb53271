"""Who holds which role, and who is asking."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from incidents.access import CHAIN, Role
from incidents.accounts.models import Account, AccountPerson, Membership
from incidents.accounts.viewer import Seat, Viewer
from incidents.database import across_schools, current_school
from incidents.extensions import db
from incidents.people.models import Kinship
from incidents.schools.models import School

_DECIDING = tuple(dict.fromkeys(role for chain in CHAIN.values() for role in chain))


def in_force(at: datetime) -> ColumnElement[bool]:
    """The condition on `Membership` that it was agreed and covers this moment."""
    return and_(
        Membership.agreed_at.is_not(None),
        Membership.starts <= at,
        or_(Membership.ends.is_(None), Membership.ends > at),
    )


def viewer_of(account: Account, at: datetime) -> Viewer:
    """The account as it stands in the current school at this moment. No role there: a viewer who may do nothing."""
    held = db.session.scalars(select(Membership).where(Membership.account_id == account.id, in_force(at))).all()
    persons = frozenset(
        db.session.scalars(select(AccountPerson.person_id).where(AccountPerson.account_id == account.id))
    )
    return Viewer(
        account_id=account.id,
        school_id=current_school(),
        name=account.name,
        roles=frozenset(Role(membership.role) for membership in held),
        person_ids=persons,
        family_ids=family_of(persons, at),
        at=at,
        year_groups=frozenset(m.year_group for m in held if m.role == Role.HEAD_OF_YEAR and m.year_group),
        seats=seats(at) if any(membership.role in _DECIDING for membership in held) else {},
    )


def seats(at: datetime) -> dict[Role, list[Seat]]:
    """Who holds each deciding role now, with the persons they are and are close to: what the fallback chain is read from."""
    held = holders(*_DECIDING, at=at)
    persons = persons_of_accounts(account.id for _, account in held)
    kin = _kin_of({person for several in persons.values() for person in several}, at)
    found: dict[Role, list[Seat]] = {}
    for membership, account in held:
        own = frozenset(persons.get(account.id, set()))
        family = frozenset(other for person in own for other in kin.get(person, ())) - own
        found.setdefault(Role(membership.role), []).append(Seat(account.id, own, family))
    return found


def family_of(persons: Iterable[uuid.UUID], at: datetime) -> frozenset[uuid.UUID]:
    """The persons recorded as close family of these, either way round."""
    mine = frozenset(persons)
    return frozenset(other for others in _kin_of(mine, at).values() for other in others) - mine


def _kin_of(persons: Collection[uuid.UUID], at: datetime) -> dict[uuid.UUID, set[uuid.UUID]]:
    if not persons:
        return {}
    still = or_(Kinship.ends.is_(None), Kinship.ends >= at.date())
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for one, other in db.session.execute(
        select(Kinship.person_id, Kinship.other_id).where(
            or_(Kinship.person_id.in_(persons), Kinship.other_id.in_(persons)), still
        )
    ):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {person: found.get(person, set()) for person in persons}


def holders(*roles: Role, at: datetime) -> Sequence[tuple[Membership, Account]]:
    """The memberships in force in these roles, with their accounts, in the order of the roles."""
    rows = db.session.execute(
        select(Membership, Account)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.role.in_(roles), in_force(at), Account.disabled_at.is_(None))
        .order_by(Membership.starts, Account.name)
    ).all()
    return sorted((row._tuple() for row in rows), key=lambda pair: roles.index(Role(pair[0].role)))


def persons_of_accounts(account_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """For each account the persons it is in this school."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for row in db.session.execute(
        select(AccountPerson.account_id, AccountPerson.person_id).where(AccountPerson.account_id.in_(list(account_ids)))
    ):
        found.setdefault(row[0], set()).add(row[1])
    return found


def names_of(account_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """The names of these accounts, for pages that say who did what."""
    wanted = {account_id for account_id in account_ids if account_id}
    if not wanted:
        return {}
    return dict(db.session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted))).tuples().all())


def schools_of(account_id: uuid.UUID, at: datetime) -> Sequence[School]:
    """The schools in which the account has a role now, for choosing one after sign-in."""
    with across_schools():
        return db.session.scalars(
            select(School)
            .where(School.id.in_(select(Membership.school_id).where(Membership.account_id == account_id, in_force(at))))
            .order_by(School.name)
        ).all()


def answers() -> None:
    """Ask the database for nothing. Raises `OperationalError` when it is away."""
    db.session.execute(select(1))
