"""Who holds which role, and who is asking."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from incidents.access import CHAIN, SAFEGUARDING_ROLES, Role
from incidents.accounts.models import Account, AccountPerson, Membership, SignIn
from incidents.accounts.viewer import Seat, Viewer
from incidents.database import across_schools, current_school, question, remembered
from incidents.extensions import db
from incidents.people.models import Person
from incidents.people.queries import close_to, close_to_any, entries
from incidents.schools.models import School

Kin = dict[uuid.UUID, set[uuid.UUID]]  # for each person those close to them
_IN_OFFICE = tuple(dict.fromkeys((*(role for chain in CHAIN.values() for role in chain), *SAFEGUARDING_ROLES)))


def in_force(at: datetime | BindParameter[Any]) -> ColumnElement[bool]:
    """The condition on `Membership` that it was agreed and covers this moment."""
    return and_(
        Membership.agreed_at.is_not(None),
        Membership.starts <= at,
        or_(Membership.ends.is_(None), Membership.ends > at),
    )


def viewer_of(account: Account, at: datetime) -> Viewer:
    """The account as it stands in the current school at this moment. No role there: a viewer who may do nothing."""
    return viewers_of([account], at)[0]


def viewers_of(accounts: Collection[Account], at: datetime) -> list[Viewer]:
    """Several accounts as they stand at one moment, read in as few statements as one."""
    names = {account.id: account.name for account in accounts}
    return _viewers(names, _held(at, list(names)), at)


def viewers_in(roles: Collection[Role], others: Mapping[uuid.UUID, str], at: datetime) -> list[Viewer]:
    """Everybody who is in one of these roles, and these other accounts, given with their names, as they stand at one moment."""
    held = _held(at, list(others), {*_IN_OFFICE, *roles})
    theirs = {each.account_id: each.name for each in held if each.role in roles and not each.disabled_at}
    return _viewers({**theirs, **others}, held, at)


def _viewers(names: Mapping[uuid.UUID, str], held: Sequence[Row[Any]], at: datetime) -> list[Viewer]:
    kin = close_to({each.person_id for each in held if each.person_id}, at.date())
    seats = _seats_of(held, kin)
    also_read({**{each.account_id: each.name for each in held}, **names})
    found = []
    for account_id, name in names.items():
        mine = [each for each in held if each.account_id == account_id]
        persons = frozenset(each.person_id for each in mine if each.person_id)
        years = (each.year_group for each in mine if each.role == Role.HEAD_OF_YEAR and each.year_group)
        found.append(
            Viewer(
                account_id=account_id,
                school_id=current_school(),
                name=name,
                roles=frozenset(Role(each.role) for each in mine),
                person_ids=persons,
                family_ids=_close_to(persons, kin),
                at=at,
                year_groups=frozenset(years),
                seats=seats,
            )
        )
    return found


def seats(at: datetime) -> dict[Role, list[Seat]]:
    """Who decides and who safeguards now, with the persons they are and are close to: the fallback chain is read from it."""
    held = _held(at)
    return _seats_of(held, close_to({each.person_id for each in held if each.person_id}, at.date()))


def sitting(roles: Collection[Role], at: datetime) -> dict[Role, list[Seat]]:
    """Who holds these roles now, with the persons they are; whom they are close to is not read."""
    return _seats_of(_held(at, (), roles), {}, roles)


def _held(
    at: datetime, account_ids: Sequence[uuid.UUID] = (), roles: Collection[Role] = _IN_OFFICE
) -> Sequence[Row[Any]]:
    """The memberships of those in these roles, and of these accounts: a row for each person that the account is.

    A person may have several entries on the list or in incidents, merged: a conflict with any of them is theirs.
    """
    return _in_roles_or_one_of(at, roles, account_ids).all()


@question
def _in_roles_or_one_of(at: Any, roles: Any, account_ids: Any) -> Select[Any]:
    named, entry = aliased(Person), aliased(Person)
    in_office = and_(Membership.role.in_(roles), Account.disabled_at.is_(None))
    same = and_(AccountPerson.school_id == Membership.school_id, AccountPerson.account_id == Membership.account_id)
    return (
        select(
            Membership.id,
            Membership.account_id,
            Membership.role,
            Membership.year_group,
            Membership.phone,
            Account.name,
            Account.disabled_at,
            entry.id.label("person_id"),
        )
        .join(Account, Account.id == Membership.account_id)
        .outerjoin(AccountPerson, same)
        .outerjoin(named, and_(named.school_id == AccountPerson.school_id, named.id == AccountPerson.person_id))
        .outerjoin(entry, and_(entry.school_id == named.school_id, entry.one_id == named.one_id))
        .where(in_force(at), or_(in_office, Membership.account_id.in_(account_ids)))
        .order_by(Membership.starts, Account.name)
    )


def _seats_of(held: Sequence[Row[Any]], kin: Kin, roles: Collection[Role] = _IN_OFFICE) -> dict[Role, list[Seat]]:
    several: dict[uuid.UUID, list[Row[Any]]] = {}
    for each in held:
        if each.role in roles and not each.disabled_at:
            several.setdefault(each.id, []).append(each)
    found: dict[Role, list[Seat]] = {}
    for rows in several.values():
        one = rows[0]
        own = frozenset(each.person_id for each in rows if each.person_id)
        seat = Seat(one.account_id, one.name, one.phone, own, _close_to(own, kin))
        found.setdefault(Role(one.role), []).append(seat)
    return found


def _close_to(persons: frozenset[uuid.UUID], kin: Kin) -> frozenset[uuid.UUID]:
    return frozenset(other for person in persons for other in kin.get(person, ())) - persons


def family_of(persons: Iterable[uuid.UUID], at: datetime) -> frozenset[uuid.UUID]:
    """The persons recorded as close family of these, either way round and under whichever entry of theirs."""
    mine = frozenset(persons)
    return frozenset(close for _, close in close_to_any(mine, at.date())) - mine if mine else mine


def holders(*roles: Role, at: datetime) -> Sequence[tuple[Membership, Account]]:
    """The memberships in force in these roles, with their accounts, in the order of the roles."""
    return sorted(_holders(roles, at).tuples(), key=lambda pair: roles.index(Role(pair[0].role)))


@question
def _holders(roles: Any, at: Any) -> Select[tuple[Membership, Account]]:
    return (
        select(Membership, Account)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.role.in_(roles), in_force(at), Account.disabled_at.is_(None))
        .order_by(Membership.starts, Account.name)
    )


def persons_of_accounts(account_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """For each account the persons it is in this school."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for account_id, person_id in _persons(list(account_ids)).tuples():
        found.setdefault(account_id, set()).add(person_id)
    return found


