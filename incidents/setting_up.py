"""Setting up a real school from the machine itself: the school, the people who begin, the links to their passwords."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from incidents.access import Role
from incidents.accounts import membership
from incidents.database import across_schools, of_school, writing
from incidents.errors import Refused
from incidents.extensions import db
from incidents.people import actions as people
from incidents.people.models import Employed
from incidents.policies import actions as policies
from incidents.policies.models import PolicyVersion
from incidents.policies.reading import PolicyPack, packs, read_pack
from incidents.schools.actions import create_school
from incidents.schools.jurisdiction import Nation, SchoolType
from incidents.schools.models import School
from incidents.schools.queries import calendar

JOBS = {Role.HEADTEACHER: "headteacher", Role.ADMINISTRATOR: "administrator"}


@dataclass(frozen=True)
class Beginner:
    """Somebody who is there from the first day, with the roles that the machine's owner gives them."""

    name: str
    email: str
    roles: tuple[Role, ...]


def set_up_school(
    name: str,
    short_name: str,
    nation: Nation,
    school_type: SchoolType,
    beginners: Sequence[Beginner],
    address: str,
    at: datetime,
) -> list[tuple[str, str]]:
    """A school with its first people, all of it or nothing; gives each address with the link to its password.

    Whoever has the machine stands outside the rule of two people: it can begin with nobody else. It is in the log.
    Raises `Refused` for a name that is taken, `NoSuchPack` where the nation has no such type of school.
    """
    with across_schools(), writing():
        if _school_called(name) is not None:
            raise Refused(f"There is a school called {name} already.", "name")
        school = create_school(
            name=name.strip(), short_name=short_name.strip(), nation=nation, school_type=school_type, at=at
        )
        with of_school(school.id):
            return [_begin(each, address, at) for each in beginners]


def add_administrator(school_name: str, name: str, email: str, address: str, at: datetime) -> str:
    """One more administrator for a school that has too few to meet the rule of two people; gives the link.

    The other administrators are told. Raises `Refused` for an unknown school and for an address that is known there.
    """
    with across_schools():
        school_id = _school_called(school_name)
    if school_id is None:
        raise Refused(f"There is no school called {school_name}.", "school")
    with of_school(school_id), writing():
        _, link = _begin(Beginner(name, email, (Role.ADMINISTRATOR,)), address, at, tell=True)
        return link


def load_pack(name: str, school_name: str | None, adopted_on: date | None, at: datetime) -> PolicyVersion:
    """A pack of the product, or one in a file of the machine, in force at once in a school without such a policy.

    Raises `Refused` for an unknown pack or school, and `PackBroken` with the key and the line; nothing is changed then.
    """
    pack = _pack_called(name)
    with across_schools():
        known = db.session.execute(select(School.id, School.name)).tuples().all()
    ids = [school_id for school_id, called in known if not school_name or called.casefold() == school_name.casefold()]
    if len(ids) != 1:
        raise Refused("Say which school, by its name: --school", "school")
    with of_school(ids[0]), writing():
        day: date = calendar().local(at).date()
        return policies.adopt_at_once(pack, adopted_on or day, at=at)


def _pack_called(name: str) -> PolicyPack:
    if pack := next((each for each in packs() if each.name == name), None):
        return pack
    file = Path(name)
    if not file.is_file():
        raise Refused(f"There is no pack {name}. There are: {', '.join(each.name for each in packs())}.", "name")
    try:
        return read_pack(file.stem, file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{name} can’t be read as a text file.", "name") from error


def schools_there() -> Sequence[str]:
    """The names of the schools."""
    with across_schools():
        return db.session.scalars(select(School.name).order_by(School.name)).all()


def _school_called(name: str) -> uuid.UUID | None:
    """The school of this name, whatever its capitals. Across schools."""
    wanted = name.strip().casefold()
    found = db.session.execute(select(School.id, School.name)).tuples()
    return next((school_id for school_id, called in found if called.casefold() == wanted), None)


def as_address(typed: str) -> str:
    """An e-mail address as it was typed. Raises `Refused` if no message could arrive there."""
    try:
        validate_email(typed.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise Refused(f"“{typed}” is not an e-mail address in full, like name@example.org.", "email") from error
    return typed.strip()


def _begin(who: Beginner, address: str, at: datetime, *, tell: bool = False) -> tuple[str, str]:
    given, _, family = who.name.strip().rpartition(" ")
    person = people.add_person(given, family, by=None, at=at)
    job = next(JOBS[role] for role in who.roles)
    people.employ(person, Employed.EMPLOYEE, job, at.date(), by=None, at=at)
    account = membership.add_account(as_address(who.email), person.name, person.id, by=None, at=at)
    for role in who.roles:
        held = membership.propose_role(account, role, by=None, at=at)
        if tell:
            membership.tell(held, at)
    token = membership.invite(account, by=None, at=at)
    return account.email, f"{address}/invitation/{token}"
