"""Reading the registers: who may know of which entry, in one SQL expression, and what holds on a day."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import BindParameter, Boolean, ColumnElement, Integer, Select, Uuid, and_, false, func, or_, select
from sqlalchemy.orm import aliased

from incidents.access import CHAIN, Permission, Right, Role, Sphere
from incidents.accounts.models import Account
from incidents.accounts.queries import names_of, seats, viewers_of
from incidents.accounts.viewer import Seat, Viewer
from incidents.database import question, remembered
from incidents.errors import NotFound
from incidents.extensions import db
from incidents.matters.models import Matter
from incidents.matters.visibility import kept_from, seen_with
from incidents.people.matching import fold
from incidents.people.models import Employment, Person
from incidents.people.queries import entries as every_entry
from incidents.phrases import Phrase, value
from incidents.registers.kinds import REGISTERS, EntryState, Register, RegisterKind, where
from incidents.registers.lifecycle import Verb, stands
from incidents.registers.models import IS_ASKED, RegisterEntry, RegisterEvent, RegisterLink

R = TypeVar("R", bound=tuple[Any, ...])
# Who decides an entry: the first of these with somebody whom it is not about. About a head: not a head.
DECIDING: Final = CHAIN[Sphere.STAFF_CONDUCT]
ACCOUNT_KEEPERS_READ: Final = where("keepers_read")
_HIDDEN, _OWN_NOT = where("hidden_from_concerned"), where("own_not_decided")
_WATCHED: Final = RegisterKind.MONITORING
_ID: Final = Uuid()
# What says something of a person beside an incident.
OF_PERSONS: Final = (RegisterKind.CONTACT_DETAILS, RegisterKind.NAME_USE, RegisterKind.BAN, RegisterKind.MONITORING)
_Form = tuple[tuple[Role, ...], tuple[bool, ...]]  # who is asked whether they may decide, and which values are anything

# --- who may know of which


def readable(viewer: Viewer) -> Phrase[bool]:
    """The condition on `RegisterEntry` under which this viewer may know of it. Relation beats role: what is hidden from
    whom it is about is hidden from those close to them too."""
    decided, values = remembered(("decides", viewer), lambda: _decides_what(viewer))
    may = frozenset(filter(viewer.may, (Permission.READ_REGISTERS, Permission.MAY_GO_UP)))
    mine, close = viewer.person_ids, viewer.person_ids | viewer.family_ids
    who = [value(viewer.account_id, _ID), value(mine, _ID, several=True), value(close, _ID, several=True)]
    return Phrase(_readable, (may, decided), [*who, *values], Boolean())


def _readable(how: tuple[frozenset[Permission], "_Form | None"], values: Sequence[Any]) -> ColumnElement[bool]:
    (may, decided), (account, mine, close, *others) = how, values
    kind = RegisterEntry.kind
    ways = [
        and_(kind != _WATCHED, RegisterEntry.asked_by == account),
        and_(kind.in_(where("shown_to_person")), or_(_about(mine), RegisterEntry.second_id.in_(mine))),
        and_(kind.in_(ACCOUNT_KEEPERS_READ), _keeps_its_account(mine)),
    ]
    if Permission.READ_REGISTERS in may:
        ways.append(kind.in_(where("shared")))
    if Permission.MAY_GO_UP in may:
        ways.append(
            and_(kind.in_(where("all_staff")), RegisterEntry.state.in_((EntryState.APPROVED, EntryState.ENDED)))
        )
    known = and_(or_(kind.not_in(_HIDDEN), ~_about(close)), or_(*ways))
    return known if decided is None else or_(known, _decides(decided, others))


def decides(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `RegisterEntry` that it is this viewer who decides on it, or one of those who do."""
    form, values = remembered(("decides", viewer), lambda: _decides_what(viewer))
    return false() if form is None else Phrase(_decides, form, values, Boolean())


def _decides_what(viewer: Viewer) -> tuple["_Form | None", Sequence[BindParameter[Any]]]:
    """What the wording of it depends on, and its values; no form for whoever is in no office that decides."""
    places = [place for place, role in enumerate(DECIDING) if role in viewer.roles]
    if not places:
        return None, []
    me = Seat(viewer.account_id, viewer.name, "", viewer.person_ids, viewer.family_ids)
    earlier = [(each, seat) for each in DECIDING[: min(places)] for seat in viewer.seats.get(each, ())]
    asked = [(DECIDING[min(places)], me), *earlier]
    several = [_heads(viewer)]
    for _, seat in asked:
        several += [seat.persons | seat.family, kept_from(viewer, seat)]
    form = tuple(role for role, _ in asked), tuple(map(bool, several))
    return form, [value(each, _ID, several=True) for each in several]


