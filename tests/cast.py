"""The named cast of the tests: a school with one person in each role, pupils and parents; and a second school."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time

from flask import Flask
from flask.testing import FlaskClient

from incidents import clock
from incidents.access import Role
from incidents.accounts import membership
from incidents.accounts.actions import digest_of
from incidents.accounts.models import Account, AccountPerson, SignIn
from incidents.accounts.queries import viewer_of
from incidents.accounts.viewer import Viewer
from incidents.database import across_schools, of_school, writing
from incidents.extensions import db
from incidents.people import actions as people
from incidents.people.models import Employed, Person
from incidents.schools import actions as schools
from incidents.schools import queries
from incidents.schools.jurisdiction import Nation, SchoolType
from incidents.schools.models import NumberKind, School

PASSWORD = "three quiet herons wade"
SEPTEMBER = date(2026, 9, 1)

STAFF: tuple[tuple[str, str, str, tuple[Role, ...], str], ...] = (
    ("head", "Joanna", "Pettifer", (Role.STAFF, Role.HEADTEACHER), "headteacher"),
    ("dsl", "Farida", "Qureshi", (Role.STAFF, Role.DSL), "assistant head"),
    ("deputy_dsl", "Tom", "Hathersage", (Role.STAFF, Role.DEPUTY_DSL), "Year 5 teacher"),
    ("teacher", "Priya", "Raman", (Role.STAFF,), "Year 6 teacher"),
    ("other_teacher", "Gwen", "Tarrant", (Role.STAFF,), "Year 3 teacher"),
    ("head_of_year", "Idris", "Okafor", (Role.STAFF, Role.HEAD_OF_YEAR), "head of Year 6"),
    ("deputy_head", "Ruth", "Calloway", (Role.STAFF, Role.DEPUTY_HEAD), "deputy head"),
    ("administrator", "Nell", "Ashby", (Role.ADMINISTRATOR,), "office manager"),
    ("second_administrator", "Omar", "Dunmore", (Role.ADMINISTRATOR,), "bursar"),
    ("dpo", "Sunita", "Vale", (Role.DPO,), "data protection officer"),
)
BOARD: tuple[tuple[str, str, str, tuple[Role, ...], str], ...] = (
    ("case_manager", "Leonard", "Abara", (Role.CASE_MANAGER, Role.CHAIR), "chair of governors"),
    ("vice_chair", "Maud", "Ellery", (Role.VICE_CHAIR,), "vice-chair"),
    ("governor", "Peter", "Sandwick", (Role.GOVERNOR,), "governor"),
    ("clerk", "Hana", "Novak", (Role.CLERK,), "clerk"),
    ("external", "Colin", "Farrow", (Role.EXTERNAL,), "adviser"),
    ("trust_lead", "Beth", "Marlowe", (Role.TRUST_LEAD,), "trust lead"),
)
PUPILS = (
    ("isla", "Isla", "Fenwick"),
    ("mason", "Mason", "Tully"),
    ("zara", "Zara", "Hussain"),
    ("jay", "Jay", "Brook"),
)


@dataclass
class Cast:
    """One school with everybody in it."""

    app: Flask
    school_id: uuid.UUID
    accounts: dict[str, uuid.UUID] = field(default_factory=dict)
    persons: dict[str, uuid.UUID] = field(default_factory=dict)

    def viewer(self, who: str, at: datetime | None = None) -> Viewer:
        """The viewer as a request of theirs would see them. Inside `here()`."""
        account = db.session.get_one(Account, self.accounts[who])
        return viewer_of(account, at or clock.now())

    @contextmanager
    def here(self) -> Iterator[None]:
        """In an application context, within this school."""
        with self.app.app_context(), of_school(self.school_id):
            yield

    def client(self, who: str | None) -> FlaskClient:
        """A browser signed in as `who`, by a session row; None: signed out."""
        client = self.app.test_client()
        if who is None:
            return client
        token = uuid.uuid4().hex
        at = clock.now()
        with self.app.app_context(), across_schools(), writing(audited=False):
            db.session.add(
                SignIn(token_digest=digest_of(token), account_id=self.accounts[who], school_id=self.school_id,
                       started_at=at, last_seen_at=at)
            )  # fmt: skip
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
            session["csrf_token"] = "0" * 40
        return client


def make_cast(
    app: Flask,
    name: str = "Penwick Green Primary School",
    domain: str = "penwick.example",
    nation: Nation = Nation.ENGLAND,
    school_type: SchoolType = SchoolType.MAINTAINED,
) -> Cast:
    """A primary school in its autumn term, made by the actions that people use; without the offices that it has not."""
    at = clock.now()
    with app.app_context():
        with across_schools(), writing():
            school = schools.create_school(
                name=name, short_name=name.split(" Primary")[0], nation=nation, school_type=school_type, at=at,
                day_starts=time(8, 45), day_ends=time(15, 20),
            )  # fmt: skip
            school_id = school.id
        cast = Cast(app, school_id)
        with of_school(school_id):
            with writing():
                _dates_and_numbers(at)
            with writing():
                for key, given, family in PUPILS:
                    pupil = people.add_person(given, family, by=None, at=at)
                    people.enrol(pupil, "Year 6", "6R", SEPTEMBER, by=None, at=at)
                    cast.persons[key] = pupil.id
                mother = people.add_person("Carys", "Fenwick", by=None, at=at)
                people.relate(
                    mother, db.session.get_one(Person, (school_id, cast.persons["isla"])), "mother", SEPTEMBER, by=None, at=at,
                    parental_responsibility=True,
                )  # fmt: skip
                cast.persons["mother"] = mother.id
            for kind, several in ((Employed.EMPLOYEE, STAFF), (Employed.GOVERNOR, BOARD)):
                with writing():
                    for who in several:
                        _appoint(cast, kind, who, domain, at)
    return cast


def _dates_and_numbers(at: datetime) -> None:
    schools.add_term("Summer term 2026", date(2026, 4, 13), date(2026, 7, 21), by=None, at=at)
    schools.add_term("Autumn term 2026", SEPTEMBER, date(2026, 12, 18), by=None, at=at)
    schools.add_term("Spring term 2027", date(2027, 1, 4), date(2027, 3, 26), by=None, at=at)
    schools.add_number(NumberKind.LADO, "Council, weekdays", "01632 960 170", by=None, at=at)
    schools.add_number(NumberKind.SOCIAL_CARE, "", "01632 960 155", by=None, at=at)
    schools.add_number(NumberKind.OUTSIDE, "Council, schools team", "01632 960 180", by=None, at=at)


def _appoint(
    cast: Cast, kind: Employed, who: tuple[str, str, str, tuple[Role, ...], str], domain: str, at: datetime
) -> None:
    key, given, family, roles, job = who
    person = people.add_person(given, family, by=None, at=at)
    people.employ(person, kind, job, SEPTEMBER, by=None, at=at)
    account = membership.add_account(f"{key}@{domain}", person.name, person.id, by=None, at=at)
    missing = queries.pack_of(queries.this_school()).offices_missing
    for role in (each for each in roles if each not in missing):
        year = "Year 6" if role is Role.HEAD_OF_YEAR else ""
        membership.propose_role(account, role, by=None, at=at, starts=at, year_group=year, phone="01632 960 114")
    cast.accounts[key], cast.persons[key] = account.id, person.id


def link_person(cast: Cast, who: str, person: str) -> None:
    """One more person that an account is: a teacher who is a pupil's parent has that from kinship instead."""
    with cast.here(), writing(audited=False):
        db.session.add(
            AccountPerson(school_id=cast.school_id, account_id=cast.accounts[who], person_id=cast.persons[person])
        )


def this_school(cast: Cast) -> School:
    """The cast's school. Inside `here()`."""
    return db.session.get_one(School, cast.school_id)
