"""Who writes and who reads the confidential annex of a term's report, and what there is of it."""

import uuid
from collections.abc import Sequence

from sqlalchemy import and_, or_, select

from incidents.access import Role, Sphere
from incidents.accounts.viewer import Viewer
from incidents.errors import NotFound
from incidents.extensions import db
from incidents.governors.facts import persons_alleged
from incidents.governors.models import AnnexState, ReportAnnex
from incidents.governors.periods import Dates, whole_term
from incidents.matters.visibility import chain_of
from incidents.schools import queries as schools
from incidents.schools.models import Term

READERS = (Role.CHAIR, Role.VICE_CHAIR)


class Annexes:
    """The annexes as one viewer finds them, at one request."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self._alleged: dict[uuid.UUID, set[uuid.UUID]] = {}

    def writable(self) -> list[Term]:
        """The terms that have begun and whose annex this viewer may write, the newest first.

        Whoever manages such cases always finds the page, whether or not there is anything to write about: were it there
        only then, it would tell. Of whom something is alleged finds it too, and writes about what they know: nothing.
        """
        today = schools.calendar().local(self.viewer.at).date()
        begun = db.session.scalars(select(Term).where(Term.starts <= today).order_by(Term.starts.desc())).all()
        return [term for term in begun if self._may_write(term)]

    def to_write(self, term_id: uuid.UUID) -> Term:
        """The term, if its annex is theirs to write; else `NotFound`."""
        for term in self.writable():
            if term.id == term_id:
                return term
        raise NotFound

    def draft_of(self, term: Term) -> ReportAnnex | None:
        """What they have begun to write."""
        return db.session.scalars(
            select(ReportAnnex).where(
                ReportAnnex.term_id == term.id,
                ReportAnnex.state == AnnexState.DRAFT,
                ReportAnnex.written_by == self.viewer.account_id,
            )
        ).first()

    def theirs(self) -> list[tuple[ReportAnnex, Term]]:
        """What they wrote, and of the published ones those that are for them; the newest term first."""
        mine = ReportAnnex.written_by == self.viewer.account_id
        rows = db.session.execute(
            select(ReportAnnex, Term)
            .join(Term, and_(Term.school_id == ReportAnnex.school_id, Term.id == ReportAnnex.term_id))
            .where(or_(mine, ReportAnnex.state == AnnexState.PUBLISHED))
            .order_by(Term.starts.desc(), ReportAnnex.published_at.desc())
        ).all()
        return [(annex, term) for annex, term in rows if self._is_theirs(annex, term)]

    def one(self, annex_id: uuid.UUID) -> tuple[ReportAnnex, Term]:
        """The annex, for its writer and its reader; for everybody else there is none."""
        for annex, term in self.theirs():
            if annex.id == annex_id:
                return annex, term
        raise NotFound

    def _may_write(self, term: Term) -> bool:
        """In the first office of the chain that anybody holds, or in the first in which somebody is free of the matter."""
        writers = chain_of(Sphere.HEAD)
        usual = next((role for role in writers if self.viewer.seats.get(role)), None)
        return usual in self.viewer.roles or self._first_free(writers, term) in self.viewer.roles

    def _is_theirs(self, annex: ReportAnnex, term: Term) -> bool:
        """Its writer's, while they may write it; else the chair's, or the vice-chair's where it is about the chair."""
        if annex.written_by == self.viewer.account_id:
            return self._may_write(term)
        return self._first_free(READERS, term) in self.viewer.roles and self._is_free(
            self.viewer.person_ids, self.viewer.family_ids, term
        )

    def _first_free(self, roles: Sequence[Role], term: Term) -> Role | None:
        for role in roles:
            if any(self._is_free(seat.persons, seat.family, term) for seat in self.viewer.seats.get(role, ())):
                return role
        return None

    def _is_free(self, persons: frozenset[uuid.UUID], family: frozenset[uuid.UUID], term: Term) -> bool:
        if term.id not in self._alleged:
            dates = [Dates(each.name, each.starts, each.ends) for each in schools.terms()]
            whole = whole_term(Dates(term.name, term.starts, term.ends), dates)
            self._alleged[term.id] = persons_alleged(whole, schools.calendar(), self.viewer.at)
        return not (persons | family) & self._alleged[term.id]
