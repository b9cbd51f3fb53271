"""The pages about one form: its answers, entering one with who gave it, putting one right. A part of the views."""

import uuid

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from incidents.access import Permission
from incidents.accounts.roster import names_here
from incidents.database import writing
from incidents.declarations import actions, links, queries
from incidents.declarations.answers import STATE_LABELS
from incidents.declarations.forms import NOT_KNOWN, CorrectForm, EnterForm, NothingForm
from incidents.declarations.lists import Line
from incidents.declarations.pages import Answer as Page
from incidents.declarations.pages import Here, bp, here
from incidents.declarations.words import ANSWER_LABELS, HOW_LABELS, Answer
from incidents.errors import NotFound, Refused
from incidents.policies.kinds import Audience
from incidents.schools import year
from incidents.web import needs, now, viewer

MAY = Permission.KEEP_DECLARATIONS


@bp.route("/declarations/<uuid:asked_id>/forms/<uuid:key>", methods=["GET", "POST"])
@needs(MAY)
def one(asked_id: uuid.UUID, key: uuid.UUID) -> Page:
    """One household's or person's form: what was answered, and a further answer with who gave it."""
    where = here(asked_id)
    line = queries.line(where.version.id, where.audience, where.today, key)
    form = EnterForm()
    form.offer(_people(line), parents=where.audience is Audience.PARENTS)
    if form.validate_on_submit():
        try:
            with writing():
                actions.enter(
                    where.version, where.audience, key, _entered(form, line), where.today, by=viewer(), at=now()
                )
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("The answer is kept.", "success")
            return redirect(where.address("one", key=key), 303)
    return render_template(
        "declarations/one.html", form=form, **_about(where, line)
    ), 422 if form.is_submitted() else 200


def _about(where: Here, line: Line) -> dict[str, object]:
    return {
        "where": where, "line": line, "year": year, "how": HOW_LABELS, "answers": ANSWER_LABELS, "states": STATE_LABELS,
        "room": len(line.own) < (line.household.room if line.household else 1),
        "open_links": len(links.open_links(where.version.id, line.key, now())),
        "apart": {each.person_id for each in (line.household.parents if line.household else ())} & queries.apart(),
    }  # fmt: skip


def _people(line: Line) -> list[tuple[str, str]]:
    if line.household:
        answered = {each.person_id for each in line.own}
        return [(str(each.person_id), each.name) for each in line.household.parents if each.person_id not in answered]
    return [(str(line.person_id), line.name)]


def _entered(form: EnterForm, line: Line) -> actions.Entered:
    """A name is needed only where the person is not on the list."""
    assert form.signed_on.data
    typed = form.typed_name.data or ""
    person_id = None if form.person.data == NOT_KNOWN else uuid.UUID(form.person.data)
    if person_id is None and not typed and len(line.household.parents if line.household else ()) == 1:
        raise Refused("Type the name that is printed there: only one parent is on the list.", "typed_name")
    return actions.Entered(Answer(form.answer.data), form.signed_on.data, person_id, typed)


@bp.route("/declarations/<uuid:asked_id>/forms/<uuid:key>/<uuid:signature_id>", methods=["GET", "POST"])
@needs(MAY)
def correct(asked_id: uuid.UUID, key: uuid.UUID, signature_id: uuid.UUID) -> Page:
    """Put an answer right, with a reason. Both stay."""
    where = here(asked_id)
    row, held = queries.signature(where.version.id, signature_id)
    form = CorrectForm(answer=row.answer, signed_on=row.signed_on, typed_name=row.typed_name)
    if form.validate_on_submit():
        try:
            with writing():
                _corrected(where, signature_id, form)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("It is put right. What stood there before is kept.", "success")
            return redirect(where.address("one", key=key), 303)
    page = render_template(
        "declarations/correct.html", form=form, where=where, key=key, held=held, how=HOW_LABELS, year=year, row=row,
        by=names_here([row.by]).get(row.by, "") if row.by else "",
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _corrected(where: Here, signature_id: uuid.UUID, form: CorrectForm) -> None:
    assert form.signed_on.data
    entered = actions.Entered(Answer(form.answer.data), form.signed_on.data, typed_name=form.typed_name.data or "")
    actions.correct(
        where.version, queries.signature(where.version.id, signature_id), entered, form.reason.data or "", where.today,
        by=viewer(), at=now(),
    )  # fmt: skip


@bp.post("/declarations/<uuid:asked_id>/forms/<uuid:key>/apart")
@needs(MAY)
def apart(asked_id: uuid.UUID, key: uuid.UUID) -> Response:
    """One of the parents lives apart, or does no longer: from now on a form and a link of their own."""
    where = here(asked_id)
    line = queries.line(where.version.id, where.audience, where.today, key)
    chosen = request.form.get("person", "")
    parent = next(
        (each for each in (line.household.parents if line.household else ()) if str(each.person_id) == chosen), None
    )
    if parent is None:
        raise NotFound
    with writing():
        actions.live_apart(parent.person_id, request.form.get("then") == "apart", by=viewer(), at=now())
    flash("Kept. Links that were given to them together have ended.", "success")
    return redirect(where.address("round"), 303)


@bp.post("/declarations/<uuid:asked_id>/forms/<uuid:key>/links/end")
@needs(MAY)
def end_links(asked_id: uuid.UUID, key: uuid.UUID) -> Response:
    """A slip was lost, or came to the wrong house."""
    where = here(asked_id)
    if NothingForm().validate_on_submit():
        with writing():
            ended = links.end_links(where.version.id, key, by=viewer(), at=now())
            if not ended:
                raise NotFound
        flash("Their links have ended. Make a new slip if they need one.", "success")
    return redirect(where.address("one", key=key), 303)
