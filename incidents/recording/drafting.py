"""The four short pages on which a record is written, checked and sent: the first half of the slice's views."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from incidents.access import Permission, Right
from incidents.database import writing
from incidents.errors import NotFound, Refused
from incidents.forms import Form
from incidents.matters.visibility import standing
from incidents.people.queries import Found, find, found_by_id
from incidents.recording import actions, keeping, pages, queries, reach
from incidents.recording import forms as asks
from incidents.recording.models import Draft
from incidents.recording.reading_back import answers_of
from incidents.recording.suggesting import beside
from incidents.recording.words import Intimate
from incidents.schools.queries import pack_of, this_school
from incidents.web import needs, now, viewer

bp = Blueprint("recording", __name__)

JUST_SENT = timedelta(hours=1)
AnyForm = TypeVar("AnyForm", bound=Form)
Page = str | Response | tuple[str, int] | dict[str, Any]


def today() -> date:
    """The day in the school's own time."""
    local: date = now().astimezone(ZoneInfo(this_school().timezone)).date()
    return local


def then() -> str:
    """Which button was pressed."""
    return request.form.get("then", "continue")


def asked(form: type[AnyForm], saved: Any = None) -> AnyForm:
    """The form as it was sent, or as it was kept."""
    return form() if request.method == "POST" else form(asks.refilled(saved))


def drawn(template: str, form: Form, **values: Any) -> Page:
    """The page; with something to put right it is no success."""
    shown = render_template(f"recording/{template}.html", form=form, **values)
    return (shown, 422) if form.errors or form.form_errors else shown


# --- the four pages


def on_draft(view: Callable[..., Page]) -> Callable[..., Page]:
    """A page of a record that is being written: the writer's own, and not sent yet."""

    @wraps(view)
    def guarded(draft_id: uuid.UUID, **rest: uuid.UUID) -> Page:
        draft = queries.own_draft(viewer(), draft_id)
        if draft.sent_at is not None:
            return redirect(url_for("recording.sent", draft_id=draft.id))
        return view(draft, **rest)

    return guarded


def keep(draft: Draft, page: str, form: Form) -> bool:
    """Keep what was typed on this page, whatever it is; gives whether another device had written something else there."""
    seen = request.form.get("seen", type=int)
    with writing(audited=False):
        return keeping.keep_page(
            draft, page, asks.kept(form, request.form), at=now(), seen=seen, texts=asks.texts_in(form)
        )


def leaving(draft: Draft, page: str, twice: bool = False) -> Page | None:
    """Every way to leave a page but its own buttons, once what was typed is kept: the script that keeps it while somebody
    types, a second text put away, "Finish later", and Hide where there is no script."""
    verb, _, which = then().partition(":")
    back = url_for(f"recording.{page}", draft_id=draft.id)
    if verb == "keep":
        local = draft.kept_at.astimezone(ZoneInfo(this_school().timezone))
        return {"kept": f"{local:%H:%M}", "version": draft.version, "twice": twice, "address": back}
    if verb == "put_away":
        with writing(audited=False):
            keeping.put_away(draft, which, now())
        return redirect(back)
    if verb == "later":
        flash("What you wrote is kept. Go on with it from “My records”, on any device.", "success")
        return redirect(url_for("recording.my_records"))
    if verb == "hide":
        return redirect(url_for("accounts.hide"))
    return redirect(back) if twice else None


def written_twice(draft: Draft, page: str, form: Form) -> list[tuple[str, str, str]]:
    """What another device wrote on this page that differs: (key, the question, the answer there)."""
    found = []
    for each in draft.answers.get(keeping.BESIDE) or []:
        if each["page"] == page and each["field"] in form._fields:
            field = form._fields[each["field"]]
            offered = getattr(field, "offered", {})
            said = " ".join(offered.get(value, value) for value in each["values"])
            found.append((each["key"], str(field.label.text), said))
    return found


