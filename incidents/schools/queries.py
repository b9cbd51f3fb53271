"""The current school: itself, its calendar, its pack, its numbers."""

from collections.abc import Sequence

from sqlalchemy import select

from incidents.database import current_school
from incidents.extensions import db
from incidents.schools.jurisdiction import Nation, Pack, SchoolType, load
from incidents.schools.models import NumberKind, SafetyNumber, School

_BESIDE_THE_SAFEGUARDERS = (NumberKind.LADO, NumberKind.SOCIAL_CARE, NumberKind.OUTSIDE)


def this_school() -> School:
    """The school whose rows are in scope."""
    return db.session.get_one(School, current_school())


def pack_of(school: School) -> Pack:
    """The law and vocabulary of the school's nation and type."""
    return load(Nation(school.nation), SchoolType(school.school_type))


def numbers() -> Sequence[SafetyNumber]:
    """The numbers that every page about an incident shows, beside those of the safeguarding leads and the police."""
    return db.session.scalars(
        select(SafetyNumber).where(SafetyNumber.kind.in_(_BESIDE_THE_SAFEGUARDERS)).order_by(SafetyNumber.position)
    ).all()
