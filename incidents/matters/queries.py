"""Finding a matter, always through the rule of who sees it."""

import uuid
from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select

from incidents.access import Right
from incidents.accounts.viewer import Viewer
from incidents.errors import NotAllowed, NotFound
from incidents.extensions import db
from incidents.matters import reference
from incidents.matters.models import Matter
from incidents.matters.visibility import Standing, free_of, standing

M = TypeVar("M", bound=Matter)


def matter_for(viewer: Viewer, kind: type[M], matter_id: uuid.UUID, *rights: Right) -> tuple[M, Standing]:
    """The matter and how the viewer comes to it.

    Raises `NotFound` if there is none, or none for them, in the same words and the same number of statements; `NotAllowed`
    if they may know of it but hold none of these rights.
    """
    matter = db.session.scalars(select(kind).where(kind.id == matter_id)).one_or_none()
    held = standing(viewer, matter_id)
    if matter is None or held is None:
        raise NotFound
    if rights and not any(held.may(right) for right in rights):
        raise NotAllowed
    return matter, held


def matters_called(viewer: Viewer, typed: str) -> Sequence[Matter]:
    """The matters whose trail of access may be shown to this viewer by this reference, the newest year first.

    What has to do with the viewer, or somebody close to them, is left out like what is not there: relation beats role.
    """
    return db.session.scalars(
        select(Matter)
        .where(Matter.reference == reference.tidy(typed), free_of(viewer))
        .order_by(Matter.reference_year.desc())
    ).all()
