"""What stands around every page: the cover, the tabs, who is on duty, the numbers to ring."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, g, request, url_for

from incidents.access import ROLE_LABELS, Permission, Role
from incidents.accounts.models import Account, Membership
from incidents.accounts.queries import holders, schools_of
from incidents.accounts.viewer import Viewer
from incidents.extensions import db
from incidents.schools.models import NumberKind, School
from incidents.schools.queries import numbers, pack_of
from incidents.web import Tab

_PHONES = {"police": [("In danger: ", "999"), ("otherwise ", "101")]}


@dataclass(frozen=True)
class ShownTab:
    """A tab as the template draws it."""

    label: str
    href: str
    current: bool
    count: int


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
    hide_href: str = ""
    open_href: str = ""
    sign_out_href: str = ""
    schools_href: str = ""
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


def shell() -> Shell:
    """Built once a request, and never from the database when that is away."""
    if g.get("without_database") or "viewer" not in g:
        return Shell(demo=current_app.config["SETTINGS"].demo)
    if "shell" not in g:
        g.shell = _build(g.viewer)
    built: Shell = g.shell
    return built


def _build(viewer: Viewer) -> Shell:
    school = db.session.get_one(School, viewer.school_id)
    pack = pack_of(school)
    on_call = holders(Role.DSL, Role.DEPUTY_DSL, at=viewer.at)
    first = sorted(on_call, key=lambda pair: pair[1].id != school.on_duty_id)
    words = {Role.DSL: pack.term("dsl"), Role.DEPUTY_DSL: pack.term("deputy_dsl")}
    shows_numbers = bool({Permission.RECORD, Permission.WORK, Permission.DO_STEPS} & _permissions(viewer))
    return Shell(
        signed_in=True,
        demo=current_app.config["SETTINGS"].demo,
        school_name=school.name,
        school_short=school.short_name,
        tabs=_tabs(viewer),
        may_record=viewer.may(Permission.RECORD),
        duty=_duty(*first[0], words) if first and shows_numbers else None,
        numbers=_numbers(school, on_call, words) if shows_numbers else [],
        signed_in_as=SignedInAs(
            viewer.name, ", ".join(ROLE_LABELS[role] for role in Role if role in viewer.roles) or "no role now"
        ),
        record_href=url_for("recording.start") if viewer.may(Permission.RECORD) else "",
        hide_href=url_for("accounts.hide"),
        open_href=url_for("accounts.open_again"),
        sign_out_href=url_for("accounts.sign_out"),
        schools_href=url_for("accounts.choose_school") if len(schools_of(viewer.account_id, viewer.at)) > 1 else "",
        accessibility_href=url_for("accounts.accessibility"),
        privacy_href=url_for("accounts.privacy"),
        term=pack.term,
    )


def _duty(membership: Membership, account: Account, words: dict[Role, str]) -> Duty:
    return Duty(account.name, words[Role(membership.role)], membership.phone)


def on_call(viewer: Viewer) -> dict[uuid.UUID, Duty]:
    """Those who can be put on duty, by account; whoever is on duty now stands first."""
    school = db.session.get_one(School, viewer.school_id)
    pack = pack_of(school)
    words = {Role.DSL: pack.term("dsl"), Role.DEPUTY_DSL: pack.term("deputy_dsl")}
    held = holders(Role.DSL, Role.DEPUTY_DSL, at=viewer.at)
    found: dict[uuid.UUID, Duty] = {}
    for membership, account in sorted(held, key=lambda pair: pair[1].id != school.on_duty_id):
        found.setdefault(account.id, _duty(membership, account, words))
    return found


def _permissions(viewer: Viewer) -> set[Permission]:
    return {permission for permission in Permission if viewer.may(permission)}


def _tabs(viewer: Viewer) -> list[ShownTab]:
    here = f"/{request.path.split('/')[1]}"
    shown = []
    for tab in current_app.extensions["tabs"]:
        if tab.stands_for(viewer):
            href = url_for(tab.endpoint)
            shown.append(ShownTab(tab.label, href, href == here, tab.count(viewer) if tab.count else 0))
    return shown


def _numbers(school: School, on_call: Iterable[Any], words: dict[Role, str]) -> list[Number]:
    listed = [Number(_capital(words[Role(m.role)]), a.name, [("", m.phone)] if m.phone else []) for m, a in on_call]
    for row in numbers():
        label = _LABELS.get(NumberKind(row.kind)) or pack_of(school).term(row.kind)
        listed.append(Number(_capital(label), row.who, [("", row.phone)]))
    listed.append(Number("Police", "", _PHONES["police"]))
    return listed


_LABELS = {NumberKind.SOCIAL_CARE: "Children’s social care", NumberKind.OUTSIDE: "If nobody in school can take it"}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
