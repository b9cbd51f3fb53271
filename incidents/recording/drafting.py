"""The four short pages on which a record is written, checked and sent: the first half of the slice's views."""

import uuid
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from incidents.access import Permission
from incidents.database import writing
from incidents.errors import NotFound, Refused
from incidents.files.intake import NotKept, take
from incidents.forms import Form
from incidents.people.queries import find
from incidents.recording import actions, pages, queries, reach
from incidents.recording import forms as asks
from incidents.recording.models import Draft
from incidents.recording.words import Intimate
from incidents.schools.queries import pack_of, this_school
from incidents.web import needs, now, viewer

bp = Blueprint("recording", __name__)

AnyForm = TypeVar("AnyForm", bound=Form)
Page = str | Response | tuple[str, int]


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
    def guarded(draft_id: uuid.UUID) -> Page:
        draft = queries.own_draft(viewer(), draft_id)
        if draft.sent_at is not None:
            return redirect(url_for("recording.sent", draft_id=draft.id))
        return view(draft)

    return guarded


def _keep(draft: Draft, **answers: Any) -> None:
    with writing(audited=False):
        actions.keep_draft(draft, answers, now())


def _leaving() -> Response | None:
    """ "Finish later", and Hide where there is no script: what was typed is kept, whatever it is."""
    if then() == "later":
        flash("What you wrote is kept. Go on with it from “My records”, on any device.", "success")
        return redirect(url_for("recording.my_records"))
    return redirect(url_for("accounts.hide")) if then() == "hide" else None


@bp.route("/record", methods=["GET", "POST"])
@needs(Permission.RECORD)
def start() -> Page:
    """The first page at once; the draft is begun when it is first kept."""
    if request.method == "POST":
        try:
            draft_id = uuid.UUID(request.form.get("draft", ""))
        except ValueError:
            draft_id = uuid.uuid4()
        with writing():
            draft = actions.start_draft(by=viewer(), at=now(), draft_id=draft_id)
        if draft.sent_at is not None:
            return redirect(url_for("recording.sent", draft_id=draft.id))
        return _what(draft)
    form = asks.WhatForm()
    form.offer_days(today())
    return drawn("what", form, draft=None, new_id=uuid.uuid4(), begun=queries.unfinished(viewer()))


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
        _keep(draft, what=asks.kept(form, request.form))
        if away := _leaving():
            return away
        if form.complete(today()):
            return redirect(url_for("recording.who", draft_id=draft.id))
    return drawn("what", form, draft=draft)


@bp.route("/record/<uuid:draft_id>/who", methods=["GET", "POST"])
@needs(Permission.RECORD)
@on_draft
def who(draft: Draft) -> Page:
    """Page 2. Each press of Add or Take out comes back to it."""
    form = asked(asks.WhoForm, draft.answers.get("who"))
    if not form.is_submitted():
        return drawn("who", form, draft=draft)
    _keep(draft, who=asks.kept(form, request.form))
    if away := _leaving():
        return away
    verb, _, which = then().partition(":")
    fine = form.validate()
    try:
        if (
            verb == "take_out"
            or (verb in ("add", "add_hand", "add_account"))
            or (verb == "continue" and form.typed_somebody)
        ):
            _change_people(draft, form, verb, which)
            form = _without_person(draft)
    except Refused as refused:
        form.refuse(refused)
        fine = False
    if verb == "continue" and fine:
        return redirect(url_for("recording.evidence", draft_id=draft.id))
    if verb != "continue":
        form.forgive("method")
    found = find(form.q.data or "", today()) if verb == "find" else []
    return drawn("who", form, draft=draft, found=found, looked=verb == "find")


def _change_people(draft: Draft, form: asks.PersonForm, verb: str, which: str) -> None:
    people = list(draft.answers.get("people") or [])
    if verb == "take_out":
        people = [each for place, each in enumerate(people) if str(place) != which]
    else:
        another = added(form, which if verb == "add" else "")
        if another not in people:  # a double press adds once
            people.append(another)
    _keep(draft, people=people)


def added(form: asks.PersonForm, which: str) -> dict[str, str]:
    """Whoever a press of Add means, as a draft keeps them. Raises `Refused` with the field."""
    if not which:
        named = form.named()
        shown = f"“{named.handle_name}”" if named.handle_name else f"{named.given_name} {named.family_name}".strip()
        return asks.kept_person(named, shown, "unknown account" if named.handle_name else named.kind.replace("_", " "))
    try:
        person = queries.person_shown(uuid.UUID(which), today())
    except (ValueError, NotFound):
        raise Refused("That person is no longer on the list. Find them again.", "q") from None
    return asks.kept_person(form.named(person.person_id), person.name, person.as_was)