def page_of(draft: Draft, page: str, form: Form, template: str = "", **values: Any) -> Page:
    """A page of a record that is being written."""
    return drawn(template or page, form, draft=draft, page=page, twice=written_twice(draft, page, form), **values)


@bp.route("/record", methods=["GET", "POST"])
@needs(Permission.RECORD)
def start() -> Page:
    """The first page at once; the draft is begun when it is first kept."""
    if request.method == "POST":
        draft = started()
        return redirect(url_for("recording.sent", draft_id=draft.id)) if draft.sent_at is not None else _what(draft)
    form = asks.WhatForm()
    form.offer_days(today())
    return drawn("what", form, draft=None, page="what", new_id=uuid.uuid4(), begun=queries.unfinished(viewer()))


def started() -> Draft:
    """The draft that a first page begins; the page names it, so that a double press begins one."""
    draft_id = pages.uuid_or_none(request.form.get("draft", "")) or uuid.uuid4()
    with writing():
        return keeping.start_draft(by=viewer(), at=now(), draft_id=draft_id)


@bp.route("/record/<uuid:draft_id>/what", methods=["GET", "POST"])
@needs(Permission.RECORD)
@on_draft
def what(draft: Draft) -> Page:
    """Page 1."""
    return _what(draft)


def _what(draft: Draft) -> Page:
    form = asked(asks.WhatForm, draft.answers.get("what"))
    form.offer_days(today())
    if form.is_submitted():
        if away := leaving(draft, "what", keep(draft, "what", form)):
            return away
        if form.complete(today()):
            return redirect(url_for("recording.who", draft_id=draft.id))
    return page_of(draft, "what", form)


@bp.route("/record/<uuid:draft_id>/who", methods=["GET", "POST"])
@needs(Permission.RECORD)
@on_draft
def who(draft: Draft) -> Page:
    """Page 2. Each press of Add or Take out comes back to it, to where the people are."""
    form = asked(asks.WhoForm, draft.answers.get("who"))
    if not form.is_submitted():
        return page_of(draft, "who", form, near=suggested(draft))
    if "X-Preview" not in request.headers and (away := leaving(draft, "who", keep(draft, "who", form))):
        return away
    verb, fine = then().partition(":")[0], form.validate()
    try:
        if changes_people(draft, form):
            if verb != "continue":
                return redirect(url_for("recording.who", draft_id=draft.id, _anchor="people"))
            form = asks.WhoForm(asks.refilled(draft.answers["who"]) or MultiDict())
    except Refused as refused:
        form.refuse(refused)
        fine = False
    if verb == "continue" and fine:
        return redirect(url_for("recording.evidence", draft_id=draft.id))
    if verb != "continue":
        form.forgive("method")
    return page_of(draft, "who", form, near=suggested(draft), **looked_for(form))


def looked_for(form: asks.PersonForm) -> dict[str, Any]:
    """Whom a press of Find finds."""
    looked = then() == "find"
    return {"found": find(form.q.data or "", today()) if looked else [], "looked": looked}


def suggested(draft: Draft) -> dict[str, list[Found]]:
    """Those of the same forms as the people named so far."""
    named = [uuid.UUID(each["person_id"]) for each in draft.answers.get(keeping.PEOPLE) or [] if each["person_id"]]
    return beside(named, today())


def changes_people(draft: Draft, form: asks.PersonForm) -> bool:
    """Do what a press of Add or Take out asks, and empty the boxes for one person. Raises `Refused` with the field."""
    verb, _, which = then().partition(":")
    if verb not in ("take_out", "add", "add_hand", "add_account") and not (verb == "continue" and form.typed_somebody):
        return False
    if verb == "take_out":
        with writing(audited=False):
            keeping.unname(draft, which, now())
        return True
    somebody = added(form, which if verb == "add" else "")
    with writing(audited=False):
        keeping.name_somebody(draft, somebody, now())
        left = {name: values for name, values in draft.answers["who"].items() if name not in asks.ADDING}
        keeping.keep_draft(draft, {"who": left}, now())
    return True


