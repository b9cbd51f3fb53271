"""The page of a record on which files are handed in, and where each comes from. A part of the views."""

import uuid
from typing import Any

from flask import current_app, redirect, request, url_for

from incidents.access import Permission
from incidents.database import writing
from incidents.errors import NotFound
from incidents.files.intake import NotKept, take
from incidents.files.models import File
from incidents.recording import forms as asks
from incidents.recording import keeping, pages, queries
from incidents.recording.drafting import Page, asked, bp, keep, leaving, on_draft, page_of, then
from incidents.recording.handing_in import EvidenceForm, NoPicturesForm, OriginForm
from incidents.recording.models import Draft
from incidents.recording.words import Intimate
from incidents.web import needs, now, viewer


@bp.route("/record/<uuid:draft_id>/evidence", methods=["GET", "POST"])
@needs(Permission.RECORD)
@on_draft
def evidence(draft: Draft) -> Page:
    """Page 3. The question stands before the file picker, and the server lets no file in before it was answered "no"."""
    if request.method == "POST" and then() == "answer":
        return _answer_intimate(draft)
    answer = pages.intimate_answer(draft.answers)
    if answer is None or (request.method == "GET" and "again" in request.args):
        return page_of(
            draft, "evidence", asks.IntimateForm(asks.refilled(draft.answers.get("evidence"))), template="intimate"
        )
    return _files(draft) if answer is Intimate.NO else _device(draft)


def _answer_intimate(draft: Draft) -> Page:
    form = asks.IntimateForm()
    if not form.validate():
        return page_of(draft, "evidence", form, template="intimate")
    with writing():
        keeping.answer_intimate(draft, Intimate(form.intimate.data), by=viewer(), at=now())
    return redirect(url_for("recording.evidence", draft_id=draft.id))


def _device(draft: Draft) -> Page:
    form = asked(NoPicturesForm, draft.answers["evidence"])
    if form.is_submitted():
        if away := leaving(draft, "evidence", keep(draft, "evidence", form)):
            return away
        if form.complete():
            return redirect(url_for("recording.told", draft_id=draft.id))
    return page_of(draft, "evidence", form, template="device")


def _files(draft: Draft) -> Page:
    verb, _, which = then().partition(":")
    if verb == "upload" and "X-Part" in request.headers:
        return _list_alone(draft, _take(draft))
    form = asked(EvidenceForm, draft.answers["evidence"])
    refused: list[NotKept] = []
    if form.is_submitted():
        twice = keep(draft, "evidence", form)
        if verb == "take_out":
            with writing():
                keeping.take_out(draft, pages.uuid_or_none(which), by=viewer(), at=now())
        else:
            refused = _take(draft)
        if not refused and (away := leaving(draft, "evidence", twice)):
            return away
        if verb == "continue" and not refused and form.complete():
            return redirect(url_for("recording.told", draft_id=draft.id))
    return page_of(draft, "evidence", form, refused=refused, largest=_largest(), **_files_of(draft))


def _list_alone(draft: Draft, refused: list[NotKept]) -> str:
    """The page's script sends each file by itself, with nothing of what is typed, and shows nothing of the answer but this."""
    part = current_app.jinja_env.get_template("recording/_files.html")  # without what stands around every page
    return part.render(draft=draft, refused=refused, **_files_of(draft))


def _files_of(draft: Draft) -> dict[str, Any]:
    return {"files": queries.files_of_draft(draft), "own": draft.answers.get(keeping.ORIGINS) or {}}


def _take(draft: Draft) -> list[NotKept]:
    """Keep what arrived, each file by itself; the question is asked of the draft once more inside each transaction."""
    arrived, at = request.files.getlist("files"), now()
    return take(arrived, by=viewer(), at=at, draft_id=draft.id, then=lambda _: keeping.must_be_open(draft, at)).refused


def _largest() -> int:
    return int(current_app.config["SETTINGS"].largest_file // 1_048_576)


@bp.route("/record/<uuid:draft_id>/files/<uuid:file_id>", methods=["GET", "POST"])
@needs(Permission.RECORD)
@on_draft
def file_origin(draft: Draft, file_id: uuid.UUID) -> Page:
    """Where this one file comes from, if not from where the others do."""
    file = _file_of(draft, file_id)
    own = draft.answers.get(keeping.ORIGINS) or {}
    form = asked(OriginForm, own.get(str(file.id)) or draft.answers.get("evidence"))
    if form.is_submitted() and form.validate():
        with writing(audited=False):
            keeping.keep_origin(draft, file.id, asks.kept(form, request.form), now())
        return redirect(url_for("recording.evidence", draft_id=draft.id, _anchor="files"))
    return page_of(draft, "evidence", form, template="file_origin", file=file)


def _file_of(draft: Draft, file_id: uuid.UUID) -> File:
    found = next((file for file in queries.files_of_draft(draft) if file.id == file_id), None)
    if found is None:
        raise NotFound
    return found
