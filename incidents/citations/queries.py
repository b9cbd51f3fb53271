"""Reading for citing: what may be cited for an incident and why, what was cited, and the policy that its tests are from."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from incidents.accounts.models import Account
from incidents.accounts.viewer import Viewer
from incidents.citations.models import Citation, CitationWithdrawn
from incidents.citations.relevance import ranked
from incidents.citations.suggesting import (
    Happening,
    Judged,
    Rule,
    Suggestion,
    judged,
    suggestions,
    without_names,
)
from incidents.citations.words import MeantAs, What
from incidents.database import question, remembered
from incidents.decisions.queries import current
from incidents.errors import NotFound
from incidents.extensions import db
from incidents.matters.directions import direction_of
from incidents.matters.words import Direction, Method
from incidents.people.kinds import PersonKind
from incidents.people.matching import fold
from incidents.people.models import Person
from incidents.policies import queries as policies
from incidents.policies import versions
from incidents.policies.kinds import Audience, Force, Permit, PolicyKind
from incidents.policies.models import Clause, Policy, PolicyVersion
from incidents.recording import queries as recording
from incidents.recording.models import Incident, Particulars
from incidents.recording.words import Part
from incidents.registers.kinds import RegisterKind
from incidents.registers.models import RegisterEntry
from incidents.registers.queries import approved_account, entries_about, holds
from incidents.registers.showing import until_of
from incidents.schools import statutes
from incidents.schools.queries import calendar, statutes_of, this_school
from incidents.schools.statutes import Statute

CLAUSE, STATUTE = f"{What.CLAUSE}:", f"{What.STATUTE}:"
_DID_IT = (Part.ALLEGED, Part.AUTHOR)
# Permissions that a person has, by their register.
_OF_PEOPLE = {RegisterKind.CONTACT_DETAILS: Permit.CONTACT_DETAILS, RegisterKind.NAME_USE: Permit.NAME_OR_LOGO}
_DAY = timedelta(days=1)
# Which policy the power to act is from, where several could be: the first of these that was in force.
_POWER_FROM = (PolicyKind.ANTI_BULLYING, PolicyKind.BEHAVIOUR, PolicyKind.SOCIAL_MEDIA)
_OUT_OF_HOURS = "outside school hours"


# --- what may be cited -----------------------------------------------------------------------------------------------


def happening_of(incident: Incident, viewer: Viewer, direction: Direction | None = None) -> Happening:
    """The incident as rules and laws look at it; the direction is the one given, else the one decided, else the record's.

    `viewer` is whoever looks: a permission that they may not know of is none to them.
    """
    held = recording.particulars(incident.id)
    people = recording.shown_people(incident.id)
    alleged = [PersonKind(each.involvement.person_kind) for each in people if each.part in _DID_IT]
    targets = {PersonKind(each.involvement.person_kind) for each in people if each.part is Part.TARGET}
    decided = current(incident, "direction") if direction is None else None
    suggested = direction_of(dict.fromkeys(alleged, 1), targets, Method(held.method))
    recorded = calendar().local(incident.recorded_at).date()
    first = held.day_from or held.day_until or recorded
    last = max(first, held.day_until or first)
    said = [each.words for each in recording.statements(incident.id)]
    return Happening(
        first=first,
        last=last,
        known=held.day_from is not None or held.day_until is not None,
        direction=direction or (Direction(decided.answer) if decided else suggested),
        alleged=frozenset(alleged),
        method=Method(held.method),
        words=without_names([*said, held.account_name, held.url], [each.name for each in people]),
        targets=frozenset(targets),
        permitted=_permitted(people, held, first, last, viewer),
    )


def _permitted(
    people: Iterable[recording.Shown], held: Particulars, first: date, last: date, viewer: Viewer
) -> dict[str, str]:
    """The permissions that lift a rule: those that everybody had who is said to have done it, on the first and the last
    of these days; and that the account was one of the school's own."""
    everybody = {each.involvement.person_id for each in people if each.involvement.person_id}
    who = {each.involvement.person_id for each in people if each.part in _DID_IT}
    known = entries_about(viewer, everybody) if who and None not in who else ()
    found = _agreed({each for each in who if each}, {first, last}, known) if known else {}
    if all(approved_account(held.account_name, held.platform, day) for day in {first, last}):
        found[Permit.SCHOOL_ACCOUNT] = ""
    return found


def _agreed(who: set[uuid.UUID], days: set[date], known: Sequence[RegisterEntry]) -> dict[str, str]:
    """Of these entries: two entries of one person on the list are one."""
    about = {each.id: {each.person_id, each.second_id} - {None} for each in known}
    one = dict(_ones(who.union(*about.values())).tuples().all())
    whose = {one[each] for each in who}
    theirs = [each for each in known if whose & {one[person_id] for person_id in about[each.id] if person_id}]
    entries = {day: [each for each in theirs if holds(each, day)] for day in days}
    found = {}
    for kind, permit in _OF_PEOPLE.items():
        have = [
            {one[entry.person_id] for entry in several if entry.kind == kind and entry.person_id}
            for several in entries.values()
        ]
        if all({one[each] for each in who} <= each for each in have):
            found[permit.value] = until_of(next(entry for entry in next(iter(entries.values())) if entry.kind == kind))
    return found