def added(form: asks.PersonForm, which: str) -> dict[str, str]:
    """Whoever a press of Add means, as a draft keeps them. Raises `Refused` with the field."""
    if not which:
        named = form.named()
        shown = f"“{named.handle_name}”" if named.handle_name else f"{named.given_name} {named.family_name}".strip()
        return asks.kept_person(named, shown, "unknown account" if named.handle_name else named.kind.replace("_", " "))
    try:
        [person] = found_by_id(uuid.UUID(which), today())
    except (ValueError, NotFound):
        raise Refused("That person is no longer on the list. Find them again.", "q") from None
    return asks.kept_person(form.named(person.person_id), person.name, person.as_was)


@bp.route("/record/<uuid:draft_id>/told", methods=["GET", "POST"])
@needs(Permission.RECORD)
@on_draft
def told(draft: Draft) -> Page:
    """Page 4."""
    form = asked(asks.ToldForm, draft.answers.get("told"))
    form.offer_roles(*role_words())
    if form.is_submitted():
        if away := leaving(draft, "told", keep(draft, "told", form)):
            return away
        if form.complete():
            return redirect(url_for("recording.check", draft_id=draft.id))
    return page_of(draft, "told", form)


def role_words() -> tuple[str, str]:
    """The nation's own words for those who should be told first."""
    pack = pack_of(this_school())
    return pack.term("dsl"), pack.term("headteacher")


@bp.route("/record/<uuid:draft_id>/check", methods=["GET", "POST"])
@needs(Permission.RECORD)
@on_draft
def check(draft: Draft) -> Page:
    """Everything on one sheet, then send. Pressed twice it is sent once."""
    if request.method == "POST" and (away := leaving(draft, "check")):
        return away
    answers = answers_of(draft.answers, today(), role_words())
    form = Form()
    if isinstance(answers, list):
        shown = render_template("recording/unfinished.html", draft=draft, missing=answers, form=form)
        return (shown, 422) if request.method == "POST" else shown
    if form.is_submitted():
        with writing():
            actions.record_incident(draft, answers, by=viewer(), at=now())
        return redirect(url_for("recording.sent", draft_id=draft.id))
    files = queries.files_of_draft(draft)
    return render_template("recording/check.html", form=form, draft=draft, rows=pages.sheet(draft, answers, len(files)))


@bp.get("/record/<uuid:draft_id>/sent")
@needs(Permission.RECORD)
def sent(draft_id: uuid.UUID) -> Page:
    """The reference, who has it now, and what to do with one's own copy. Soon gone: who decides it later is not the
    writer's to follow, and nothing of it is for a writer who proves to be the alleged."""
    draft = queries.own_draft(viewer(), draft_id)
    incident = queries.sent_from(draft)
    if incident is None:
        return redirect(url_for("recording.check", draft_id=draft_id))
    held = standing(viewer(), incident.id)
    if now() - incident.recorded_at > JUST_SENT or held is None or not held.may(Right.ADD_WORDS):
        return redirect(url_for("recording.incident", matter_id=incident.id))
    holders = reach.who_has_it(incident, viewer().seats)
    closed = queries.particulars(incident.id).intimate != Intimate.NO
    return render_template(
        "recording/sent.html", incident=incident, holders=holders, closed=closed,
        files=queries.files_in(incident, by=viewer().account_id),
    )  # fmt: skip


@bp.route("/record/<uuid:draft_id>/throw-away", methods=["GET", "POST"])
@needs(Permission.RECORD)
@on_draft
def throw_away(draft: Draft) -> Page:
    """Asked once more, because what was typed goes."""
    form = Form()
    if form.is_submitted():
        with writing():
            keeping.throw_draft_away(draft, by=viewer(), at=now())
        flash("What you had written was thrown away. Nobody else had seen it.", "success")
        return redirect(url_for("recording.my_records"))
    return render_template("recording/throw_away.html", form=form, draft=draft)
