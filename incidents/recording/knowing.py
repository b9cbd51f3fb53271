"""The pages that say who somebody is whose name was only typed, and that take it back."""

import uuid

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from incidents.access import Right
from incidents.database import writing
from incidents.errors import NotFound, Refused
from incidents.matters.visibility import Standing
from incidents.people.merging import said_of
from incidents.people.queries import find
from incidents.recording import following, pages, queries
from incidents.recording.drafting import Page, bp, drawn, then, today
from incidents.recording.forms import SayWhoForm, SomebodyElseForm
from incidents.recording.models import Incident
from incidents.web import now, on_matter, viewer


@bp.route("/incidents/<uuid:matter_id>/people/<uuid:involvement_id>/who", methods=["GET", "POST"])
@on_matter(Incident, Right.WORK, Right.DECIDE)
def say_who(matter: Incident, standing: Standing, involvement_id: uuid.UUID) -> Page:  # noqa: ARG001 - the gate's form
    """Which person of the list they are. Access changes with it, everywhere."""
    _typed(matter, involvement_id, merged=False)
    form = SayWhoForm()
    verb, _, which = then().partition(":")
    if form.is_submitted() and form.validate() and verb == "add":
        try:
            with writing():
                following.say_who(
                    matter, queries.involvement(matter, involvement_id), pages.uuid_or_none(which) or uuid.UUID(int=0),
                    form.reason.data or "", by=viewer().account_id, at=now(),
                )  # fmt: skip
        except Refused as refused:
            form.refuse(refused)
        else:
            return _after(matter, "It is written down who it is. Who may see this was worked out again.")
    found = find(form.q.data or "", today()) if form.is_submitted() else []
    shown = queries.shown(matter, involvement_id)
    return drawn("say_who", form, incident=matter, shown=shown, found=found, looked=form.is_submitted())


@bp.route("/incidents/<uuid:matter_id>/people/<uuid:involvement_id>/somebody-else", methods=["GET", "POST"])
@on_matter(Incident, Right.WORK, Right.DECIDE)
def somebody_else(matter: Incident, standing: Standing, involvement_id: uuid.UUID) -> Page:  # noqa: ARG001
    """They are not that person after all; everything is as it was."""
    entry_id = _typed(matter, involvement_id, merged=True)
    form = SomebodyElseForm()
    if form.validate_on_submit():
        with writing():
            following.say_somebody_else(
                matter, queries.involvement(matter, involvement_id), form.reason.data or "", by=viewer().account_id,
                at=now(),
            )  # fmt: skip
        return _after(matter, "They are two people again, and everything is as it was before.")
    shown = queries.shown(matter, involvement_id)
    return drawn("somebody_else", form, incident=matter, shown=shown, said=said_of(entry_id))


def _typed(matter: Incident, involvement_id: uuid.UUID, *, merged: bool) -> uuid.UUID:
    """The entry behind a typed name that is, or is not, known to be somebody's. Raises `NotFound`."""
    entry = following.typed_entry(queries.involvement(matter, involvement_id))
    if entry is None or (entry.one_id != entry.id) is not merged:
        raise NotFound
    return entry.id


def _after(matter: Incident, says: str) -> Response:
    """Back to the record; or, if it is no longer theirs to see, to their own first page without a word about it."""
    if not pages.still_theirs(matter, viewer()):
        return redirect(url_for("accounts.home"))
    flash(says, "success")
    return redirect(url_for("recording.incident", matter_id=matter.id))
