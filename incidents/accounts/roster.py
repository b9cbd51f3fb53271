"""Who may sign in here and as what, as the pages of the accounts show it."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from incidents.access import PRIVILEGED, ROLE_LABELS, Role
from incidents.accounts.membership import is_here, roles_of, why_not
from incidents.accounts.models import Account, AccountPerson, Invitation, Membership
from incidents.accounts.queries import holders, in_force
from incidents.accounts.viewer import Viewer
from incidents.database import current_school
from incidents.errors import NotFound, Refused
from incidents.extensions import db
from incidents.people.kinds import PersonKind
from incidents.people.matching import fold
from incidents.people.models import Employment, Enrolment, Person
from incidents.people.queries import Status, is_listed, statuses_of
from incidents.schools.queries import pack_of, this_school

PAGE = 25
SHOWN_FOR = timedelta(days=30)  # how long a change of roles stands on the page of who holds which
# Roles that a nation has its own word for.
_NATION_SAYS = {
    Role.HEADTEACHER: "headteacher",
    Role.DSL: "dsl",
    Role.DEPUTY_DSL: "deputy_dsl",
    Role.CHAIR: "chair",
    Role.GOVERNOR: "governor",
    Role.CLERK: "clerk",
}


@dataclass(frozen=True)
class Line:
    """One account in the list."""

    account_id: uuid.UUID
    name: str
    email: str
    roles: list[str]


@dataclass(frozen=True)
class Held:
    """A role of somebody: in force, proposed, ended or refused."""

    membership: Membership
    name: str
    role: str
    proposed_by: str
    why_not: str  # why the viewer has no say about the proposal; empty: they have
    alone: bool  # nobody else holds it now


def role_words() -> dict[Role, str]:
    """What each role is called in this school."""
    pack = pack_of(this_school())
    words = {role: pack.term(_NATION_SAYS[role]) if role in _NATION_SAYS else ROLE_LABELS[role] for role in Role}
    words[Role.CASE_MANAGER] = f"manager of cases about the {pack.term('headteacher')}: {pack.head_cases.who}"
    return {role: said[:1].upper() + said[1:] for role, said in words.items()}


def roles_to_give() -> dict[Role, str]:
    """The roles that such a school has, with what each is called."""
    missing = pack_of(this_school()).offices_missing
    return {role: said for role, said in role_words().items() if role not in missing}


def account_of(account_id: uuid.UUID) -> Account:
    """An account that has or had to do with this school. Raises `NotFound` for an unknown one and another school's alike."""
    account = db.session.get(Account, account_id)
    if account is None or not is_here(account_id):
        raise NotFound
    return account


def membership_of(account_id: uuid.UUID, membership_id: uuid.UUID) -> Membership:
    """One role of an account here, held against two deciding at once. Raises `NotFound`."""
    found = db.session.scalar(
        select(Membership).where(Membership.id == membership_id, Membership.account_id == account_id).with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def names_here(account_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """The names of these accounts as this school knows them: another school may have written another name down."""
    wanted = {account_id for account_id in account_ids if account_id}
    if not wanted:
        return {}
    names = dict(db.session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted))).tuples().all())
    persons = db.session.execute(
        select(AccountPerson.account_id, Person)
        .join(Person, Person.id == AccountPerson.person_id)
        .where(AccountPerson.account_id.in_(wanted))
    )
    return names | {account_id: person.name for account_id, person in persons}


def name_of_person(person_id: uuid.UUID) -> str:
    """As people say it. Raises `Refused` for somebody who is no longer on the list."""
    person = db.session.get(Person, (current_school(), person_id))
    if person is None:
        raise Refused("That person is no longer on the list. Choose again.", "person")
    return person.name


def person_status(account_id: uuid.UUID, on: date) -> Status | None:
    """What the account's person is to the school; None for an account that is no person here."""
    person_id = db.session.scalar(
        select(AccountPerson.person_id).where(AccountPerson.account_id == account_id).limit(1)
    )
    return statuses_of([person_id], on)[person_id] if person_id else None


def listed(at: datetime, after: uuid.UUID | None = None) -> tuple[list[Line], uuid.UUID | None]:
    """A page of the school's accounts by name, and the one after which the next page starts."""
    here = current_school()
    query = select(Account).where(
        or_(
            exists().where(AccountPerson.school_id == here, AccountPerson.account_id == Account.id),
            exists().where(Membership.school_id == here, Membership.account_id == Account.id),
        )
    )
    if after is not None:
        last = account_of(after)
        query = query.where(or_(Account.name > last.name, and_(Account.name == last.name, Account.id > last.id)))
    rows = db.session.scalars(query.order_by(Account.name, Account.id).limit(PAGE + 1)).all()
    accounts, names, words = rows[:PAGE], names_here(row.id for row in rows), role_words()
    roles: dict[uuid.UUID, list[str]] = {}
    held = select(Membership).where(Membership.account_id.in_([each.id for each in accounts]), in_force(at))
    for each in db.session.scalars(held.order_by(Membership.starts)):
        roles.setdefault(each.account_id, []).append(_said(each, words))
    lines = [Line(each.id, names[each.id], each.email, roles.get(each.id, [])) for each in accounts]
    return lines, accounts[-1].id if len(rows) > PAGE else None


def _said(membership: Membership, words: dict[Role, str]) -> str:
    year = f" ({membership.year_group})" if membership.year_group else ""
    return f"{words[Role(membership.role)]}{year}"


def waiting(viewer: Viewer) -> list[Held]:
    """The proposals that wait for a second person, those for this viewer first."""
    rows = db.session.scalars(
        select(Membership)
        .where(Membership.agreed_at.is_(None), Membership.refused_at.is_(None))
        .order_by(Membership.proposed_at)
    ).all()
    return sorted(_held(rows, viewer), key=lambda held: bool(held.why_not))


