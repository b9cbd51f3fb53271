"""Who sees which matter: one expression over roles, grants and conflicts, computed live; deny wins.

Every list, count, search, file and message goes through `seen_with` or `standing`; nothing else decides visibility.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    case,
    exists,
    false,
    or_,
    select,
)
from sqlalchemy.types import TypeEngine

from incidents.access import CHAIN, RIGHTS, SAFEGUARDING_ROLES, Basis, Right, Role, Sphere
from incidents.accounts.viewer import Seat, Viewer
from incidents.database import question, remembered
from incidents.matters.conflicts import INVOLVED, Conflicts, around, conflicts_around, conflicts_of
from incidents.matters.models import Capacity, Grant, Matter, MatterYear, Told, Why
from incidents.phrases import Phrase, value
from incidents.rows import Moment
from incidents.schools.queries import pack_of, this_school

T = TypeVar("T")
_YES_OR_NO, _ID, _WORD, _AT = Boolean(), Uuid(), Text(), Moment()
_NONE = value((), _ID, several=True)  # in place of what is empty: no wording speaks of it, but for nobody's own persons

_CAPACITY_BASIS: dict[Capacity, Basis] = {
    Capacity.OWNER: Basis.OWNER,
    Capacity.DELEGATE: Basis.DELEGATE,
    Capacity.STEP: Basis.STEP,
    Capacity.PANEL: Basis.READER,
    Capacity.INVESTIGATOR: Basis.READER,
    Capacity.ADVISER: Basis.READER,
}
_GIVEN_ON_A_CASE = (Basis.OWNER, Basis.DELEGATE, Basis.READER)


@dataclass(frozen=True)
class Standing:
    """What one person is to one matter."""

    matter_id: uuid.UUID
    bases: frozenset[Basis]

    def may(self, right: Right) -> bool:
        """Whether any basis gives the right."""
        return any(right in RIGHTS[basis] for basis in self.bases)


def standing(viewer: Viewer, matter_id: uuid.UUID) -> Standing | None:
    """How this person comes to this matter; None when for them it does not exist."""
    bits = _bases_on(matter_id, bases_of(viewer)).scalar()
    return None if bits is None else standing_on(matter_id, bits)


def standings(
    viewers: Sequence[Viewer], matter: Matter, among: Collection[Basis] = tuple(Basis)
) -> list[Standing | None]:
    """What each of several people is to one matter, of these bases; asked in one statement however many they are.

    Of their conflicts those around this matter are all that counts for it.
    """
    known = around(matter)
    asked = [_worded(_bases, *_form_and_values(viewer, known), *among, kind=Integer()) for viewer in viewers]
    return [standing_on(matter.id, bits) for bits in _bases_on(matter.id, *asked).one()]


@question
def _bases_on(matter_id: Any, *bases: Any) -> Select[Any]:
    """From `Matter` itself, so that it is narrowed to the school: in the wording of a phrase no table is seen."""
    asked = (each.label(f"bases_{place}") for place, each in enumerate(bases))
    return select(*asked).select_from(Matter).where(Matter.id == matter_id)


def bases_of(viewer: Viewer) -> Phrase[int]:
    """How this person comes to a `Matter`, in one number: for `standing_on`."""
    return asked_by(viewer, _bases, *Basis, kind=Integer())


def standing_on(matter_id: uuid.UUID, bits: int) -> Standing | None:
    """What the bases in one number make of somebody."""
    held = frozenset(basis for place, basis in enumerate(Basis) if bits & 1 << place)
    return Standing(matter_id, held) if held else None


def seen_with(viewer: Viewer, *rights: Right) -> ColumnElement[bool]:
    """The condition on `Matter` under which this person holds any of these rights in it."""
    return asked_by(viewer, sees, *rights)


def free_of(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Matter` that neither the viewer nor anybody close to them is in conflict with it."""
    return asked_by(viewer, is_free)


def asked_by(
    viewer: Viewer, worded: Callable[..., ColumnElement[T]], *more: Hashable, kind: TypeEngine[Any] = _YES_OR_NO
) -> Phrase[T]:
    """What `worded(asking, *more)` says for this viewer: put together once a process for each form, and not for each request."""
    form, values = remembered(("asking", viewer), lambda: _form_and_values(viewer, conflicts_of(viewer)))
    return _worded(worded, form, values, *more, kind=kind)


def _worded(
    worded: Callable[..., ColumnElement[T]],
    form: "Form",
    values: Sequence[BindParameter[Any]],
    *more: Hashable,
    kind: TypeEngine[Any],
) -> Phrase[T]:
    return Phrase(_for, (worded, form, more), values, kind)


def _for(
    how: tuple[Callable[..., ColumnElement[T]], "Form", Sequence[Hashable]], values: Sequence[BindParameter[Any]]
) -> ColumnElement[T]:
    worded, form, more = how
    return worded(Asking(form, *values), *more)


