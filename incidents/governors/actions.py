"""Making a report: begin it, write its words, publish it once and for all, recall it."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.governors import shelf
from incidents.governors.disclosure import Figures
from incidents.governors.models import AnnexState, EditionState, PublishedCell, ReportAnnex, ReportEdition
from incidents.governors.names import names_in
from incidents.governors.queries import figures_now, names_known_to, paper_of
from incidents.governors.report_pdf import render
from incidents.schools.models import Term

FROZEN = "This report is published and can’t be changed. Make a new version that says what it corrects."
MOST_ASKS = 12


def start_edition(term: Term, *, by: Viewer, at: datetime) -> ReportEdition:
    """A draft for this term; the one that is there, if one is. After a published edition: a correction of it."""
    draft = db.session.scalars(
        select(ReportEdition).where(ReportEdition.term_id == term.id, ReportEdition.state == EditionState.DRAFT)
    ).first()
    if draft is not None:
        return draft
    last = db.session.scalar(select(func.max(ReportEdition.number)).where(ReportEdition.term_id == term.id)) or 0
    edition = ReportEdition(
        school_id=term.school_id,
        term_id=term.id,
        number=last + 1,
        state=EditionState.DRAFT,
        words="",
        asks=[],
        changed="",
    )
    db.session.add(edition)
    db.session.flush()
    record("started report", edition, by=by.account_id, at=at, edition=edition.number)
    return edition


def keep_words(
    edition: ReportEdition,
    words: str,
    asks: Sequence[str],
    meeting_on: date | None,
    *,
    by: Viewer,
    at: datetime,
    changed: str = "",
    not_names: bool = False,
) -> None:
    """Keep the head's words, what is asked of the board, and in a correction what it changes.

    Raises `Refused` where somebody on record is named. A single word that is also a name ("Green") may stay once the
    writer has said that nobody is meant by it (`not_names`).
    """
    if edition.state != EditionState.DRAFT:
        raise NotPossibleNow(FROZEN)
    asked = [" ".join(ask.split()) for ask in asks if ask.strip()]
    if len(asked) > MOST_ASKS:
        raise Refused(f"Ask the board for {MOST_ASKS} things at most.", "asks")
    people = names_known_to(by)
    for field, text in {"words": words, "asks": "\n".join(asked), "changed": changed}.items():
        _refuse_names(text, field, people, not_names=not_names)
    before = _all_words(edition)
    edition.words, edition.asks, edition.meeting_on, edition.changed = words, asked, meeting_on, changed
    record("wrote report", edition, by=by.account_id, at=at, field="words", before=before, after=_all_words(edition))


def publish(edition: ReportEdition, *, by: Viewer, at: datetime) -> None:
    """Freeze the edition: its figures as they are now, its words, its PDF; their hashes go into the log.

    Raises `NotPossibleNow` with reasons, and `Refused` if somebody who is named in it has come on record meanwhile.
    """
    if reasons := reasons_not_to_publish(edition):
        raise NotPossibleNow(reasons)
    people = names_known_to(by)
    for field, text in {"words": edition.words, "asks": "\n".join(edition.asks), "changed": edition.changed}.items():
        _refuse_names(text, field, people, not_names=True)
    figures = figures_now(edition, at)
    edition.figures, edition.sha256 = figures.to_json(), figures.sha256()
    edition.state, edition.published_at, edition.published_by = EditionState.PUBLISHED, at, by.account_id
    pdf = shelf.put_up(edition, render(paper_of(edition, at)))
    for key, shown in cells_of(figures).items():
        db.session.add(PublishedCell(school_id=edition.school_id, edition_id=edition.id, key=key, shown=shown))
    record(
        "published report", edition, by=by.account_id, at=at, field="words", after=_all_words(edition),
        edition=edition.number, sha256=figures.sha256(), pdf=pdf,
    )  # fmt: skip


def reasons_not_to_publish(edition: ReportEdition) -> list[str]:
    """Why this edition can't be published as it stands; empty means that it can."""
    if edition.state != EditionState.DRAFT:
        return [FROZEN]
    if edition.number > 1 and not edition.changed:
        return ["Say first what this version corrects."]
    return []


