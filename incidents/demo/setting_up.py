"""Sets up one school of the demo with its year, its people and their accounts, by the actions that people use."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from incidents.access import Role
from incidents.accounts import membership
from incidents.accounts.models import Account
from incidents.accounts.queries import viewer_of
from incidents.accounts.viewer import Viewer
from incidents.database import across_schools, of_school, writing
from incidents.demo.cast import PASSWORD, SchoolCast, Someone, Waiting
from incidents.demo.year import Days, terms_around
from incidents.extensions import db
from incidents.people import actions as people
from incidents.people.models import Employed, Person
from incidents.schools import actions as schools
from incidents.schools.models import Trust
from incidents.schools.queries import calendar

KIND: Mapping[str, Employed] = {
    "staff": Employed.EMPLOYEE,
    "governor": Employed.GOVERNOR,
    "volunteer": Employed.VOLUNTEER,
}

# Nothing that happened longer ago than so many school days names anybody of the first year group.
YOUNGEST_SINCE = 24


@dataclass
class MadeSchool:
    """A school of the demo as it now stands in the database; people by their keys of the cast."""

    cast: SchoolCast
    school_id: uuid.UUID
    made_at: datetime
    accounts: dict[str, uuid.UUID] = field(default_factory=dict)
    persons: dict[str, uuid.UUID] = field(default_factory=dict)
    policies: dict[str, uuid.UUID] = field(default_factory=dict)
    days: Days = field(init=False)
    _viewers: dict[str, Viewer] = field(default_factory=dict)

    def viewer(self, key: str, at: datetime) -> Viewer:
        """Somebody of the cast as a request of theirs at that moment would find them.

        Read once for each: in the demo no role or kinship begins or ends while its stories are told.
        """
        if key not in self._viewers:
            self._viewers[key] = viewer_of(db.session.get_one(Account, self.accounts[key]), at)
        return replace(self._viewers[key], at=at)

    def grew(self) -> date:
        """Since when pupils are in the year group of the cast: September, or the day on which the youngest come into it.

        Those of the first year were nowhere here before. A demo made in September tells of them all the same.
        """
        return min(terms_around(self.made_at.date())[3].first, self.days.day(YOUNGEST_SINCE))

    def form_of(self, key: str, on: date) -> tuple[str, str] | None:
        """A pupil's year group and form on this day; None for anybody else, and before they came."""
        pupil = next((each for each in self.cast.pupils if each.key == key), None)
        if pupil is None:
            return None
        if on >= self.grew():
            return pupil.year, pupil.form
        return None if pupil.year == self.cast.first_year else (one_less(pupil.year), one_less(pupil.form))

    def person(self, key: str) -> Person:
        return db.session.get_one(Person, (self.school_id, self.persons[key]))


def one_less(name: str) -> str:
    """The year group or form in which whoever is in this one now was a year ago: Year 8 and 8A become Year 7 and 7A."""
    return re.sub(r"\d+", lambda number: str(int(number[0]) - 1), name)


def set_up(cast: SchoolCast, made_at: datetime) -> MadeSchool:
    """The school, its dates and numbers, everybody in it, and who may sign in. All of it began before the stories do."""
    terms = terms_around(made_at.date())
    began = datetime.combine(terms[0].first, time(9, 0), tzinfo=UTC)
    with across_schools(), writing():
        trust = _trust(cast.trust)
        school = schools.create_school(
            name=cast.name, short_name=cast.short_name, nation=cast.nation, school_type=cast.school_type, at=began,
            trust=trust, day_starts=cast.day_starts, day_ends=cast.day_ends,
        )  # fmt: skip
        school_id = school.id
    made = MadeSchool(cast, school_id, made_at)
    with of_school(school_id):
        with writing():
            for term in terms:
                schools.add_term(term.name, term.first, term.last, by=None, at=began)
                for kind, name, first, last in term.shut:
                    schools.add_closure(kind, name, first, last, by=None, at=began)
            for number in cast.numbers:
                schools.add_number(number.kind, number.who, number.phone, by=None, at=began)
        made.days = Days(calendar(), made_at)
        with writing():
            _people(made, terms[0].first, began)
        _accounts(made, began)
        if cast.waiting:
            _propose(made, cast.waiting)
    return made


def _propose(made: MadeSchool, waiting: Waiting) -> None:
    """A role that waits for the second administrator, so that the page has something to agree to."""
    at = made.days.at(1, time(14, 5))
    with writing():
        account = db.session.get_one(Account, made.accounts[waiting.account])
        membership.propose_role(account, waiting.role, by=made.viewer(waiting.by, at), at=at)


def _trust(name: str) -> Trust | None:
    if not name:
        return None
    known = db.session.scalars(select(Trust).where(Trust.name == name)).first()
    return known or schools.create_trust(name)


def _people(made: MadeSchool, since: date, at: datetime) -> None:
    """Everybody, in one transaction as when a list of people is brought in."""
    for someone in made.cast.people:
        person = people.add_person(someone.given, someone.family, by=None, at=at, title=someone.title)
        if someone.kind in KIND:
            people.employ(person, KIND[someone.kind], someone.job, since, by=None, at=at)
        made.persons[someone.key] = person.id
    for pupil in made.cast.pupils:
        person = people.add_person(pupil.given, pupil.family, by=None, at=at)
        if pupil.year != made.cast.first_year:
            year, form = one_less(pupil.year), one_less(pupil.form)
            people.enrol(person, year, form, since, by=None, at=at, ends=made.grew() - timedelta(days=1))
        people.enrol(person, pupil.year, pupil.form, made.grew(), by=None, at=at)
        made.persons[pupil.key] = person.id
    for kin in made.cast.kin:
        if kin.given:
            made.persons[kin.key] = people.add_person(kin.given, kin.family, by=None, at=at).id
        for child in kin.of:
            people.relate(
                made.person(kin.key), made.person(child), kin.relation, since, by=None, at=at,
                parental_responsibility=kin.responsible, do_not_tell=kin.do_not_tell, note=kin.note,
            )  # fmt: skip


def _accounts(made: MadeSchool, at: datetime) -> None:
    """An account for everybody with a role, taken up through an invitation as anybody's is."""
    phones = {number.who: number.phone for number in made.cast.numbers}
    with writing():
        tokens = [
            _account(made, someone, phones.get(someone.name, ""), at) for someone in made.cast.people if someone.roles
        ]
    for token in tokens:
        with writing():
            membership.take_up(token, PASSWORD, at=at + timedelta(minutes=5))
    with writing():
        schools.put_on_duty(made.accounts[made.cast.on_duty], by=None, at=at)


def _account(made: MadeSchool, someone: Someone, phone: str, at: datetime) -> str:
    account = membership.add_account(made.cast.email(someone), someone.name, made.persons[someone.key], by=None, at=at)
    made.accounts[someone.key] = account.id
    for role in someone.roles:
        year = someone.year if role is Role.HEAD_OF_YEAR else ""
        membership.propose_role(account, role, by=None, at=at, starts=at, year_group=year, phone=phone)
    return membership.invite(account, by=None, at=at)
