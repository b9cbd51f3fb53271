"""The evidence of a matter: the list, one piece, its picture, adding, handing out, blanking."""

import uuid
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from incidents.access import Right
from incidents.accounts.queries import names_of
from incidents.database import writing
from incidents.errors import NotPossibleNow, Refused
from incidents.evidence import actions, queries
from incidents.evidence.custody import Purpose
from incidents.evidence.forms import HandOutForm, IntimateForm, OriginForm, OriginRightForm
from incidents.files.actions import say_origin
from incidents.files.intake import NotKept, take
from incidents.files.models import File, FileState
from incidents.files.origins import Origin, origin_of
from incidents.files.queries import likenesses, opened
from incidents.files.recognising import LABELS, Kind
from incidents.files.reconciling import seal_is_whole
from incidents.files.sealing import SealBroken
from incidents.files.store import StoreUnavailable
from incidents.forms import Form
from incidents.matters.models import Matter
from incidents.matters.visibility import Standing
from incidents.recording.words import Intimate
from incidents.schools.queries import this_school
from incidents.web import now, on_matter, viewer

bp = Blueprint("evidence", __name__, url_prefix="/matters/<uuid:matter_id>/evidence")
Page = str | AnyResponse | tuple[str, int]

# A picture is the only thing of ours that a browser draws from bytes: it may do nothing else with it.
_HELD_FAST = "default-src 'none'; sandbox"


@bp.app_template_filter()
def kind_said(media_type: str) -> str:
    """ "PNG picture" for image/png."""
    return LABELS[Kind(media_type)]


@bp.app_template_filter()
def to_the_second(at: datetime) -> str:
    """ "20 Nov 2026, 21:39:04", in the school's own time: custody is told exactly."""
    local = at.astimezone(ZoneInfo(this_school().timezone))
    return f"{local.day} {local:%b %Y, %H:%M:%S}"


@bp.get("")
@on_matter(Matter, Right.SEE_FILES)
def shelf(matter: Matter, standing: Standing) -> Page:
    """By number, never by picture."""
    found = queries.shelf(matter, viewer())
    return render_template("evidence/shelf.html", matter=matter, standing=standing, exhibits=found, Right=Right)


@bp.get("/<uuid:evidence_id>")
@on_matter(Matter, Right.SEE_FILES)
def item(matter: Matter, standing: Standing, evidence_id: uuid.UUID) -> Page:
    """One piece: a page of its likeness, where it came from, its seal, and everything that has happened to it."""
    found = queries.exhibit(matter, evidence_id)
    pages = len(likenesses(found.file.id))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    sight = queries.sight(found.file)
    seen_by = [uuid.UUID(account) for account in sight.seen_by] if sight else []
    return render_template(
        "evidence/item.html",
        matter=matter,
        standing=standing,
        exhibit=found,
        page=page,
        pages=pages,
        sight=sight,
        seen_by=seen_by,
        names=names_of([found.file.arrived_by, *seen_by, *(said.by for said in found.said)]),
        origins=[origin_of(said) for said in found.said],
        custody=queries.custody(found),
        whole=_whole(found),
        Right=Right,
        now=now(),
    )


def _whole(found: queries.Exhibit) -> bool | None:
    """Whether the seal holds at this moment; None if the file can't be read, or is not to be."""
    try:
        return seal_is_whole(found.file) if found.file.state == FileState.SEALED else None
    except StoreUnavailable:
        return None


@bp.route("/<uuid:evidence_id>/origin", methods=["GET", "POST"])
@on_matter(Matter, Right.WORK, Right.DECIDE)
def origin(matter: Matter, standing: Standing, evidence_id: uuid.UUID) -> Page:  # noqa: ARG001 - the gate's form
    """Where this file comes from, said later or put right. What stood before is kept beside it."""
    found = queries.exhibit(matter, evidence_id)
    number = found.said[0].number if found.said else 0
    form = OriginRightForm(data={**(asdict(found.origin) if found.said else {}), "seen": number})
    if form.validate_on_submit():
        try:
            with writing():
                say_origin(
                    found.file, form.origin(), by=viewer(), at=now(), reason=form.reason.data or "", seen=form.seen.data
                )
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("It is written down where this file comes from. What stood before is kept beside it.", "success")
            return redirect(url_for("evidence.item", matter_id=matter.id, evidence_id=evidence_id))
    shown = render_template("evidence/origin.html", matter=matter, exhibit=found, form=form)
    return (shown, 422) if form.errors or form.form_errors else shown


@bp.get("/<uuid:evidence_id>/pages/<int:page>")
@on_matter(Matter, Right.SEE_FILES)
def picture(matter: Matter, standing: Standing, evidence_id: uuid.UUID, page: int) -> Page:  # noqa: ARG001 - the gate's form
    """A viewing copy we drew, never the uploaded bytes. The look is recorded before a byte of it goes out."""
    found = queries.exhibit(matter, evidence_id)
    with writing():
        likeness = actions.look(found.evidence, page, by=viewer(), at=now())
        media_type = likeness.media_type
    try:
        with opened(likeness) as plain:
            drawn = plain.read()
    except (SealBroken, StoreUnavailable) as error:
        current_app.logger.error("A viewing copy can’t be read: %s", type(error).__name__)
        raise NotPossibleNow(StoreUnavailable.cannot_be_read) from error
    return _held_fast(drawn, media_type, f"inline; filename={found.code}-{page}.{media_type.rpartition('/')[2]}")


