"""What the pages of the registers show of an entry: read from the rows, so that views only translate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from incidents.registers.kinds import EntryState, FieldType, RegisterKind
from incidents.registers.lifecycle import Verb
from incidents.registers.models import RegisterEntry, RegisterEvent
from incidents.registers.queries import account_title, accounts_of_school, holds, names_of_persons, register_of, who
from incidents.schools.year import short_day

VERB_WORDS: Final[dict[Verb, str]] = {
    Verb.ASK: "Asked for",
    Verb.ENTER: "Written down",
    Verb.APPROVE: "Agreed",
    Verb.REFUSE: "Refused",
    Verb.WITHDRAW: "Taken back by whoever asked",
    Verb.CHANGE: "Changed",
    Verb.TELL: "The person was told",
    Verb.NOT_TELL: "The person is not told for now",
    Verb.END: "Ended",
}
SOON_DAYS: Final = 30


@dataclass(frozen=True)
class Shown:
    """An entry as a list shows it."""

    entry: RegisterEntry
    title: str
    state: str
    until: str
    waits: bool
    over: bool
    late: bool


def shown(entries: Iterable[RegisterEntry], today: date) -> list[Shown]:
    """Entries with how they are called, where they stand and until when."""
    several = list(entries)
    names = names_of_persons(each.person_id for each in several)
    accounts = _accounts(several)
    return [
        Shown(
            entry=each,
            title=_title(each, names, accounts),
            state=state_of(each, today),
            until=until_of(each),
            waits=each.state == EntryState.ASKED,
            over=each.state == EntryState.APPROVED and not holds(each, today) and _has_begun(each, today),
            late=each.state == EntryState.APPROVED and bool(each.review_on and each.review_on < today),
        )
        for each in several
    ]


def _has_begun(entry: RegisterEntry, today: date) -> bool:
    return bool(entry.starts and entry.starts <= today)


def _accounts(entries: Sequence[RegisterEntry]) -> dict[Any, str]:
    if not any(each.account_id for each in entries):
        return {}
    return {each.id: account_title(each) for each in accounts_of_school(*EntryState)}


def _title(entry: RegisterEntry, names: dict[Any, str], accounts: dict[Any, str]) -> str:
    facts, name = entry.facts, names.get(entry.person_id, "")
    if entry.kind == RegisterKind.ACCOUNT:
        return account_title(entry)
    if entry.kind == RegisterKind.MODERATION:
        did = dict(register_of(entry).field("did").choices).get(facts.get("did", ""), "")
        return f"{did}: “{facts.get('author', '')}” on {accounts.get(entry.account_id, '')}"
    if entry.kind == RegisterKind.BAN:
        return f"{name or '“' + str(facts.get('author', '')) + '”'} on {accounts.get(entry.account_id, '')}"
    return name or str(facts.get("used_by", ""))


def state_of(entry: RegisterEntry, today: date) -> str:
    """Where it stands, in the words of its register."""
    words = register_of(entry).states[EntryState(entry.state)]
    if entry.state == EntryState.APPROVED and entry.starts and entry.starts > today:
        return f"{words}, from {short_day(entry.starts)}"
    if entry.state == EntryState.APPROVED and entry.ends and entry.ends < today:
        return f"Ran out on {short_day(entry.ends)}"
    return words


def until_of(entry: RegisterEntry) -> str:
    """Until when it holds, and when it is looked at again."""
    if entry.kind == RegisterKind.MODERATION:
        return short_day(entry.starts) if entry.starts else ""
    parts = []
    if entry.starts:
        parts.append(f"from {short_day(entry.starts)}")
    if entry.ends:
        parts.append(f"until {short_day(entry.ends)}")
    if entry.review_on and entry.state == EntryState.APPROVED:
        parts.append(f"review due on {short_day(entry.review_on)}")
    return ", ".join(parts)


def facts_of(entry: RegisterEntry) -> list[dict[str, str]]:
    """What was asked, field by field; empty ones are left out."""
    names = names_of_persons((entry.person_id, entry.second_id))
    accounts = _accounts([entry])
    rows = []
    for field in register_of(entry).fields:
        kept = {
            FieldType.STAFF: names.get(entry.person_id) if entry.person_id else "",
            FieldType.ANYBODY: names.get(entry.person_id) if entry.person_id else "",
            FieldType.SECOND: names.get(entry.second_id) if entry.second_id else "",
            FieldType.ACCOUNT: accounts.get(entry.account_id, ""),
            FieldType.CHOICE: dict(field.choices).get(str(entry.facts.get(field.key, "")), ""),
        }
        value = kept.get(field.type, str(entry.facts.get(field.key, "")))
        if value:
            rows.append({"key": field.label.removesuffix("?"), "value": value})
    return rows


def history(entry: RegisterEntry, events: Sequence[RegisterEvent]) -> list[dict[str, Any]]:
    """What happened with it, the newest first, with the days that held after each act."""
    names = who([entry], events)
    keepers = names_of_persons(each for event in events for each in (event.person_id, event.second_id))
    rows = []
    for event in events:
        verb = Verb(event.verb)
        days = [f"from {short_day(event.starts)}"] if event.starts and verb is Verb.APPROVE else []
        days += (
            [f"until {short_day(event.ends)}"] if event.ends and verb in (Verb.APPROVE, Verb.CHANGE, Verb.END) else []
        )
        days += (
            [f"review due on {short_day(event.review_on)}"]
            if event.review_on and verb in (Verb.APPROVE, Verb.CHANGE)
            else []
        )
        if verb is Verb.CHANGE and entry.kind == RegisterKind.ACCOUNT:
            kept = (keepers.get(each, "") for each in (event.person_id, event.second_id) if each)
            days.append("kept by " + " and ".join(kept))
        if event.told_on:
            days.append(f"on {short_day(event.told_on)}")
        strong = VERB_WORDS[verb] + (f" {', '.join(days)}" if days else "") + "."
        rows.append({"at": event.at, "who": names.get(event.by, ""), "strong": strong, "text": event.words,
                     "decision": verb in (Verb.APPROVE, Verb.REFUSE)})  # fmt: skip
    return rows


def was_told(events: Sequence[RegisterEvent]) -> str:
    """Whether somebody whose use of a device is watched was told, in a sentence: the last word counts."""
    last = next((each for each in events if each.verb in (Verb.TELL, Verb.NOT_TELL)), None)
    if last is None:
        return "They are not told yet. The school tries to tell them, and why."
    if last.verb == Verb.TELL and last.told_on:
        return f"They were told on {short_day(last.told_on)}."
    return "They are not to be told for now. Say nothing to them, or to anybody who might."
