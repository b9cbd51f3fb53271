"""The page on which rules and laws are cited in an incident, and the one on which a citation is withdrawn."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from incidents.access import Right
from incidents.citations import actions, queries, said
from incidents.citations.forms import AS_IT_FITS, CiteForm, WithdrawForm
from incidents.database import writing
from incidents.errors import Refused
from incidents.matters.visibility import Standing
from incidents.recording.models import Incident
from incidents.recording.spoken import moment_said
from incidents.schools.queries import this_school
from incidents.web import now, on_matter, viewer

bp = Blueprint("citations", __name__)
Page = str | Response | tuple[str, int]


@bp.route("/incidents/<uuid:matter_id>/rules", methods=["GET", "POST"])
@on_matter(Incident, Right.DECIDE)
def rules(incident: Incident, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """What is cited, what else may be, and the laws that can't be."""
    form = CiteForm()
    if not form.is_submitted():
        form.meant_as.data = AS_IT_FITS
        return _page(incident, form)
    if not form.validate():
        return _page(incident, form), 422
    try:
        with writing():
            made = actions.cite(
                incident, form.rules.data or [], reason=form.rules_why.data or "", as_=form.as_, by=viewer(), at=now()
            )
    except Refused as refused:
        form.refuse(refused)
        return _page(incident, form), 422
    flash("It is cited." if len(made) == 1 else "They are cited.", "success")
    return redirect(url_for("citations.rules", matter_id=incident.id), 303)


def _page(incident: Incident, form: CiteForm) -> str:
    offer = queries.offer_for(incident, viewer())
    return render_template(
        "citations/rules.html",
        incident=incident,
        form=form,
        offer=said.offered(offer, form.rules.data or ()),
        barred=queries.barred_laws(offer.happening, offer.likely),
    )


@bp.route("/incidents/<uuid:matter_id>/rules/<uuid:citation_id>/withdraw", methods=["GET", "POST"])
@on_matter(Incident, Right.DECIDE)
def withdraw(incident: Incident, standing: Standing, citation_id: uuid.UUID) -> Page:  # noqa: ARG001 - the gate's form
    """It was cited wrongly, and why."""
    held, form = queries.citation(incident, citation_id), WithdrawForm()
    if not form.is_submitted():
        return render_template("citations/withdraw.html", incident=incident, form=form, row=_row(held))
    if form.validate():
        try:
            with writing():
                actions.withdraw(incident, citation_id, form.reason.data or "", by=viewer(), at=now())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("It is withdrawn. It stays to be read, with your reason.", "success")
            return redirect(url_for("citations.rules", matter_id=incident.id), 303)
    return render_template("citations/withdraw.html", incident=incident, form=form, row=_row(held)), 422


@bp.app_template_global()
def cited_in(*matter_ids: uuid.UUID) -> list[dict[str, Any]]:
    """What was cited in these matters, for whoever sees them in full: the pages of other slices show it too."""
    return [_row(each) for each in queries.cited_in(matter_ids)]


def _row(held: queries.Cited) -> dict[str, Any]:
    row, gone, timezone = held.citation, held.withdrawn, this_school().timezone
    return {
        "id": row.id,
        "matter_id": row.matter_id,
        "title": said.title(row),
        "label": said.label(row),
        "wording": row.wording,
        "in_force": said.in_force(row),
        "reason": row.reason,
        "by": f"{held.by}, {moment_said(row.at, timezone, year=True)}",
        "withdrawn": f"Withdrawn by {held.withdrawn_by}, {moment_said(gone.at, timezone, year=True)}: {gone.reason}"
        if gone
        else "",
    }
