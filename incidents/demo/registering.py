"""What the demo's schools keep on their registers: accounts, permissions, a ban, photo consent, and what few may know."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from incidents.access import Role
from incidents.accounts.viewer import Viewer
from incidents.demo.setting_up import MadeSchool
from incidents.demo.telling import Act
from incidents.demo.year import terms_around
from incidents.registers import actions, saying
from incidents.registers.actions import Asked, Given
from incidents.registers.consent import Answer
from incidents.registers.kinds import Channel, RegisterKind
from incidents.registers.lifecycle import Verb
from incidents.registers.models import RegisterEntry
from incidents.registers.queries import accounts_of_school, events_of

YEAR: Final = timedelta(days=365)
# School days back from the last one.
ACCOUNTS, CONSENT, REST, WAITING = 23, 22, 9, 1
# Of every twelve children: the answers that came back on the forms; the last did not bring one.
ANSWERS: Final = (*[Answer.NAME_TOO] * 7, *[Answer.PICTURE] * 3, Answer.NO)
IN_THE_STORIES: Final = {"niamh": Answer.PICTURE}
ACCOUNT_FACTS: Final[tuple[tuple[str, str, Channel, str], ...]] = (
    ("The school’s page", "{name} page", Channel.SOCIAL, "News for parents: events, results, days out."),
    ("The school’s website", "{name}", Channel.WEBSITE, "Letters, term dates, pictures of school life."),
)


def register_acts(made: MadeSchool) -> Iterator[Act]:
    """Everything on the registers, in the order of time."""
    for number, facts in enumerate(ACCOUNT_FACTS):
        yield Act("registers", made.days.at(ACCOUNTS, time(15, 30 + number)), partial(_account, made, facts))
    yield Act("registers", made.days.at(CONSENT, time(14, 0)), partial(_consents, made))
    yield Act("registers", made.days.at(CONSENT, time(14, 20)), partial(_flag, made))
    yield Act("registers", made.days.at(REST, time(15, 40)), partial(_permissions, made))
    yield Act("registers", made.days.at(REST, time(15, 50)), partial(_pages, made))
    yield Act("registers", made.days.at(REST, time(16, 10)), partial(_watched, made))
    yield Act("registers", made.days.at(WAITING, time(15, 45)), partial(_waiting, made))


def _teachers(made: MadeSchool) -> list[str]:
    """Those who only teach: nobody in office keeps the pages here."""
    return [each.key for each in made.cast.people if each.roles == (Role.STAFF,)]


def _in_office(made: MadeSchool, role: Role, at: datetime) -> Viewer:
    return made.viewer(made.cast.with_role(role)[0].key, at)


def _ask(made: MadeSchool, kind: RegisterKind, who: str, at: datetime, **asked: Any) -> RegisterEntry:
    return actions.ask(kind, Asked(**asked), by=made.viewer(who, at), at=at, today=at.date())


def _decide(made: MadeSchool, entry: RegisterEntry, at: datetime, **given: Any) -> None:
    head = _in_office(made, Role.HEADTEACHER, at)
    seen = len(events_of(entry.id))
    actions.act(entry.id, Verb.APPROVE, Given(**given), seen=seen, by=head, at=at, today=at.date())


def _account(made: MadeSchool, facts: tuple[str, str, Channel, str], at: datetime) -> None:
    platform, name, channel, purpose = facts
    first, second, *_ = _teachers(made)
    called = name.format(name=made.cast.name)
    entry = _ask(
        made, RegisterKind.ACCOUNT, first, at, person_id=made.persons[first], second_id=made.persons[second],
        facts={"platform": platform, "name": called, "channel": channel.value, "purpose": purpose, "address": ""},
    )  # fmt: skip
    _decide(made, entry, at, starts=_since(made), review_on=at.date() + YEAR)


def _since(made: MadeSchool) -> date:
    """From the first day of the demo on: the stories speak of these pages, and of what parents had agreed to."""
    return terms_around(made.made_at.date())[0].first


def _consents(made: MadeSchool, at: datetime) -> None:
    """The forms that came back, for every child and place."""
    office, day = _in_office(made, Role.ADMINISTRATOR, at), at.date()
    source = saying.Source(_since(made), day + YEAR)
    for number, pupil in enumerate(made.cast.pupils):
        if number % (len(ANSWERS) + 1) < len(ANSWERS):
            answer = IN_THE_STORIES.get(pupil.key, ANSWERS[number % (len(ANSWERS) + 1)])
            lines = [saying.Line(made.persons[pupil.key], channel, answer) for channel in Channel]
            saying.say(lines, source, by=office, at=at, today=day)


def _flag(made: MadeSchool, at: datetime) -> None:
    child = made.persons[made.cast.pupils[2].key]
    words = "They moved here from a refuge. A grown-up from before is looking for them. Ask me before any picture."
    saying.flag(child, True, words, by=_in_office(made, Role.DSL, at), at=at, today=at.date())


def _permissions(made: MadeSchool, at: datetime) -> None:
    teacher, day = _teachers(made)[0], at.date()
    details = _ask(
        made, RegisterKind.CONTACT_DETAILS, teacher, at, person_id=made.persons[teacher], ends=day + timedelta(days=60),
        facts={"details": "mobile", "to_whom": "The six pupils of the river survey, for the days by the water.",
               "why": "There is no school telephone to take there.", "parents": "All six families, on the trip's form."},
    )  # fmt: skip
    _decide(made, details, at, ends=day + timedelta(days=60))
    logo = _ask(
        made, RegisterKind.NAME_USE, teacher, at, ends=day + YEAR,
        facts={"used_by": "The friends of the school", "what": "logo", "purpose": "Posters for the winter fair."},
    )  # fmt: skip
    _decide(made, logo, at, ends=day + YEAR)


def _pages(made: MadeSchool, at: datetime) -> None:
    """A comment was deleted, and whoever wrote it is banned for a while."""
    teacher, page = _teachers(made)[0], _page()
    facts = {"did": "deleted", "author": "fenland_gull", "what": "Insults under the pictures of the harvest lunch."}
    _ask(made, RegisterKind.MODERATION, teacher, at, account_id=page, facts=facts)
    reason = "The third insulting comment in a month, after two friendly words."
    ban = _ask(made, RegisterKind.BAN, teacher, at, account_id=page, facts={"author": "fenland_gull", "reason": reason})
    _decide(made, ban, at, review_on=at.date() + timedelta(days=90))


def _page() -> uuid.UUID:
    return accounts_of_school()[0].id


def _watched(made: MadeSchool, at: datetime) -> None:
    """Somebody is told that their use of a school device is watched."""
    head, whom = made.cast.with_role(Role.HEADTEACHER)[0].key, _teachers(made)[-1]
    entry = _ask(
        made, RegisterKind.MONITORING, head, at, person_id=made.persons[whom], review_on=at.date() + timedelta(days=40),
        facts={"device": "School laptop", "why": "The filter reported visits that need an explanation."},
    )  # fmt: skip
    given, seen = Given(words="In person, with a colleague of their choice.", on=at.date()), len(events_of(entry.id))
    actions.act(entry.id, Verb.TELL, given, seen=seen, by=made.viewer(head, at), at=at, today=at.date())


def _waiting(made: MadeSchool, at: datetime) -> None:
    """A class account that nobody has approved yet."""
    first, second, *_ = _teachers(made)
    facts = {"platform": "Photo app", "name": "Our class outdoors", "channel": Channel.SOCIAL.value, "address": "",
             "purpose": "Pictures from the woods, for the parents of one class."}  # fmt: skip
    _ask(
        made,
        RegisterKind.ACCOUNT,
        second,
        at,
        person_id=made.persons[second],
        second_id=made.persons[first],
        facts=facts,
    )
