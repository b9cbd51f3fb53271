"""The pages of casework: the lists, a case, one step, and the acts upon them."""

import uuid
from collections.abc import Iterable, Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.access import Permission, Right
from incidents.accounts.queries import names_of
from incidents.accounts.viewer import Viewer
from incidents.casework import actions, history, pages, queries, who
from incidents.casework import forms as f
from incidents.casework.established import read_of
from incidents.casework.handing_in import bp
from incidents.casework.lifecycle import CASE, CaseFacts, CaseVerb
from incidents.casework.listing import listed
from incidents.casework.models import Case
from incidents.casework.progress import day_of
from incidents.casework.stepping import Asked, Page, ask, here, step_href
from incidents.casework.words import FINDING_LABELS, CaseState
from incidents.casework.workflow import load
from incidents.database import writing
from incidents.evidence.queries import Exhibit, shelf
from incidents.files.models import FileState
from incidents.matters.actions import end_knowing as stop_knowing
from incidents.matters.actions import tell as tell_person
from incidents.matters.models import Capacity
from incidents.matters.queries import given_to_know
from incidents.matters.visibility import Standing
from incidents.recording.models import Incident
from incidents.recording.queries import lines
from incidents.registers.beside import Involved, on_the_registers
from incidents.schools.queries import calendar
from incidents.web import Tab, address_of, needs, now, on_matter, viewer


def _has_no_today(viewer: Viewer) -> bool:
    return not viewer.may(Permission.WORK)


TABS = (
    # Whoever works on cases finds their own steps on Today.
    Tab(20, "My steps", "casework.my_steps", Permission.DO_STEPS, queries.waiting_for, shown=_has_no_today),
    Tab(30, "Cases", "casework.cases", Permission.WORK),
)
SHORT = 8  # so many entries of the chronology stand on the case's page


# --- lists


@bp.get("/cases")
@needs(Permission.WORK)
def cases() -> str:
    """The cases this person may see in full."""
    state = CaseState.CLOSED if request.args.get("state") == CaseState.CLOSED else CaseState.OPEN
    try:
        before = uuid.UUID(request.args.get("after", ""))
    except ValueError:
        before = None
    rows, after = listed(viewer(), state, before)
    dates = calendar()
    shown = [
        pages.case_row(pages.shown(row.case), row.case.owner or "", row.far, row.overdue, dates, here(row.case))
        for row in rows
    ]
    return render_template("casework/cases.html", rows=shown, state=state, after=after, first=before is None)


# --- one case


@bp.get("/cases/<uuid:matter_id>")
@on_matter(Case, Right.SEE_IN_FULL)
def case(case: Case, standing: Standing) -> str:
    """A case: state first, what is next, the steps, the people, the evidence, what has happened."""
    dates, told, sees = calendar(), history.chronology(case), who.who_sees(case, now())
    steps = queries.steps_now(queries.steps_of(case), now(), dates)  # after those that read names along the way
    titles = {step.id: step.title for step in steps}
    subjects = who.subjects_of(case)
    page = pages.case_page(pages.shown(case), steps, dates, lambda step_id: step_href(case.id, step_id), subjects)
    return render_template(
        "casework/case.html",
        case=case,
        page=page,
        people=[
            pages.person_row(each, each.shown, each.shown.involvement, subjects) for each in who.people_in(case, now())
        ],
        incidents=[(each.reference, each.id, day_of(each.recorded_at, dates)) for each in queries.incidents_of(case)],
        evidence=[_evidence_row(exhibit, case, titles) for exhibit in shelf(case, viewer())],
        entries=pages.entries(told[:SHORT], names_of(each.by for each in told[:SHORT]), dates),
        how_many=len(told),
        power=history.power_of(case),
        sees=sees,
        may={right.value: standing.may(right) for right in Right},
        registers=on_the_registers(viewer(), case, Involved(day=dates.local(now()).date())),
    )


def _evidence_row(exhibit: Exhibit, case: Case, titles: Mapping[uuid.UUID, str]) -> pages.Row:
    file, where = exhibit.file, "" if exhibit.matter.id == case.id else f"{exhibit.matter.reference} "
    href = address_of("evidence.item", matter_id=exhibit.matter.id, evidence_id=exhibit.evidence.id)
    return pages.evidence_row(
        where + exhibit.code, file.name, file.media_type, file.size, file.sha256,
        sealed=file.state == FileState.SEALED, href=href,
        origin=exhibit.origin.in_brief(),
        handed_in_with=titles.get(exhibit.evidence.step_id, "") if exhibit.evidence.step_id else "",
    )  # fmt: skip


@bp.get("/cases/<uuid:matter_id>/chronology")
@on_matter(Case, Right.SEE_IN_FULL)
def chronology(case: Case, standing: Standing) -> str:  # noqa: ARG001 - the gate's form
    """All that happened, the newest first."""
    told = history.chronology(case)
    rows = pages.entries(told, names_of(each.by for each in told), calendar())
    return render_template("casework/chronology.html", case=case, entries=rows)


