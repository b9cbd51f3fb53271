"""The pages for two entries that are one person, and for the move to a new school year."""

import uuid
from collections.abc import Sequence
from datetime import date

from flask import flash, redirect, render_template, request, url_for

from incidents.access import Permission
from incidents.database import writing
from incidents.errors import NotPossibleNow, Refused
from incidents.people import merging, new_year, queries
from incidents.people.bringing import Answer, bp, today
from incidents.people.forms import MovesForm, MoveUpForm, SameForm, TakeApartForm, moves_form, offered
from incidents.people.moving_up import Going, told
from incidents.schools import year
from incidents.schools.queries import calendar
from incidents.web import needs, now, viewer

ABOUT_YOU = "This is about you yourself. Somebody else of the office has to say it."


@bp.route("/people/<uuid:person_id>/same", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def same(person_id: uuid.UUID) -> Answer:
    """Another entry of the list is the same person."""
    found, form = queries.on_list(person_id), SameForm()
    others = [each for each in queries.find(form.q.data or "", today(), queries.PAGE) if each.person_id != person_id]
    form.other.offer(offered(others))
    looking = request.form.get("then") == "find"
    if not looking and form.validate_on_submit():
        try:
            with writing():
                one, other = queries.on_list(person_id), queries.on_list(uuid.UUID(form.other.data))
                stays = one if form.stays.data == "this" else other
                goes = other if stays is one else one
                if is_viewer(one.id, other.id):
                    raise Refused(ABOUT_YOU, "other")
                kept = merging.merge(goes, stays, form.reason.data or "", by=viewer().account_id, at=now()).into_id
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("They are one person now.", "success")
            return redirect(url_for("people.person", person_id=kept))
    page = render_template(
        "people/same.html", form=form, person=found, was=queries.status_of(person_id, today()), year=year,
        looked=looking, nobody=not others,
    )  # fmt: skip
    return page, 422 if form.is_submitted() and not looking else 200


@bp.route("/people/<uuid:person_id>/same/<uuid:entry_id>/undo", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def take_apart(person_id: uuid.UUID, entry_id: uuid.UUID) -> Answer:
    """They are two people after all."""
    found, merged, form = queries.on_list(person_id), merging.merged_entry(person_id, entry_id), TakeApartForm()
    if form.validate_on_submit():
        with writing():
            entry = merging.merged_entry(person_id, entry_id).entry
            if is_viewer(entry.id):
                raise NotPossibleNow(ABOUT_YOU)
            merging.take_apart(entry, form.reason.data or "", by=viewer().account_id, at=now())
        flash("They are two people again, and everything is as it was.", "success")
        return redirect(url_for("people.person", person_id=entry_id))
    page = render_template("people/take_apart.html", form=form, person=found, merged=merged)
    return page, 422 if form.is_submitted() else 200


def is_viewer(*entries: uuid.UUID) -> bool:
    """Whether one of these entries is the viewer. Access follows from who somebody is: nobody settles that of themselves."""
    return bool(viewer().person_ids & set(entries))


@bp.route("/people/move-up", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def move_up() -> Answer:
    """From which day; then the classes, where each goes; then what it comes to, and the press."""
    then = request.form.get("then", "classes")
    form: MoveUpForm | MovesForm = MoveUpForm(starts=year.next_year_starts(calendar(), today()))
    if not form.validate_on_submit():
        return _move_up_page(form, wrong=form.is_submitted())
    day = form.first_day
    going, mark = new_year.classes(day)
    fresh = then == "classes" or request.form.get("seen") != mark
    form = moves_form(going, mark, day, fresh=fresh)
    if fresh or then == "edit":
        return _move_up_page(form, going, day)
    if then == "go":
        try:
            with writing():
                moved, left = new_year.move_up(form.moves(going), day, mark, by=viewer().account_id, at=now())
        except Refused as refused:
            form.refuse(refused)
            return _move_up_page(form, going, day, wrong=True)
        flash(f"{moved:,} moved up from {year.short_day(day)}, and {left:,} leave.", "success")
        return redirect(url_for("people.people"))
    wrong = not form.validate()
    return _move_up_page(form, going, day, told=() if wrong else told(going, form.moves(going)), wrong=wrong)


def _move_up_page(
    form: MoveUpForm, going: Sequence[Going] = (), day: date | None = None, *,
    told: Sequence[tuple[str, str]] = (), wrong: bool = False,
) -> Answer:  # fmt: skip
    page = render_template("people/move_up.html", form=form, going=going, told=told, day=day, year=year)
    return page, 422 if wrong else 200
