"""The registers: their lists, one entry and what can be done with it, and an incident's own page of them."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.access import Permission, Right
from incidents.accounts.viewer import Viewer
from incidents.database import writing
from incidents.errors import NotFound, NotPossibleNow, Refused
from incidents.matters.models import Matter
from incidents.matters.queries import matter_for
from incidents.matters.visibility import Standing
from incidents.people.queries import find, found_by_id
from incidents.registers import actions, consenting, queries, showing
from incidents.registers.asking import ActForm, EntryForm, act_form, entry_form
from incidents.registers.consenting import bp, today
from incidents.registers.forms import LinkForm, NothingForm
from incidents.registers.kinds import REGISTERS, EntryState, FieldType, Register, RegisterKind
from incidents.registers.lifecycle import ENTRY, Verb
from incidents.registers.models import RegisterEntry
from incidents.schools.year import short_day
from incidents.web import RULES, Tab, needs, now, on_matter, viewer


def _is_under_rules(me: Viewer) -> bool:
    """Who has many tabs finds the question on the page of the rules."""
    return me.may(Permission.KEEP_CONSENT)


def _is_on_cover(me: Viewer) -> bool:
    return not _is_under_rules(me)


MORE_PAGES = (consenting,)  # its routes stand on the same blueprint
TABS = (
    Tab(46, "May this go up?", "registers.may_this_go_up", Permission.MAY_GO_UP, shown=_is_on_cover),
    Tab(66, "May this go up?", "registers.may_this_go_up", Permission.MAY_GO_UP, shown=_is_under_rules, under=RULES,
        about="A picture of children: yes or no, and why, before it is posted."),
    Tab(66, "Photo consent", "registers.consents", Permission.MAY_GO_UP, shown=_is_under_rules, under=RULES,
        about="What holds for each child and place today. A parent says no? Write it down here at once."),
    Tab(70, "Registers", "registers.index", Permission.REGISTERS, queries.how_many_wait, under=RULES,
        about="Accounts, permissions, bans: what was asked for, and what was approved."),
)  # fmt: skip
Answer = str | Response | tuple[str, int]

ACTS: dict[Verb, tuple[str, str, str]] = {
    Verb.APPROVE: ("Approve it", "Approve", "It is approved, and whoever asked is told."),
    Verb.REFUSE: ("Refuse it", "Refuse", "It is refused, and whoever asked is told."),
    Verb.WITHDRAW: ("Take it back", "Take it back", "You took it back."),
    Verb.CHANGE: ("Change until when it holds", "Keep this", "It is changed. What stood before is kept beside it."),
    Verb.TELL: ("They were told", "Keep this", "It is written down that they were told."),
    Verb.NOT_TELL: ("They are not to be told for now", "Keep this", "It is written down why they are not told."),
    Verb.END: ("End it", "End it", "It has ended."),
}


@bp.get("/registers")
@needs(Permission.REGISTERS)
def index() -> str:
    """Which registers there are, what waits for this person, and what they asked for."""
    me = viewer()
    found = [each for each in REGISTERS.values() if each.shared or queries.may_enter(me, each.kind)]
    return render_template(
        "registers/index.html",
        registers=found,
        waiting=showing.shown(queries.waiting_for(me), today()),
        own=showing.shown(queries.own_of(me), today()),
        told=queries.told_to(me),
        Permission=Permission,
        may=me.may,
        kinds=REGISTERS,
        short_day=short_day,
    )


def _register(kind: str) -> Register:
    """One register. Raises `NotFound` for none, and for one that is not for this person."""
    known = next((each for each in RegisterKind if each.value == kind), None)
    if known is None or not (REGISTERS[known].shared or queries.may_enter(viewer(), known)):
        raise NotFound
    return REGISTERS[known]


@bp.get("/registers/<kind>")
@needs(Permission.REGISTERS)
def entries(kind: str) -> str:
    """The entries of one register that this person may know of."""
    register = _register(kind)
    rows = showing.shown(queries.entries(viewer(), register.kind), today())
    may_ask = queries.may_enter(viewer(), register.kind)
    return render_template("registers/entries.html", register=register, rows=rows, may_ask=may_ask)


@bp.route("/registers/<kind>/new", methods=["GET", "POST"])
@needs(Permission.REGISTERS)
def ask(kind: str) -> Answer:
    """Ask for an entry, or write one down."""
    register = _register(kind)
    if not queries.may_enter(viewer(), register.kind):
        raise NotFound
    matter, form = _matter_asked_from(), entry_form(register, today())
    _offer(form)
    looking = request.form.get("then") == "find"
    if not looking and form.validate_on_submit():
        try:
            with writing():
                made = actions.ask(register.kind, form.answer(), by=viewer(), at=now(), today=today(), matter=matter)
                entry_id = made.id
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("It is asked for. Those who decide are told." if register.asks else "It is written down.", "success")
            return redirect(url_for("registers.entry", entry_id=entry_id), 303)
    page = render_template("registers/ask.html", register=register, form=form, looked=looking, matter=matter,
                           accounts=bool(queries.accounts_of_school()), needs_account=_needs_account(register))  # fmt: skip
    return page, 422 if form.is_submitted() and not looking else 200


def _needs_account(register: Register) -> bool:
    return any(each.type is FieldType.ACCOUNT for each in register.fields)


def _matter_asked_from() -> Matter | None:
    """The incident that an entry is made from: the same 404 for one that is not there and one that is not theirs."""
    if "matter" not in request.args:
        return None
    try:
        matter_id = uuid.UUID(request.args["matter"])
    except ValueError as error:
        raise NotFound from error
    return matter_for(viewer(), Matter, matter_id, Right.WORK)[0]


def _offer(form: EntryForm) -> None:
    chosen = request.form.get("person", "")
    found = find(form["q"].data or "", today()) if "q" in form else []
    if "q" in form and chosen and all(str(each.person_id) != chosen for each in found):
        try:
            found += found_by_id(uuid.UUID(chosen), today())
        except (ValueError, NotFound):
            found = list(found)  # whoever it was is not on the list: the form says that somebody is to be chosen
    accounts = [(str(each.id), queries.account_title(each)) for each in queries.accounts_of_school()]
    form.offer(_staff(), accounts, found)


def _staff() -> list[tuple[str, str]]:
    return [(str(person_id), f"{name}, {job}" if job else name) for person_id, name, job in queries.staff_on(today())]


@bp.get("/registers/entries/<uuid:entry_id>")
@needs(Permission.REGISTERS)
def entry(entry_id: uuid.UUID) -> str:
    """One entry: what was asked, where it stands, what happened, and what has to do with it."""
    return _page_of(queries.entry_for(viewer(), entry_id))


def _page_of(found: RegisterEntry, reasons: tuple[str, ...] = ()) -> str:
    events, register = queries.events_of(found.id), queries.register_of(found)
    rights, state = queries.rights_in(viewer(), found), EntryState(found.state)
    verbs = [verb for verb in ACTS if ENTRY.may(verb, state, rights) and _fits(register, verb)]
    return render_template(
        "registers/entry.html", entry=found, register=register, shown=showing.shown([found], today())[0],
        facts=showing.facts_of(found), history=showing.history(found, events), verbs=verbs, acts=ACTS, Verb=Verb,
        links=queries.links_of(viewer(), entry_id=found.id), names=queries.who([found]), reasons=reasons,
        told="" if register.shared else showing.was_told(events),
    )  # fmt: skip


def _fits(register: Register, verb: Verb) -> bool:
    """Acts that a register never has are not offered; the lifecycle would refuse them."""
    if verb in (Verb.TELL, Verb.NOT_TELL):
        return not register.shared
    return register.has_end or verb not in (Verb.CHANGE, Verb.END)


@bp.route("/registers/entries/<uuid:entry_id>/<verb>", methods=["GET", "POST"])
@needs(Permission.REGISTERS)
def act(entry_id: uuid.UUID, verb: str) -> Answer:
    """Decide on an entry, change it, end it, or say that somebody was told."""
    found = queries.entry_for(viewer(), entry_id)
    known = next((each for each in ACTS if each.value == verb), None)
    if known is None or not _fits(queries.register_of(found), known):
        raise NotFound
    form = _act_form(found, known)
    if form.validate_on_submit():
        try:
            with writing():
                actions.act(entry_id, known, form.given(), seen=form.seen_events, by=viewer(), at=now(), today=today())
        except Refused as refused:
            form.refuse(refused)
        except NotPossibleNow as not_now:
            return _page_of(queries.entry_for(viewer(), entry_id), tuple(not_now.reasons)), 409
        else:
            flash(ACTS[known][2], "success")
            return redirect(url_for("registers.entry", entry_id=entry_id), 303)
    elif not form.is_submitted() and not _may_now(found, known):
        return _page_of(found, (ENTRY.instead[found.state],)), 409
    page = render_template("registers/act.html", entry=found, register=queries.register_of(found), form=form,
                           asked=ACTS[known], verb=known, Verb=Verb, facts=showing.facts_of(found))  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _may_now(found: RegisterEntry, verb: Verb) -> bool:
    return ENTRY.may(verb, EntryState(found.state), queries.rights_in(viewer(), found))


def _act_form(found: RegisterEntry, verb: Verb) -> ActForm:
    register, day = queries.register_of(found), today()
    known: dict[str, Any] = {
        "seen": str(len(queries.events_of(found.id))), "starts": found.starts or day, "ends": found.ends,
        "review_on": found.review_on, "on": day, "owner": str(found.person_id or ""), "second": str(found.second_id or ""),
    }  # fmt: skip
    if verb is Verb.END:
        known["ends"] = day
    return act_form(register, verb, known, _staff())


# --- an incident's or a case's own page of them


@bp.route("/matters/<uuid:matter_id>/registers", methods=["GET", "POST"])
@on_matter(Matter, Right.WORK, Right.DECIDE)
def of_matter(matter: Matter, held: Standing) -> Answer:  # noqa: ARG001 - the right was all that mattered
    """Which entries have to do with an incident or a case; link another, or begin one."""
    form, matter_id = LinkForm(), matter.id
    linked = queries.links_of(viewer(), matter_id=matter_id)
    form.entry.offer(_entries_to_link({each.entry.id for each in linked}))
    if form.validate_on_submit():
        try:
            with writing():
                here = matter_for(viewer(), Matter, matter_id, Right.WORK, Right.DECIDE)[0]
                actions.link(uuid.UUID(form.entry.data), here, by=viewer(), at=now())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("They are linked, and each page shows the other to those who may see both.", "success")
            return redirect(url_for("registers.of_matter", matter_id=matter_id), 303)
    rows = dict(
        zip((each.link.id for each in linked), showing.shown((each.entry for each in linked), today()), strict=True)
    )
    beginning = [each for each in REGISTERS.values() if queries.may_enter(viewer(), each.kind)]
    page = render_template("registers/of_matter.html", matter=matter, form=form, rows=rows, beginning=beginning,
                           empty_form=NothingForm(), registers=REGISTERS)  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _entries_to_link(known: set[uuid.UUID]) -> list[tuple[str, str]]:
    offered = []
    for kind, register in REGISTERS.items():
        if register.shared or queries.may_enter(viewer(), kind):
            rows = showing.shown(queries.entries(viewer(), kind), today())
            offered += [
                (str(each.entry.id), f"{register.title}: {each.title}") for each in rows if each.entry.id not in known
            ]
    return offered


@bp.post("/matters/<uuid:matter_id>/registers/<uuid:link_id>/end")
@on_matter(Matter, Right.WORK, Right.DECIDE)
def unlink(matter: Matter, held: Standing, link_id: uuid.UUID) -> Response:  # noqa: ARG001
    """An entry has nothing to do with it after all."""
    matter_id = matter.id
    with writing():
        here = matter_for(viewer(), Matter, matter_id, Right.WORK, Right.DECIDE)[0]
        actions.unlink(here, link_id, by=viewer(), at=now())
    flash("They are linked no longer.", "success")
    return redirect(url_for("registers.of_matter", matter_id=matter_id), 303)
