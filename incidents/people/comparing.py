"""What a list would change: who joins, leaves, changes, and where a person must say whether two are the same."""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from incidents.people.listing import LISTINGS, ListKind
from incidents.people.matching import fold
from incidents.people.reading import Id, Listed, Problem, Unreadable

EMPLOYEE = "employee"
ONE_DAY = timedelta(days=1)
# So many leavers at once are rather half a list than half a school: they are asked about.
FEW, SHARE = 5, 4
KinKey = tuple[uuid.UUID, uuid.UUID]  # the contact, and whose contact they are


class What(StrEnum):
    """What a line of a list, or its absence, does."""

    JOINS = "joins"
    RETURNS = "returns"
    CHANGES = "changes"
    LEAVES = "leaves"


@dataclass(frozen=True)
class Fact:
    """A dated fact that holds on the list's day or later: year group and form, kind and job, or what a contact is."""

    id: uuid.UUID
    starts: date
    ends: date | None
    holds: tuple[str | bool, ...]


@dataclass(frozen=True)
class Known:
    """Somebody who is on the school's list."""

    person_id: uuid.UUID
    given_name: str
    family_name: str
    title: str = ""
    date_of_birth: date | None = None
    ids: frozenset[Id] = frozenset()
    enrolments: tuple[Fact, ...] = ()
    jobs: tuple[Fact, ...] = ()

    @property
    def name(self) -> str:
        """As people say it."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class Change:
    """What is done for one line, or to somebody who is in no line; the facts end on the day before the list's day."""

    what: What
    line: int  # 0: in no line
    name: str
    says: tuple[str, ...]
    person_id: uuid.UUID | None = None  # None: somebody new
    ids: tuple[Id, ...] = ()  # how somebody new, or who was not known by them, is found next time
    renamed: tuple[str, ...] = ()  # which fields of the person take what the line says
    ends: tuple[uuid.UUID, ...] = ()
    starts: tuple[str | bool, ...] = ()
    until: date | None = None  # the last day of what starts, if it takes the place of something that has one
    of: uuid.UUID | None = None


@dataclass(frozen=True)
class Candidate:
    """Somebody whom a line may mean."""

    person_id: uuid.UUID
    says: str


@dataclass(frozen=True)
class Doubt:
    """A line that may mean somebody who is known: a person says which."""

    line: int
    name: str
    says: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Comparison:
    """All that a list would do, and what it would not."""

    changes: tuple[Change, ...]
    doubts: tuple[Doubt, ...]
    same: int
    stays: tuple[str, ...]  # what the list says and what stays nevertheless
    listed_before: int

    def of(self, *what: What) -> list[Change]:
        """The changes of these kinds."""
        return [change for change in self.changes if change.what in what]

    @property
    def sweeping(self) -> bool:
        """Whether so many leave that it may be half a list."""
        leaves = len(self.of(What.LEAVES))
        return leaves >= FEW and leaves * SHARE > self.listed_before

    @property
    def digest(self) -> str:
        """The same for the same list held against the same people."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


Choices = Mapping[int, uuid.UUID | None]  # by line: the same as this one; None: somebody else


@dataclass(frozen=True)
class People:
    """Those on the school's list on the day from which the new list is right."""

    known: Sequence[Known]
    kin: Mapping[KinKey, Fact]
    day: date


def compare(kind: ListKind, lines: Sequence[Listed], people: People, choices: Choices | None = None) -> Comparison:
    """Hold a list against those who are known. `choices` settles every doubt of the comparison made without.

    Raises `Unreadable` where the list can't be meant.
    """
    held = _Held(kind, lines, people)
    doubts = () if choices is not None else tuple(held.doubts())
    if choices is not None:
        held.settle(choices)
    if held.problems:
        raise Unreadable(held.problems)
    left_open = {doubt.line for doubt in doubts}
    ids_open = {line.ids for line in lines if line.line in left_open}
    found = [held.change(line) for line in lines if line.ids not in ids_open]
    changes = [change for change in found if change]
    in_doubt = {candidate.person_id for doubt in doubts for candidate in doubt.candidates}
    changes += [change for change in held.leavers() if change.person_id not in in_doubt]
    if held.problems:
        raise Unreadable(held.problems)
    schemes = set(LISTINGS[kind].schemes.values())
    before = sum(bool(schemes & {scheme for scheme, _ in each.ids}) for each in people.known)
    return Comparison(tuple(changes), doubts, found.count(None), tuple(held.stays), before)


