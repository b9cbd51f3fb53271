"""What may be cited and what was, as the pages say it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Protocol

from incidents.citations.relevance import FEW_LAWS
from incidents.citations.suggesting import Happening, Judged, Rule, Suggestion, best, fits_whom
from incidents.citations.words import MEANT_AS_LABELS, JudgedBy, MeantAs, What
from incidents.policies.kinds import (
    BREACHABLE,
    FORCE_LABELS,
    FORCE_MEANINGS,
    POLICY_KIND_LABELS,
    WORKFLOWS,
    Force,
    PolicyKind,
)

Row = dict[str, Any]
SHORT = 160  # letters of a wording that stand beside a box to tick
NOT_KNOWN = "The day it happened is not known: judged by the day it was recorded."


def day(of: date) -> str:
    """A day with its year: 12 October 2026."""
    return f"{of.day} {of:%B %Y}"


def shortened(wording: str, longest: int = SHORT) -> str:
    """The first words of it, cut between two words."""
    line = " ".join(wording.split())
    return line if len(line) <= longest else f"{line[:longest].rsplit(' ', 1)[0].rstrip(',;:')} …"


def in_full(rule: Rule) -> str:
    """The wording that is frozen: with what it allows."""
    return "\n".join([rule.wording, *(f"Except: {each}" for each in rule.exceptions)])


def in_force_words(judged: Judged, starts: date, ends: date | None, happening: Happening) -> str:
    """When something that may be cited was in force, for one incident."""
    if judged.by is JudgedBy.RECORDED:
        return f"in force on {day(judged.on)}, when it was recorded"
    if judged.by is JudgedBy.DAY:
        several = happening.last > happening.first
        return f"in force {'from' if several else 'on'} {day(happening.first)}" + (
            f" to {day(happening.last)}" if several else ""
        )
    after = f"from {day(starts)}" if starts > happening.first else ""
    until = f"until {day(ends)}" if ends is not None and ends < happening.last else ""
    return f"in force only {' '.join(filter(None, [after, until]))}"


def not_in_force(rule: Rule, happening: Happening, instead: Iterable[Rule]) -> str:
    """The refusal of a clause that was not in force, with the version that was."""
    named = "; ".join(f"version {each.number}, {each.code}" for each in instead)
    then = f"In force then: {named}." if named else "Nothing with this number was in force then."
    return f"{rule.title}, version {rule.number}, {rule.code} was not in force on {day(happening.first)}. {then}"


def its_policy(kind: PolicyKind, code: str = "") -> str:
    """How the sentence of power names a policy of the school, and the clause on its tests: "its anti-bullying policy, 4.2"."""
    return f"its {POLICY_KIND_LABELS[kind].lower()} policy{', ' + code if code else ''}"


def lifted(rule: Rule, happening: Happening) -> str:
    """That there was permission for what the rule is about, as the register has it; empty where there was none."""
    until = happening.permitted.get(rule.permission)
    return "" if until is None else f"Permission was given for this{f', {until}' if until else ''}."


def never_broken(rule: Rule, happening: Happening) -> str:
    """Why a rule can't be said to be broken: it was lifted, it binds nobody so, or somebody else."""
    if rule.force in BREACHABLE and (permitted := lifted(rule, happening)):
        return f"{rule.code}: {permitted} Cite it as context."
    if rule.force in BREACHABLE:
        about = "for" if fits_whom(rule, happening) else "about"
        return f"{rule.code} is a rule {about} others than those on the record. Cite it as context."
    return f"{rule.code} is not an order: {FORCE_LABELS[rule.force].lower()}. {FORCE_MEANINGS[rule.force]} Cite it as context."


# --- rows of what may be cited ---------------------------------------------------------------------------------------


class LawRow(Protocol):
    """A law that may be relevant, as it was read."""

    @property
    def statute(self) -> Any: ...
    @property
    def judged(self) -> Judged: ...
    @property
    def likely(self) -> bool: ...
    @property
    def caution(self) -> str: ...


class Offered(Protocol):
    """What may be cited, as it was read."""

    @property
    def happening(self) -> Happening: ...
    @property
    def rules(self) -> Sequence[Suggestion]: ...
    @property
    def laws(self) -> Sequence[LawRow]: ...
    @property
    def any_policy(self) -> bool: ...


