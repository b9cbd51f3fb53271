"""Reading the log: does it hold, and who did what to one thing."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select

from incidents.audit.chain import Break, breaks
from incidents.audit.models import AuditEntry, AuditHead
from incidents.database import current_school
from incidents.extensions import db
from incidents.keys import keyring


def verify_every_chain() -> tuple[int, list[Break]]:
    """How many chains were read, and every place where one does not hold. Call it across schools."""
    key = keyring().audit
    heads = {head.chain: (head.seq, head.mac) for head in db.session.scalars(select(AuditHead))}
    chains = sorted(heads.keys() | set(db.session.scalars(select(AuditEntry.chain).distinct())))
    found: list[Break] = []
    for chain in chains:
        rows = db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.chain == chain)
            .order_by(AuditEntry.seq)
            .execution_options(yield_per=1000)
        )
        found += breaks(rows, heads.get(chain), chain, key)
    return len(chains), found


def acts_on(object_id: uuid.UUID) -> Sequence[AuditEntry]:
    """What was done to one thing of this school, oldest first: a file's custody, a role's history."""
    chain = str(current_school())
    return db.session.scalars(
        select(AuditEntry).where(AuditEntry.chain == chain, AuditEntry.object_id == object_id).order_by(AuditEntry.seq)
    ).all()


def acts_in(matter_id: uuid.UUID) -> Sequence[AuditEntry]:
    """What was done in one matter of this school, oldest first."""
    chain = str(current_school())
    return db.session.scalars(
        select(AuditEntry).where(AuditEntry.chain == chain, AuditEntry.matter_id == matter_id).order_by(AuditEntry.seq)
    ).all()


def done_in(object_ids: Collection[uuid.UUID], verb: str) -> set[tuple[uuid.UUID | None, uuid.UUID | None]]:
    """Where this was done to these things: pairs of a thing and a matter."""
    rows = db.session.execute(
        select(AuditEntry.object_id, AuditEntry.matter_id).where(
            AuditEntry.chain == str(current_school()), AuditEntry.object_id.in_(object_ids), AuditEntry.verb == verb
        )
    )
    return set(rows.tuples())


def newest_acts_in(matter_id: uuid.UUID, limit: int, before: int | None = None) -> Sequence[AuditEntry]:
    """A page of what was done in one matter of this school, newest first; `before` is the last entry of the page before."""
    query = select(AuditEntry).where(AuditEntry.chain == str(current_school()), AuditEntry.matter_id == matter_id)
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    return db.session.scalars(query.order_by(AuditEntry.seq.desc()).limit(limit)).all()
