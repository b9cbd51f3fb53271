"""The list of people: who they are, and from when until when they are what to the school. No incident is seen from here."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.access import Permission, Role
from incidents.database import writing
from incidents.errors import NotFound, Refused
from incidents.forms import Form
from incidents.people import actions, merging, putting_right, queries
from incidents.people.bringing import bp
from incidents.people.bringing import today as _today
from incidents.people.forms import (
    CONTACT,
    PUPIL,
    UNGOVERNED,
    EmployForm,
    EndForm,
    EnrolForm,
    PersonForm,
    RelateForm,
    as_written,
    offered,
)
from incidents.people.kinds import PersonKind
from incidents.people.models import Employed, Employment, Enrolment, Kinship, Person
from incidents.schools import year
from incidents.schools.queries import pack_of, this_school
from incidents.web import Tab, needs, now, viewer

MORE_PAGES = (putting_right,)  # their routes stand on the same blueprint
TABS = (Tab(55, "People", "people.people", Permission.MANAGE_SCHOOL),)

Answer = str | Response | tuple[str, int]
# What can be ended, by its word in the address.
FACTS: dict[str, type[Enrolment] | type[Employment] | type[Kinship]] = {
    "enrolment": Enrolment,
    "employment": Employment,
    "kinship": Kinship,
}


def _by() -> uuid.UUID:
    return viewer().account_id


def _looking() -> bool:
    """Whether the button to find somebody was pressed, and not yet the one that keeps what was typed."""
    return request.form.get("then") == "find"


def _kept(form: Form, does: Callable[[], uuid.UUID], done: str) -> Response | None:
    """Do it in one transaction and go to the person's page; None: the form is to be shown, with what is wrong in it."""
    if _looking() or not form.validate_on_submit():
        return None
    try:
        with writing():
            person_id = does()
    except Refused as refused:
        form.refuse(refused)
        return None
    flash(done, "success")
    return redirect(url_for("people.person", person_id=person_id))


def _shown(template: str, form: Form, **words: Any) -> Answer:
    asks_again = form.is_submitted() and not _looking()
    return render_template(f"people/{template}.html", form=form, looked=_looking(), **words), 422 if asks_again else 200


@bp.get("/people")
@needs(Permission.MANAGE_SCHOOL)
def people() -> str:
    """Everybody on the list, or those found by two letters."""
    typed = request.args.get("q", "")[:80].replace("\0", "")
    after = _id_in("after")
    if typed.strip():
        found, more = queries.find(typed, _today(), queries.PAGE), None
    else:
        found, more = queries.listed(_today(), after)
    return render_template(
        "people/people.html", found=found, after=more, typed=typed.strip(), first=after is None,
        full=bool(typed) and len(found) == queries.PAGE, nobody=PersonKind.PUBLIC,
    )  # fmt: skip


def _id_in(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args[name]) if name in request.args else None
    except ValueError as error:
        raise NotFound from error


