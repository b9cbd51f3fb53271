"""The pages that bring in a list of people: what it may look like, what it would change, and the press that applies it."""

import csv
import io
import uuid
from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from incidents.access import Permission
from incidents.database import writing
from incidents.errors import NotFound, Refused
from incidents.people import importing, queries
from incidents.people.comparing import What
from incidents.people.forms import ApplyForm, ListForm, apply_form
from incidents.people.listing import LISTINGS, Listing, ListKind
from incidents.people.reading import LARGEST, Problem, Unreadable, read
from incidents.schools import year
from incidents.schools.queries import calendar
from incidents.web import needs, now, viewer

bp = Blueprint("people", __name__)

Answer = str | AnyResponse | tuple[str, int]


def today() -> date:
    """The day at the school."""
    day: date = calendar().local(now()).date()
    return day


def _listing(kind: str) -> Listing:
    if kind not in set(ListKind):
        raise NotFound
    return LISTINGS[ListKind(kind)]


@bp.get("/people/lists")
@needs(Permission.MANAGE_SCHOOL)
def lists() -> str:
    """Which list it is."""
    return render_template("people/lists.html", listings=LISTINGS.values())


@bp.route("/people/lists/<kind>", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def bring(kind: str) -> Answer:
    """The columns that are recognised, and the file."""
    listing = _listing(kind)
    form = ListForm(holds_from=_usual_day(listing.kind))
    if form.is_submitted():
        given = _bytes()
        if form.validate() and (kept := _keep(form, listing.kind, given)):
            return redirect(url_for("people.preview", list_id=kept))
    page = render_template("people/bring.html", form=form, listing=listing)
    return page, 422 if form.is_submitted() else 200


def _usual_day(kind: ListKind) -> date:
    """A first list is that of the whole year: what happened in it needs to know who was here."""
    day = today()
    return year.first_day(calendar(), day) if importing.first_of_kind(kind) else day


def _bytes() -> bytes:
    """The file, no further than a list can be long."""
    given, parts, size = request.files.get("file"), [], 0
    while given and size <= LARGEST and (part := given.stream.read(1 << 20)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _keep(form: ListForm, kind: ListKind, given: bytes) -> uuid.UUID | None:
    """Read it, then keep it; or say beside the file which lines are wrong."""
    try:
        if not given:
            raise Unreadable([Problem(0, "Choose a file.")])
        sheet = read(given, kind, today=today(), years=queries.year_groups(today()))
        with writing():
            return importing.keep_list(sheet, kind, form.day, by=viewer().account_id, at=now()).id
    except Unreadable as unreadable:
        form.file.errors = [str(problem) for problem in unreadable.problems]
    except Refused as refused:
        form.file.errors = [refused.message]
    return None


@bp.get("/people/lists/<kind>/sample.csv")
@needs(Permission.MANAGE_SCHOOL)
def sample(kind: str) -> AnyResponse:
    """A list with two invented people, to fill in."""
    listing, text = _listing(kind), io.StringIO()
    csv.writer(text).writerows([[column.headings[0] for column in listing.columns], *listing.sample])
    return Response(
        text.getvalue().encode("utf-8-sig"), mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{listing.kind}.csv"'},
    )  # fmt: skip


@bp.route("/people/lists/waiting/<uuid:list_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def preview(list_id: uuid.UUID) -> Answer:
    """What the list would change, and the press that does all of it."""
    brought = importing.brought_list(list_id, now())
    comparison = importing.preview(brought)
    form = apply_form(comparison)
    if form.validate_on_submit() and _applied(list_id, form):
        flash("The list is applied.", "success")
        return redirect(url_for("people.people"))
    if form.form_errors:  # somebody changed the people: what stands here now is what the next press does
        brought = importing.brought_list(list_id, now())
        comparison = importing.preview(brought)
    form.seen.data = comparison.digest
    page = render_template(
        "people/preview.html", form=form, brought=brought, comparison=comparison, What=What, year=year,
        listing=LISTINGS[ListKind(brought.kind)],
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _applied(list_id: uuid.UUID, form: ApplyForm) -> bool:
    try:
        with writing():
            brought = importing.brought_list(list_id, now())
            importing.apply(
                brought, form.choices(), form.seen.data or "", by=viewer().account_id, at=now(), own=viewer().person_ids
            )
    except Unreadable as unreadable:
        form.form_errors.extend(str(problem) for problem in unreadable.problems)
    except Refused as refused:
        form.refuse(refused)
    else:
        return True
    return False


@bp.post("/people/lists/waiting/<uuid:list_id>/throw-away")
@needs(Permission.MANAGE_SCHOOL)
def throw_away(list_id: uuid.UUID) -> AnyResponse:
    """Nothing of it is applied."""
    with writing():
        importing.throw_away(importing.brought_list(list_id, now()), by=viewer().account_id, at=now())
    flash("The list is thrown away. Nothing was changed.", "success")
    return redirect(url_for("people.lists"))