def of_kind(viewer: Viewer, kind: str) -> ColumnElement[bool]:
    """The condition on `Matter` that it is of this kind, in the words of the index by which a list goes newest first."""
    return and_(Matter.school_id == viewer.school_id, Matter.kind == kind)


def kept_from(viewer: Viewer, seat: Seat) -> frozenset[uuid.UUID]:
    """The clusters, by their anchors, that somebody in office is in conflict with; of those around this viewer."""
    return conflicts_of(viewer).of(seat.persons, seat.family)


def chain_of(sphere: Sphere) -> tuple[Role, ...]:
    """Who decides a matter of this nature, in this order. One about the head goes to whom the type of school has for it."""
    return pack_of(this_school()).head_cases.roles if sphere is Sphere.HEAD else CHAIN[sphere]


def _chains() -> Mapping[Sphere, tuple[Role, ...]]:
    return remembered("chains", lambda: {sphere: chain_of(sphere) for sphere in Sphere})


def deciders(matter: Matter, seats: Mapping[Role, Sequence[Seat]]) -> list[uuid.UUID]:
    """The accounts that decide this matter now: the first role of its chain with somebody who is free of conflict.

    Nobody: the empty list, and then the matter is the outside body's (its number stands on the page of who recorded it).
    """
    return before_whom(matter, seats)[Basis.DECIDER]


def before_whom(
    matter: Matter, seats: Mapping[Role, Sequence[Seat]], named: Iterable[tuple[uuid.UUID, str]] | None = None
) -> dict[Basis, list[uuid.UUID]]:
    """The accounts that decide this matter now, and the safeguarding leads who have it before them.

    `named` are the persons in conflict with what hangs together with it, and why, from whoever knows them already.
    """
    free = _free_seats(conflicts_around(matter) if named is None else named, seats)
    leads = SAFEGUARDING_ROLES if matter.sphere == Sphere.PUPIL else ()
    return {
        Basis.SAFEGUARDING: [account for role in leads for account in free[role]],
        Basis.DECIDER: next((free[role] for role in chain_of(Sphere(matter.sphere)) if free[role]), []),
    }


def _free_seats(
    named: Iterable[tuple[uuid.UUID, str]], seats: Mapping[Role, Sequence[Seat]]
) -> defaultdict[Role, list[uuid.UUID]]:
    """For each role the accounts that are not in such a conflict, nor close to somebody involved."""
    pairs = list(named)
    persons = {person for person, _ in pairs}
    involved = {person for person, why in pairs if why in INVOLVED}
    free: defaultdict[Role, list[uuid.UUID]] = defaultdict(list)
    for role, several in seats.items():
        free[role] = [s.account_id for s in several if not (s.persons & persons or s.family & involved)]
    return free


# --- how it is worded


@dataclass(frozen=True)
class Form:
    """What of a viewer the wording depends on: which of the values are anything at all, and what needs no value."""

    filled: frozenset[str]
    decides: frozenset[Sphere]  # nobody stands before them in the chain
    safeguards: bool


class Asking(NamedTuple):
    """Who asks, as the rule is worded for them: values are bound parameters, so that the wording serves others too."""

    form: Form
    school: Any
    account: Any
    at: Any
    persons: Any
    years: Any
    kept_from: (
        Any  # what hangs together with a conflict of theirs, or with something that involves somebody close to them
    )
    alleged_in: Any
    named_in: Any
    pupil: Any  # for each sphere: where everybody who would decide before them is in conflict
    adult: Any
    staff_conduct: Any
    head: Any


def _form_and_values(viewer: Viewer, known: Conflicts) -> tuple[Form, Sequence[BindParameter[Any]]]:
    instead = _stands_in(viewer, known)
    sets: dict[str, Collection[Any]] = {
        "persons": viewer.person_ids,
        "years": viewer.year_groups if Role.HEAD_OF_YEAR in viewer.roles else (),
        "kept_from": known.of(viewer.person_ids, viewer.family_ids),
        "alleged_in": known.anchors(viewer.person_ids, (Why.ALLEGED,)),
        "named_in": known.matters(viewer.person_ids, (Why.TARGET, Why.WITNESS)),
        **{sphere.value: instead.get(sphere) or () for sphere in Sphere},
    }
    form = Form(
        filled=frozenset(name for name, several in sets.items() if several),
        decides=frozenset(sphere for sphere, anchors in instead.items() if anchors is None),
        safeguards=bool(viewer.roles & set(SAFEGUARDING_ROLES)),
    )
    values = {
        "school": value(viewer.school_id, _ID),
        "account": value(viewer.account_id, _ID),
        "at": value(viewer.at, _AT),
    }
    kinds = {"years": _WORD}
    values |= {
        name: value(several, kinds.get(name, _ID), several=True) if several else _NONE for name, several in sets.items()
    }
    return form, [values[name] for name in Asking._fields[1:]]


