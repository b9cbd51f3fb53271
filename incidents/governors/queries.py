"""Reading reports: what was published, and what a draft would say."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import and_, exists, or_, select

from incidents.access import Right
from incidents.accounts.viewer import Viewer
from incidents.audit.queries import acts_on
from incidents.declarations import queries as declarations
from incidents.declarations import shares
from incidents.errors import NotFound
from incidents.extensions import db
from incidents.governors import facts
from incidents.governors.declared import declared_of
from incidents.governors.disclosure import CELLS, Figures, Quoted, Term, totals_only
from incidents.governors.figures import figures_of
from incidents.governors.models import EditionState, PublishedCell, ReportEdition
from incidents.governors.paper import Paper
from incidents.governors.periods import Dates, in_prose, report_term
from incidents.governors.reviews import reviews_of
from incidents.governors.shown import Shown
from incidents.matters.models import Matter
from incidents.matters.visibility import seen_with
from incidents.people.models import Person
from incidents.people.queries import has_facts
from incidents.policies import queries as policies
from incidents.policies.kinds import AUDIENCE_LABELS, Audience
from incidents.recording.models import Involvement
from incidents.schools import queries as schools
from incidents.schools.models import Term as TermRow

QUOTED = 5  # as many earlier terms as the chart has room for
_LET_OUT = (EditionState.PUBLISHED, EditionState.RECALLED)


# --- editions --------------------------------------------------------------------------------------------------------


def edition_of(edition_id: uuid.UUID, *states: EditionState) -> ReportEdition:
    """The edition, if it is in one of these states; else `NotFound`: for who may not read it there is none."""
    found = db.session.scalars(select(ReportEdition).where(ReportEdition.id == edition_id)).one_or_none()
    if found is None or EditionState(found.state) not in states:
        raise NotFound
    return found


def editions(*states: EditionState) -> Sequence[tuple[ReportEdition, TermRow]]:
    """Editions with their terms, the newest term first."""
    rows = db.session.execute(
        select(ReportEdition, TermRow)
        .join(TermRow, and_(TermRow.school_id == ReportEdition.school_id, TermRow.id == ReportEdition.term_id))
        .where(ReportEdition.state.in_(states))
        .order_by(TermRow.starts.desc(), ReportEdition.number.desc())
    ).all()
    return [row._tuple() for row in rows]


def begun_terms(today: date) -> Sequence[TermRow]:
    """The terms that a report could be made for, the newest first."""
    return db.session.scalars(select(TermRow).where(TermRow.starts < today).order_by(TermRow.starts.desc())).all()


def opened_by(edition: ReportEdition) -> dict[uuid.UUID, datetime]:
    """Who opened the edition, and when for the first time, from the log."""
    first: dict[uuid.UUID, datetime] = {}
    for entry in acts_on(edition.id):
        if entry.verb == "opened" and entry.actor_id is not None:
            first.setdefault(entry.actor_id, entry.at)
    return first


def names_known_to(viewer: Viewer) -> Sequence[tuple[str, str]]:
    """Everybody whose name must not be in a report.

    Without those whose names were only typed in what is hidden from its writer: a refusal would tell that they are there.
    """
    named = exists().where(Involvement.school_id == Person.school_id, Involvement.person_id == Person.id)
    seen = select(Matter.id).where(seen_with(viewer, Right.SEE_IN_FULL))
    known = or_(has_facts(), ~named, named.where(Involvement.incident_id.in_(seen)))
    return db.session.execute(select(Person.given_name, Person.family_name).where(known)).tuples().all()


# --- what a report says ----------------------------------------------------------------------------------------------


def paper_of(edition: ReportEdition, at: datetime) -> Paper:
    """The edition as page and PDF draw it: what was published from its stored JSON alone, a draft from today's facts."""
    frozen = Figures.from_json(edition.figures) if edition.figures else figures_now(edition, at)
    school = schools.this_school()
    published = schools.calendar().local(edition.published_at).date() if edition.published_at else None
    return Paper(
        school=school.name,
        figures=frozen,
        words=edition.words,
        asks=tuple(edition.asks),
        meeting=edition.meeting_on,
        edition=edition.number,
        published=published,
        changed=edition.changed,
        board=schools.pack_of(school).term("governors"),
    )