def _without_person(draft: Draft) -> asks.WhoForm:
    """The page with the boxes for one person empty again."""
    left = {name: values for name, values in draft.answers["who"].items() if name not in asks.ADDING}
    _keep(draft, who=left)
    return asks.WhoForm(MultiDict([(name, value) for name, values in left.items() for value in values]))


@bp.route("/record/<uuid:draft_id>/evidence", methods=["GET", "POST"])
@needs(Permission.RECORD)
@on_draft
def evidence(draft: Draft) -> Page:
    """Page 3. The question stands before the file picker, and the server lets no file in before it was answered "no"."""
    if request.method == "POST" and then() == "answer":
        return _answer_intimate(draft)
    answer = pages.intimate_answer(draft.answers)
    if answer is None or (request.method == "GET" and "again" in request.args):
        return drawn("intimate", asks.IntimateForm(asks.refilled(draft.answers.get("evidence"))), draft=draft)
    if answer is not Intimate.NO:
        return _device(draft)
    return _files(draft)


def _answer_intimate(draft: Draft) -> Page:
    form = asks.IntimateForm()
    if not form.validate():
        return drawn("intimate", form, draft=draft)
    with writing():
        actions.answer_intimate(draft, Intimate(form.intimate.data), by=viewer(), at=now())
    return redirect(url_for("recording.evidence", draft_id=draft.id))


def _device(draft: Draft) -> Page:
    saved = draft.answers["evidence"]
    form = asked(asks.DeviceForm, {"device": saved.get("device", [])})
    if form.is_submitted():
        _keep(draft, evidence={**saved, **asks.kept(form, request.form)})
        if away := _leaving():
            return away
        if form.validate():
            return redirect(url_for("recording.told", draft_id=draft.id))
    return drawn("device", form, draft=draft)


def _files(draft: Draft) -> Page:
    refused: list[NotKept] = []
    if request.method == "POST":
        verb, _, which = then().partition(":")
        if verb == "take_out":
            with writing():
                actions.take_out(draft, pages.uuid_or_none(which), by=viewer(), at=now())
        else:
            refused = _take(draft)
        if away := _leaving():
            return away
        if verb == "continue" and not refused:
            return redirect(url_for("recording.told", draft_id=draft.id))
    return drawn(
        "evidence", Form(), draft=draft, files=queries.files_of_draft(draft), refused=refused, largest=_largest()
    )


def _take(draft: Draft) -> list[NotKept]:
    """Keep what arrived, each file by itself; the question is asked of the draft once more inside each transaction."""
    arrived = request.files.getlist("files")
    return take(arrived, by=viewer(), at=now(), draft_id=draft.id, then=lambda _: actions.must_be_open(draft)).refused


def _largest() -> int:
    return int(current_app.config["SETTINGS"].largest_file // 1_048_576)


@bp.route("/record/<uuid:draft_id>/told", methods=["GET", "POST"])
@needs(Permission.RECORD)
@on_draft
def told(draft: Draft) -> Page:
    """Page 4."""
    form = asked(asks.ToldForm, draft.answers.get("told"))
    form.offer_roles(*_role_words())
    if form.is_submitted():
        _keep(draft, told=asks.kept(form, request.form))
        if away := _leaving():
            return away
        if form.complete():
            return redirect(url_for("recording.check", draft_id=draft.id))
    return drawn("told", form, draft=draft)


def _role_words() -> tuple[str, str]:
    pack = pack_of(this_school())
    return pack.term("dsl"), pack.term("headteacher")


@bp.route("/record/<uuid:draft_id>/check", methods=["GET", "POST"])
@needs(Permission.RECORD)
@on_draft
def check(draft: Draft) -> Page:
    """Everything on one sheet, then send. Pressed twice it is sent once."""
    if request.method == "POST" and (away := _leaving()):
        return away
    answers = asks.answers_of(draft.answers, today(), _role_words())
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
    """The reference, who has it now, and what to do with one's own copy."""
    draft = queries.own_draft(viewer(), draft_id)
    incident = queries.sent_from(draft)
    if incident is None:
        return redirect(url_for("recording.check", draft_id=draft_id))
    holders = reach.who_has_it(incident, now())
    closed = queries.particulars(incident.id).intimate != Intimate.NO
    return render_template(
        "recording/sent.html", incident=incident, holders=holders, closed=closed, files=queries.files_in(incident)
    )


@bp.route("/record/<uuid:draft_id>/throw-away", methods=["GET", "POST"])
@needs(Permission.RECORD)
@on_draft
def throw_away(draft: Draft) -> Page:
    """Asked once more, because what was typed goes."""
    form = Form()
    if form.is_submitted():
        with writing():
            actions.throw_draft_away(draft, by=viewer(), at=now())
        flash("What you had written was thrown away. Nobody else had seen it.", "success")
        return redirect(url_for("recording.my_records"))
    return render_template("recording/throw_away.html", form=form, draft=draft)
