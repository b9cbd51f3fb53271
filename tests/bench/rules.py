"""What a school goes by, for the pages of the rules: two policies, who is asked to sign, an account and photo consent."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from incidents import clock
from incidents.database import writing
from incidents.declarations import actions as declarations
from incidents.declarations.actions import Entered
from incidents.declarations.queries import lines
from incidents.declarations.words import Answer as Said
from incidents.extensions import db
from incidents.people import actions as people
from incidents.policies import actions as policies
from incidents.policies.kinds import Audience
from incidents.policies.models import Clause, Policy, PolicyVersion
from incidents.policies.reading import packs
from incidents.registers import actions as registers
from incidents.registers import saying
from incidents.registers.actions import Asked, Given
from incidents.registers.consent import Answer
from incidents.registers.kinds import Channel, RegisterKind
from incidents.registers.lifecycle import Verb
from incidents.registers.queries import events_of
from tests.cast import SEPTEMBER, Cast

CHILDREN = 30  # of one class, each with a parent
YEAR_GROUP, FORM = "Year 6", "6B"
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Rules:
    """Where the pages of the rules are, and which clause every incident cites."""

    policy: uuid.UUID
    asked_parents: uuid.UUID
    asked_staff: uuid.UUID
    clause: str


def rules_in(cast: Cast) -> Rules:
    """Made by the actions that people use. Inside `here()`."""
    pack = next(each for each in packs() if each.name == "marston_montgomery")
    at = clock.now()
    with writing():
        version_id = policies.adopt_at_once(pack, at.date() - 2 * A_YEAR, at=at).id
    version = db.session.get_one(PolicyVersion, (cast.school_id, version_id))
    policy = db.session.get_one(Policy, (cast.school_id, version.policy_id))
    clause = db.session.scalars(select(Clause.id).where(Clause.version_id == version_id, Clause.code == "B1")).one()
    children = _class(cast)
    office = cast.viewer("administrator")
    asked = {}
    for audience in (Audience.PARENTS, Audience.STAFF):
        with writing():
            asked[audience] = declarations.ask(policy, audience, at.date(), by=office, at=at).id
    _sign(cast, version, children)
    _registers(cast, children)
    return Rules(policy.id, asked[Audience.PARENTS], asked[Audience.STAFF], f"clause:{clause}")


def _class(cast: Cast) -> list[uuid.UUID]:
    found, at = [], clock.now()
    with writing():
        for number in range(CHILDREN):
            child = people.add_person("Ada", f"Row{number}", by=None, at=at)
            people.enrol(child, YEAR_GROUP, FORM, SEPTEMBER, by=None, at=at)
            parent = people.add_person("Bea", f"Row{number}", by=None, at=at)
            people.relate(parent, child, "mother", SEPTEMBER, by=None, at=at, parental_responsibility=True)
            found.append(child.id)
    return found


def _sign(cast: Cast, version: PolicyVersion, children: list[uuid.UUID]) -> None:
    """Two of three forms came back."""
    at, day, office = clock.now(), clock.now().date(), cast.viewer("administrator")
    several = lines(version.id, Audience.PARENTS, day, (YEAR_GROUP, FORM))
    keys = [line.key for number, line in enumerate(several) if number % 3]
    with writing():
        declarations.take_in(
            version, Audience.PARENTS, keys, Entered(Said.SIGNED, day), day, by=office, at=at, group=(YEAR_GROUP, FORM)
        )  # fmt: skip


def _registers(cast: Cast, children: list[uuid.UUID]) -> None:
    at, day = clock.now(), clock.now().date()
    facts = {
        "platform": "Facebook",
        "name": "Penwick",
        "channel": Channel.SOCIAL.value,
        "purpose": "News.",
        "address": "",
    }
    asked = Asked(person_id=cast.persons["teacher"], second_id=cast.persons["other_teacher"], facts=facts)
    with writing():
        entry = registers.ask(RegisterKind.ACCOUNT, asked, by=cast.viewer("teacher"), at=at, today=day).id
    head, office = cast.viewer("head"), cast.viewer("administrator")
    with writing():
        given, seen = Given(review_on=day + A_YEAR), len(events_of(entry))
        registers.act(entry, Verb.APPROVE, given, seen=seen, by=head, at=at, today=day)
        said = [
            saying.Line(child, channel, Answer.PICTURE if number % 4 else Answer.NO)
            for number, child in enumerate(children) for channel in Channel
        ]  # fmt: skip
        saying.say(said, saying.Source(day), by=office, at=at, today=day)