def figures_now(edition: ReportEdition, at: datetime) -> Figures:
    """The figures of the edition's term. What was let out once is quoted; else they are counted now and pass the gate."""
    if (said := let_out(edition.term_id)) is not None:
        return said
    row = db.session.scalars(select(TermRow).where(TermRow.id == edition.term_id)).one()
    term, calendar = term_of(row, at), schools.calendar()
    counted = figures_of(
        facts.incidents_of(term, calendar, at), facts.cases_of(term, calendar, at), term=term, earlier=_earlier(row)
    )
    today = calendar.local(at).date()
    holding = policies.in_force(today)
    return replace(
        counted, declared=declared_of(_declared(today)),
        reviews=reviews_of([(each.title, each.review_on) for each in holding], today),
    )  # fmt: skip


def _declared(today: date) -> Iterator[tuple[str, str, int, int]]:
    """What whole audiences are asked to sign today, and how many did; on its way into the gate."""
    rows = [each for each in declarations.every_asked() if each.starts <= today and each.ends is None]
    far = shares.how_far(rows, today)
    for row in (each for each in rows if each.id in far):
        version, share = far[row.id]
        yield version.title, AUDIENCE_LABELS[Audience(row.audience)], share.signed, share.asked


def term_of(row: TermRow, at: datetime) -> Term:
    """The days that a report of this term covers. Raises `NotPossibleNow` while there are none."""
    dates = [Dates(each.name, each.starts, each.ends) for each in schools.terms()]
    today = schools.calendar().local(at).date()
    return report_term(Dates(row.name, row.starts, row.ends), dates, reported_terms(), today)


def let_out(term_id: uuid.UUID) -> Figures | None:
    """The figures of this term that were published already, whatever is known by now: they are never counted twice.

    Two counts of the same days would tell what changed between them: an identification, a case that proved to be about
    the head. After a recall only the two totals are said again: whoever read the tables was to forget them.
    """
    last = db.session.scalars(
        select(ReportEdition)
        .where(ReportEdition.term_id == term_id, ReportEdition.state.in_(_LET_OUT))
        .order_by(ReportEdition.number.desc())
    ).first()
    if last is None:
        return None
    if last.figures:
        return Figures.from_json(last.figures)
    cells = {
        cell.key: cell.shown
        for cell in db.session.scalars(select(PublishedCell).where(PublishedCell.edition_id == last.id))
    }
    return totals_only(_term_in(cells), Shown(cells["incidents"]), Shown(cells["cases"]))


def reported_terms() -> list[Term]:
    """The days that published reports covered, recalled ones too: what was once read was read."""
    parts: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    for edition_id, key, shown in db.session.execute(
        select(PublishedCell.edition_id, PublishedCell.key, PublishedCell.shown).where(PublishedCell.key.like("term.%"))
    ):
        parts[edition_id][key] = shown
    return [_term_in(part) for part in parts.values()]


def _term_in(cells: Mapping[str, str]) -> Term:
    return Term(cells["term.name"], date.fromisoformat(cells["term.first"]), date.fromisoformat(cells["term.last"]))


def _earlier(row: TermRow) -> list[Quoted]:
    """Earlier terms from their latest published editions, the oldest first."""
    names: dict[uuid.UUID, str] = {}
    cells: dict[uuid.UUID, dict[str, Shown]] = {}
    for term, edition, cell in db.session.execute(
        select(TermRow, ReportEdition, PublishedCell)
        .join(ReportEdition, and_(ReportEdition.school_id == TermRow.school_id, ReportEdition.term_id == TermRow.id))
        .join(
            PublishedCell,
            and_(PublishedCell.school_id == ReportEdition.school_id, PublishedCell.edition_id == ReportEdition.id),
        )
        .where(TermRow.starts < row.starts, ReportEdition.state == EditionState.PUBLISHED, PublishedCell.key.in_(CELLS))
        .order_by(TermRow.starts, ReportEdition.number)
    ):
        names[edition.term_id] = in_prose(term.name)
        cells.setdefault(edition.term_id, {})[cell.key] = Shown(cell.shown)
    return [Quoted(name, cells[term_id]) for term_id, name in names.items()][-QUOTED:]
