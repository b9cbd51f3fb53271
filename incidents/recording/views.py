"""The lists of records, one record as each may see it, and adding to it. Writing one down is in `drafting`."""

import uuid
from datetime import datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.access import Basis, Permission, Right
from incidents.database import writing
from incidents.errors import NotFound, Refused
from incidents.forms import Form
from incidents.matters.visibility import Standing
from incidents.people.queries import find
from incidents.recording import actions, filing, following, handing_in, knowing, pages, papers, queries
from incidents.recording import forms as asks
from incidents.recording.drafting import Page, added, bp, drawn, then, today
from incidents.recording.finding import followed, own_records, progress_of_each, seen_in_full
from incidents.recording.models import Incident, Search, StatementKind
from incidents.recording.spoken import moment_said, size_said
from incidents.recording.words import Part
from incidents.schools.queries import this_school
from incidents.web import Tab, needs, now, on_matter, viewer

WRITING_PAGES = (filing, knowing, papers)  # their routes stand on the same blueprint

TABS = (
    Tab(10, "My records", "recording.my_records", Permission.RECORD, shown=queries.follows_own),
    Tab(20, "Incidents", "recording.incidents", Permission.WORK),
    Tab(64, "About you", "recording.about_you", Permission.SIGN_IN_PAGES, shown=queries.is_about),
)


# --- lists


@bp.get("/my-records")
@needs(Permission.RECORD)
def my_records() -> str:
    """What this person wrote: begun, and sent."""
    before = pages.uuid_or_none(request.args.get("before", ""))
    sent, more = own_records(viewer(), before)
    far = progress_of_each(sent)
    return render_template(
        "recording/my_records.html",
        begun=[] if before else queries.unfinished(viewer()),
        rows=[(line, far[line.incident.id]) for line in queries.lines(sent)],
        followed=followed(viewer(), [each.id for each in sent]),
        last=sent[-1].id if more else None,
    )


@bp.get("/incidents")
@needs(Permission.WORK)
def incidents() -> str:
    """Those the viewer may see in full, found by reference, name or words."""
    typed = request.args.get("q", "")[:200].replace("\0", "")
    found, more = seen_in_full(viewer(), typed, pages.uuid_or_none(request.args.get("before", "")))
    return render_template("recording/incidents.html", rows=pages.incident_rows(queries.lines(found)), typed=typed,
                           last=found[-1].id if more else None)  # fmt: skip


@bp.get("/about-you")
@needs(Permission.SIGN_IN_PAGES)
def about_you() -> str:
    """What concerns this person: that it was recorded, how far it has got, and what the school said to them."""
    found = [
        (matter, queries.progress(matter), queries.told(matter, viewer().person_ids))
        for matter in queries.about(viewer())
    ]
    return render_template("recording/about_you.html", found=found)


# --- one record


@bp.get("/incidents/<uuid:matter_id>")
@on_matter(Incident)
def incident(matter: Incident, standing: Standing) -> str:
    """The whole record, or as much of it as is this person's."""
    common = {"incident": matter, "standing": standing, "progress": queries.progress(matter), "Right": Right}
    if standing.may(Right.SEE_IN_FULL):
        return render_template("recording/incident.html", **common, **pages.full_view(matter, viewer()))
    if standing.may(Right.SEE_OWN_WORDS):
        alleged = Basis.AUTHOR_ALLEGED in standing.bases
        return render_template(
            "recording/own_record.html", **common, alleged=alleged, **pages.own_view(matter, viewer(), alleged)
        )
    if standing.may(Right.SEE_WHAT_WAS_SAID_TO_THEM):
        return render_template("recording/concerns_you.html", **common, told=queries.told(matter, viewer().person_ids))
    raise NotFound


def _done(matter: Incident, says: str) -> Response:
    flash(says, "success")
    return redirect(url_for("recording.incident", matter_id=matter.id))


@bp.route("/incidents/<uuid:matter_id>/words", methods=["GET", "POST"])
@on_matter(Incident, Right.ADD_WORDS, Right.WORK)
def add_words(matter: Incident, standing: Standing) -> Page:
    """Something more, or a correction, beside what stands."""
    form = asks.AddWordsForm()
    if form.validate_on_submit():
        with writing():
            actions.add_words(matter, StatementKind(form.kind.data), form.words.data or "", by=viewer(), at=now())
        return _done(matter, "What you added stands beside the record. Nothing before it was changed.")
    return drawn("add_words", form, incident=matter, standing=standing)