@question
def _persons(account_ids: Any) -> Select[tuple[uuid.UUID, uuid.UUID]]:
    same = entries()
    return (
        select(AccountPerson.account_id, same.c.entry_id)
        .join(same, and_(same.c.school_id == AccountPerson.school_id, same.c.person_id == AccountPerson.person_id))
        .where(AccountPerson.account_id.in_(account_ids))
    )


def names_of(account_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """The names of these accounts, for pages that say who did what."""
    wanted = {account_id for account_id in account_ids if account_id}
    known = also_read({})  # a page asks for the same few in each of its parts
    if unknown := wanted - known.keys():
        known.update(_names(unknown).tuples().all())
    return {account_id: known[account_id] for account_id in wanted if account_id in known}


def also_read(names: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, str]:
    """All names of accounts that this transaction has read; with these, which were read beside something else."""
    known: dict[uuid.UUID, str] = remembered("names of accounts", dict)
    known.update(names)
    return known


@question
def _names(account_ids: Any) -> Select[tuple[uuid.UUID, str]]:
    return select(Account.id, Account.name).where(Account.id.in_(account_ids))


def schools_of(account_id: uuid.UUID, at: datetime) -> Sequence[School]:
    """The schools in which the account has a role now, for choosing one after sign-in."""
    with across_schools():
        return db.session.scalars(
            select(School)
            .where(School.id.in_(select(Membership.school_id).where(Membership.account_id == account_id, in_force(at))))
            .order_by(School.name)
        ).all()


def has_several_schools(at: datetime | BindParameter[Any]) -> ColumnElement[bool]:
    """The condition on `Account` that it has a role in more than one school now. Across schools."""
    schools = select(func.count(Membership.school_id.distinct())).where(
        Membership.account_id == Account.id, in_force(at)
    )
    return schools.scalar_subquery() > 1


def last_here(account_id: uuid.UUID, before: datetime) -> datetime | None:
    """When the account was last used in a session that began before this moment: from there on everything is news.

    Sessions belong to accounts and to no school, so nothing has to be opened to read them.
    """
    return _last_here(account_id, before).scalar()


@question
def _last_here(account_id: Any, before: Any) -> Select[tuple[datetime]]:
    return select(func.max(SignIn.last_seen_at)).where(SignIn.account_id == account_id, SignIn.started_at < before)


def answers() -> None:
    """Ask the database for nothing. Raises `OperationalError` when it is away."""
    db.session.execute(select(1))