def _held_fast(data: bytes, media_type: str, disposition: str) -> Response:
    response = Response(data, mimetype=media_type)
    response.headers["Content-Security-Policy"] = _HELD_FAST
    response.headers["Content-Disposition"] = disposition
    return response


@bp.route("/<uuid:evidence_id>/original", methods=["GET", "POST"])
@on_matter(Matter, Right.WORK, Right.DECIDE)
def original(matter: Matter, standing: Standing, evidence_id: uuid.UUID) -> Page:  # noqa: ARG001
    """The sealed original, to be kept outside: for a purpose, and as a download that no browser opens."""
    found = queries.exhibit(matter, evidence_id)
    if found.file.state != FileState.SEALED:
        raise NotPossibleNow(actions.GONE[FileState(found.file.state)])
    form = HandOutForm()
    if not form.validate_on_submit():
        shown = render_template("evidence/original.html", matter=matter, exhibit=found, form=form)
        return (shown, 422) if form.errors else shown
    try:
        with opened(found.file) as plain:
            data = plain.read()
    except (SealBroken, StoreUnavailable) as error:
        raise NotPossibleNow(StoreUnavailable.cannot_be_read) from error
    with writing():
        actions.hand_out(found.evidence, Purpose(form.purpose.data), by=viewer(), at=now())
    ending = found.file.media_type.rpartition("/")[2]
    name = f"{matter.reference}-{found.code}.{ending}"
    return _held_fast(data, "application/octet-stream", f"attachment; filename={name}")


@bp.route("/<uuid:evidence_id>/blank", methods=["GET", "POST"])
@on_matter(Matter, Right.SEE_FILES)
def blank(matter: Matter, standing: Standing, evidence_id: uuid.UUID) -> Page:  # noqa: ARG001
    """One press, after a page that says what happens."""
    found = queries.exhibit(matter, evidence_id)
    form = Form()
    if form.validate_on_submit():
        with writing():
            actions.blank(matter, found.evidence, by=viewer(), at=now())
        flash(
            "Nobody can look at it now. The safeguarding lead was alerted. Ring them: a message can lie unread.",
            "success",
        )
        return redirect(url_for("evidence.item", matter_id=matter.id, evidence_id=evidence_id))
    return render_template("evidence/blank.html", matter=matter, exhibit=found, form=form)


@bp.route("/add", methods=["GET", "POST"])
@on_matter(Matter, Right.WORK, Right.DECIDE, Right.ADD_WORDS)
def add(matter: Matter, standing: Standing) -> Page:
    """The question first; files are let in only with the answer "no", whoever posts them (domain 5)."""
    if queries.pictures_closed(matter):
        raise NotPossibleNow(actions.CLOSED)
    answer = request.values.get("answer") if request.method == "POST" else None
    if answer == Intimate.NO:
        asked = OriginForm()
        return _picker(matter, standing, _taken(matter, asked), asked)
    form = IntimateForm()
    if not form.validate_on_submit():
        shown = render_template("evidence/intimate.html", matter=matter, form=form)
        return (shown, 422) if request.method == "POST" else shown
    said = Intimate(form.intimate.data)
    with writing():
        actions.say_intimate(matter, said, by=viewer(), at=now())
    if said is Intimate.NO:
        return _picker(matter, standing, [], OriginForm(formdata=None))
    return redirect(url_for("evidence.stop", matter_id=matter.id))


def _taken(matter: Matter, asked: OriginForm) -> list[NotKept]:
    """Keep what arrived, each with what was said of all. What can't be read of that is an error on the page."""
    arrived: list[FileStorage] = request.files.getlist("files")
    by, at = viewer(), now()
    said = asked.origin() if asked.validate() else Origin()

    def put_with_the_evidence(file: File) -> None:
        actions.attach(matter, file, by=by, at=at)
        if said.said:
            say_origin(file, said, by=by, at=at)

    return take(arrived, by=by, at=at, matter_id=matter.id, then=put_with_the_evidence).refused


def _picker(matter: Matter, standing: Standing, refused: list[NotKept], asked: OriginForm) -> Page:
    largest = current_app.config["SETTINGS"].largest_file // 1_048_576
    return render_template(
        "evidence/add.html", matter=matter, standing=standing, form=asked, files=queries.added_by(matter, viewer()),
        refused=refused, largest=largest, Right=Right,
    )  # fmt: skip


@bp.get("/no-pictures")
@on_matter(Matter, Right.WORK, Right.DECIDE, Right.ADD_WORDS)
def stop(matter: Matter, standing: Standing) -> Page:  # noqa: ARG001
    """What to do now, instead of a picture."""
    return render_template("evidence/stop.html", matter=matter)
