"""What stands around every page: the cover, the tabs, who is on duty, the numbers to ring."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Flask, current_app, g, request
from flask_login import current_user
from sqlalchemy import Select, select

from incidents.access import Permission, Role
from incidents.accounts.offices import role_label
from incidents.accounts.viewer import Viewer
from incidents.database import SCHOOL_IN_SCOPE, question
from incidents.notifications.queries import new_for
from incidents.phrases import Phrase
from incidents.schools.models import NumberKind, School
from incidents.schools.pack import Pack
from incidents.schools.queries import numbers, pack_of, this_school
from incidents.tabs import ShownTab, arranged
from incidents.web import Tab, fixed_address

_PHONES = {"police": [("In danger: ", "999"), ("otherwise ", "101")]}


@dataclass(frozen=True)
class Duty:
    """Who is to be rung now."""

    name: str
    role: str
    phone: str


@dataclass(frozen=True)
class SignedInAs:
    """Who sits here, at the foot of each page."""

    name: str
    role: str


@dataclass(frozen=True)
class Number:
    """One entry of the numbers at the foot."""

    label: str
    who: str
    phones: list[tuple[str, str]]  # words before the number, the number


@dataclass(frozen=True)
class Shell:
    """Everything that `base.html` needs; signed out, only `signed_in` is read."""

    signed_in: bool = False
    demo: bool = False
    school_name: str = ""
    school_short: str = ""
    tabs: list[ShownTab] = field(default_factory=list)
    may_record: bool = False
    duty: Duty | None = None
    numbers: list[Number] = field(default_factory=list)
    signed_in_as: SignedInAs = SignedInAs("", "")
    home_href: str = "/"
    record_href: str = ""
    messages_href: str = ""
    messages_new: int = 0
    hide_href: str = ""
    open_href: str = ""
    sign_out_href: str = ""
    schools_href: str = ""
    roles_href: str = ""
    accessibility_href: str = ""
    privacy_href: str = ""
    term: Any = None  # term("dsl"): the nation's own word


def add_tabs(app: Flask, tabs: Iterable[Tab]) -> None:
    """A slice's tabs join the cover, in their order."""
    known: list[Tab] = app.extensions.setdefault("tabs", [])
    known.extend(tabs)
    known.sort(key=lambda tab: tab.order)


def set_up_shell(app: Flask) -> None:
    """Give every template `shell`."""
    app.context_processor(lambda: {"shell": shell()})


def behind(endpoint: str) -> tuple[ShownTab, ...]:
    """What stands on the page of a tab of this person's."""
    found = [each for tab in shell().tabs for each in (tab, *tab.behind) if each.href == fixed_address(endpoint)]
    return found[0].behind if found else ()


def shell() -> Shell:
    """Built once a request, and never from the database when that is away."""
    if g.get("without_database") or "viewer" not in g:
        return Shell(demo=current_app.config["SETTINGS"].demo)
    if "shell" not in g:
        g.shell = _build(g.viewer)
    built: Shell = g.shell
    return built


def _build(viewer: Viewer) -> Shell:
    school = this_school()
    pack = pack_of(school)
    duties = on_call(viewer)
    tabs, new = _tabs_and_bell(viewer)
    shows_numbers = any(viewer.may(each) for each in (Permission.RECORD, Permission.WORK, Permission.DO_STEPS))
    return Shell(
        signed_in=True,
        demo=current_app.config["SETTINGS"].demo,
        school_name=school.name,
        school_short=school.short_name,
        tabs=tabs,
        may_record=viewer.may(Permission.RECORD),
        duty=next(iter(duties.values()), None) if shows_numbers else None,
        numbers=_numbers(school, _safeguarders(viewer, pack)) if shows_numbers else [],
        signed_in_as=SignedInAs(
            viewer.name, ", ".join(role_label(role) for role in Role if role in viewer.roles) or "no role now"
        ),
        record_href=fixed_address("recording.start") if viewer.may(Permission.RECORD) else "",
        messages_href=fixed_address("notifications.messages"),
        messages_new=new,
        hide_href=fixed_address("accounts.hide"),
        open_href=fixed_address("accounts.open_again"),
        sign_out_href=fixed_address("accounts.sign_out"),
        schools_href=fixed_address("accounts.choose_school") if current_user.signed_in.elsewhere else "",
        roles_href=fixed_address("accounts.roles") if viewer.may(Permission.SIGN_IN_PAGES) else "",
        accessibility_href=fixed_address("accounts.accessibility"),
        privacy_href=fixed_address("accounts.privacy"),
        term=pack.term,
    )


def on_call(viewer: Viewer) -> dict[uuid.UUID, Duty]:
    """Those who can be put on duty, by account; whoever is on duty now stands first."""
    school = this_school()
    found: dict[uuid.UUID, Duty] = {}
    held = _safeguarders(viewer, pack_of(school))
    for account_id, duty in sorted(held, key=lambda pair: pair[0] != school.on_duty_id):
        found.setdefault(account_id, duty)
    return found


def _safeguarders(viewer: Viewer, pack: Pack) -> list[tuple[uuid.UUID, Duty]]:
    words = {Role.DSL: pack.term("dsl"), Role.DEPUTY_DSL: pack.term("deputy_dsl")}
    return [
        (seat.account_id, Duty(seat.name, label, seat.phone))
        for role, label in words.items()
        for seat in viewer.seats.get(role, ())
    ]


def _tabs_and_bell(viewer: Viewer) -> tuple[list[ShownTab], int]:
    """Whether each tab is shown, what waits there, and the new messages, asked of the database in one statement."""
    mine = [tab for tab in current_app.extensions["tabs"] if viewer.may(tab.permission)]
    known = [(tab, shown, tab.count(viewer)) for tab in mine if (shown := tab.shown(viewer)) is not False]
    asked = [answer for _, *both in known for answer in both if isinstance(answer, Phrase)]
    answers = iter(_answers(*asked, new_for(viewer)).one())
    tabs = []
    for tab, *both in known:
        shown, count = (next(answers) if isinstance(answer, Phrase) else answer for answer in both)
        if shown:
            href, says = fixed_address(tab.endpoint), partial(tab.says, viewer)
            tabs.append(ShownTab(tab.label, href, count, tab.under, tab.about, says))
    parents = {tab.under for tab in current_app.extensions["tabs"]}
    return arranged(tabs, parents, request.path, fixed_address("accounts.more")), next(answers)


@question
def _answers(*asked: Any) -> Select[Any]:
    """The school's own row stands in the statement so that it is narrowed to the school like every other."""
    return select(*asked).select_from(School).where(School.id == SCHOOL_IN_SCOPE)


def _numbers(school: School, safeguarders: Iterable[tuple[uuid.UUID, Duty]]) -> list[Number]:
    listed = [
        Number(_capital(duty.role), duty.name, [("", duty.phone)] if duty.phone else []) for _, duty in safeguarders
    ]
    for row in numbers():
        label = _LABELS.get(NumberKind(row.kind)) or pack_of(school).term(row.kind)
        listed.append(Number(_capital(label), row.who, [("", row.phone)]))
    listed.append(Number("Police", "", _PHONES["police"]))
    return listed


_LABELS = {NumberKind.OUTSIDE: "If nobody in school can take it"}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
