"""Handing in files with a step: the question first, then the pictures, then back to the step's page."""

import uuid

from flask import current_app, redirect, render_template, request, url_for

from incidents.access import Right
from incidents.casework import actions, queries
from incidents.casework.forms import ImageForm
from incidents.casework.lifecycle import STEP, StepVerb
from incidents.casework.models import Case, Step
from incidents.casework.stepping import Page, step_href
from incidents.casework.stepping import bp as bp
from incidents.database import writing
from incidents.errors import NotPossibleNow
from incidents.evidence.actions import CLOSED, say_intimate
from incidents.evidence.queries import of_step, pictures_closed
from incidents.files.intake import NotKept, take
from incidents.forms import Form
from incidents.matters.visibility import Standing
from incidents.recording.words import Intimate
from incidents.web import now, on_matter, viewer

ALREADY = "Not added again: you added this file to the case before."


@bp.route("/cases/<uuid:matter_id>/steps/<uuid:step_id>/files", methods=["GET", "POST"])
@on_matter(Case, Right.WORK, Right.DO_OWN_STEPS)
def hand_in(case: Case, standing: Standing, step_id: uuid.UUID) -> Page:
    """The question first; files are let in only with the answer "no", whoever posts them (domain: intimate images)."""
    step = queries.own_step(case, standing, viewer(), step_id)
    _must_take_files(case, standing, step)
    if request.method == "POST" and request.values.get("answer") == Intimate.NO:
        return _picker(case, step, _taken(case, step))
    form = ImageForm()
    if not form.validate_on_submit():
        shown = render_template("casework/image_question.html", form=form, back=step_href(case.id, step.id))
        return (shown, 422) if request.method == "POST" else shown
    said = Intimate(form.intimate.data)
    with writing():
        say_intimate(case, said, by=viewer(), at=now())
    if said is Intimate.NO:
        return _picker(case, step, [])
    return redirect(url_for("casework.no_pictures", matter_id=case.id, step_id=step_id))


def _must_take_files(case: Case, standing: Standing, step: Step) -> None:
    reasons = STEP.reasons_not_to(StepVerb.DO, step.state, queries.step_facts(case, step))
    if not reasons and pictures_closed(case):
        reasons = [CLOSED if standing.may(Right.SEE_FILES) else actions.NO_FILES]
    if reasons:
        raise NotPossibleNow(reasons)


def _taken(case: Case, step: Step) -> list[NotKept]:
    by, at = viewer(), now()
    taken = take(
        request.files.getlist("files"), by=by, at=at, matter_id=case.id,
        then=lambda file: actions.add_file(step, file, by=by, at=at),
    )  # fmt: skip
    here = {found.file.id for found in of_step(step.id, by, sees_files=False)}
    return [*taken.refused, *(NotKept(file.name, ALREADY) for file in taken.kept if file.id not in here)]


def _picker(case: Case, step: Step, refused: list[NotKept]) -> Page:
    own = [found.file for found in of_step(step.id, viewer(), sees_files=False)]
    return render_template(
        "casework/step_files.html", form=Form(), files=own, refused=refused, back=step_href(case.id, step.id),
        action=url_for("casework.hand_in", matter_id=case.id, step_id=step.id, answer=Intimate.NO),
        largest=current_app.config["SETTINGS"].largest_file // 1_048_576,
    )  # fmt: skip


@bp.get("/cases/<uuid:matter_id>/steps/<uuid:step_id>/no-pictures")
@on_matter(Case, Right.WORK, Right.DO_OWN_STEPS)
def no_pictures(case: Case, standing: Standing, step_id: uuid.UUID) -> Page:
    """What to do now, instead of a picture."""
    step = queries.own_step(case, standing, viewer(), step_id)
    return render_template("casework/no_pictures.html", back=step_href(case.id, step.id))
