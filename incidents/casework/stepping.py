"""The pages of one step, the list of somebody's steps, and how every page of casework asks for an act."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from incidents.access import Permission, Right
from incidents.casework import actions, moving, pages, queries, who
from incidents.casework import forms as f
from incidents.casework.lifecycle import STEP, StepVerb
from incidents.casework.models import Case, Step
from incidents.casework.progress import moved
from incidents.database import writing
from incidents.errors import NotPossibleNow, Refused
from incidents.evidence.queries import of_step, pictures_closed
from incidents.files.models import FileState
from incidents.forms import Form
from incidents.matters.visibility import Standing
from incidents.schools.queries import calendar
from incidents.web import address_of, needs, now, on_matter, viewer

bp = Blueprint("casework", __name__)
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Asked:
    """A page that asks for one act: its heading, its button, what to say when it is done, and where it leads back to."""

    heading: str
    button: str
    done: str
    back: str
    lead: str = ""
    reasons: tuple[str, ...] = ()  # why it can't be done now: then there is no button
    template: str = "casework/act.html"


def ask(case: Case, form: Form, asked: Asked, act: Callable[[], object], **shown: object) -> Page:
    """Show the form; once it is right, do the act in one transaction and go back. What was typed stays if it is refused."""
    reasons, status = asked.reasons, 200
    if form.validate_on_submit():
        try:
            with writing():
                act()
        except Refused as refused:
            form.refuse(refused)
            status = 422
        except NotPossibleNow as refused:
            reasons, status = tuple(refused.reasons), 409
        else:
            flash(asked.done, "success")
            return redirect(asked.back, 303)
    elif form.is_submitted():
        status = 422
    return render_template(
        asked.template, case=case, form=form, asked=asked, reasons=reasons, fields=f.fields_of(form), **shown
    ), status


def here(case: Case) -> str:
    return address_of("casework.case", matter_id=case.id)


@bp.get("/my-steps")
@needs(Permission.DO_STEPS)
def my_steps() -> str:
    """The steps that wait for this person."""
    waiting, dates = queries.steps_for(viewer()), calendar()
    rows = [pages.step_to_do(each.step, each.words, dates, step_href(each.case_id, each.step.id)) for each in waiting]
    return render_template("casework/my_steps.html", rows=rows)


def step_href(case_id: uuid.UUID, step_id: uuid.UUID) -> str:
    return address_of("casework.step", matter_id=case_id, step_id=step_id)


@bp.route("/cases/<uuid:matter_id>/steps/<uuid:step_id>", methods=["GET", "POST"])
@on_matter(Case, Right.WORK, Right.DO_OWN_STEPS)
def step(case: Case, standing: Standing, step_id: uuid.UUID) -> Page:
    """One step: what to do, by when, and that it is done. Somebody with this step only sees nothing else of the case."""
    step, works = queries.own_step(case, standing, viewer(), step_id), standing.may(Right.WORK)
    form = f.DoStepForm(version=str(step.version))
    shown = next(each for each in queries.steps_now(queries.steps_of(case), now(), calendar()) if each.id == step.id)
    move, dates = moving.last_move(step), calendar()
    asked = Asked(
        step.title, "Mark as done", "The step is done.", _back_of(case, standing), template="casework/step.html",
        reasons=tuple(STEP.reasons_not_to(StepVerb.DO, step.state, queries.step_facts(case, step))),
    )  # fmt: skip
    return ask(
        case, form, asked,
        lambda: actions.do_step(step, form.said, by=viewer(), at=now(), seen_version=form.seen),
        may_decide=standing.may(Right.DECIDE), step=step, shown=shown, facts=pages.step_lines(shown, dates), works=works,
        records=queries.plan_of(case, step).records, closed=pictures_closed(case), files=files_of(case, standing, step),
        moved=moved(move.was_due, move.now_due, move.because, dates) if move else "",
    )  # fmt: skip


def files_of(case: Case, standing: Standing, step: Step) -> list[pages.Row]:
    """What was handed in with a step. Somebody with the step only sees what they added, under numbers of its own: those of
    the case would tell how much else there is."""
    sees = standing.may(Right.SEE_FILES)
    return [
        pages.evidence_row(
            found.code if sees else f"File {number}", found.file.name, found.file.media_type, found.file.size,
            found.file.sha256, sealed=found.file.state == FileState.SEALED,
            href=url_for("evidence.item", matter_id=case.id, evidence_id=found.evidence.id) if sees else "",
        )
        for number, found in enumerate(of_step(step.id, viewer(), sees_files=sees), start=1)
    ]  # fmt: skip


def _back_of(case: Case, standing: Standing) -> str:
    return here(case) if standing.may(Right.SEE_IN_FULL) else url_for("casework.my_steps")


@bp.route("/cases/<uuid:matter_id>/steps/<uuid:step_id>/not-needed", methods=["GET", "POST"])
@on_matter(Case, Right.WORK)
def skip(case: Case, standing: Standing, step_id: uuid.UUID) -> Page:  # noqa: ARG001 - the gate's form
    """Say why a step is not needed here."""
    step = queries.step_of(case, step_id)
    form = f.ReasonForm(version=str(step.version))
    asked = Asked("Not needed", "Leave this step out", "The step is put aside.", here(case), lead=step.title,
                  reasons=_step_reasons(case, step, StepVerb.SKIP))  # fmt: skip
    return ask(
        case, form, asked,
        lambda: actions.skip_step(step, form.said, by=viewer(), at=now(), seen_version=form.seen),
    )  # fmt: skip


@bp.route("/cases/<uuid:matter_id>/steps/<uuid:step_id>/again", methods=["GET", "POST"])
@on_matter(Case, Right.WORK)
def again(case: Case, standing: Standing, step_id: uuid.UUID) -> Page:  # noqa: ARG001 - the gate's form
    """Take a step up again."""
    step = queries.step_of(case, step_id)
    form = f.ReasonForm(version=str(step.version))
    asked = Asked("Take it up again", "Take it up again", "The step is to do again.", step_href(case.id, step.id),
                  lead=step.title, reasons=_step_reasons(case, step, StepVerb.TAKE_UP_AGAIN))  # fmt: skip
    return ask(
        case, form, asked,
        lambda: actions.take_up_again(step, form.said, by=viewer(), at=now(), seen_version=form.seen),
    )  # fmt: skip


@bp.route("/cases/<uuid:matter_id>/steps/<uuid:step_id>/date", methods=["GET", "POST"])
@on_matter(Case, Right.WORK)
def change_date(case: Case, standing: Standing, step_id: uuid.UUID) -> Page:  # noqa: ARG001 - the gate's form
    """Give a step another date."""
    step, dates = queries.step_of(case, step_id), calendar()
    form = f.NewDateForm(version=str(step.version))
    asked = Asked("Another date", "Change the date", "The date is changed.", step_href(case.id, step.id),
                  lead=step.title, reasons=_step_reasons(case, step, StepVerb.CHANGE_DATE))  # fmt: skip
    return ask(
        case, form, asked,
        lambda: actions.change_date(step, form.until(dates), form.said, by=viewer(), at=now(),
                                    seen_version=form.seen),
    )  # fmt: skip


@bp.route("/cases/<uuid:matter_id>/steps/<uuid:step_id>/give", methods=["GET", "POST"])
@on_matter(Case, Right.WORK)
def give_step(case: Case, standing: Standing, step_id: uuid.UUID) -> Page:  # noqa: ARG001 - the gate's form
    """Give a step to somebody."""
    step = queries.step_of(case, step_id)
    form = f.GiveStepForm(version=str(step.version))
    form.account.offer(pages.choices(who.people_to_choose(case, now())))
    asked = Asked("Give this step to somebody", "Give it to them", "The step has a new owner.",
                  step_href(case.id, step.id), lead=step.title,
                  reasons=_step_reasons(case, step, StepVerb.HAND_OVER))  # fmt: skip
    return ask(
        case, form, asked,
        lambda: actions.assign_step(step, uuid.UUID(form.account.data), by=viewer(), at=now(), words=form.said,
                                    seen_version=form.seen),
    )  # fmt: skip


def _step_reasons(case: Case, step: Step, verb: StepVerb) -> tuple[str, ...]:
    """Why this can't be done now, whatever is typed: the reason itself is asked by the form."""
    return tuple(STEP.reasons_not_to(verb, step.state, queries.step_facts(case, step, reason="to be given")))