@question
def _ones(person_ids: Any) -> Select[tuple[uuid.UUID, uuid.UUID]]:
    return select(Person.id, Person.one_id).where(Person.id.in_(person_ids))


def rules_between(first: date, last: date) -> list[Rule]:
    """Every clause of every version in force on one of these days."""
    every = policies.all_versions()
    standing = {version.id: version for version in versions.in_force(every, first, last)}
    kinds = policies.kinds_of_policies()
    return [
        _rule(clause, version, kinds[version.policy_id], versions.last_day(version, every))
        for clause in policies.clauses_of(standing)
        for version in [standing[clause.version_id]]
    ]


def _rule(clause: Clause, version: PolicyVersion, kind: PolicyKind, ends: date | None) -> Rule:
    return Rule(
        clause_id=clause.id,
        policy_id=version.policy_id,
        kind=kind,
        title=version.title,
        number=version.number,
        code=clause.code,
        audiences=frozenset(Audience(each) for each in clause.audiences),
        force=Force(clause.force),
        wording=clause.wording,
        exceptions=tuple(clause.exceptions),
        towards=frozenset(Audience(each) for each in clause.towards),
        starts=version.in_force_from,
        ends=ends,
        directions=frozenset(clause.directions),
        methods=frozenset(clause.methods),
        keywords=tuple(clause.keywords),
        workflow=clause.workflow,
        permission=clause.permission,
    )


def rule_of(clause_id: uuid.UUID) -> Rule | None:
    """One clause of whatever version, with the days on which it is in force; None where there is none."""
    row = db.session.execute(
        select(Clause, PolicyVersion, Policy.kind)
        .join(PolicyVersion, and_(PolicyVersion.school_id == Clause.school_id, PolicyVersion.id == Clause.version_id))
        .join(Policy, and_(Policy.school_id == PolicyVersion.school_id, Policy.id == PolicyVersion.policy_id))
        .where(Clause.id == clause_id)
    ).one_or_none()
    if row is None:
        return None
    clause, version, kind = row
    return _rule(clause, version, PolicyKind(kind), versions.last_day(version, policies.versions_of(version.policy_id)))


@dataclass(frozen=True)
class Law:
    """A law that may be relevant, judged by a day; `caution` is what to weigh where it was in force on some days only."""

    statute: Statute
    judged: Judged
    likely: bool
    caution: str


@dataclass(frozen=True)
class Barred:
    """A law that can't be cited for this incident, and why, with those that could be."""

    key: str
    why: str


@dataclass(frozen=True)
class Offer:
    """What may be cited for an incident, the likeliest first; what is cited already is not offered again."""

    happening: Happening
    rules: list[Suggestion]
    laws: list[Law]
    any_policy: bool
    likely: frozenset[str]  # the laws that are likely, cited already or not


def offer_for(incident: Incident, viewer: Viewer, direction: Direction | None = None) -> Offer:
    """The rules and the laws that may be cited for this incident."""
    happening = happening_of(incident, viewer, direction)
    every = rules_between(happening.first, happening.last)
    cited, laws = keys_cited(incident), laws_for(happening)
    return Offer(
        happening,
        [each for each in suggestions(every, happening) if f"{CLAUSE}{each.rule.clause_id}" not in cited],
        [each for each in laws if f"{STATUTE}{each.statute.key}" not in cited],
        any_policy=bool(every),
        likely=frozenset(each.statute.key for each in laws if each.likely),
    )


def laws_for(happening: Happening) -> list[Law]:
    """The laws of this school's nation and type that were in force then; the likeliest first."""
    school, days = this_school(), (happening.first, happening.last)
    place, here = (school.nation, school.school_type), statutes_of(school)
    likely = statutes.likely(*place, *days, direction=happening.direction, method=happening.method, among=here)
    others = [each for each in statutes.citable(*place, *days, here) if each not in likely]
    several = [*ranked(likely, happening), *others]
    return [law for each in several if (law := law_of(each, happening, likely=each in likely))]


def law_of(statute: Statute, happening: Happening, *, likely: bool = False) -> Law | None:
    """A law as it is judged for an incident; None where it was not in force."""
    when = judged(statute.in_force, statute.repealed - _DAY if statute.repealed else None, happening)
    return Law(statute, when, likely, statutes.caution(statute, happening.first, happening.last)) if when else None


def why_no_law(statute: Statute, happening: Happening) -> str:
    """Why a law can't be cited, with the ones that could; empty where it can."""
    refusal = _refusal(statute, happening)
    return refusal.message if refusal else ""


