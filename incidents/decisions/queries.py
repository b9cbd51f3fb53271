"""Reading decisions: the one that stands, and those it took the place of."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import aliased

from incidents.database import question
from incidents.decisions.models import Decision
from incidents.extensions import db
from incidents.matters.models import Matter


@cache
def standing() -> ColumnElement[bool]:
    """The condition on `Decision` that no other took its place. Put together once: it is asked several times a page."""
    later = aliased(Decision, flat=True)
    return ~exists().where(and_(later.school_id == Decision.school_id, later.supersedes_id == Decision.id))


def current(matter: Matter, question: str) -> Decision | None:
    """The answer that stands, or None where the question was not answered yet."""
    return db.session.scalars(
        select(Decision).where(Decision.matter_id == matter.id, Decision.question == question, standing())
    ).one_or_none()


def all_current(matter: Matter) -> dict[str, Decision]:
    """Every standing answer about a matter, by question."""
    rows = db.session.scalars(select(Decision).where(Decision.matter_id == matter.id, standing())).all()
    return {row.question: row for row in rows}


def history(matter_ids: Iterable[object]) -> Sequence[Decision]:
    """All that was ever decided about these matters, oldest first."""
    return _history(list(matter_ids)).scalars().all()


@question
def _history(matter_ids: Any) -> Select[tuple[Decision]]:
    return select(Decision).where(Decision.matter_id.in_(matter_ids)).order_by(Decision.at, Decision.id)
