"""The pages of the confidential annex: written by whoever manages cases about the head, read by the chair alone."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from incidents.access import Permission
from incidents.accounts.queries import names_of
from incidents.database import writing
from incidents.errors import NotPossibleNow, Refused
from incidents.governors import actions, findings
from incidents.governors.annexed import Annexes
from incidents.governors.forms import AnnexForm, NothingForm
from incidents.governors.models import AnnexState, ReportAnnex
from incidents.governors.periods import in_prose
from incidents.schools.models import Term
from incidents.schools.queries import calendar
from incidents.web import needs, now, viewer

bp = Blueprint("governors", __name__)

Answer = str | AnyResponse | tuple[str, int]


@bp.get("/annexes")
@needs(Permission.ANNEX)
def annexes() -> str:
    """The terms whose annex is theirs to write, and what they may read."""
    mine = Annexes(viewer())
    return render_template(
        "governors/annexes.html",
        writable=mine.writable(),
        lines=[_line(*pair) for pair in mine.theirs()],
    )


@bp.route("/annexes/<uuid:term_id>/write", methods=["GET", "POST"])
@needs(Permission.ANNEX)
def write_annex(term_id: uuid.UUID) -> Answer:
    """Words for the chair about one term."""
    mine = Annexes(viewer())
    term = mine.to_write(term_id)
    draft = mine.draft_of(term)
    form = AnnexForm(words=draft.words if draft else "")
    if form.validate_on_submit():
        try:
            with writing():
                term = mine.to_write(term_id)
                annex = actions.keep_annex(
                    term, mine.draft_of(term), form.words.data or "",
                    by=viewer(), at=now(), not_names=bool(form.not_names.data),
                )  # fmt: skip
                annex_id = annex.id
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(url_for("governors.annex", annex_id=annex_id))
    shown = render_template("governors/annex_write.html", form=form, term=in_prose(term.name))
    return shown, 422 if form.is_submitted() else 200


@bp.get("/annexes/<uuid:annex_id>")
@needs(Permission.ANNEX)
def annex(annex_id: uuid.UUID) -> str:
    """One annex: its writer sees a draft with the button that publishes it."""
    mine = Annexes(viewer())
    found, term = mine.one(annex_id)
    if found.state == AnnexState.PUBLISHED:
        with writing():
            found, term = mine.one(annex_id)
            actions.opened_annex(found, by=viewer(), at=now())
    by = names_of([found.written_by]).get(found.written_by, "")
    return render_template("governors/annex.html", **_line(found, term), by=by, form=NothingForm())


@bp.post("/annexes/<uuid:annex_id>/publish")
@needs(Permission.ANNEX)
def publish_annex(annex_id: uuid.UUID) -> Answer:
    """Once and for all."""
    mine = Annexes(viewer())
    mine.one(annex_id)
    if NothingForm().validate_on_submit():
        with writing():
            found, _ = mine.one(annex_id)
            if found.written_by != viewer().account_id:
                raise NotPossibleNow("Only its writer can publish it.")
            if found.state == AnnexState.DRAFT:
                actions.publish_annex(found, by=viewer(), at=now())
        flash("The annex is published. Only the chair finds it, under Annex.", "success")
    return redirect(url_for("governors.annex", annex_id=annex_id))


def _line(found: ReportAnnex, term: Term) -> dict[str, object]:
    day = findings.weekday(calendar().local(found.published_at).date()) if found.published_at else ""
    return {"annex": found, "term": in_prose(term.name), "day": day}