def current(facts: Iterable[Fact], day: date) -> Fact | None:
    """What holds on the day, else what starts first after it."""
    ordered = sorted(facts, key=lambda fact: fact.starts)
    return next((fact for fact in ordered if fact.starts <= day), None) or next(iter(ordered), None)


class _Held:
    """A list held against people: whom each line means, and what follows."""

    def __init__(self, kind: ListKind, lines: Sequence[Listed], people: People) -> None:
        self.kind, self.lines, self.people, self.day = kind, lines, people, people.day
        self.problems: list[Problem] = []
        self.stays: list[str] = []
        self.by_person = {each.person_id: each for each in people.known}
        self.by_id = {each: known for known in people.known for each in known.ids}
        self.meant: dict[tuple[Id, ...], Known | None] = {}
        self.new: set[tuple[Id, ...]] = set()
        taken: dict[uuid.UUID, tuple[Id, ...]] = {}
        for line in lines:
            self.meant[line.ids] = found = self._one(line.ids, line.line)
            if found and taken.setdefault(found.person_id, line.ids) != line.ids:
                self._wrong(line.line, "another line of the list is the same person here. Check both.")
        self.kinds = {line.employed or EMPLOYEE for line in lines}

    def _wrong(self, line: int, says: str) -> None:
        self.problems.append(Problem(line, says))

    def _one(self, ids: Iterable[Id], line: int) -> Known | None:
        found = {self.by_id[each].person_id for each in ids if each in self.by_id}
        if len(found) > 1:
            self._wrong(line, "its numbers belong to two people here. If they are one person, merge them first.")
        return self.by_person[found.pop()] if len(found) == 1 else None

    # --- doubts

    def doubts(self) -> Iterable[Doubt]:
        """The lines without anybody known by their numbers, where somebody has the name."""
        certain = {known.person_id for known in self.meant.values() if known}
        named: dict[str, list[Known]] = {}
        for known in self.people.known:
            named.setdefault(fold(known.name), []).append(known)
        met: set[tuple[Id, ...]] = set()
        for line in self.lines:
            if self.meant[line.ids] or line.ids in met:
                continue
            met.add(line.ids)
            may_be = [
                known for known in named.get(fold(line.name), ())
                if known.person_id not in certain and self._may_be(line, known)
            ]  # fmt: skip
            if may_be:
                candidates = tuple(Candidate(known.person_id, self._describes(known, line)) for known in may_be)
                yield Doubt(line.line, line.name, _says(self.kind, line), candidates)

    def _may_be(self, line: Listed, known: Known) -> bool:
        """A pupil is no grown-up of the school, and nobody has two dates of birth."""
        if self.kind is ListKind.PUPILS:
            born = line.date_of_birth, known.date_of_birth
            return not known.jobs and (None in born or born[0] == born[1])
        return not known.enrolments

    def _describes(self, known: Known, line: Listed) -> str:
        facts = [current(known.enrolments, self.day), current(known.jobs, self.day)]
        parts = [_fact_says(fact.holds) for fact in facts if fact] or ["nothing to the school now"]
        if known.date_of_birth and line.date_of_birth:
            parts.append("the same date of birth")
        if self._leaves(known):
            parts.append("leaves, if this is somebody else")
        return ", ".join(parts)

    def settle(self, choices: Choices) -> None:
        """Take what a person said about each doubt."""
        chosen: dict[uuid.UUID, int] = {}
        for doubt in self.doubts():
            if doubt.line not in choices:
                self._wrong(doubt.line, "say whether they are the same person.")
                continue
            person_id = choices[doubt.line]
            if person_id is None:
                continue
            if person_id not in {each.person_id for each in doubt.candidates} or person_id in chosen:
                self._wrong(doubt.line, "somebody else in the list is that person already. Choose again.")
                continue
            chosen[person_id] = doubt.line
            ids = next(line.ids for line in self.lines if line.line == doubt.line)
            self.meant[ids] = self.by_person[person_id]

    # --- what follows from a line

    def change(self, line: Listed) -> Change | None:
        """What one line does; None: nothing."""
        known = self.meant[line.ids]
        change = _OF_KIND[self.kind](self, line, known)
        if known is None:
            first = line.ids not in self.new
            self.new.add(line.ids)
            return replace(change, ids=line.ids if first else ())
        renamed, words = _renamed(line, known)
        new_ids = tuple(each for each in line.ids if each not in known.ids)
        if new_ids and self._first(line):
            words += ("is found by this list’s number from now on",)
        else:
            new_ids = ()
        if not (renamed or new_ids or change.starts or change.ends):
            return None
        return replace(change, says=change.says + words, renamed=renamed, ids=new_ids)

    def _first(self, line: Listed) -> bool:
        return next(each for each in self.lines if each.ids == line.ids) is line

    def pupil(self, line: Listed, known: Known | None) -> Change:
        """Another year group or form from the list's day on, until the next one entered: nobody is in two at once."""
        fact = current(known.enrolments, self.day) if known else None
        form = line.form if line.form is not None else str(fact.holds[1]) if fact else ""
        change = self._from_now_on(line, known, fact, (line.year_group, form))
        later = [each.starts for each in known.enrolments if fact and each.starts > fact.starts] if known else []
        return replace(change, until=change.until or min(later) - ONE_DAY) if later and change.starts else change

    def member_of_staff(self, line: Listed, known: Known | None) -> Change:
        """Another job from the list's day on. Of several jobs of one kind none is ended by a list that names one of them."""
        jobs = known.jobs if known else ()
        kind = line.employed or (str(jobs[0].holds[0]) if jobs else EMPLOYEE)
        alike = [fact for fact in jobs if fact.holds[0] == kind]
        same = next((fact for fact in alike if fold(str(fact.holds[1])) == fold(line.job)), None)
        fact = same or (alike[0] if len(alike) == 1 else None)
        return self._from_now_on(line, known, fact, fact.holds if same and fact else (kind, line.job))

    def contact(self, line: Listed, known: Known | None) -> Change:
        """What they are to a pupil. A list can say "do not tell"; it can't take it away."""
        pupil = self._one(line.of, line.line)
        if pupil is None:
            if not self.problems or self.problems[-1].line != line.line:
                self._wrong(line.line, "no pupil here has this number. Bring in the list of pupils first.")
            return Change(What.CHANGES, line.line, line.name, ())
        fact = self.people.kin.get((known.person_id, pupil.person_id)) if known else None
        was = fact.holds if fact else ("", False, False)
        responsible = was[1] if line.parental_responsibility is None else line.parental_responsibility
        if was[2] and line.do_not_tell is False:
            self.stays.append(f"{line.name}, {was[0]} of {pupil.name}: “Do not tell” stays. The list does not say so.")
        relation = str(was[0]) if fold(str(was[0])) == fold(line.relation) else line.relation
        holds = (relation, responsible, bool(was[2] or line.do_not_tell))
        return replace(self._from_now_on(line, known, fact, holds, f" of {pupil.name}"), of=pupil.person_id)

    def _from_now_on(
        self, line: Listed, known: Known | None, fact: Fact | None, holds: tuple[str | bool, ...], of: str = ""
    ) -> Change:
        what = What.CHANGES if fact else What.RETURNS if known and self._was_listed(known) else What.JOINS
        person_id = known.person_id if known else None
        if fact is None:
            return Change(what, line.line, line.name, (_fact_says(holds, of),), person_id, starts=holds)
        if fact.holds == holds and (fact.starts <= self.day or self.kind is ListKind.CONTACTS):
            return Change(what, line.line, line.name, (), person_id)
        says = f"{_fact_says(fact.holds, of)}: from now on {_fact_says(holds, of)}"
        until = fact.ends if fact.starts <= self.day else None
        return Change(what, line.line, line.name, (says,), person_id, ends=(fact.id,), starts=holds, until=until)

    def _was_listed(self, known: Known) -> bool:
        schemes = set(LISTINGS[self.kind].schemes.values())
        return bool(schemes & {scheme for scheme, _ in known.ids}) and self.kind is not ListKind.CONTACTS

    # --- what follows from being in no line

    def leavers(self) -> Iterable[Change]:
        """Who came from such a list before and is in this one no longer. Whoever was added by hand is never one."""
        meant = {known.person_id for known in self.meant.values() if known}
        if self.kind is ListKind.CONTACTS:
            yield from self._contacts_no_longer()
            return
        for known in self.people.known:
            ends = self._leaves(known) if known.person_id not in meant else ()
            if ends:
                says = "; ".join(_fact_says(fact.holds) for fact in ends)
                yield Change(What.LEAVES, 0, known.name, (says,), known.person_id, ends=tuple(fact.id for fact in ends))

    def _leaves(self, known: Known) -> tuple[Fact, ...]:
        schemes = set(LISTINGS[self.kind].schemes.values())
        if not schemes & {scheme for scheme, _ in known.ids}:
            return ()
        if self.kind is ListKind.PUPILS:
            return known.enrolments
        return tuple(fact for fact in known.jobs if fact.holds[0] in self.kinds)

    def _contacts_no_longer(self) -> Iterable[Change]:
        """Only of pupils who are in the list: of one who has left, what their family was to them goes on counting."""
        pupils = {self.by_id[each].person_id for line in self.lines for each in line.of if each in self.by_id}
        said = {
            (known.person_id, self.by_id[each].person_id)
            for line in self.lines for each in line.of
            if each in self.by_id and (known := self.meant[line.ids])
        }  # fmt: skip
        schemes = set(LISTINGS[self.kind].schemes.values())
        for (contact, pupil), fact in self.people.kin.items():
            known = self.by_person.get(contact)
            if known and pupil in pupils and (contact, pupil) not in said and schemes & {s for s, _ in known.ids}:
                says = _fact_says(fact.holds, f" of {self.by_person[pupil].name}")
                yield Change(What.LEAVES, 0, known.name, (says,), contact, ends=(fact.id,), of=pupil)