@bp.route("/cases/<uuid:matter_id>/note", methods=["GET", "POST"])
@on_matter(Case, Right.WORK)
def note(case: Case, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """Add words to the chronology."""
    form = f.NoteForm()
    asked = Asked("Add a note", "Add the note", "The note is in the chronology.", here(case),
                  reasons=_case_reasons(case, CaseVerb.ADD_NOTE))  # fmt: skip
    return ask(case, form, asked, lambda: actions.add_note(case, form.said, by=viewer(), at=now()))


@bp.route("/cases/<uuid:matter_id>/finding", methods=["GET", "POST"])
@on_matter(Case, Right.DECIDE)
def finding(case: Case, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """Say what is established about each of those who are said to have done it."""
    subjects = who.subjects_of(case)
    form = f.finding_form(load(case.workflow), subjects, read_of(case))
    asked = Asked(
        "Finding", "Record the finding", "The finding is recorded.", here(case), template="casework/finding.html",
        reasons=() if case.state == CaseState.OPEN else (CASE.instead[case.state],),
    )  # fmt: skip
    return ask(
        case, form, asked,
        lambda: actions.find_each(case, form.answers(), by=viewer(), at=now(), as_read_then=form.read.data),
        subjects=subjects, labels=FINDING_LABELS,
    )  # fmt: skip


@bp.route("/cases/<uuid:matter_id>/outcome", methods=["GET", "POST"])
@on_matter(Case, Right.DECIDE)
def outcome(case: Case, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """Say what was done; a sanction and an exclusion have their own questions."""
    facts = queries.closing_facts(case, anew=True)
    form = f.OutcomeForm().for_case(facts.workflow, facts.checks)
    asked = Asked("Outcome", "Record the outcome", "The outcome is recorded.", here(case),
                  reasons=pages.outcome_blocked(case.state, facts), template="casework/outcome.html")  # fmt: skip
    return ask(
        case, form, asked,
        lambda: actions.settle_outcome(case, form.chosen, form.said, by=viewer(), at=now(),
                                       reasons=form.checks.data or [], exclusion=form.exclusion),
        under_51a=facts.under_51a,
    )  # fmt: skip


@bp.route("/cases/<uuid:matter_id>/close", methods=["GET", "POST"])
@on_matter(Case, Right.DECIDE)
def close(case: Case, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """Close the case, or read what stands in the way."""
    form = f.CloseForm()
    asked = Asked(
        "Close the case", "Close the case", "The case is closed.", here(case),
        lead="It can be opened again if something new comes up. Those who were given single steps no longer see them.",
        reasons=_case_reasons(case, CaseVerb.CLOSE),
    )  # fmt: skip
    return ask(case, form, asked, lambda: actions.close(case, form.said, by=viewer(), at=now()))


@bp.route("/cases/<uuid:matter_id>/reopen", methods=["GET", "POST"])
@on_matter(Case, Right.DECIDE)
def reopen(case: Case, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """Open a closed case again."""
    form = f.ReopenForm()
    asked = Asked(
        "Open the case again", "Open it again", "The case is open again.", here(case),
        lead="Finding and outcome stand until others take their place.",
        reasons=() if case.state == CaseState.CLOSED else (CASE.instead[case.state],),
    )  # fmt: skip
    return ask(case, form, asked, lambda: actions.reopen(case, form.said, by=viewer(), at=now()))


@bp.route("/cases/<uuid:matter_id>/owner", methods=["GET", "POST"])
@on_matter(Case, Right.DECIDE)
def owner(case: Case, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """Hand the case to another owner."""
    form = f.OwnerForm()
    form.account.offer(pages.choices(who.people_to_choose(case, now(), Permission.WORK)))
    asked = Asked(
        "Hand the case over", "Hand it over", "The case has a new owner.", here(case),
        lead="The owner before sees it no longer, unless by a role or a step.", reasons=_case_reasons(case, CaseVerb.ASSIGN),
    )  # fmt: skip
    return ask(case, form, asked, lambda: actions.hand_over(case, uuid.UUID(form.account.data), by=viewer(), at=now()))


@bp.route("/cases/<uuid:matter_id>/sight", methods=["GET", "POST"])
@on_matter(Case, Right.DECIDE)
def sight(case: Case, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """Who can see this case; let somebody read it for a purpose and a period."""
    form = f.SightForm()
    form.account.offer(pages.choices(who.people_to_choose(case, now())))
    asked = Asked("Who can see this case", "Let them read it", "They may read the case until that day.",
                  url_for("casework.sight", matter_id=case.id), template="casework/sight.html")  # fmt: skip
    dates = calendar()
    return ask(
        case, form, asked,
        lambda: actions.give_sight(case, uuid.UUID(form.account.data), Capacity(form.capacity.data),
                                   form.until(dates), by=viewer(), at=now()),
        sees=who.who_sees(case, now()), given=[pages.given_row(each, dates) for each in who.sight_given(case, now())],
    )  # fmt: skip


@bp.post("/cases/<uuid:matter_id>/sight/<uuid:grant_id>/end")
@on_matter(Case, Right.DECIDE)
def end_sight(case: Case, standing: Standing, grant_id: uuid.UUID) -> Response:  # noqa: ARG001 - the gate's form
    """Take back somebody's sight before its day."""
    if f.PressForm().validate_on_submit():
        with writing():
            actions.end_sight(case, grant_id, by=viewer(), at=now())
        flash("They can’t see the case any longer.", "success")
    return redirect(url_for("casework.sight", matter_id=case.id), 303)


@bp.route("/cases/<uuid:matter_id>/need-to-know", methods=["GET", "POST"])
@on_matter(Case, Right.WORK)
def need_to_know(case: Case, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """Let some of the staff know what they must; what was given stands below, with the way to take it back."""
    form, dates, known = f.NeedToKnowForm(), calendar(), given_to_know(case, now())
    form.offer(pages.choices(who.people_to_choose(case, now(), Permission.RECORD)))
    asked = Asked("What staff need to know", "Let them know", "They find it on a page of their own until that day.",
                  url_for("casework.need_to_know", matter_id=case.id), template="casework/need_to_know.html")  # fmt: skip
    return ask(
        case, form, asked,
        lambda: actions.let_know(case, [uuid.UUID(each) for each in form.accounts.data or []], form.said,
                                 form.until(dates), by=viewer(), at=now()),
        known=known, names=names_of(each.account_id for each in known),
    )  # fmt: skip


@bp.post("/cases/<uuid:matter_id>/need-to-know/<uuid:known_id>/end")
@on_matter(Case, Right.WORK)
def end_knowing(case: Case, standing: Standing, known_id: uuid.UUID) -> Response:  # noqa: ARG001 - the gate's form
    """They need it no longer."""
    if f.PressForm().validate_on_submit():
        with writing():
            for each in given_to_know(case, now()):
                if each.id == known_id:
                    stop_knowing(each, by=viewer(), at=now())
        flash("It no longer stands on their page.", "success")
    return redirect(url_for("casework.need_to_know", matter_id=case.id), 303)


@bp.route("/cases/<uuid:matter_id>/tell", methods=["GET", "POST"])
@on_matter(Case, Right.WORK)
def tell(case: Case, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """Write down what the school tells somebody whom it concerns."""
    possible = who.people_to_tell(case, now())
    form = f.TellForm()
    form.person.offer([(str(key), words) for key, (_, words) in possible.items()])
    asked = Asked(
        "Tell somebody what was done", "Keep what they are told", "It is kept, and they can read it.", here(case),
        lead="Look first at whom we may tell. Someone marked “do not tell” is not on this list.",
    )  # fmt: skip
    return ask(
        case, form, asked,
        lambda: tell_person(possible[uuid.UUID(form.person.data)][0], uuid.UUID(form.person.data), form.said,
                            by=viewer(), at=now()),
    )  # fmt: skip


def _incident_words(incidents: Iterable[Incident]) -> list[tuple[str, str]]:
    """To choose from: each with its heading and its day."""
    dates = calendar()
    return [
        (
            str(each.incident.id),
            f"{each.incident.reference}, {each.title}, recorded {day_of(each.incident.recorded_at, dates)}",
        )
        for each in lines(list(incidents))
    ]


@bp.route("/cases/<uuid:matter_id>/incidents/add", methods=["GET", "POST"])
@on_matter(Case, Right.DECIDE)
def link(case: Case, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """Put another incident in the case."""
    possible = {str(each.id): each for each in queries.incidents_to_join(viewer(), case)}
    form = f.LinkForm()
    form.incident.offer(_incident_words(possible.values()))
    asked = Asked(
        "Put an incident in this case", "Put it in", "The incident is in this case.", here(case),
        lead="The newest incidents that are in no case, and that the same people may know of. An older one is put in from "
        "its own triage page.",
        reasons=_case_reasons(case, CaseVerb.LINK_INCIDENT),
    )  # fmt: skip
    return ask(case, form, asked, lambda: actions.link(case, possible[form.incident.data], by=viewer(), at=now()))


@bp.route("/cases/<uuid:matter_id>/incidents/take-out", methods=["GET", "POST"])
@on_matter(Case, Right.DECIDE)
def unlink(case: Case, standing: Standing) -> Page:  # noqa: ARG001 - the gate's form
    """Take an incident out of the case."""
    possible = {str(each.id): each for each in queries.incidents_of(case)}
    form = f.UnlinkForm()
    form.incident.offer(_incident_words(possible.values()))
    asked = Asked(
        "Take an incident out of this case", "Take it out", "The incident waits for triage again.", here(case),
        reasons=pages.unlink_blocked(case.state, len(possible)),
    )  # fmt: skip
    return ask(
        case, form, asked,
        lambda: actions.unlink(case, possible[form.incident.data], form.said, by=viewer(), at=now()),
    )  # fmt: skip


def _case_reasons(case: Case, verb: CaseVerb) -> tuple[str, ...]:
    return tuple(CASE.reasons_not_to(verb, case.state, CaseFacts(queries.closing_facts(case), reason="to be given")))
