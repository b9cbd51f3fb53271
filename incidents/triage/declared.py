"""Who of those involved had signed which policy by then, for whoever decides. A part of the queries."""

from zoneinfo import ZoneInfo

from incidents.declarations.on_record import signed_by
from incidents.recording import queries as recording
from incidents.recording.models import Incident
from incidents.recording.words import PersonKind
from incidents.schools.queries import this_school


def declared(incident: Incident) -> list[tuple[str, list[str]]]:
    """Each person by name with what they had signed, the target first; nobody where nothing was asked of anybody.

    Judged by the day on which it happened; where that is not known, by the day on which it was recorded.
    """
    held = recording.particulars(incident.id)
    recorded = incident.recorded_at.astimezone(ZoneInfo(this_school().timezone)).date()
    first = held.day_from or recorded
    people = {
        row.involvement.person_id: (row.name, PersonKind(row.involvement.person_kind))
        for row in recording.shown_people(incident.id)
        if row.involvement.person_id
    }
    said = signed_by([(person_id, kind) for person_id, (_, kind) in people.items()], first, held.day_until or first)
    return [(name, said[person_id]) for person_id, (name, _) in people.items() if person_id in said]