def how_many_wait(viewer: Viewer) -> int:
    """How many proposals wait for this viewer's word."""
    return sum(not held.why_not for held in waiting(viewer))


def roles_held(account_id: uuid.UUID, viewer: Viewer) -> tuple[list[Held], list[Held], list[Held]]:
    """An account's roles here: in force, proposed, and earlier ones."""
    lasting = roles_of(account_id, at=viewer.at)
    earlier = db.session.scalars(
        select(Membership)
        .where(Membership.account_id == account_id, Membership.id.not_in([each.id for each in lasting]))
        .order_by(Membership.proposed_at.desc())
    ).all()
    now = [each for each in lasting if each.agreed_at]
    return _held(now, viewer), _held([e for e in lasting if not e.agreed_at], viewer), _held(earlier, viewer)


def held_by_one(membership: Membership, viewer: Viewer) -> Held:
    """One role with what a page says about it."""
    [held] = _held([membership], viewer)
    return held


def _held(memberships: Sequence[Membership], viewer: Viewer) -> list[Held]:
    words = role_words()
    names = names_here([m.account_id for m in memberships] + [m.proposed_by for m in memberships])
    in_office = [membership for membership, _ in holders(*Role, at=viewer.at)]
    return [
        Held(
            each,
            names[each.account_id],
            _said(each, words),
            names[each.proposed_by] if each.proposed_by else "",
            why_not(each, viewer),
            not any(other.role == each.role and other.account_id != each.account_id for other in in_office),
        )
        for each in memberships
    ]


def only_administrator(viewer: Viewer) -> bool:
    """Whether there is nobody else who could be the second person."""
    return len({account.id for _, account in holders(Role.ADMINISTRATOR, at=viewer.at)}) < 2


def who_holds_what(at: datetime) -> list[tuple[str, list[str]]]:
    """The roles that take two people, each with those who hold it now."""
    words = role_words()
    rows = holders(*(role for role in Role if role in PRIVILEGED), at=at)
    names = names_here(account.id for _, account in rows)
    found: dict[str, list[str]] = {words[role]: [] for role in Role if role in PRIVILEGED}
    for membership, account in rows:
        year = f" ({membership.year_group})" if membership.year_group else ""
        found[words[Role(membership.role)]].append(f"{names[account.id]}{year}")
    return list(found.items())


def changes_to_know(viewer: Viewer) -> list[tuple[datetime, str]]:
    """What changed lately in the roles that concern this viewer: their own, those they hold, and for administrators all."""
    since = viewer.at - SHOWN_FOR
    rows = db.session.scalars(
        select(Membership).where(
            Membership.role.in_(PRIVILEGED),
            Membership.proposed_by.is_not(None) | (Membership.ends <= viewer.at),
            or_(*(moment >= since for moment in (Membership.proposed_at, Membership.agreed_at, Membership.refused_at,
                                                 Membership.ends))),
        )
    )  # fmt: skip
    mine = [
        row
        for row in rows
        if Role.ADMINISTRATOR in viewer.roles or row.account_id == viewer.account_id or row.role in viewer.roles
    ]
    found = []
    for held in _held(mine, viewer):
        row = held.membership
        acts = (
            ("proposed", row.proposed_at),
            ("agreed", row.agreed_at),
            ("refused", row.refused_at),
            ("ended", row.ends),
        )
        found += [
            (when, f"{held.role} for {held.name}: {act}") for act, when in acts if when and since <= when <= viewer.at
        ]
    return sorted(found, reverse=True)


def last_invitation(account_id: uuid.UUID) -> Invitation | None:
    """The newest link that this school made for the account."""
    return db.session.scalar(
        select(Invitation).where(Invitation.account_id == account_id).order_by(Invitation.made_at.desc()).limit(1)
    )


def people_to_invite(on: date) -> list[tuple[uuid.UUID, str, str]]:
    """Those who work for or govern the school and have no account: id, name, job."""
    rows = db.session.execute(
        select(Person, Employment.job)
        .join(Employment, Employment.person_id == Person.id)
        .where(
            Employment.starts <= on, or_(Employment.ends.is_(None), Employment.ends >= on), Person.id.not_in(_with_account())
        )
        .order_by(Person.family_name, Person.given_name, Person.id)
    )  # fmt: skip
    return list({person.id: (person.id, person.name, job) for person, job in rows}.values())


def same_name(given: str, family: str, on: date) -> list[tuple[uuid.UUID, str, str]]:
    """Grown-ups of this name on record without an account: a teacher who is a parent here must stay one person."""
    folded = fold(f"{given} {family}")
    people = db.session.scalars(
        select(Person).where(Person.folded == folded, is_listed(), Person.id.not_in(_with_account()))
    ).all()
    statuses = statuses_of([each.id for each in people], on)
    return [
        (each.id, each.name, statuses[each.id].as_was)
        for each in people
        if folded and statuses[each.id].kind is not PersonKind.PUPIL
    ]


def _with_account() -> Collection[uuid.UUID]:
    """The entries of everybody who has an account, under whichever of their entries they have it."""
    has, entry = aliased(Person), aliased(Person)
    ones = select(has.one_id).where(has.id.in_(select(AccountPerson.person_id)))
    return set(db.session.scalars(select(entry.id).where(entry.one_id.in_(ones))))


def year_groups(on: date) -> list[str]:
    """The year groups that have pupils now, in the school's own words."""
    return sorted(
        db.session.scalars(
            select(Enrolment.year_group)
            .where(Enrolment.starts <= on, or_(Enrolment.ends.is_(None), Enrolment.ends >= on))
            .distinct()
        )
    )