@bp.route("/incidents/<uuid:matter_id>/correct", methods=["GET", "POST"])
@on_matter(Incident, Right.WORK, Right.DECIDE)
def correct(matter: Incident, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """When, where and how, put right with a reason."""
    held = queries.particulars(matter.id)
    form = asks.CorrectForm() if request.method == "POST" else asks.CorrectForm(data=pages.as_typed(held))
    form.offer_days(today())
    if form.is_submitted() and form.complete(today()):
        try:
            with writing():
                actions.correct_particulars(
                    matter, form.changes(today()), form.reason.data or "", by=viewer(), at=now()
                )
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(matter, "It was put right. What stood before is kept beside it.")
    return drawn("correct", form, incident=matter)


@bp.route("/incidents/<uuid:matter_id>/people", methods=["GET", "POST"])
@on_matter(Incident, Right.WORK, Right.DECIDE)
def add_person(matter: Incident, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """Somebody more is in it."""
    form = asks.PersonForm()
    verb, _, which = then().partition(":")
    if form.is_submitted() and form.validate() and verb != "find":
        try:
            named = asks.named_from(added(form, which if verb == "add" else ""))
            with writing():
                actions.involve(matter, named, by=viewer(), at=now())
        except Refused as refused:
            form.refuse(refused)
        else:
            return _after_change(matter, "They were added. Who may see this record was worked out again.")
    found = find(form.q.data or "", today()) if verb == "find" else []
    return drawn("add_person", form, incident=matter, found=found, looked=verb == "find")


def _after_change(matter: Incident, says: str) -> Response:
    """Back to the record; or, if it is no longer theirs to see, to their own first page without a word about it."""
    if not pages.still_theirs(matter, viewer()):
        return redirect(url_for("accounts.home"))
    return _done(matter, says)


@bp.route("/incidents/<uuid:matter_id>/people/<uuid:involvement_id>", methods=["GET", "POST"])
@on_matter(Incident, Right.WORK, Right.DECIDE)
def put_right(matter: Incident, standing: Standing, involvement_id: uuid.UUID) -> Page:  # noqa: ARG001 - the gate's form
    """Another part, or not in it after all."""
    involvement = queries.involvement(matter, involvement_id)
    form = asks.PutRightForm(data={"part": involvement.part})
    if form.validate_on_submit():
        part = None if form.part.data == "none" else Part(form.part.data)
        with writing():
            actions.put_right(
                matter, queries.involvement(matter, involvement_id), part, form.reason.data or "", by=viewer(), at=now()
            )
        return _after_change(matter, "It was put right, and the reason stands with the record.")
    entry = following.typed_entry(involvement)
    return drawn("put_right", form, incident=matter, shown=queries.shown(matter, involvement_id), entry=entry)


@bp.route("/incidents/<uuid:matter_id>/accounts/<uuid:handle_id>", methods=["GET", "POST"])
@on_matter(Incident, Right.WORK, Right.DECIDE)
def identify(matter: Incident, standing: Standing, handle_id: uuid.UUID) -> Page:  # noqa: ARG001 - the gate's form
    """Say whose account it is. Access changes with it, everywhere."""
    handle = queries.handle_in(matter, handle_id)
    form = asks.IdentifyForm()
    verb, _, which = then().partition(":")
    if form.is_submitted() and form.validate() and verb == "add":
        try:
            with writing():
                person = pages.uuid_or_none(which) or uuid.UUID(int=0)
                actions.identify_handle(
                    matter, queries.handle_in(matter, handle_id), person, form.reason.data or "", by=viewer(), at=now()
                )
        except Refused as refused:
            form.refuse(refused)
        else:
            return _after_change(
                matter, "It is written down whose account it is. Who may see this was worked out again."
            )
    found = find(form.q.data or "", today()) if form.is_submitted() else []
    return drawn("identify", form, incident=matter, handle=handle, found=found, looked=form.is_submitted())


@bp.route("/incidents/<uuid:matter_id>/searches", methods=["GET", "POST"])
@on_matter(Incident, Right.WORK, Right.DECIDE)
def add_search(matter: Incident, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """Something was searched or confiscated."""
    return _search(matter, None)


@bp.route("/incidents/<uuid:matter_id>/searches/<uuid:search_id>", methods=["GET", "POST"])
@on_matter(Incident, Right.WORK, Right.DECIDE)
def put_search_right(matter: Incident, standing: Standing, search_id: uuid.UUID) -> Page:  # noqa: ARG001 - the gate's form
    """A search or confiscation, put right with a reason."""
    return _search(matter, queries.search(matter, search_id))


def _search(matter: Incident, old: Search | None) -> Page:
    form = handing_in.SearchRightForm(data=pages.search_as_typed(old) if old else {})
    if form.is_submitted() and form.complete():
        try:
            with writing():
                before = queries.search(matter, old.id) if old else None
                actions.say_searched(
                    matter, form.needed(), by=viewer(), at=now(), instead_of=before, reason=form.reason.data or ""
                )
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(
                matter, "It is written down. What stood before is kept beside it." if old else "It is written down."
            )
    return drawn("search", form, incident=matter, old=old)


@bp.route("/incidents/<uuid:matter_id>/pictures", methods=["GET", "POST"])
@on_matter(Incident, Right.SAFEGUARD)
def reopen_pictures(matter: Incident, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """The safeguarding lead lets in the files that are not in question."""
    form = Form()
    if form.is_submitted():
        with writing():
            actions.reopen_pictures(matter, by=viewer(), at=now())
        return _done(matter, "Files that are not in question can be added now.")
    return render_template("recording/reopen_pictures.html", form=form, incident=matter)


@bp.app_template_filter()
def moment(at: datetime) -> str:
    """A moment as the pages say it, in the school's own time."""
    return moment_said(at, this_school().timezone)


bp.add_app_template_filter(size_said, "size")
bp.add_app_template_filter(pages.facts, "facts_of")


@bp.app_template_global()
def link_to(endpoint: str, **values: Any) -> str:
    """The address of a page of a later slice, or nothing where that slice is not there."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""