def barred_laws(happening: Happening, likely: Collection[str]) -> list[Barred]:
    """The laws that people may think of for this, each with why it can't be cited and which likely one could be."""
    rows = (
        (each, _refusal(each, happening)) for each in statutes_of(this_school()).rows if _speaks_of(each, happening)
    )
    return [
        Barred(each.key, refusal.message)
        for each, refusal in rows
        if refusal and any(instead.key in likely for instead in refusal.instead[:1])
    ]


def _speaks_of(statute: Statute, happening: Happening) -> bool:
    """Whether somebody may think of it for such an incident, wherever it is the law: a law with its nation in its name,
    as in "(Scotland)", is no slip that anybody makes elsewhere."""
    said = ((statute.directions, happening.direction), (statute.methods, happening.method))
    return "(" not in statute.name and all(not named or of in named for named, of in said)


def _refusal(statute: Statute, happening: Happening) -> statutes.Refusal | None:
    school = this_school()
    days = happening.first, happening.last
    return statutes.why_not(statute, school.nation, school.school_type, *days, among=statutes_of(school))


def statute_of(key: str) -> Statute | None:
    """A law by its key, as the school reads it; None where there is none."""
    return statutes_of(this_school()).by_key.get(key)


def laws_version() -> str:
    """The version of the list of laws."""
    return statutes.load().version


# --- the policy of the three tests -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class PowerPolicy:
    """The school's own policy on which its power over pupils rests, with its wording of the tests where it has one."""

    kind: PolicyKind
    version_id: uuid.UUID
    tests: Mapping[str, str]
    code: str = ""  # of the clause that speaks of what happens outside school hours


def power_policy(first: date, last: date) -> PowerPolicy | None:
    """The policy in force that has the three tests, else the anti-bullying or behaviour policy; None where there is none."""
    kinds, standing = policies.kinds_of_policies(), policies.in_force(first, last)
    found = [
        PowerPolicy(kinds[version.policy_id], version.id, {key: str(words) for key, words in version.tests.items()})
        for version in standing
    ]
    fitting = [each for each in found if each.kind in _POWER_FROM and (each.tests or each.kind in _POWER_FROM[:2])]
    found_in = min(fitting, key=lambda each: (not each.tests, _POWER_FROM.index(each.kind)), default=None)
    if found_in is None or not found_in.tests:
        return found_in
    # Of all that was in force then: what may be cited is looked for among the same, beside this.
    clauses = policies.clauses_of(version.id for version in standing)
    own = (row for row in clauses if row.version_id == found_in.version_id)
    return replace(found_in, code=next((row.code for row in own if _OUT_OF_HOURS in fold(row.wording)), ""))


# --- what was cited --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cited:
    """Something that was cited, by whom; and who withdrew it, if somebody did."""

    citation: Citation
    by: str
    withdrawn: CitationWithdrawn | None
    withdrawn_by: str


def cited_in(matter_ids: Collection[uuid.UUID]) -> list[Cited]:
    """All that was ever cited in these matters, what is said to be broken first; what was withdrawn stays, and says so."""
    return remembered(("cited in", *matter_ids), lambda: _cited_in(matter_ids))


def _cited_in(matter_ids: Collection[uuid.UUID]) -> list[Cited]:
    found = [Cited(row, by, gone, gone_by or "") for row, by, gone, gone_by in _citations(matter_ids)]
    order = list(MeantAs)
    return sorted(found, key=lambda each: (each.withdrawn is not None, order.index(MeantAs(each.citation.meant_as))))


@question
def _citations(matter_ids: Any) -> Select[Any]:
    """Each with the name of whoever cited it; and if it was withdrawn, that with the name of who did."""
    by, gone_by, gone = aliased(Account), aliased(Account), CitationWithdrawn
    return (
        select(Citation, by.name, gone, gone_by.name)
        .join(by, by.id == Citation.by)
        .outerjoin(gone, and_(gone.school_id == Citation.school_id, gone.citation_id == Citation.id))
        .outerjoin(gone_by, gone_by.id == gone.by)
        .where(Citation.matter_id.in_(matter_ids))
        .order_by(Citation.at, Citation.code, Citation.id)
    )


def standing_in(incident: Incident) -> Sequence[Cited]:
    """What is cited in an incident and was not withdrawn."""
    return [each for each in cited_in([incident.id]) if each.withdrawn is None]


def citation(incident: Incident, citation_id: uuid.UUID) -> Cited:
    """One citation of this incident."""
    found = next((each for each in cited_in([incident.id]) if each.citation.id == citation_id), None)
    if found is None:
        raise NotFound
    return found


def keys_cited(incident: Incident) -> set[str]:
    """The clauses and laws that are cited in an incident and were not withdrawn, as the forms name them."""
    return {_key_of(each.citation) for each in standing_in(incident)}


def _key_of(citation: Citation) -> str:
    return f"{CLAUSE}{citation.clause_id}" if citation.what == What.CLAUSE else f"{STATUTE}{citation.statute_key}"
