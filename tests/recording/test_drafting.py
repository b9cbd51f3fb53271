"""The four short pages on which a record is written, kept, checked and sent."""

import io
import re
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from incidents.extensions import db
from incidents.files.models import File, FileState
from incidents.notifications.models import Notice
from incidents.recording import queries
from incidents.recording.models import Draft, Incident
from tests.cast import Cast
from tests.recording.typed import TOLD, WHAT, WHO, begun, errors_in, finished, picture


def test_the_whole_way_from_the_first_page_to_the_reference(cast: Cast, teacher: FlaskClient) -> None:
    draft = finished(teacher, cast, ("isla", "target"), ("mason", "alleged"))
    sheet = teacher.get(f"{draft}/check").text
    assert "Friday 20 November 2026, 21:14" in sheet
    assert "Isla Fenwick, Year 6: target" in sheet
    sent = teacher.post(f"{draft}/check", follow_redirects=True)
    assert "Sent. The reference is" in sent.text
    assert "Farida Qureshi, safeguarding lead" in sent.text
    with cast.here():
        incident = db.session.scalars(select(Incident)).one()
        assert queries.particulars(incident.id).spoken_to.endswith("by phone at 21:32")


def test_send_pressed_twice_sends_once(cast: Cast, teacher: FlaskClient) -> None:
    draft = finished(teacher, cast)
    assert [teacher.post(f"{draft}/check").location for _ in range(2)] == [f"{draft}/sent"] * 2
    with cast.here():
        assert db.session.scalar(select(func.count()).select_from(Incident)) == 1


