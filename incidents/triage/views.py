"""What needs you now, and the first decision on an incident."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from incidents.access import Permission, Right, Role, Sphere
from incidents.accounts.queries import last_here
from incidents.casework.progress import day_of, moment_of
from incidents.casework.queries import case_of
from incidents.casework.workflow import load, suggest
from incidents.citations.queries import offer_for as may_be_cited
from incidents.citations.said import offered, workflow_ticked
from incidents.database import writing
from incidents.errors import NotPossibleNow, Refused
from incidents.matters.actions import step_aside as take_out
from incidents.matters.visibility import Standing, standing
from incidents.recording.hours import CONTROL_LABELS, TIME_LABELS
from incidents.recording.models import Incident
from incidents.recording.queries import title_of
from incidents.schools.calendar import SchoolCalendar
from incidents.schools.queries import calendar, pack_of, this_school
from incidents.triage import action_tests, actions, beside, motives, queries, today
from incidents.triage.answers import Circumstances, TriageAnswers
from incidents.triage.belonging import possible_cases
from incidents.triage.declared import declared
from incidents.triage.forms import NoActionForm, StepAsideForm, TriageForm, directions
from incidents.triage.power import power
from incidents.triage.questions import SINGLE_QUESTIONS, QuestionName
from incidents.web import Tab, address_of, needs, now, on_matter, signed_in_since, viewer

bp = Blueprint("triage", __name__)
TABS = (Tab(10, "Today", "triage.first_page", Permission.WORK, queries.how_many_wait),)

COMING = 5  # so many of one's own later steps stand beside the list; the rest are on a page of their own
Answer = str | AnyResponse | tuple[str, int]


@bp.app_template_global()
def kinds_of(*matter_ids: uuid.UUID) -> list[tuple[str, str]]:
    """For the pages of an incident and of a case: what kind it is, and what seems to be behind it."""
    return queries.kinds_in(matter_ids)


@bp.get("/today")
@needs(Permission.WORK)
def first_page() -> str:
    """What needs you now, most serious first; beside it what others did, and what waits for them."""
    items, dates = queries.needs_now(viewer()), calendar()
    due = [item for item in items if item.rank is not today.Rank.COMING]
    coming = [item for item in items if item.rank is today.Rank.COMING]
    since = last_here(viewer().account_id, signed_in_since())
    return render_template(
        "triage/today.html",
        moment=moment_of(now(), dates),
        state=today.state_sentence(items),
        rows=[_row(item) | {"main": place == 0} for place, item in enumerate(due)],
        coming=[
            _row(item) | {"says": "", "meta": " · ".join(filter(None, (item.says, item.meta)))}
            for item in coming[:COMING]
        ],
        more=len(coming) - COMING,
        since=day_of(since, dates) if since else "",
        changed=[_changed(each, dates) for each in beside.changed_since(viewer(), since)] if since else [],
        others=[_elsewhere(each, dates) for each in beside.waiting_for_others(viewer())],
    )


def _row(item: today.Item) -> dict[str, Any]:
    """A line with where it leads: to decide, to read, or to do."""
    hidden = f"incident {item.reference}"
    if item.step_id is not None:
        href = address_of("casework.step", matter_id=item.matter_id, step_id=item.step_id)
        action, hidden = "Do this step", f"in case {item.reference}"
    elif item.decides:
        href, action = address_of("triage.decide", matter_id=item.matter_id), "Triage"
    else:
        href, action = address_of("recording.incident", matter_id=item.matter_id), "Read"
    return {"title": item.title, "text": item.title, "meta": item.meta, "kind": item.kind, "says": item.says,
            "href": href, "action": action, "hidden": hidden}  # fmt: skip


def _changed(changed: beside.Changed, dates: SchoolCalendar) -> dict[str, str]:
    act = changed.act
    page = {"incident": "recording.incident", "case": "casework.case"}[changed.kind]
    return {
        "text": f"{changed.kind.capitalize()} {changed.reference}",
        "says": act.says,
        "href": address_of(page, matter_id=act.matter_id),
        "meta": ", ".join(filter(None, (moment_of(act.at, dates), changed.who))),
    }


def _elsewhere(waits: beside.Elsewhere, dates: SchoolCalendar) -> dict[str, str]:
    return {
        "text": f"Case {waits.reference}",
        "says": waits.title,
        "href": address_of("casework.step", matter_id=waits.case_id, step_id=waits.step_id),
        "meta": f"{waits.who}, {'was due' if waits.due_at < now() else 'due'} {day_of(waits.due_at, dates)}",
    }


@bp.route("/incidents/<uuid:matter_id>/triage", methods=["GET", "POST"])
@on_matter(Incident, Right.DECIDE)
def decide(incident: Incident, held: Standing) -> Answer:  # noqa: ARG001 - the right was all that mattered
    """May the school act, and what next: the questions, the sentence, the case."""
    circumstances = queries.circumstances_of(incident)
    form, earlier = _form(incident, circumstances)
    if not form.is_submitted():
        return _page(incident, circumstances, form, earlier)
    if "show" in request.form:
        form.settle()
        return _page(incident, circumstances, form, earlier)
    form.validate()
    form.put_right(circumstances.missing(form.answers(circumstances.suggested)))
    if form.errors:
        return _page(incident, circumstances, form, earlier), 422
    try:
        return _decided(incident, form.answers(circumstances.suggested))
    except Refused as refused:
        form.refuse(refused)
        return _page(incident, circumstances, form, earlier), 422
    except NotPossibleNow as not_now:
        form.form_errors += not_now.reasons
        return _page(incident, circumstances, form, queries.earlier_of(incident)), 409


def _decided(incident: Incident, answers: TriageAnswers) -> AnyResponse:
    with writing():
        case = actions.triage(incident, answers, by=viewer(), at=now())
        case_id, reference = case.id, case.reference
    flash(f"Decided. It is in case {reference}.", "success")
    if standing(viewer(), case_id) is None:
        return redirect(url_for("triage.first_page"), 303)
    return redirect(url_for("casework.case", matter_id=case_id), 303)


@bp.post("/incidents/<uuid:matter_id>/triage/sentence")
@on_matter(Incident, Right.DECIDE)
def sentence(incident: Incident, held: Standing) -> str:  # noqa: ARG001
    """The sentence alone, for the page that keeps it in step with the answers. Nothing is kept."""
    circumstances = queries.circumstances_of(incident)
    form, _ = _form(incident, circumstances)
    form.settle()
    return render_template("triage/_sentence.html", **_said(circumstances, form))


def _form(incident: Incident, circumstances: Circumstances) -> tuple[TriageForm, queries.Earlier | None]:
    """The form with its lists; opened first, it shows what the record suggests and what was answered before."""
    form, earlier = TriageForm(), queries.earlier_of(incident)
    form.speak(governed=circumstances.governed)
    if not form.is_submitted():
        form.direction.data = circumstances.suggested.value
        form.title.data = title_of(incident)
        form.four_cs.data = motives.suggested(circumstances.suggested, circumstances.method).value
        form.seen.data = str(earlier.id) if earlier else ""
        form.recall(earlier.answers if earlier else {})
    direction = form.chosen_direction(circumstances.suggested)
    offer = may_be_cited(incident, viewer(), direction)
    workflow = load(workflow_ticked(offer, form.rules.data or ()) or suggest(direction))
    form.offer(
        possible_cases(viewer(), incident),
        queries.possible_owners(incident, viewer()),
        f"{workflow.title}, {len(workflow.steps)} steps",
    )
    form.motives.offer(motives.offered(circumstances.motives, circumstances.targets, direction))
    form.may_cite = offered(offer, form.rules.data or ())
    return form, earlier


def _governed() -> bool:
    return Role.GOVERNOR not in pack_of(this_school()).offices_missing


def _said(circumstances: Circumstances, form: TriageForm) -> dict[str, Any]:
    """The sentence that the answers make, with what each single answer leads to."""
    answers = form.answers(circumstances.suggested)
    decided = power(circumstances.facts(answers))
    asked = circumstances.asked(answers.direction)
    lado = pack_of(this_school()).term("lado_short")
    leads_to = [
        SINGLE_QUESTIONS[name].then[answer].format(lado=lado)
        for name, answer in answers.single.items()
        if name in asked
    ]
    return {"clauses": decided.clauses, "notes": [*filter(None, leads_to), *decided.notes],
            "reminders": decided.reminders}  # fmt: skip


def _page(incident: Incident, circumstances: Circumstances, form: TriageForm, earlier: queries.Earlier | None) -> str:
    if earlier:
        form.seen.data = str(earlier.id)
    asked = circumstances.asked(form.chosen_direction(circumstances.suggested))
    return render_template(
        "triage/decide.html",
        incident=incident,
        card=queries.card_of(incident, viewer()),
        head_cases=pack_of(this_school()).head_cases if incident.sphere == Sphere.HEAD else None,
        form=form,
        asks_motives=motives.needed(circumstances.nation, form.chosen_direction(circumstances.suggested)),
        earlier=earlier,
        case=case_of(incident),
        picture=queries.day_of(incident),
        declared=declared(incident),
        time=(TIME_LABELS[circumstances.time.time], circumstances.time.because),
        control=(CONTROL_LABELS[circumstances.control.control], circumstances.control.because),
        singles=[SINGLE_QUESTIONS[name] for name in asked if name in SINGLE_QUESTIONS],
        asks_tests=QuestionName.TESTS in asked,
        asks_reasonable=QuestionName.REASONABLE in asked,
        why_no_tests=_why_no_tests(circumstances, form),
        questions=action_tests.QUESTIONS if circumstances.governed else action_tests.UNGOVERNED,
        wordings=circumstances.wordings,
        may_cite=form.may_cite,
        reasonable_question=action_tests.REASONABLE_QUESTION,
        said=_said(circumstances, form),
    )


def _why_no_tests(circumstances: Circumstances, form: TriageForm) -> str:
    facts = circumstances.facts(form.answers(circumstances.suggested))
    if facts.about_pupils:
        return "It was in school hours and in the school’s care, so the three tests are not asked."
    return "The three tests give power over pupils only, so they are not asked here."


@bp.route("/incidents/<uuid:matter_id>/no-further-action", methods=["GET", "POST"])
@on_matter(Incident, Right.DECIDE)
def no_further_action(incident: Incident, held: Standing) -> Answer:  # noqa: ARG001
    """Nothing more is to be done, with a reason."""
    circumstances = queries.circumstances_of(incident)
    suggested = circumstances.suggested
    form, earlier = NoActionForm(), queries.earlier_of(incident)
    form.direction.offer(directions(governed=_governed()))
    direction = form.direction_or(suggested)
    form.motives.offer(motives.offered(circumstances.motives, circumstances.targets, direction))
    if not form.is_submitted():
        form.direction.data, form.seen.data = suggested.value, str(earlier.id) if earlier else ""
    if form.validate_on_submit():
        try:
            _take_no_action(incident, form)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("Decided: no further action. The record stays.", "success")
            return redirect(url_for("triage.first_page"), 303)
    page = render_template(
        "triage/no_further_action.html",
        incident=incident,
        form=form,
        harm=SINGLE_QUESTIONS[QuestionName.HARM_THRESHOLD]
        if QuestionName.HARM_THRESHOLD in circumstances.asked(direction)
        else None,
        asks_motives=motives.needed(circumstances.nation, direction),
    )
    return page, 422 if form.is_submitted() else 200


def _take_no_action(incident: Incident, form: NoActionForm) -> None:
    with writing():
        actions.no_further_action(
            incident,
            form.reasons.data or [],
            form.words.data or "",
            by=viewer(),
            at=now(),
            direction=form.direction_or(None),
            single=form.single(),
            ticked=form.motives.data or (),
            seen=form.seen_id(),
        )


@bp.route("/incidents/<uuid:matter_id>/step-aside", methods=["GET", "POST"])
@on_matter(Incident, Right.SEE_IN_FULL)
def step_aside(incident: Incident, held: Standing) -> Answer:  # noqa: ARG001
    """I know someone involved: from now on somebody else decides."""
    form = StepAsideForm()
    if not form.validate_on_submit():
        return render_template("triage/step_aside.html", incident=incident, form=form)
    reference = incident.reference
    with writing():
        take_out(incident, by=viewer(), at=now())
    if queries.nobody_left(incident, now()):
        told = f"You stepped aside from incident {reference}. Nobody else in school can take it."
        flash(f"{told} Ring the number at the foot of the page.", "important")
    else:
        flash(f"You stepped aside from incident {reference}. Somebody else decides it now.", "success")
    return redirect(url_for("triage.first_page"), 303)
