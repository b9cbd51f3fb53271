"""One press, and nobody looks at it any more; nothing is destroyed."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from incidents import clock
from incidents.audit.queries import acts_on
from incidents.database import writing
from incidents.errors import NotPossibleNow
from incidents.evidence import actions
from incidents.evidence.models import Evidence, Sight
from incidents.extensions import db
from incidents.files import intake
from incidents.files.models import File, FileState
from incidents.files.queries import store
from incidents.matters.models import Matter
from incidents.notifications.models import Notice, NoticeKind
from incidents.recording.models import Incident, Pictures
from tests.cast import Cast
from tests.evidence.exhibits import add_file, decoded_at_once, look, page_of, shelf_of
from tests.triage.recorded import record


@pytest.fixture
def evidence(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Evidence:
    monkeypatch.setattr(intake, "decode", decoded_at_once)
    with cast.here():
        return add_file(cast, record(cast))


def blank(cast: Cast, evidence: Evidence, who: str = "head_of_year") -> Sight:
    with cast.here(), writing():
        matter = db.session.get_one(Matter, (evidence.school_id, evidence.matter_id))
        return actions.blank(matter, evidence, by=cast.viewer(who), at=clock.now())


def file_of(cast: Cast, evidence: Evidence) -> File:
    with cast.here():
        return db.session.get_one(File, (evidence.school_id, evidence.file_id))


def test_the_press_asks_once_says_what_happens_and_does_it(cast: Cast, evidence: Evidence) -> None:
    client = cast.client("head_of_year")
    assert "Nothing is destroyed" in client.get(f"{page_of(evidence)}/blank").text
    assert file_of(cast, evidence).state == FileState.SEALED
    assert client.post(f"{page_of(evidence)}/blank").status_code == 302
    assert file_of(cast, evidence).state == FileState.BLANKED


def test_then_nobody_can_look_or_take_it(cast: Cast, evidence: Evidence) -> None:
    blank(cast, evidence)
    for who in ("head", "dsl", "head_of_year"):
        for rest in ("/pages/1", "/original"):
            answer = cast.client(who).get(page_of(evidence) + rest)
            assert answer.status_code == 409
            assert "was blanked" in answer.text


def test_a_page_that_was_open_already_gives_no_picture(cast: Cast, evidence: Evidence) -> None:
    client = cast.client("head")
    assert "<img" in client.get(page_of(evidence)).text
    blank(cast, evidence)
    assert client.post(f"{page_of(evidence)}/original", data={"purpose": "police"}).status_code == 409
    assert "<img" not in client.get(page_of(evidence)).text


def test_who_had_seen_it_is_kept(cast: Cast, evidence: Evidence) -> None:
    look(cast, evidence, "dsl")
    look(cast, evidence, "dsl")
    kept = blank(cast, evidence)
    assert kept.seen_by == [str(cast.accounts[who]) for who in ("head", "dsl")]
    assert "Farida Qureshi" in cast.client("head").get(page_of(evidence)).text


def test_nothing_is_destroyed(cast: Cast, evidence: Evidence) -> None:
    blank(cast, evidence)
    file = file_of(cast, evidence)
    with cast.here():
        assert store().exists(file.blob)
    assert file.wrapped_key is not None


def test_the_safeguarding_leads_and_the_head_are_alerted_at_once(cast: Cast, evidence: Evidence) -> None:
    blank(cast, evidence)
    with cast.here():
        told = set(db.session.scalars(select(Notice.account_id).where(Notice.kind == NoticeKind.DANGER)))
    assert told == {cast.accounts[who] for who in ("dsl", "deputy_dsl", "head")}


@pytest.mark.parametrize(("pressed", "due"), [
    (datetime(2026, 11, 23, 8, 10, tzinfo=UTC), datetime(2026, 11, 23, 23, 59, tzinfo=UTC)),
    (datetime(2026, 7, 6, 23, 30, tzinfo=UTC), datetime(2026, 7, 7, 22, 59, tzinfo=UTC)),  # past midnight in British summer
])  # fmt: skip
def test_the_polices_advice_is_due_on_the_same_day(
    cast: Cast, evidence: Evidence, clock: time_machine.Traveller, pressed: datetime, due: datetime
) -> None:
    clock.move_to(pressed)
    assert blank(cast, evidence, "head").advice_due_at == due


def test_no_more_pictures_are_taken_for_the_incident(cast: Cast, evidence: Evidence) -> None:
    blank(cast, evidence)
    with cast.here():
        incident = db.session.scalars(select(Incident)).one()
    assert incident.pictures == Pictures.CLOSED
    assert cast.client("head").get(f"{shelf_of(evidence)}/add").status_code == 409


def test_pressed_twice_it_is_done_once(cast: Cast, evidence: Evidence) -> None:
    first = blank(cast, evidence, "dsl").id
    assert blank(cast, evidence, "head").id == first
    assert cast.client("head").post(f"{page_of(evidence)}/blank").status_code == 302
    with cast.here():
        verbs = [act.verb for act in acts_on(evidence.file_id)]
    assert verbs.count("blanked") == 1


def test_a_destroyed_file_cannot_be_looked_at(cast: Cast, evidence: Evidence) -> None:
    with cast.here(), writing(audited=False):
        file = db.session.get_one(File, (evidence.school_id, evidence.file_id))
        file.state, file.wrapped_key = FileState.DESTROYED, None
    with pytest.raises(NotPossibleNow, match="destroyed"):
        look(cast, evidence, "head")
