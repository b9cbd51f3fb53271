"""The words that an incident is found by: written with what was said, never on their own."""

from sqlalchemy import insert, select

from incidents.extensions import db
from incidents.people.scraps import kept_words
from incidents.recording.models import FoundBy, Incident


def make_findable(incident: Incident, *texts: str, first: bool = False) -> None:
    """From now on the incident is found by the words of these texts too. Words are only added: nothing said is unsaid.

    `first`: it is found by none yet.
    """
    known = () if first else db.session.scalars(select(FoundBy.word).where(FoundBy.id == incident.id)).all()
    if new := kept_words(*texts).difference(known):
        rows = [{"school_id": incident.school_id, "id": incident.id, "word": word} for word in sorted(new)]
        db.session.execute(insert(FoundBy), rows)