@bp.route("/people/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def add() -> Answer:
    """Somebody new, with what they are to the school."""
    today, of = _today(), _id_in("of")
    known = {"kind": CONTACT, "other": str(of)} if of else {}
    form = PersonForm(starts=today, **known)
    if Role.GOVERNOR in pack_of(this_school()).offices_missing:
        form.kind.offer(((PUPIL, "Pupil"), *UNGOVERNED, (CONTACT, "Contact of a pupil")))
    form.prepare(queries.same_name(form.given_name.data or "", form.family_name.data or "", today), today)
    pupils = [each for each in _offer(form, of) if each.kind is PersonKind.PUPIL]
    form.other.offer(offered(pupils))
    years = queries.year_groups(today)
    done = _kept(form, lambda: _added(form, years), "They are on the list.")
    return done or _shown("add", form, years=years, nobody=not pupils)


def _offer(form: PersonForm | RelateForm, of: uuid.UUID | None = None) -> list[queries.Found]:
    """Whom the typed letters find, and whoever the page was opened for or was chosen before."""
    found = queries.find(form.q.data or "", _today(), queries.PAGE)
    return found + [each for each in queries.found_by_id(of, _today()) if each not in found]


def _added(form: PersonForm, years: list[str]) -> uuid.UUID:
    """Within the transaction: the person if new, then the fact."""
    by, at, kind = _by(), now(), form.kind.data
    known = form.known_id()
    person = queries.on_list(known) if known else actions.add_to_list(
        form.given_name.data or "", form.family_name.data or "", asked_about=form.asked_about, by=by, at=at,
        title=form.title.data or "", date_of_birth=form.date_of_birth.data,
    )  # fmt: skip
    if kind == PUPIL:
        year_group = as_written(form.year_group.data or "", years)
        actions.enrol(person, year_group, form.form_group.data or "", form.first_day, by=by, at=at)
    elif kind == CONTACT:
        _related(form, person, queries.on_list(form.other_id))
    else:
        actions.employ(person, Employed(kind), form.job.data or "", form.first_day, by=by, at=at)
    return person.id


def _related(form: PersonForm | RelateForm, contact: Person, of: Person) -> None:
    actions.relate(
        contact, of, form.relation.data or "", form.first_day, by=_by(), at=now(),
        parental_responsibility=bool(form.parental_responsibility.data), do_not_tell=bool(form.do_not_tell.data),
        note=form.note.data or "",
    )  # fmt: skip


@bp.get("/people/<uuid:person_id>")
@needs(Permission.MANAGE_SCHOOL)
def person(person_id: uuid.UUID) -> str:
    """One person, and all that they are or were to the school."""
    found, today = queries.on_list(person_id), _today()
    kin, merged = queries.kin_of(person_id), merging.merged_with(person_id)
    return render_template(
        "people/person.html", person=found, was=queries.status_of(person_id, today), year=year, today=today, merged=merged,
        enrolments=queries.enrolments_of(person_id), employments=queries.employments_of(person_id),
        contacts=[pair for pair in kin if pair[0].other_id == person_id],
        contact_of=[pair for pair in kin if pair[0].person_id == person_id], nobody=PersonKind.PUBLIC,
    )  # fmt: skip


@bp.route("/people/<uuid:person_id>/enrol", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def enrol(person_id: uuid.UUID) -> Answer:
    """They are a pupil, or move to another year group."""
    found, form, years = queries.on_list(person_id), EnrolForm(starts=_today()), queries.year_groups(_today())

    def does() -> uuid.UUID:
        theirs, year_group = queries.on_list(person_id), as_written(form.year_group.data or "", years)
        actions.enrol(theirs, year_group, form.form_group.data or "", form.first_day, by=_by(), at=now())
        return person_id

    return _kept(form, does, "The year group is added.") or _shown("enrol", form, person=found, years=years)


@bp.route("/people/<uuid:person_id>/employ", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def employ(person_id: uuid.UUID) -> Answer:
    """They work for, volunteer for or govern the school."""
    found, form = queries.on_list(person_id), EmployForm(starts=_today())
    if Role.GOVERNOR in pack_of(this_school()).offices_missing:
        form.kind.offer(UNGOVERNED)

    def does() -> uuid.UUID:
        theirs = queries.on_list(person_id)
        actions.employ(theirs, Employed(form.kind.data), form.job.data or "", form.first_day, by=_by(), at=now())
        return person_id

    return _kept(form, does, "The work is added.") or _shown("employ", form, person=found)


@bp.route("/people/<uuid:person_id>/contacts/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def relate(person_id: uuid.UUID) -> Answer:
    """Somebody on the list is close to them."""
    found, form = queries.on_list(person_id), RelateForm(starts=_today())
    people = [each for each in _offer(form) if each.person_id != person_id]
    form.other.offer(offered(people))

    def does() -> uuid.UUID:
        _related(form, queries.on_list(form.other_id), queries.on_list(person_id))
        return person_id

    return _kept(form, does, "The contact is added.") or _shown("relate", form, person=found, nobody=not people)


@bp.route("/people/<uuid:person_id>/<kind>/<uuid:fact_id>/end", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def end(person_id: uuid.UUID, kind: str, fact_id: uuid.UUID) -> Answer:
    """Something no longer holds; what happened before stays judged by it."""
    if kind not in FACTS:
        raise NotFound
    found, fact = queries.on_list(person_id), queries.fact_of(FACTS[kind], person_id, fact_id)
    form = EndForm(ends=_today())

    def does() -> uuid.UUID:
        held = queries.fact_of(FACTS[kind], person_id, fact_id)
        if isinstance(held, Kinship) and putting_right.is_viewer(held.person_id, held.other_id):
            raise Refused(putting_right.ABOUT_YOU, "ends")
        actions.end(held, form.last_day, by=_by(), at=now())
        return person_id

    return _kept(form, does, "The end is kept.") or _shown("end", form, person=found, fact=fact, kind=kind, year=year)
