"""A term of incidents as rows, for reports to count."""

import uuid
from datetime import datetime, timedelta

from incidents.access import Sphere
from incidents.casework.models import Case
from incidents.decisions.models import Decision
from incidents.extensions import db
from incidents.governors.models import ReportEdition
from incidents.recording.models import Draft, Incident
from tests.cast import Cast

AUTUMN = "Autumn term 2026"


def add_incident(
    cast: Cast, at: datetime, direction: str = "pupil_to_pupil", *, sphere: Sphere = Sphere.PUPIL, triaged: int = 1
) -> uuid.UUID:
    """One incident out of hours and off-site, triaged `triaged` hours later, relying on the first test if by a pupil."""
    head, school = cast.accounts["head"], cast.school_id
    draft = Draft(school_id=school, id=uuid.uuid4(), account_id=head, answers={}, started_at=at, kept_at=at, sent_at=at)
    new = uuid.uuid4()
    db.session.add(draft)
    db.session.add(
        Incident(school_id=school, id=new, reference=new.hex[:8], reference_year=2026, anchor_id=new, sphere=sphere,
                 recorded_by=head, recorded_at=at, retention_class="bullying_record", draft_id=draft.id,
                 state="recorded", pictures="open")
    )  # fmt: skip
    relied = ["running"] if direction.startswith("pupil") else []
    answers = {"direction": direction, "time": "out_of_hours", "control": "off_site", "disposition": "new_case"}
    for question, answer in (answers | {"power": "may_act" if relied else "no_power"}).items():
        db.session.add(
            Decision(school_id=school, matter_id=new, question=question, answer=answer, words="", sentence="", facts={},
                     reasons=relied if question == "power" else [], pack_version="1", policy_version="", by=head,
                     at=at + timedelta(hours=triaged))
        )  # fmt: skip
    return new


def add_case(cast: Cast, at: datetime, *, closed_at: datetime | None = None, sphere: Sphere = Sphere.PUPIL) -> None:
    new = uuid.uuid4()
    db.session.add(
        Case(school_id=cast.school_id, id=new, reference=new.hex[:8], reference_year=2026, anchor_id=new, sphere=sphere,
             recorded_by=cast.accounts["head"], recorded_at=at, retention_class="bullying_record", title="A group chat",
             workflow="pupil_to_pupil", workflow_version="1", state="closed" if closed_at else "open",
             outcome="support" if closed_at else None, closed_at=closed_at)
    )  # fmt: skip


def latest_edition() -> ReportEdition:
    """The edition made last. Inside the cast's scope."""
    return db.session.scalars(db.select(ReportEdition).order_by(ReportEdition.number.desc())).first()