def recall(edition: ReportEdition, why: str, *, by: Viewer, at: datetime) -> None:
    """Take a published report back because somebody could be found from it: unreadable at once, for everyone.

    Its hash and the reason stay, and the figures that were let out stay known to the gate. The PDF's key is destroyed.
    """
    if edition.state != EditionState.PUBLISHED:
        raise NotPossibleNow("Only a published report can be recalled.")
    if not why.strip():
        raise Refused("Say why it is recalled. Name nobody.", "why")
    _refuse_names(why, "why", names_known_to(by), not_names=False)
    before = _all_words(edition)
    edition.state, edition.recalled_at, edition.recalled_why = EditionState.RECALLED, at, why.strip()
    edition.words, edition.asks, edition.changed, edition.figures = "", [], "", None
    shelf.take_down(edition)
    record("recalled report", edition, by=by.account_id, at=at, field="words", before=before, after=why.strip())


def opened(edition: ReportEdition, form: str, *, by: Viewer, at: datetime) -> None:
    """Somebody read a published report, as a page or as a PDF."""
    record("opened", edition, by=by.account_id, at=at, form=form)


def keep_annex(
    term: Term, draft: ReportAnnex | None, words: str, *, by: Viewer, at: datetime, not_names: bool = False
) -> ReportAnnex:
    """Keep the words of the annex that somebody is writing; the first time it is begun. Raises `Refused` for a name."""
    if not words.strip():
        raise Refused("Write something, or leave the page: without an annex nothing is missing.", "words")
    _refuse_names(words, "words", names_known_to(by), not_names=not_names)
    annex = draft or ReportAnnex(
        school_id=term.school_id, term_id=term.id, state=AnnexState.DRAFT, words="", written_by=by.account_id
    )
    if annex.state != AnnexState.DRAFT:
        raise NotPossibleNow(FROZEN)
    db.session.add(annex)
    db.session.flush()
    before, annex.words = annex.words, words.strip()
    record("wrote annex", annex, by=by.account_id, at=at, field="words", before=before, after=annex.words)
    return annex


def publish_annex(annex: ReportAnnex, *, by: Viewer, at: datetime) -> None:
    """Give the annex to the chair, once and for all; its hash goes into the log. Nobody is sent a message."""
    if annex.state != AnnexState.DRAFT or annex.written_by != by.account_id:
        raise NotPossibleNow(FROZEN)
    annex.state, annex.published_at = AnnexState.PUBLISHED, at
    annex.sha256 = hashlib.sha256(annex.words.encode()).hexdigest()
    record("published annex", annex, by=by.account_id, at=at, field="words", after=annex.words, sha256=annex.sha256)


def opened_annex(annex: ReportAnnex, *, by: Viewer, at: datetime) -> None:
    """Somebody read a published annex."""
    record("opened", annex, by=by.account_id, at=at, form="page")


def cells_of(figures: Figures) -> Mapping[str, str]:
    """Each published value under a name that lasts, to be quoted by later reports."""
    days = {
        "term.name": figures.term.name,
        "term.first": figures.term.first.isoformat(),
        "term.last": figures.term.last.isoformat(),
    }
    return days | {name: shown.text for name, shown in figures.cells().items()}


def _refuse_names(text: str, field: str, people: Sequence[tuple[str, str]], *, not_names: bool) -> None:
    found = names_in(text, people)
    named = found.full or (() if not_names else found.single)
    if named:
        said = ", ".join(f"“{name}”" for name in named)
        more = "" if found.full else " If nobody is meant by it, tick the box below."
        raise Refused(f"A report names nobody who is on record. Take out {said}.{more}", field)


def _all_words(edition: ReportEdition) -> str:
    return "\n".join([edition.words, *edition.asks, edition.changed, str(edition.meeting_on or "")])
