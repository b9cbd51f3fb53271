"""Files are let in after the question only, each by itself, and what is not stored is never said to be."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from incidents import clock
from incidents.database import writing
from incidents.errors import NotPossibleNow
from incidents.evidence.models import Evidence
from incidents.extensions import db
from incidents.files import intake
from incidents.files.models import File, Likeness
from incidents.files.queries import store
from incidents.files.store import Store
from incidents.notifications.models import Notice, NoticeKind
from incidents.recording import actions as recording
from incidents.recording.answers import Answers
from incidents.recording.hours import Control, Happened, WhenKind
from incidents.recording.models import Incident, Pictures
from incidents.recording.words import Danger, Intimate, Method
from tests.cast import Cast
from tests.evidence.exhibits import PNG, Upload, add_file, decoded_at_once, post_files
from tests.files.file_samples import archive, drawing, pdf, picture
from tests.triage.recorded import record

ANSWERS = Answers(
    words="A poll went round.", danger=Danger.NO, happened=Happened(WhenKind.UNKNOWN), control=Control.OFF_SITE,
    method=Method.POLL, spoken_to="the safeguarding lead, by phone", intimate=Intimate.NO,
)  # fmt: skip
OTHER = picture("image/png", drawing(30, 30))


@pytest.fixture
def incident(cast: Cast) -> Incident:
    with cast.here():
        return record(cast)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "decode", decoded_at_once)


def count(cast: Cast, kind: type) -> int:
    with cast.here():
        return db.session.scalar(select(func.count()).select_from(kind)) or 0


def stored(cast: Cast) -> set[str]:
    """Every file of the store's folder, half-written ones too. The folder outlives a test, so it is compared with itself."""
    with cast.here():
        return {path.name for path in store().root.rglob("*") if path.is_file()}


def add_of(incident: Incident, answer: str = "?answer=no") -> str:
    return f"/matters/{incident.id}/evidence/add{answer}"


@pytest.mark.process
def test_good_files_are_kept_and_the_bad_one_among_them_is_refused_in_words(cast: Cast, incident: Incident) -> None:
    answer = post_files(
        cast.client("teacher"), add_of(incident), (PNG, "one.png"), (archive(), "chat.png"), (pdf(2), "letter.pdf")
    )
    assert "Not kept: this is a ZIP file. Open it and add the pictures inside it." in answer.text
    assert "Your files here: 2 stored, 1 not kept" in answer.text
    assert (count(cast, File), count(cast, Likeness), count(cast, Evidence)) == (2, 3, 2)


def test_files_are_numbered_in_the_order_they_came(cast: Cast, incident: Incident, quick: None) -> None:
    with cast.here():
        numbers = [add_file(cast, incident, data=data).number for data in (PNG, OTHER)]
    assert numbers == [1, 2]


def test_the_same_file_pressed_twice_is_there_once(cast: Cast, incident: Incident, quick: None) -> None:
    client, before = cast.client("teacher"), stored(cast)
    for _ in range(2):
        assert "1 stored" in post_files(client, add_of(incident), (PNG, "one.png")).text
    assert (count(cast, File), count(cast, Evidence)) == (1, 1)
    assert len(stored(cast) - before) == 2  # the file and its viewing copy


@pytest.mark.process
def test_eight_equal_posts_at_once_have_one_effect(cast: Cast, incident: Incident, quick: None) -> None:
    clients, before = [cast.client("teacher") for _ in range(8)], stored(cast)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda client: post_files(client, add_of(incident), (PNG, "one.png")), clients))
    assert {answer.status_code for answer in answers} == {200}
    assert (count(cast, File), count(cast, Evidence), len(stored(cast) - before)) == (1, 1, 2)


def test_the_picker_comes_after_the_question(cast: Cast, incident: Incident) -> None:
    client = cast.client("teacher")
    assert '<input type="file"' not in client.get(add_of(incident)).text
    assert '<input type="file"' in client.post(add_of(incident, ""), data={"intimate": "no"}).text


def test_no_file_is_let_in_without_the_answer_no(cast: Cast, incident: Incident, quick: None) -> None:
    client = cast.client("teacher")
    for answer in ("", "?answer=", "?answer=No", "?answer=maybe"):
        assert post_files(client, add_of(incident, answer), (PNG, "one.png")).status_code == 422
    assert count(cast, File) == 0


@pytest.mark.parametrize("answer", ["yes", "not_sure"])
def test_yes_or_not_sure_closes_the_incident_to_pictures_and_alerts(
    cast: Cast, incident: Incident, answer: str
) -> None:
    reply = cast.client("teacher").post(add_of(incident, ""), data={"intimate": answer}, follow_redirects=True)
    assert "Report Remove" in reply.text
    assert '<input type="file"' not in reply.text
    with cast.here():
        assert db.session.scalars(select(Incident)).one().pictures == Pictures.CLOSED
        told = set(db.session.scalars(select(Notice.account_id).where(Notice.kind == NoticeKind.DANGER)))
    assert cast.accounts["dsl"] in told


def test_the_server_refuses_files_while_pictures_are_closed(cast: Cast, incident: Incident, quick: None) -> None:
    client = cast.client("teacher")
    client.post(add_of(incident, ""), data={"intimate": "yes"})
    before = stored(cast)
    assert post_files(client, add_of(incident), (PNG, "one.png")).status_code == 409
    with cast.here(), pytest.raises(NotPossibleNow, match="No pictures are taken here"):
        add_file(cast, incident)
    assert (count(cast, File), stored(cast)) == (0, before)


def test_a_full_disk_says_so_and_stores_nothing(
    cast: Cast, incident: Incident, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, before = cast.client("teacher"), stored(cast)

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", full)
        answer = post_files(client, add_of(incident), (PNG, "one.png"))
    assert "there is no room left to store files" in answer.text
    assert "Your files here: 0 stored, 1 not kept" in answer.text
    assert (count(cast, File), stored(cast)) == (0, before)
    assert "1 stored" in post_files(client, add_of(incident), (PNG, "one.png")).text


def test_a_database_that_fails_leaves_no_bytes_behind(
    cast: Cast, incident: Incident, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(cast)

    def fails(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "away")

    monkeypatch.setattr("incidents.files.actions.record", fails)
    assert post_files(cast.client("teacher"), add_of(incident), (PNG, "one.png")).status_code == 503
    assert (count(cast, File), stored(cast)) == (0, before)


def test_an_upload_that_no_view_takes_is_gone_when_the_request_ends(cast: Cast) -> None:
    before = stored(cast)
    post_files(cast.client("teacher"), "/my-records", (PNG, "one.png"))
    assert stored(cast) == before


def test_a_strangers_upload_never_reaches_the_disk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Store] = []
    monkeypatch.setattr(Store, "begin", begun.append)
    for address in ("/sign-in", "/my-records", "/nothing-here"):
        post_files(cast.client(None), address, (PNG, "one.png"))
    assert begun == []


def test_what_came_with_a_record_is_numbered_when_it_is_sent(cast: Cast, quick: None) -> None:
    with cast.here():
        by, at = cast.viewer("teacher"), clock.now()
        with writing():
            draft = recording.start_draft(by=by, at=at)
        intake.take([Upload(PNG), Upload(OTHER, "b.png")], by=by, at=at, draft_id=draft.id)
        with writing():
            incident = recording.record_incident(draft, ANSWERS, by=by, at=at)
        rows = db.session.execute(select(Evidence.matter_id, Evidence.number).order_by(Evidence.number)).all()
    assert [tuple(row) for row in rows] == [(incident.id, 1), (incident.id, 2)]
