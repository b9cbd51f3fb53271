"""When the computers are away: a form to print and fill in by hand, and one long page to type it in. A part of the views."""

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from incidents.access import Permission
from incidents.database import writing
from incidents.errors import Refused
from incidents.forms import Form
from incidents.recording import forms as asks
from incidents.recording import handing_in, keeping, queries
from incidents.recording.drafting import (
    Page,
    bp,
    changes_people,
    drawn,
    leaving,
    looked_for,
    on_draft,
    role_words,
    started,
    suggested,
    then,
    today,
    written_twice,
)
from incidents.recording.models import Draft
from incidents.recording.reading_back import FORMS_OF, TypedInForm, own_part, readings
from incidents.recording.words import Intimate
from incidents.web import needs, now, viewer


@bp.get("/record/paper-form")
@needs(Permission.RECORD)
def paper_form() -> str:
    """The same questions in the same order, to be printed before they are needed. Two pages of A4 and nothing else."""
    what = asks.WhatForm()
    what.offer_days(today())
    told = asks.ToldForm()
    told.offer_roles(*role_words())
    return render_template(
        "recording/paper_form.html", what=what, who=asks.WhoForm(), intimate=asks.IntimateForm(), told=told,
        files=handing_in.EvidenceForm(), device=asks.DeviceForm(),
    )  # fmt: skip


@bp.route("/record/paper", methods=["GET", "POST"])
@needs(Permission.RECORD)
def start_paper() -> Page:
    """The long page; the draft is begun when it is first kept."""
    form = _offered(TypedInForm())
    if form.is_submitted():
        draft = started()
        return redirect(url_for("recording.sent", draft_id=draft.id)) if draft.sent_at is not None else _paper(draft)
    return drawn("paper", form, draft=None, page="paper", new_id=uuid.uuid4(), twice=[], near={})


@bp.route("/record/<uuid:draft_id>/paper", methods=["GET", "POST"])
@needs(Permission.RECORD)
@on_draft
def paper(draft: Draft) -> Page:
    """What was written on paper, typed in: the same draft as the short pages make, checked and sent in the same way."""
    return _paper(draft)


def _paper(draft: Draft) -> Page:
    form = _offered(TypedInForm())
    if not form.is_submitted():
        return _drawn(draft, _refilled(draft))
    if "X-Preview" not in request.headers and (away := leaving(draft, "paper", _keep(draft, form))):
        return away
    verb = then().partition(":")[0]
    fine = True
    try:
        if changes_people(draft, form):
            form = _refilled(draft)
    except Refused as refused:
        form.refuse(refused)
        fine = False
    if verb == "continue":
        if form.intimate.data in set(Intimate):
            with writing():
                keeping.answer_intimate(draft, Intimate(form.intimate.data), by=viewer(), at=now())
        read = readings(draft.answers, today(), role_words())
        if fine and all(each.fine for each in read.values()):
            return redirect(url_for("recording.check", draft_id=draft.id))
        form.take_errors(read)
    return _drawn(draft, form, **looked_for(form))


def _offered(form: TypedInForm) -> TypedInForm:
    form.offer_days(today())
    form.day.offer([(asks.OTHER, "On a day", "or several"), ("unknown", "Not known", "we can ask later")])  # no “today”
    form.offer_roles(*role_words())
    return form


def _refilled(draft: Draft) -> TypedInForm:
    """All pages of the draft as the long one takes them."""
    saved = {name: values for page in reversed(FORMS_OF) for name, values in (draft.answers.get(page) or {}).items()}
    return _offered(TypedInForm(asks.refilled(saved) or MultiDict()))


def _keep(draft: Draft, form: TypedInForm) -> bool:
    """Keep it page by page, as the short pages would."""
    kept, texts, seen = asks.kept(form, request.form), asks.texts_in(form), request.form.get("seen", type=int)
    with writing(audited=False):
        several = [
            keeping.keep_page(draft, page, own_part(kept, page), at=now(), seen=seen, texts=texts) for page in FORMS_OF
        ]
    return any(several)


def _drawn(draft: Draft, form: Form, **values: Any) -> Page:
    twice = [each for page in FORMS_OF for each in written_twice(draft, page, form)]
    return drawn(
        "paper", form, draft=draft, page="paper", twice=twice, near=suggested(draft),
        files=len(queries.files_of_draft(draft)), **values,
    )  # fmt: skip
