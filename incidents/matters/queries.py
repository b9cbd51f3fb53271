"""Finding a matter, always through the rule of who sees it."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Integer, Result, Select, and_, func, select

from incidents.access import Right
from incidents.accounts.viewer import Viewer
from incidents.database import question
from incidents.errors import NotAllowed, NotFound
from incidents.extensions import db
from incidents.matters import reference
from incidents.matters.models import Matter, NeedToKnow
from incidents.matters.visibility import Asking, Standing, asked_by, bases_of, free_of, is_free, standing_on
from incidents.phrases import Phrase

M = TypeVar("M", bound=Matter)


def matter_for(viewer: Viewer, kind: type[M], matter_id: uuid.UUID, *rights: Right) -> tuple[M, Standing]:
    """The matter and how the viewer comes to it.

    Raises `NotFound` if there is none, or none for them, in the same words and the same number of statements; `NotAllowed`
    if they may know of it but hold none of these rights.
    """
    found = _with_bases(kind)(matter_id, bases_of(viewer)).tuples().one_or_none()
    if found is None or (held := standing_on(matter_id, found[1])) is None:
        raise NotFound
    if rights and not any(held.may(right) for right in rights):
        raise NotAllowed
    return found[0], held


@cache
def _with_bases(kind: type[M]) -> Callable[..., Result[tuple[M, int]]]:
    @question
    def matter(matter_id: Any, bases: Any) -> Select[tuple[M, int]]:
        return select(kind, bases).where(kind.id == matter_id)

    return matter


def needed_to_know(viewer: Viewer) -> Sequence[NeedToKnow]:
    """What this viewer needs to know now, the newest first. Whoever has come into conflict with the matter reads it no longer."""
    return db.session.scalars(
        select(NeedToKnow)
        .join(Matter, _its_matter())
        .where(NeedToKnow.account_id == viewer.account_id, NeedToKnow.ends > viewer.at, free_of(viewer))
        .order_by(NeedToKnow.at.desc())
    ).all()


def how_much_to_know(viewer: Viewer) -> Phrase[int]:
    """How many there are: the tab stands only while there is something."""
    return asked_by(viewer, _how_much, kind=Integer())


def _how_much(asking: Asking) -> ColumnElement[int]:
    known = (NeedToKnow.account_id == asking.account, NeedToKnow.ends > asking.at, is_free(asking))
    return select(func.count()).select_from(NeedToKnow).join(Matter, _its_matter()).where(*known).scalar_subquery()


def knows_something(viewer: Viewer) -> Phrase[bool]:
    """Whether there is anything at all."""
    return asked_by(viewer, _something)


def _something(asking: Asking) -> ColumnElement[bool]:
    return _how_much(asking) > 0


def _its_matter() -> ColumnElement[bool]:
    return and_(Matter.school_id == NeedToKnow.school_id, Matter.id == NeedToKnow.matter_id)


def given_to_know(matter: Matter, at: datetime) -> Sequence[NeedToKnow]:
    """What staff were given to know of this matter and still have."""
    return db.session.scalars(
        select(NeedToKnow).where(NeedToKnow.matter_id == matter.id, NeedToKnow.ends > at).order_by(NeedToKnow.at)
    ).all()


def matters_called(viewer: Viewer, typed: str) -> Sequence[Matter]:
    """The matters whose trail of access may be shown to this viewer by this reference, the newest year first.

    What has to do with the viewer, or somebody close to them, is left out like what is not there: relation beats role.
    """
    return db.session.scalars(
        select(Matter)
        .where(Matter.reference == reference.tidy(typed), free_of(viewer))
        .order_by(Matter.reference_year.desc())
    ).all()
