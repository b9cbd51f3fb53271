"""The reports: read by governors, written, published and recalled by the headteacher."""

import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from incidents.access import Permission
from incidents.accounts.queries import names_of
from incidents.database import writing
from incidents.errors import NotFound, NotPossibleNow, Refused
from incidents.files.store import StoreUnavailable
from incidents.governors import actions, charts, findings, queries, shelf
from incidents.governors.annex_pages import bp
from incidents.governors.disclosure import Figures
from incidents.governors.forms import NothingForm, RecallForm, StartForm, WordsForm
from incidents.governors.models import EditionState, ReportEdition
from incidents.governors.paper import Paper
from incidents.governors.report_pdf import render
from incidents.schools.queries import calendar
from incidents.web import Tab, needs, now, viewer

TABS = (
    Tab(40, "Reports", "governors.reports", Permission.READ_REPORTS),
    Tab(42, "Annex", "governors.annexes", Permission.ANNEX),
)

Answer = str | AnyResponse | tuple[str, int]
PROMISES = ("triaged_in_one_day", "steps_on_time", "cases_closed", "closed_in_20_days")
CHARTED = {
    "directions": "Incidents by who did what to whom",
    "methods": "Incidents by means",
    "platforms": "Incidents by kind of app or site",
    "four_cs": "Incidents by kind",
    "motives": "Incidents by what seemed to be behind them",
    "tests": "Incidents in which each test was relied on",
    "outcomes": "Cases by what was done",
}
_READABLE = (EditionState.PUBLISHED, EditionState.RECALLED)


@bp.get("/reports")
@needs(Permission.READ_REPORTS)
def reports() -> str:
    """What was published; for who writes the report, drafts too."""
    writes = viewer().may(Permission.WRITE_REPORT)
    return render_template(
        "governors/reports.html",
        published=[_line(*pair) for pair in queries.editions(*_READABLE)],
        drafts=[_line(*pair) for pair in queries.editions(EditionState.DRAFT)] if writes else [],
        writes=writes,
    )


def _line(edition: ReportEdition, term: Any) -> dict[str, Any]:
    """One report in a list."""
    day = findings.weekday(calendar().local(edition.published_at).date()) if edition.published_at else ""
    return {"edition": edition, "term": term.name, "day": day, "recalled": edition.state == EditionState.RECALLED}


@bp.route("/reports/new", methods=["GET", "POST"])
@needs(Permission.WRITE_REPORT)
def start() -> Answer:
    """Choose the term."""
    form = StartForm()
    terms = {str(term.id): term for term in queries.begun_terms(calendar().local(now()).date())}
    form.term.offer([(key, term.name) for key, term in terms.items()])
    if not form.validate_on_submit():
        return render_template("governors/start.html", form=form, terms=terms), 422 if form.is_submitted() else 200
    with writing():
        edition = actions.start_edition(terms[form.term.data], by=viewer(), at=now())
        edition_id = edition.id
    return redirect(url_for("governors.write", edition_id=edition_id))


@bp.route("/reports/<uuid:edition_id>/write", methods=["GET", "POST"])
@needs(Permission.WRITE_REPORT)
def write(edition_id: uuid.UUID) -> Answer:
    """The head's words and what is asked of the board."""
    edition = queries.edition_of(edition_id, EditionState.DRAFT)
    form = WordsForm(
        words=edition.words, asks="\n".join(edition.asks), meeting_on=edition.meeting_on, changed=edition.changed
    )
    if form.validate_on_submit():
        try:
            _keep(edition_id, form)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(url_for("governors.preview", edition_id=edition_id))
    return render_template("governors/write.html", form=form, edition=edition), 422 if form.is_submitted() else 200


def _keep(edition_id: uuid.UUID, form: WordsForm) -> None:
    with writing():
        edition = queries.edition_of(edition_id, EditionState.DRAFT)
        actions.keep_words(
            edition, form.words.data or "", (form.asks.data or "").splitlines(), form.meeting_on.data,
            changed=(form.changed.data or "") if edition.number > 1 else "", not_names=bool(form.not_names.data),
            by=viewer(), at=now(),
        )  # fmt: skip


@bp.get("/reports/<uuid:edition_id>/preview")
@needs(Permission.WRITE_REPORT)
def preview(edition_id: uuid.UUID) -> str:
    """The report as it would be published now."""
    edition = queries.edition_of(edition_id, EditionState.DRAFT)
    paper = queries.paper_of(edition, now())
    reasons = actions.reasons_not_to_publish(edition)
    return render_template("governors/preview.html", **_page(edition, paper), form=NothingForm(), reasons=reasons)