def _decides(how: "_Form", values: Sequence[Any]) -> ColumnElement[bool]:
    """Not barred, and everybody before them is. `values`: the heads, then for each asked who is close and what bars them."""
    roles, filled = how
    heads, *several = (each if there else None for each, there in zip(values, filled, strict=True))
    mine, *others = map(_barred, roles, several[::2], several[1::2], [heads] * len(roles))
    return and_(~mine, *others)


def _barred(role: Role, close_to: Any, anchors: Any, heads: Any) -> ColumnElement[bool]:
    """Somebody in office may not decide it: it is about them or somebody close; or, where a person's use of a device is
    watched, it has to do with an incident that they are kept from, or is about a head and they are one."""
    close = and_(RegisterEntry.kind.in_(_OWN_NOT), _about(close_to))
    link, matter = aliased(RegisterLink), aliased(Matter, flat=True)
    linked = (
        select(link.id)
        .join(matter, and_(matter.school_id == link.school_id, matter.id == link.matter_id))
        .where(
            link.school_id == RegisterEntry.school_id,
            link.entry_id == RegisterEntry.id,
            link.ended_at.is_(None),
            _kept_from(role, anchors, matter),
        )
        .correlate(RegisterEntry)
        .exists()
    )
    of_a_head = _about(heads) if role is Role.HEADTEACHER else false()
    return or_(close, and_(RegisterEntry.kind == _WATCHED, or_(linked, of_a_head)))


def _kept_from(role: Role, anchors: Any, matter: type[Matter]) -> ColumnElement[bool]:
    hidden = matter.anchor_id.in_(anchors) if anchors is not None else false()
    return or_(hidden, matter.sphere == Sphere.HEAD) if role is Role.HEADTEACHER else hidden


def _heads(viewer: Viewer) -> frozenset[uuid.UUID]:
    return frozenset().union(*(seat.persons for seat in viewer.seats.get(Role.HEADTEACHER, ())))


def _about(persons: Any) -> ColumnElement[bool]:
    """Never unknown: an entry about nobody on the list is about none of these. `persons`: some, as a bound value too, or None."""
    here = RegisterEntry.person_id
    return false() if persons is None else and_(here.is_not(None), here.in_(persons))


def _keeps_its_account(persons: Any) -> ColumnElement[bool]:
    account = aliased(RegisterEntry)
    kept = select(account.id).where(
        account.school_id == RegisterEntry.school_id,
        account.id == RegisterEntry.account_id,
        account.state == EntryState.APPROVED,
        or_(account.person_id.in_(persons), account.second_id.in_(persons)),
    )
    return kept.correlate(RegisterEntry).exists()


def may_enter(viewer: Viewer, kind: RegisterKind) -> bool:
    """Whether this viewer finds the register at all: monitoring is for those who may have to decide about it."""
    if kind is _WATCHED:
        return any(role in viewer.roles for role in DECIDING)
    return viewer.may(Permission.RECORD)


def deciders_of(entry: RegisterEntry, at: datetime) -> list[uuid.UUID]:
    """The accounts that decide on an entry now, asked of the same expression as every page is."""
    held = {seat.account_id for role in DECIDING for seat in seats(at).get(role, ())}
    accounts = db.session.scalars(select(Account).where(Account.id.in_(held)).order_by(Account.id)).all()
    same = RegisterEntry.id == entry.id
    return [
        viewer.account_id
        for viewer in viewers_of(accounts, at)
        if db.session.scalar(select(RegisterEntry.id).where(same, decides(viewer)))
    ]


def how_many_wait(viewer: Viewer) -> Phrase[int] | int:
    """The number on the tab: what is asked and theirs to decide."""
    theirs = decides(viewer)
    if not isinstance(theirs, Phrase):
        return 0
    return Phrase(_how_many, theirs.form, [value(viewer.school_id, _ID), *theirs.values], Integer())


def _how_many(how: "_Form", values: Sequence[Any]) -> ColumnElement[int]:
    school, *several = values
    waiting = select(func.count()).select_from(RegisterEntry)
    return waiting.where(RegisterEntry.school_id == school, IS_ASKED, _decides(how, several)).scalar_subquery()


def _waits(viewer: Viewer) -> ColumnElement[bool]:
    return and_(RegisterEntry.school_id == viewer.school_id, IS_ASKED)


# --- lists and one entry


def waiting_for(viewer: Viewer) -> Sequence[RegisterEntry]:
    """What is asked and theirs to decide, the oldest first."""
    asked = select(RegisterEntry).where(_waits(viewer), decides(viewer))
    return db.session.scalars(asked.order_by(RegisterEntry.asked_at, RegisterEntry.id)).all()


