"""Reading decisions: the one that stands, and those it took the place of."""

import uuid
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import aliased

from incidents.database import question, remembered
from incidents.decisions.models import Decision
from incidents.matters.models import Matter


@cache
def standing(row: type[Decision] = Decision) -> ColumnElement[bool]:
    """The condition on `Decision` that no other took its place. Put together once: it is asked several times a page."""
    later = aliased(Decision, flat=True)
    return ~exists().where(and_(later.school_id == row.school_id, later.supersedes_id == row.id))


def current(matter: Matter, question: str) -> Decision | None:
    """The answer that stands, or None where the question was not answered yet."""
    return _answer(matter.id, question).scalars().one_or_none()


@question
def _answer(matter_id: Any, asked: Any) -> Select[tuple[Decision]]:
    return select(Decision).where(Decision.matter_id == matter_id, Decision.question == asked, standing())


def all_current(matter: Matter) -> dict[str, Decision]:
    """Every standing answer about a matter, by question."""
    return {row.question: row for row in still_standing(history([matter.id]))}


def history(matter_ids: Iterable[uuid.UUID]) -> list[Decision]:
    """All that was ever decided about these matters, oldest first. A page asks for it in each of its parts."""
    wanted = list(matter_ids)
    known: dict[uuid.UUID, list[Decision]] = remembered("decisions", dict)
    if unknown := [matter_id for matter_id in wanted if matter_id not in known]:
        known |= {matter_id: [] for matter_id in unknown}
        for row in _history(unknown).scalars():
            known[row.matter_id].append(row)
    return sorted((row for matter_id in wanted for row in known[matter_id]), key=lambda row: (row.at, row.id))


def still_standing(rows: Collection[Decision]) -> list[Decision]:
    """Of the whole history of some matters those that no other took the place of."""
    replaced = {row.supersedes_id for row in rows}
    return [row for row in rows if row.id not in replaced]


@question
def _history(matter_ids: Any) -> Select[tuple[Decision]]:
    return select(Decision).where(Decision.matter_id.in_(matter_ids)).order_by(Decision.at, Decision.id)