@bp.get("/reports/<uuid:edition_id>/preview.pdf")
@needs(Permission.WRITE_REPORT)
def preview_pdf(edition_id: uuid.UUID) -> Response:
    """The draft on paper."""
    edition = queries.edition_of(edition_id, EditionState.DRAFT)
    return _pdf(render(queries.paper_of(edition, now())), "draft")


@bp.post("/reports/<uuid:edition_id>/publish")
@needs(Permission.WRITE_REPORT)
def publish(edition_id: uuid.UUID) -> Answer:
    """Once and for all."""
    if not NothingForm().validate_on_submit():
        return redirect(url_for("governors.preview", edition_id=edition_id))
    try:
        with writing():
            edition = queries.edition_of(edition_id, *EditionState)
            if edition.state == EditionState.DRAFT:
                actions.publish(edition, by=viewer(), at=now())
    except (Refused, StoreUnavailable) as trouble:
        raise NotPossibleNow(trouble.message) from trouble
    flash("The report is published. Those who read reports find it under Reports.", "success")
    return redirect(url_for("governors.read", edition_id=edition_id))


@bp.get("/reports/<uuid:edition_id>")
@needs(Permission.READ_REPORTS)
def read(edition_id: uuid.UUID) -> str:
    """A published report, drawn from what was published and from nothing else."""
    edition = _open(edition_id, "page")
    if edition.state == EditionState.RECALLED:
        return render_template("governors/recalled.html", edition=edition, day=_day(edition.recalled_at))
    writes = viewer().may(Permission.WRITE_REPORT)
    return render_template(
        "governors/read.html",
        **_page(edition, queries.paper_of(edition, now())),
        by=names_of([edition.published_by]).get(edition.published_by) if edition.published_by else "",
        readers=_readers(edition) if writes else [],
        writes=writes,
    )


@bp.get("/reports/<uuid:edition_id>/report.pdf")
@needs(Permission.READ_REPORTS)
def read_pdf(edition_id: uuid.UUID) -> Response:
    """The very bytes that were published."""
    edition = _open(edition_id, "pdf")
    pdf = shelf.fetch(edition)
    if pdf is None:
        raise NotFound
    return _pdf(pdf, f"version-{edition.number}")


@bp.route("/reports/<uuid:edition_id>/recall", methods=["GET", "POST"])
@needs(Permission.WRITE_REPORT)
def recall(edition_id: uuid.UUID) -> Answer:
    """Take a report back from everyone at once."""
    edition = queries.edition_of(edition_id, EditionState.PUBLISHED)
    form = RecallForm()
    if form.validate_on_submit():
        try:
            with writing():
                again = queries.edition_of(edition_id, EditionState.PUBLISHED)
                actions.recall(again, form.why.data or "", by=viewer(), at=now())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("The report is recalled. Nobody can read it any more.", "success")
            return redirect(url_for("governors.read", edition_id=edition_id))
    return render_template("governors/recall.html", form=form, edition=edition), 422 if form.is_submitted() else 200


def _open(edition_id: uuid.UUID, form: str) -> ReportEdition:
    """The edition, with a line in the log of who opened it; a recalled one is not opened by looking at why."""
    edition = queries.edition_of(edition_id, *_READABLE)
    if edition.state == EditionState.PUBLISHED:
        with writing():
            edition = queries.edition_of(edition_id, *_READABLE)
            actions.opened(edition, form, by=viewer(), at=now())
    return edition


def _page(edition: ReportEdition, paper: Paper) -> dict[str, Any]:
    """What the report's page shows: published values and sentences made of them."""
    figures = paper.figures
    return {
        "edition": edition,
        "paper": paper,
        "figures": figures,
        "say": findings,
        "headings": findings.headings(figures),
        "terms_chart": charts.terms_chart(figures) if figures.earlier else None,
        "charts": _charts(figures),
        "published_day": findings.weekday(paper.published) if paper.published else "",
    }


def _charts(figures: Figures) -> dict[str, Markup]:
    """A chart for each table that is printed, and one for the shares of the incidents."""
    drawn = {
        name: charts.rows_chart(figures, name, f"Bar chart. {title}:")
        for name, title in CHARTED.items()
        if findings.known(figures, name)
    }
    shares = {"time": ("outside_hours", "off_site", "repeated"), "promises": PROMISES}
    for chart, names in shares.items():
        if told := [name for name in names if not figures.bands[name].is_kept_back]:
            drawn[chart] = charts.bands_chart(figures, told, "Bar chart of shares.")
    return drawn


def _readers(edition: ReportEdition) -> list[tuple[str, str]]:
    first = queries.opened_by(edition)
    names = names_of(first)
    return [(names.get(account_id, ""), _day(at)) for account_id, at in first.items()]


def _day(at: Any) -> str:
    return findings.weekday(calendar().local(at).date()) if at else ""


def _pdf(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="online-incidents-{name}.pdf"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer
