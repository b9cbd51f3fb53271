"""Who sees a file, and in what form a browser gets it."""

import hashlib
import io

import pytest
from PIL import Image

from incidents import clock
from incidents.audit.models import AuditEntry
from incidents.audit.queries import acts_on
from incidents.database import writing
from incidents.evidence.models import Evidence
from incidents.extensions import db
from incidents.files import intake
from incidents.files.models import File
from incidents.files.queries import likenesses, store
from incidents.matters.actions import step_aside
from incidents.matters.models import Matter
from incidents.recording.words import Part
from tests.cast import Cast
from tests.evidence.exhibits import PNG, add_file, decoded_at_once, page_of, shelf_of
from tests.files.file_samples import SECRET, exif, picture
from tests.triage.recorded import record

OTHERS = (
    "other_teacher", "deputy_head", "case_manager", "vice_chair", "governor", "clerk", "administrator", "dpo", "external",
    "trust_lead",
)  # fmt: skip
PHOTO = picture("image/jpeg", exif=exif().tobytes())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is drawn by a child process: these tests are about what happens to the drawing."""
    monkeypatch.setattr(intake, "decode", decoded_at_once)


@pytest.fixture
def evidence(cast: Cast, quick: None) -> Evidence:
    """E1 of an incident between two pupils, recorded by the teacher."""
    with cast.here():
        return add_file(cast, record(cast))


def addresses(evidence: Evidence) -> tuple[str, ...]:
    here = page_of(evidence)
    return shelf_of(evidence), here, f"{here}/pages/1", f"{here}/original", f"{here}/blank"


def looks(cast: Cast, evidence: Evidence) -> list[AuditEntry]:
    with cast.here():
        return [act for act in acts_on(evidence.file_id) if act.verb == "looked"]


def spoil(cast: Cast, evidence: Evidence, *, copy: bool = False) -> None:
    """Change the last byte of the stored file, or of its viewing copy."""
    with cast.here():
        file = db.session.get_one(File, (evidence.school_id, evidence.file_id))
        path = store().path(likenesses(file.id)[0].blob if copy else file.blob)
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))  # another byte, whatever it was


@pytest.mark.process
def test_a_phones_photo_goes_all_the_way_and_loses_what_is_hidden_in_it(cast: Cast) -> None:
    with cast.here():
        evidence = add_file(cast, record(cast), data=PHOTO)
    answer = cast.client("dsl").get(f"{page_of(evidence)}/pages/1")
    assert SECRET.encode() in PHOTO
    assert SECRET.encode() not in answer.data
    assert Image.open(io.BytesIO(answer.data)).size == (60, 40)


def test_those_who_work_on_it_see_the_picture(cast: Cast, evidence: Evidence) -> None:
    for who in ("head", "dsl", "deputy_dsl", "head_of_year"):
        client = cast.client(who)
        assert [client.get(address).status_code for address in addresses(evidence)] == [200] * 5, who


def test_for_everybody_else_there_is_nothing(cast: Cast, evidence: Evidence) -> None:
    for who in OTHERS:
        client = cast.client(who)
        unknown = client.get(f"/matters/{cast.school_id}/evidence")
        for address in addresses(evidence):
            answer = client.get(address)
            assert (answer.status_code, answer.data) == (404, unknown.data), (who, address)


def test_who_recorded_it_may_add_files_and_not_look(cast: Cast, evidence: Evidence) -> None:
    client = cast.client("teacher")
    assert [client.get(address).status_code for address in addresses(evidence)] == [403] * 5
    assert client.get(f"{shelf_of(evidence)}/add").status_code == 200


def test_the_author_who_proves_to_be_the_alleged_reaches_no_file(cast: Cast, quick: None) -> None:
    with cast.here():
        incident = record(cast, [(Part.TARGET, "isla"), (Part.ALLEGED, "teacher")])
        evidence = add_file(cast, incident)
        found = addresses(evidence)
    client = cast.client("teacher")
    assert {client.get(address).status_code for address in (*found, f"{found[0]}/add")} == {403}


def test_a_head_who_is_alleged_finds_no_trace(cast: Cast, quick: None) -> None:
    with cast.here():
        evidence = add_file(cast, record(cast, [(Part.ALLEGED, "head")]), who="case_manager")
        found = addresses(evidence)
    client = cast.client("head")
    unknown = client.get(f"/matters/{cast.school_id}/evidence")
    assert {client.get(address).data for address in found} == {unknown.data}
    assert cast.client("case_manager").get(found[2]).status_code == 200


def test_whoever_steps_aside_no_longer_sees_the_file(cast: Cast, evidence: Evidence) -> None:
    with cast.here(), writing():
        matter = db.session.get_one(Matter, (evidence.school_id, evidence.matter_id))
        step_aside(matter, by=cast.viewer("dsl"), at=clock.now())
    assert cast.client("dsl").get(f"{page_of(evidence)}/pages/1").status_code == 404


def test_a_file_of_another_matter_is_not_there(cast: Cast, evidence: Evidence) -> None:
    with cast.here():
        address = f"/matters/{record(cast).id}/evidence/{evidence.id}"
    assert [cast.client("head").get(f"{address}{rest}").status_code for rest in ("", "/pages/1", "/original")] == [
        404
    ] * 3


def test_a_page_that_is_not_there_is_not_found(cast: Cast, evidence: Evidence) -> None:
    client = cast.client("head")
    for page in ("0", "2", "99999", "-1", "one"):
        assert client.get(f"{page_of(evidence)}/pages/{page}").status_code == 404


def test_the_browser_is_given_a_picture_and_nothing_it_could_run(cast: Cast, evidence: Evidence) -> None:
    headers = cast.client("head").get(f"{page_of(evidence)}/pages/1").headers
    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("inline")
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "no-store"


def test_each_look_at_the_picture_is_recorded_and_the_page_around_it_is_not(cast: Cast, evidence: Evidence) -> None:
    cast.client("head").get(page_of(evidence))
    assert looks(cast, evidence) == []
    for _ in range(2):
        cast.client("dsl").get(f"{page_of(evidence)}/pages/1")
    assert [act.actor_id for act in looks(cast, evidence)] == [cast.accounts["dsl"]] * 2
    assert [act.matter_id for act in looks(cast, evidence)] == [evidence.matter_id] * 2


def test_a_look_that_is_refused_gives_no_picture_and_is_not_recorded(cast: Cast, evidence: Evidence) -> None:
    cast.client("other_teacher").get(f"{page_of(evidence)}/pages/1")
    assert looks(cast, evidence) == []


def test_without_its_record_no_look_is_given(cast: Cast, evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("incidents.evidence.actions.record", fails)
    answer = cast.client("head").get(f"{page_of(evidence)}/pages/1")
    assert answer.status_code == 503
    assert b"PNG" not in answer.data


def test_the_page_says_the_seal_holds_and_shows_it_in_groups(cast: Cast, evidence: Evidence) -> None:
    text = cast.client("head").get(page_of(evidence)).text
    sha = hashlib.sha256(PNG).hexdigest()
    assert "Whole." in text
    assert f"{sha[:8]} {sha[8:16]}" in text


def test_a_stored_file_that_was_changed_is_said_to_be_broken(cast: Cast, evidence: Evidence) -> None:
    spoil(cast, evidence)
    assert "Broken." in cast.client("head").get(page_of(evidence)).text
    taken = cast.client("head").post(f"{page_of(evidence)}/original", data={"purpose": "police"})
    assert taken.status_code == 409


def test_a_changed_viewing_copy_is_not_shown(cast: Cast, evidence: Evidence) -> None:
    spoil(cast, evidence, copy=True)
    assert cast.client("head").get(f"{page_of(evidence)}/pages/1").status_code == 409


def test_the_list_shows_numbers_and_no_pictures(cast: Cast, evidence: Evidence) -> None:
    text = cast.client("head").get(shelf_of(evidence)).text
    assert "<strong>E1</strong>" in text
    assert "<img" not in text


def test_custody_names_who_did_what(cast: Cast, evidence: Evidence) -> None:
    cast.client("dsl").get(f"{page_of(evidence)}/pages/1")
    text = cast.client("head").get(page_of(evidence)).text
    assert [text.index(words) for words in ("Received and sealed", "Looked at", "Farida Qureshi")]


# The original.


def test_the_original_goes_out_as_it_came_for_a_purpose_that_is_recorded(cast: Cast, evidence: Evidence) -> None:
    answer = cast.client("head").post(f"{page_of(evidence)}/original", data={"purpose": "police"})
    assert answer.data == PNG
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with cast.here():
        last = acts_on(evidence.file_id)[-1]
    assert (last.verb, last.detail) == ("handed out", {"purpose": "police"})


def test_the_original_is_not_given_without_a_purpose(cast: Cast, evidence: Evidence) -> None:
    client = cast.client("head")
    for purpose in ("", "because"):
        answer = client.post(f"{page_of(evidence)}/original", data={"purpose": purpose})
        assert answer.status_code == 422
        assert "Say what it is for" in answer.text
