"""What follows from who is in an incident: conflicts, whose business it is, who is told. The last part of the actions."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from incidents.access import Basis, Role, Sphere
from incidents.accounts.queries import seats
from incidents.accounts.viewer import Seat
from incidents.extensions import db
from incidents.matters.actions import conflicts_in, lift_conflict, put_all_in_conflict, set_sphere, set_years
from incidents.notifications.actions import notify_all
from incidents.notifications.models import NoticeKind
from incidents.recording import queries, reach
from incidents.recording.models import Incident, Involvement
from incidents.recording.spheres import conflicts_of, sphere_of

RETENTION: Final[Mapping[Sphere, str]] = {
    Sphere.PUPIL: "bullying_record",
    Sphere.ADULT: "bullying_record",
    Sphere.STAFF_CONDUCT: "staff_allegation",
    Sphere.HEAD: "staff_allegation",
}
# Conflicts that come from who is in the incident, and go when that is put right. The others were declared.
FROM_INVOLVEMENT: Final = ("involvement", "name_match")


def settle_first(
    incident: Incident, rows: Sequence[Involvement], known: reach.AsKnown, sitting: Mapping[Role, Sequence[Seat]], *,
    urgent: bool, by: uuid.UUID | None, at: datetime,
) -> None:  # fmt: skip
    """As it is recorded: nothing stands in the way of it yet, and nothing hangs together with it, so nothing is asked."""
    involved = reach.involved_in(rows, known)
    wanted = conflicts_of(involved)
    put_all_in_conflict(incident, wanted, by=by, at=at, standing=())
    set_sphere(incident, sphere_of(involved, reach.heads_among(sitting)), by=by, at=at, together=[incident])
    incident.retention_class = RETENTION[Sphere(incident.sphere)]
    set_years(incident, {row.year_group for row in rows}, known=())
    tell(incident, reach.who_has_it(incident, sitting, wanted), urgent=urgent, at=at, first=True)


def settle_again(incident: Incident, by: uuid.UUID | None, at: datetime) -> None:
    """After a later change. Whoever has it now and had not before learns of it."""
    db.session.flush()
    before, sitting, rows = incident.sphere, seats(at), queries.involvements(incident.id)
    known = reach.as_known(incident, queries.particulars(incident.id), (row.person_id for row in rows))
    involved = reach.involved_in(rows, known)
    wanted, standing = conflicts_of(involved), conflicts_in(incident)
    put_all_in_conflict(incident, wanted, by=by, at=at, standing=standing)
    for conflict in standing:
        if conflict.source in FROM_INVOLVEMENT and (conflict.person_id, conflict.why) not in wanted:
            lift_conflict(conflict, by=by, at=at)
    set_sphere(incident, sphere_of(involved, reach.heads_among(sitting)), by=by, at=at)
    incident.retention_class = RETENTION[Sphere(incident.sphere)]
    set_years(incident, {row.year_group for row in rows})
    db.session.flush()
    if incident.sphere != before:
        tell(incident, reach.who_has_it(incident, sitting), urgent=False, at=at)


def tell(
    incident: Incident, holders: Iterable[reach.Holder], *, urgent: bool, at: datetime, first: bool = False
) -> None:
    """Tell those who decide it and those who safeguard in it: at once if somebody may be in danger."""
    kinds = {
        holder.account_id: NoticeKind.DANGER
        if urgent and holder.bases & {Basis.DECIDER, Basis.SAFEGUARDING}
        else NoticeKind.NEEDS_YOU
        for holder in holders
    }
    notify_all(kinds, at=at, matter_id=incident.id, first=first)