def offered(offer: Offered, ticked: Collection[str] = ()) -> Row:
    """All that may be cited in the order of the page: the few, the other rules, and the laws. What was ticked stays ticked."""
    few = best(offer.rules)
    first = [each for each in offer.laws if each.likely][:FEW_LAWS]
    others = [each for each in offer.laws if each not in first]
    return {
        "few": [_rule_row(each, offer.happening, ticked) for each in few],
        "more": [_rule_row(each, offer.happening, ticked) for each in offer.rules if each not in few],
        "laws_say": _laws_say(offer),
        "laws": [_law_row(each, ticked) for each in first],
        "other_laws": [_law_row(each, ticked) for each in others],
        "day": "" if offer.happening.known else NOT_KNOWN,
        "spans": JudgedBy.PART in {*(each.judged.by for each in offer.rules), *(each.judged.by for each in offer.laws)},
        "nobody": not offer.happening.audiences,
        "any_policy": offer.any_policy,
    }


def workflow_ticked(offer: Offered, ticked: Collection[str]) -> str:
    """The workflow that the first of the ticked rules starts, of those that can be broken; empty where none names one."""
    broken = (each.rule for each in offer.rules if each.meant_as is MeantAs.BREACHED)
    return next((rule.workflow for rule in broken if rule.workflow and f"{What.CLAUSE}:{rule.clause_id}" in ticked), "")


def _rule_row(each: Suggestion, happening: Happening, ticked: Collection[str]) -> Row:
    rule, key = each.rule, f"{What.CLAUSE}:{each.rule.clause_id}"
    starts = f"starts the steps “{WORKFLOWS[rule.workflow]}”" if rule.workflow in WORKFLOWS else ""
    return {
        "key": key,
        "id": f"rule-{rule.clause_id}",
        "ticked": key in ticked,
        "strong": f"{rule.code} {FORCE_LABELS[rule.force]}",
        "text": shortened(rule.wording),
        "context": each.meant_as is MeantAs.CONTEXT,
        "source": f"{rule.title}, version {rule.number}, {in_force_words(each.judged, rule.starts, rule.ends, happening)}",
        "meta": _sentences(each.because, lifted(rule, happening), starts if each.meant_as is MeantAs.BREACHED else ""),
    }  # fmt: skip


def _sentences(*several: str) -> str:
    return " ".join(f"{each[0].upper()}{each[1:].rstrip('.')}." for each in several if each)


def _law_row(each: LawRow, ticked: Collection[str]) -> Row:
    statute, key = each.statute, f"{What.STATUTE}:{each.statute.key}"
    return {
        "key": key,
        "id": f"law-{statute.key}",
        "ticked": key in ticked,
        "strong": statute.title,
        "text": statute.about,
        "context": False,
        "meta": each.caution,
    }


def _laws_say(offer: Offered) -> str:
    """What holds for all laws that are shown; of one that was in force on some days only its own line says so."""
    when = next((in_force_words(each.judged, each.judged.on, None, offer.happening) for each in offer.laws
                 if not each.caution), "")  # fmt: skip
    unsure = "A lawyer has not confirmed this list." if any(each.statute.confirm for each in offer.laws) else ""
    return " ".join(filter(None, [f"{when[:1].upper()}{when[1:]}." if when else "", unsure]))


# --- rows of what was cited ------------------------------------------------------------------------------------------


class CitationRow(Protocol):
    """A citation as it is kept."""

    id: Any
    what: Any
    meant_as: Any
    force: Any
    code: Any
    heading: Any
    version: Any
    wording: Any
    in_force_on: Any
    judged_by: Any
    reason: Any


JUDGED_WORDS = {
    JudgedBy.DAY: "",
    JudgedBy.PART: ", on some of the days only",
    JudgedBy.RECORDED: ", the day it was recorded",
}


def title(citation: CitationRow) -> str:
    """What was cited: "4.2, Must not" with its policy and version, or the Act and section."""
    if citation.what == What.STATUTE:
        return str(citation.heading)
    return f"{citation.code} {FORCE_LABELS[Force(citation.force)]}, {citation.heading}, version {citation.version}"


def in_force(citation: CitationRow) -> str:
    """The day on which it was in force, and how that was judged."""
    return f"in force on {day(citation.in_force_on)}{JUDGED_WORDS[JudgedBy(citation.judged_by)]}"


def label(citation: CitationRow) -> str:
    """What it was cited as."""
    return MEANT_AS_LABELS[MeantAs(citation.meant_as)]