def test_the_first_page_pressed_twice_begins_one_record(cast: Cast, teacher: FlaskClient) -> None:
    same = {**WHAT, "draft": str(uuid.uuid4())}
    assert teacher.post("/record", data=same).location == teacher.post("/record", data=same).location
    with cast.here():
        assert db.session.scalar(select(func.count()).select_from(Draft)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"danger": ""}, "#danger"),
        ({"danger": "perhaps"}, "#danger"),
        ({"words": " "}, "#words"),
        ({"words": "x" * 10_001}, "#words"),
        ({"words": "a\0b"}, "#words"),
        ({"day": ""}, "#day"),
        ({"first": ["31", "11", "2026"]}, "#first-day"),
        ({"first": ["", "", ""]}, "#first-day"),
        ({"first": ["1", "12", "2026"]}, "#first-day"),
        ({"last": ["1", "11", "2026"]}, "#last-day"),
        ({"time": "8:30"}, "#time"),
        ({"time": "after tea"}, "#time"),
        ({"control": "moon"}, "#control"),
    ],
)
def test_what_cant_be_read_comes_back_with_an_error_by_its_field(
    teacher: FlaskClient, changes: dict[str, object], field: str
) -> None:
    answer = teacher.post("/record", data={**WHAT, **changes, "draft": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert errors_in(answer) == [field]
    assert 'value="21:14"' in answer.text or "time" in changes


def test_finish_later_keeps_whatever_was_typed(cast: Cast, teacher: FlaskClient) -> None:
    answer = teacher.post("/record", data={"words": "Half a sen", "draft": str(uuid.uuid4()), "then": "later"})
    assert answer.location == "/my-records"
    [address] = re.findall(r'href="(/record/[^"]+/what)"', teacher.get("/my-records").text)
    assert "Half a sen" in teacher.get(address).text


def test_today_means_the_day_on_which_it_was_asked(cast: Cast, teacher: FlaskClient, clock) -> None:  # type: ignore[no-untyped-def]  # time-machine's
    draft = begun(teacher, day="today", time="07:00", asked_on="2026-11-23")
    clock.shift(86_400 - 60)
    again = cast.client("teacher").get(f"{draft}/what").text
    assert "23 November" in again


def test_people_are_found_by_two_letters_and_added_with_their_part(cast: Cast, teacher: FlaskClient) -> None:
    draft = begun(teacher)
    found = teacher.post(f"{draft}/who", data={**WHO, "part": "target", "q": "fe", "then": "find"})
    assert f"add:{cast.persons['isla']}" in found.text
    missing = teacher.post(f"{draft}/who", data={**WHO, "then": f"add:{cast.persons['isla']}"})
    assert errors_in(missing) == ["#part"]
    added = teacher.post(f"{draft}/who", data={**WHO, "part": "target", "then": f"add:{cast.persons['isla']}"})
    assert added.location == f"{draft}/who#people"
    added = teacher.get(f"{draft}/who")
    assert "Isla Fenwick" in added.text
    [press] = re.findall(r'value="(take_out:[^"]+)"', added.text)
    teacher.post(f"{draft}/who", data={**WHO, "then": press})
    assert "Isla Fenwick" not in teacher.get(f"{draft}/who").text


def test_a_name_typed_and_not_added_is_added_by_continue(cast: Cast, teacher: FlaskClient) -> None:
    draft = begun(teacher)
    hand = {**WHO, "part": "alleged", "given_name": "Ann", "family_name": "Other", "kind": "parent"}
    assert teacher.post(f"{draft}/who", data=hand).location == f"{draft}/evidence"
    assert "Ann Other" in teacher.get(f"{draft}/who").text


def test_the_question_stands_before_any_file_picker(teacher: FlaskClient) -> None:
    page = teacher.get(f"{begun(teacher)}/evidence").text
    assert 'type="file"' not in page
    assert "nude or sexual image" in page


@pytest.mark.parametrize("answer", ["yes", "not_sure"])
def test_unless_the_answer_is_no_there_is_no_picker_and_the_dsl_is_alerted(
    cast: Cast, teacher: FlaskClient, answer: str
) -> None:
    draft = begun(teacher)
    teacher.post(f"{draft}/evidence", data={"intimate": answer, "then": "answer"})
    page = teacher.get(f"{draft}/evidence").text
    assert 'type="file"' not in page
    assert "Report Remove" in page
    with cast.here():
        assert cast.accounts["dsl"] in set(db.session.scalars(select(Notice.account_id)))


def test_files_are_kept_one_by_one_and_a_refused_one_loses_none(cast: Cast, teacher: FlaskClient) -> None:
    draft = begun(teacher)
    teacher.post(f"{draft}/evidence", data={"intimate": "no", "then": "answer"})
    answer = teacher.post(
        f"{draft}/evidence", data={"then": "continue", "files": [picture(), (io.BytesIO(b"PK\3\4 zip"), "chat.zip")]}
    )
    assert answer.status_code == 200
    assert "1 stored, 1 not kept" in answer.text
    assert "chat.zip" in answer.text
    teacher.post(f"{draft}/who", data=WHO)
    teacher.post(f"{draft}/told", data=TOLD)
    teacher.post(f"{draft}/check")
    with cast.here():
        assert queries.files_in(db.session.scalars(select(Incident)).one()) == 1


@pytest.mark.parametrize("answer", ["yes", "not_sure", ""])
def test_the_server_lets_no_file_in_unless_the_answer_was_no(cast: Cast, teacher: FlaskClient, answer: str) -> None:
    draft = begun(teacher)
    teacher.post(f"{draft}/evidence", data={"intimate": answer, "then": "answer"})
    teacher.post(f"{draft}/evidence", data={"then": "upload", "files": [picture()]})
    with cast.here():
        assert db.session.scalar(select(func.count()).select_from(File)) == 0


def test_changing_the_answer_blanks_what_came_before(cast: Cast, teacher: FlaskClient) -> None:
    draft = begun(teacher)
    teacher.post(f"{draft}/evidence", data={"intimate": "no", "then": "answer"})
    teacher.post(f"{draft}/evidence", data={"then": "upload", "files": [picture()]})
    teacher.post(f"{draft}/evidence", data={"intimate": "not_sure", "then": "answer"})
    with cast.here():
        assert list(db.session.scalars(select(File.state))) == [FileState.BLANKED]


def test_a_file_taken_out_is_gone_with_its_key(cast: Cast, teacher: FlaskClient) -> None:
    draft = begun(teacher)
    teacher.post(f"{draft}/evidence", data={"intimate": "no", "then": "answer"})
    page = teacher.post(f"{draft}/evidence", data={"then": "upload", "files": [picture()]}).text
    [press] = re.findall(r'value="(take_out:[^"]+)"', page)
    assert "Screenshot.png" not in teacher.post(f"{draft}/evidence", data={"then": press}).text
    with cast.here():
        assert db.session.execute(select(File.state, File.wrapped_key)).one() == (FileState.DESTROYED, None)


def test_an_unfinished_record_says_what_is_missing_and_is_not_sent(cast: Cast, teacher: FlaskClient) -> None:
    draft = begun(teacher)
    answer = teacher.post(f"{draft}/check")
    assert answer.status_code == 422
    assert f'href="{draft}/told"' in answer.text
    with cast.here():
        assert db.session.scalar(select(func.count()).select_from(Incident)) == 0


def test_anothers_draft_is_not_there(cast: Cast, teacher: FlaskClient) -> None:
    draft = begun(teacher)
    assert cast.client("head").get(f"{draft}/what").status_code == 404


def test_thrown_away_is_gone(cast: Cast, teacher: FlaskClient) -> None:
    draft = begun(teacher)
    assert teacher.get(f"{draft}/throw-away").status_code == 200
    teacher.post(f"{draft}/throw-away")
    assert teacher.get(f"{draft}/what").status_code == 404
    with cast.here():
        assert db.session.scalars(select(Draft)).one().answers == {}