def _stands_in(viewer: Viewer, known: Conflicts) -> dict[Sphere, frozenset[uuid.UUID] | None]:
    """The spheres in whose chain the viewer is: for each where everybody before them is in conflict; None: there is nobody."""
    found: dict[Sphere, frozenset[uuid.UUID] | None] = {}
    for sphere, chain in _chains().items():
        places = [place for place, role in enumerate(chain) if role in viewer.roles]
        if places:
            earlier = [seat for role in chain[: min(places)] for seat in viewer.seats.get(role, ())]
            barred = [known.of(seat.persons, seat.family) for seat in earlier]
            found[sphere] = frozenset.intersection(*barred) if barred else None
    return found


def sees(asking: Asking, *rights: Right) -> ColumnElement[bool]:
    """As `seen_with`, within a wording."""
    fitting = [basis for basis in Basis if RIGHTS[basis] & set(rights)]
    given = [basis for basis in fitting if basis in _GIVEN_ON_A_CASE]
    ways = [_has(asking, basis) for basis in fitting if basis not in given]
    if given:  # asked once for all of them: a list looks at every row
        ways.append(and_(is_free(asking), _granted(asking, *given)))
    return or_(false(), *ways)


def is_free(asking: Asking) -> ColumnElement[bool]:
    """As `free_of`, within a wording."""
    return ~_hangs_in(asking, "kept_from")


def _bases(asking: Asking, *among: Basis) -> ColumnElement[int]:
    """These bases in one number, a bit for each at its place in `Basis`."""
    bits = [case((_has(asking, basis), 1 << place), else_=0) for place, basis in enumerate(Basis) if basis in among]
    return reduce(add, bits)


def _has(asking: Asking, basis: Basis) -> ColumnElement[bool]:
    own, alleged = Matter.recorded_by == asking.account, _hangs_in(asking, "alleged_in")
    match basis:
        case Basis.REPORTER:
            return and_(own, ~alleged)
        case Basis.AUTHOR_ALLEGED:
            return and_(own, alleged)
        case Basis.PARTY:
            return and_(~alleged, _is_party(asking))
        case Basis.DECIDER:
            way = _decides(asking)
        case Basis.SAFEGUARDING:
            way = Matter.sphere == Sphere.PUPIL if asking.form.safeguards else false()
        case Basis.YEAR:
            way = _of_their_year(asking)
        case _:
            way = _granted(asking, basis)
    return and_(is_free(asking), way)


def _decides(asking: Asking) -> ColumnElement[bool]:
    """Holds a role of the matter's chain, and everybody before it in the chain is in conflict or not there."""
    alone = [Matter.sphere == sphere for sphere in CHAIN if sphere in asking.form.decides]
    instead = [
        and_(Matter.sphere == sphere, _hangs_in(asking, sphere.value))
        for sphere in CHAIN
        if sphere in asking.form.filled
    ]
    return or_(false(), *alone, *instead)


def _of_their_year(asking: Asking) -> ColumnElement[bool]:
    if "years" not in asking.form.filled:
        return false()
    return and_(
        Matter.sphere == Sphere.PUPIL,
        exists().where(
            MatterYear.school_id == Matter.school_id,
            MatterYear.matter_id == Matter.id,
            MatterYear.year_group.in_(asking.years),
        ),
    )


def _granted(asking: Asking, *bases: Basis) -> ColumnElement[bool]:
    """What was given on a case counts for the incidents in it too; a step is given on its own."""
    capacities = [capacity for capacity, given in _CAPACITY_BASIS.items() if given in bases]
    here = Grant.matter_id == Matter.id
    return exists().where(
        Grant.school_id == Matter.school_id,
        here if bases == (Basis.STEP,) else or_(here, Grant.matter_id == Matter.anchor_id),
        Grant.account_id == asking.account,
        Grant.capacity.in_(capacities) if len(capacities) > 1 else Grant.capacity == capacities[0],
        Grant.starts <= asking.at,
        or_(Grant.ends.is_(None), Grant.ends > asking.at),
    )


def _is_party(asking: Asking) -> ColumnElement[bool]:
    """Target or witness; or told something by the school, as family are. Family learn of it from a person, not from a list."""
    told = select(Told.matter_id).where(Told.school_id == asking.school, Told.person_id.in_(asking.persons))
    named = Matter.id.in_(asking.named_in) if "named_in" in asking.form.filled else false()
    return or_(named, Matter.id.in_(told))


def _hangs_in(asking: Asking, name: str) -> ColumnElement[bool]:
    return Matter.anchor_id.in_(getattr(asking, name)) if name in asking.form.filled else false()
