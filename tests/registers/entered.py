"""Entries and answers for the tests of the registers, made by the actions that staff use. Inside `cast.here()`."""

import uuid
from datetime import date, timedelta
from typing import Any

from incidents import clock
from incidents.database import writing
from incidents.matters.models import Matter
from incidents.registers import actions, saying
from incidents.registers.actions import Asked, Given
from incidents.registers.consent import Answer
from incidents.registers.kinds import Channel, RegisterKind
from incidents.registers.lifecycle import Verb
from incidents.registers.models import RegisterEntry
from incidents.registers.queries import events_of
from tests.cast import Cast

TODAY = date(2026, 11, 23)
NEXT_YEAR = TODAY + timedelta(days=365)


def ask(
    cast: Cast, kind: RegisterKind, who: str, about: str = "", matter: Matter | None = None, **asked: Any
) -> RegisterEntry:
    """An entry asked for by `who` about somebody of the cast."""
    person = {"person_id": cast.persons[about]} if about else {}
    by = cast.viewer(who)
    with writing():
        return actions.ask(kind, Asked(**person, **asked), by=by, at=clock.now(), today=TODAY, matter=matter)


def act(cast: Cast, entry_id: uuid.UUID, verb: Verb, who: str, seen: int | None = None, **given: Any) -> RegisterEntry:
    """Something done with an entry by whoever has just read its page."""
    by = cast.viewer(who)
    known = len(events_of(entry_id)) if seen is None else seen
    with writing():
        return actions.act(entry_id, verb, Given(**given), seen=known, by=by, at=clock.now(), today=TODAY)


def an_account(cast: Cast, *, approved: bool = True, channel: Channel = Channel.SOCIAL) -> RegisterEntry:
    """An account of the school, kept by two teachers."""
    facts = {
        "platform": "Facebook",
        "name": "@penwickgreen",
        "channel": channel.value,
        "purpose": "News.",
        "address": "",
    }
    entry = ask(cast, RegisterKind.ACCOUNT, "teacher", "teacher", second_id=cast.persons["other_teacher"], facts=facts)
    return act(cast, entry.id, Verb.APPROVE, "head", review_on=NEXT_YEAR) if approved else entry


def watched(cast: Cast, whom: str, by: str = "head", matter: Matter | None = None) -> RegisterEntry:
    """Somebody's use of a device is watched, and they are not told."""
    facts = {"device": "Zanzibar laptop", "why": "Zanzibar."}
    return ask(
        cast,
        RegisterKind.MONITORING,
        by,
        whom,
        matter,
        facts=facts,
        review_on=NEXT_YEAR,
        untold="Zanzibar asked to wait.",
    )


def a_ban(cast: Cast, account: RegisterEntry, about: str = "mother", who: str = "teacher") -> RegisterEntry:
    """A ban that somebody asks for."""
    return ask(
        cast, RegisterKind.BAN, who, about, account_id=account.id, facts={"author": "carys_f", "reason": "Rude."}
    )


def answered(cast: Cast, child: str, answer: Answer, *, said_by: str = "", by: str = "administrator") -> None:
    """A parent's answer for every place, entered by the office."""
    viewer = cast.viewer(by)
    source = saying.Source(TODAY, said_by=cast.persons[said_by] if said_by else None)
    lines = [saying.Line(cast.persons[child], channel, answer) for channel in Channel]
    with writing():
        saying.say(lines, source, by=viewer, at=clock.now(), today=TODAY)


def flagged(cast: Cast, child: str, *, lifted: bool = False, by: str = "dsl") -> None:
    """The flag that only safeguarding leads read."""
    viewer = cast.viewer(by)
    with writing():
        saying.flag(
            cast.persons[child], not lifted, "Zanzibar is looking for them.", by=viewer, at=clock.now(), today=TODAY
        )
