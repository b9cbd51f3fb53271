"""Twenty equal posts at once have one effect, and two who decide at once do not overrule each other unread."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from incidents import clock
from incidents.audit.queries import verify_every_chain
from incidents.database import across_schools, writing
from incidents.decisions.actions import decide
from incidents.decisions.models import Decision
from incidents.errors import NotPossibleNow
from incidents.extensions import db
from incidents.matters.models import Matter
from incidents.recording import actions as recording
from incidents.recording.models import Draft, Incident, Statement
from tests.recording.test_actions import answers
from tests.triage.recorded import record

TWENTY = 20


def at_once(count: int, act: Callable[[int], object]) -> Counter[str]:
    """Run `act` in so many threads that start together; what each gave, or how it failed."""
    start, given = threading.Barrier(count), []

    def run(number: int) -> None:
        start.wait()
        try:
            given.append(str(act(number)))
        except Exception as error:
            given.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return Counter(given)


@pytest.mark.process
def test_twenty_equal_records_sent_at_once_make_one_incident(cast):
    with cast.here():
        teacher = cast.viewer("teacher")
        with writing():
            draft_id = recording.start_draft(by=teacher, at=clock.now()).id

    def send(number: int) -> object:
        with cast.here(), writing():
            draft = db.session.get_one(Draft, (cast.school_id, draft_id))
            return recording.record_incident(draft, answers(), by=teacher, at=clock.now()).id

    given = at_once(TWENTY, send)
    with cast.here():
        assert sum(given.values()) == TWENTY
        [incident] = db.session.scalars(select(Incident)).all()
        assert given == {str(incident.id): TWENTY}
        assert db.session.scalar(select(func.count()).select_from(Statement)) == 1
        with across_schools():
            assert verify_every_chain()[1] == []


@pytest.mark.process
def test_of_twenty_who_decide_on_the_same_answer_at_once_one_is_kept(cast):
    with cast.here():
        matter_id = record(cast).id
        head = cast.viewer("head")
        with writing():
            first = decide(
                db.session.get_one(Matter, (cast.school_id, matter_id)), "x", "first", by=head, at=clock.now()
            ).id

    def answer(number: int) -> object:
        with cast.here(), writing():
            matter = db.session.get_one(Matter, (cast.school_id, matter_id))
            return decide(
                matter, "x", f"answer_{number}", words="Because.", seen=first, by=head, at=clock.now()
            ).supersedes_id

    given = at_once(TWENTY, answer)
    assert given[str(first)] == 1, given
    with cast.here():
        assert db.session.scalar(select(func.count()).select_from(Decision).where(Decision.question == "x")) == 2
    assert set(given) <= {str(first), NotPossibleNow.__name__, "IntegrityError"}
