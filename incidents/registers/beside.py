"""What the registers say about the people and accounts of an incident, for those who may know it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from incidents.access import Permission
from incidents.accounts.viewer import Viewer
from incidents.matters.models import Matter
from incidents.registers.agreed import effective_everywhere, pupils_known
from incidents.registers.consent import Answer
from incidents.registers.kinds import CHANNEL_LABELS, Channel
from incidents.registers.models import RegisterEntry
from incidents.registers.queries import (
    OF_PERSONS,
    account_title,
    approved_account,
    linked_to,
    register_of,
    standing_for,
)
from incidents.registers.showing import shown, until_of


@dataclass(frozen=True)
class Said:
    """One line: what stands on a register, and where to read it."""

    words: str
    entry_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Involved:
    """Whom and what an incident is about, on the day by which it is judged."""

    day: date
    person_ids: Collection[uuid.UUID] = ()
    photographed: Collection[uuid.UUID] = ()
    account_name: str = ""
    platform: str = ""
    by_staff: bool = False  # somebody who works here is said to have done it


def on_the_registers(viewer: Viewer, matter: Matter, involved: Involved) -> list[Said]:
    """What the registers said on that day. Each entry only to those who may know of it; a child's consent as the one
    answer that everybody gets."""
    linked = linked_to(viewer, matter)
    standing = standing_for(viewer, involved.person_ids, involved.day, OF_PERSONS)
    entries = {each.id: each for each in (*linked, *standing)}
    rows = shown(entries.values(), involved.day)
    found = [Said(_entry_words(each.entry, each.title, each.state), each.entry.id) for each in rows]
    if viewer.may(Permission.MAY_GO_UP):
        found += [*_account(involved), *_consents(involved)]
    return found


def _entry_words(entry: RegisterEntry, title: str, state: str) -> str:
    register, days = register_of(entry), until_of(entry)
    what = register.lifts or register.one
    return f"{what[:1].upper()}{what[1:]}: {title}. {state}{f', {days}' if days else ''}."


def _account(involved: Involved) -> list[Said]:
    if not involved.account_name:
        return []
    account = approved_account(involved.account_name, involved.platform, involved.day)
    if account is not None:
        return [Said(f"{account_title(account)} was an approved account of the school on that day.", account.id)]
    if involved.by_staff:
        return [Said(f"“{involved.account_name}” was not an approved account of the school on that day.")]
    return []


def _consents(involved: Involved) -> list[Said]:
    if not involved.photographed:
        return []
    children = pupils_known(involved.photographed, involved.day)
    held = effective_everywhere([each.id for each in children], involved.day)
    return [Said(f"Photo consent for {each.name} on that day: {_consent_words(held[each.id])}.") for each in children]


def _consent_words(held: dict[Channel, Answer]) -> str:
    given = []
    for channel, answer in held.items():
        label = CHANNEL_LABELS[channel]
        with_name = " with the name" if answer is Answer.NAME_TOO else ""
        if answer is not Answer.NO:
            given.append(f"{label[:1].lower()}{label[1:]}{with_name}")
    return f"{'; '.join(given)}; nowhere else" if given else "none"