_OF_KIND: Mapping[ListKind, Callable[[_Held, Listed, Known | None], Change]] = {
    ListKind.PUPILS: _Held.pupil,
    ListKind.CONTACTS: _Held.contact,
    ListKind.STAFF: _Held.member_of_staff,
}


def _renamed(line: Listed, known: Known) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which fields the list says otherwise, and the words for it."""
    said = {name: getattr(line, name) for name in ("given_name", "family_name", "title", "date_of_birth")}
    fields = tuple(name for name, value in said.items() if value is not None and value != getattr(known, name))
    words = []
    if {"given_name", "family_name", "title"} & set(fields):
        words.append(f"was {known.title} {known.name}".replace("  ", " "))
    if "date_of_birth" in fields:
        words.append("another date of birth" if known.date_of_birth else "with a date of birth")
    return fields, tuple(words)


def _says(kind: ListKind, line: Listed) -> str:
    holds: tuple[str | bool, ...] = (line.relation, bool(line.parental_responsibility), bool(line.do_not_tell))
    if kind is not ListKind.CONTACTS:
        holds = (line.year_group, line.form or "") if kind is ListKind.PUPILS else (line.employed or EMPLOYEE, line.job)
    return _fact_says(holds)


def _fact_says(holds: Sequence[str | bool], of: str = "") -> str:
    """A fact in words: "Year 6, 6R", "Year 4 teacher", "mother of …, parental responsibility"."""
    if len(holds) == 3:
        relation, responsible, silent = holds
        more = (", parental responsibility" if responsible else "") + (", do not tell" if silent else "")
        return f"{relation}{of}{more}"
    first, second = holds
    if first in ("employee", "agency", "volunteer", "governor"):
        return str(second) + ("" if first == EMPLOYEE else f" ({first})")
    return f"{first}, {second}" if second else str(first)