def own_of(viewer: Viewer) -> Sequence[RegisterEntry]:
    """What this person asked for and may still know of, the newest first. Whoever looks over their shoulder reads of
    nobody here that they are watched."""
    own = and_(RegisterEntry.asked_by == viewer.account_id, RegisterEntry.kind != _WATCHED)
    mine = select(RegisterEntry).where(own, readable(viewer))
    return db.session.scalars(mine.order_by(RegisterEntry.asked_at.desc(), RegisterEntry.id).limit(25)).all()


def entries(viewer: Viewer, kind: RegisterKind) -> list[RegisterEntry]:
    """The entries of one register that this viewer may know of: what waits, what stands, what is over; newest first."""
    rows = db.session.scalars(
        select(RegisterEntry)
        .where(RegisterEntry.kind == kind, readable(viewer))
        .order_by(RegisterEntry.asked_at.desc(), RegisterEntry.id)
    ).all()
    order = list(EntryState)
    return sorted(rows, key=lambda row: order.index(EntryState(row.state)))


def entry_for(viewer: Viewer, entry_id: uuid.UUID) -> RegisterEntry:
    """One entry. Raises `NotFound` for none, another school's and one that they may not know of alike."""
    found = db.session.scalars(
        select(RegisterEntry).where(RegisterEntry.id == entry_id, readable(viewer))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def rights_in(viewer: Viewer, entry: RegisterEntry) -> frozenset[Right]:
    """What this viewer may do with an entry, in the words of its lifecycle."""
    found = {Right.ADD_WORDS} if entry.asked_by == viewer.account_id else set()
    same = select(RegisterEntry.id).where(RegisterEntry.id == entry.id, decides(viewer))
    return frozenset(found | ({Right.DECIDE} if db.session.scalar(same) else set()))


def events_of(entry_id: uuid.UUID) -> Sequence[RegisterEvent]:
    """All that was done with it, the newest first."""
    return db.session.scalars(
        select(RegisterEvent).where(RegisterEvent.entry_id == entry_id).order_by(RegisterEvent.number.desc())
    ).all()


def told_to(viewer: Viewer) -> Sequence[RegisterEvent]:
    """What this person was told of a monitoring of their own use of a device, while it goes on. Before that: nothing."""
    watched = select(RegisterEntry.id).where(
        RegisterEntry.kind == _WATCHED, RegisterEntry.state == EntryState.APPROVED, _about(viewer.person_ids)
    )
    return db.session.scalars(
        select(RegisterEvent)
        .where(RegisterEvent.verb == Verb.TELL, RegisterEvent.entry_id.in_(watched))
        .order_by(RegisterEvent.at.desc(), RegisterEvent.number.desc())
    ).all()


# --- names for pages


def staff_on(day: date) -> list[tuple[uuid.UUID, str, str]]:
    """Those who work here on a day, paid or not, with their job: each once, by family name."""
    one = aliased(Person)
    rows = db.session.execute(
        select(one.id, one.given_name, one.family_name, Employment.job)
        .select_from(Employment)
        .join(Person, and_(Person.school_id == Employment.school_id, Person.id == Employment.person_id))
        .join(one, and_(one.school_id == Person.school_id, one.id == Person.one_id))
        .where(
            Employment.kind != "governor",
            Employment.starts <= day,
            or_(Employment.ends.is_(None), Employment.ends >= day),
        )
        .order_by(one.family_name, one.given_name, one.id)
    ).all()
    return list({row.id: (row.id, f"{row.given_name} {row.family_name}".strip(), row.job) for row in rows}.values())


def names_of_persons(person_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """The names of these persons, as they are on the list."""
    wanted = {each for each in person_ids if each}
    if not wanted:
        return {}
    entry, one = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(entry.id, one)
        .join(one, and_(one.school_id == entry.school_id, one.id == entry.one_id))
        .where(entry.id.in_(wanted))
    ).tuples()
    return {person_id: person.name for person_id, person in rows}


def accounts_of_school(*states: EntryState) -> Sequence[RegisterEntry]:
    """The school's accounts in these states, by name; without a state, those that are approved."""
    return db.session.scalars(
        select(RegisterEntry)
        .where(RegisterEntry.kind == RegisterKind.ACCOUNT, RegisterEntry.state.in_(states or (EntryState.APPROVED,)))
        .order_by(RegisterEntry.asked_at, RegisterEntry.id)
    ).all()


def account_title(account: RegisterEntry) -> str:
    """How an account is called on pages: “@ourschool, Facebook”."""
    return f"“{account.facts.get('name', '')}”, {account.facts.get('platform', '')}"


# --- incidents


@dataclass(frozen=True)
class Linked:
    """An entry and a matter that hang together, as both pages show it."""

    link: RegisterLink
    entry: RegisterEntry
    matter: Matter


def links_of(viewer: Viewer, *, entry_id: uuid.UUID | None = None, matter_id: uuid.UUID | None = None) -> list[Linked]:
    """The standing links of an entry or of a matter, both ends of which this viewer may know of. Of the others: nothing."""
    this = RegisterLink.entry_id == entry_id if entry_id else RegisterLink.matter_id == matter_id
    known, seen = readable(viewer), seen_with(viewer, Right.SEE_IN_FULL)
    rows = db.session.execute(_links(select(RegisterLink, RegisterEntry, Matter), known, seen).where(this)).tuples()
    return [Linked(*row) for row in rows]


def linked_to(viewer: Viewer, matter: Matter) -> Sequence[RegisterEntry]:
    """The entries that `links_of` this matter tells of."""
    return _linked_to(matter.id, readable(viewer), seen_with(viewer, Right.SEE_IN_FULL)).scalars().all()


@question
def _linked_to(matter_id: Any, known: Any, seen: Any) -> Select[tuple[RegisterEntry]]:
    return _links(select(RegisterEntry), known, seen).where(RegisterLink.matter_id == matter_id)


def _links(asked: Select[R], known: ColumnElement[bool], seen: ColumnElement[bool]) -> Select[R]:
    entry = and_(RegisterEntry.school_id == RegisterLink.school_id, RegisterEntry.id == RegisterLink.entry_id)
    matter = and_(Matter.school_id == RegisterLink.school_id, Matter.id == RegisterLink.matter_id)
    return (
        asked.select_from(RegisterLink)
        .join(RegisterEntry, entry)
        .join(Matter, matter)
        .where(RegisterLink.ended_at.is_(None), known, seen)
        .order_by(RegisterLink.at, RegisterLink.id)
    )


# --- what holds, for other slices


def standing_for(
    viewer: Viewer, person_ids: Collection[uuid.UUID], day: date, kinds: Collection[RegisterKind]
) -> list[RegisterEntry]:
    """The entries about these persons that hold on this day and that this viewer may know of."""
    return [row for row in entries_about(viewer, person_ids) if row.kind in kinds and holds(row, day)]


def entries_about(viewer: Viewer, person_ids: Collection[uuid.UUID]) -> Sequence[RegisterEntry]:
    """The entries about these persons that this viewer may know of, whenever they hold. Of each kind that says something
    of a person: the pages of an incident ask for some of them and then for others."""
    these = frozenset(person_ids)
    if not these:
        return []
    return remembered(("entries about", viewer, these), lambda: _about_any(these, readable(viewer)).scalars().all())


@question
def _about_any(person_ids: Any, known: Any) -> Select[tuple[RegisterEntry]]:
    pairs, about = every_entry(), (RegisterEntry.person_id, RegisterEntry.second_id)
    same = select(pairs.c.entry_id).where(pairs.c.person_id.in_(person_ids))
    return (
        select(RegisterEntry)
        .where(RegisterEntry.kind.in_(OF_PERSONS), or_(*(each.in_(same) for each in about)), known)
        .order_by(RegisterEntry.asked_at, RegisterEntry.id)
    )


def holds(entry: RegisterEntry, day: date) -> bool:
    """Whether it stood on this day, as it is known now."""
    return stands(EntryState(entry.state), entry.starts, entry.ends, day)


def approved_account(name: str, platform: str, day: date) -> RegisterEntry | None:
    """The school's account of this name that was approved on this day; its platform counts where both are given."""
    plain = fold(name.removeprefix("@"))
    if not plain:
        return None
    for account in accounts_of_school(EntryState.APPROVED, EntryState.ENDED):
        other = str(account.facts.get("platform", ""))
        same_place = not platform or not other or fold(platform) == fold(other)
        if fold(str(account.facts.get("name", "")).removeprefix("@")) == plain and same_place and holds(account, day):
            return account
    return None


def register_of(entry: RegisterEntry) -> Register:
    """The table's row for an entry."""
    return REGISTERS[RegisterKind(entry.kind)]


def who(entries: Iterable[RegisterEntry], events: Iterable[RegisterEvent] = ()) -> dict[uuid.UUID, str]:
    """The names of the accounts that asked, decided or acted."""
    ids = [each for entry in entries for each in (entry.asked_by, entry.decided_by)]
    return names_of([*ids, *(event.by for event in events)])
