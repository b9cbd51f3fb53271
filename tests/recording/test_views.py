"""The pages of recording: four short ones, then the record as each may see it."""

import io
import re
import uuid
from datetime import date, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from incidents import clock as now
from incidents.database import writing
from incidents.extensions import db
from incidents.files.models import File, FileState
from incidents.matters.actions import tell
from incidents.notifications.models import Notice
from incidents.recording import actions, queries
from incidents.recording.answers import Answers, Named
from incidents.recording.hours import Control, Happened, WhenKind
from incidents.recording.models import Draft, Incident
from incidents.recording.words import Danger, Intimate, Method, Part
from tests.cast import Cast, make_cast

WHAT = {
    "danger": "no",
    "words": "A poll went round.",
    "day": "other",
    "first": ["20", "11", "2026"],
    "time": "21:14",
    "control": "off_site",
}
WHO = {"platform": "WhatsApp", "method": "group_chat", "account_name": "Y6 no teachers"}
TOLD = {"told": "dsl", "how": "by phone at 21:32"}


@pytest.fixture
def cast(app: Flask, clock: object) -> Cast:
    return make_cast(app)


@pytest.fixture
def teacher(cast: Cast) -> FlaskClient:
    return cast.client("teacher")


def begun(client: FlaskClient, **changes: object) -> str:
    """A draft with its first page filled in; gives its address."""
    answer = client.post("/record", data={**WHAT, "draft": str(uuid.uuid4()), **changes})
    assert answer.status_code == 302, answer.text
    return answer.location.rsplit("/", 1)[0]


def finished(client: FlaskClient, cast: Cast, *people: tuple[str, str]) -> str:
    draft = begun(client)
    for person, part in people:
        client.post(f"{draft}/who", data={**WHO, "part": part, "then": f"add:{cast.persons[person]}"})
    client.post(f"{draft}/who", data=WHO)
    client.post(f"{draft}/evidence", data={"intimate": "no", "then": "answer"})
    client.post(f"{draft}/evidence", data={"then": "continue"})
    client.post(f"{draft}/told", data=TOLD)
    return draft


def errors_in(answer: TestResponse) -> list[str]:
    return re.findall(r'<li><a href="(#[^"]+)">', answer.text)


def recorded(cast: Cast, *people: Named, who: str = "teacher") -> uuid.UUID:
    with cast.here():
        by = cast.viewer(who)
        given = Answers(
            words="A poll went round.", danger=Danger.NO, control=Control.OFF_SITE, method=Method.POLL, intimate=Intimate.NO,
            happened=Happened(WhenKind.EXACT, date(2026, 11, 20), time_from=time(21, 14)), spoken_to="The DSL", people=people,
        )  # fmt: skip
        with writing():
            draft = actions.start_draft(by=by, at=now.now())
            return actions.record_incident(draft, given, by=by, at=now.now()).id


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
    assert "Isla Fenwick" in added.text
    taken = teacher.post(f"{draft}/who", data={**WHO, "then": "take_out:0"})
    assert "Isla Fenwick" not in taken.text


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


def picture() -> tuple[io.BytesIO, str]:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 60), "teal").save(drawn, "PNG")
    drawn.seek(0)
    return drawn, "Screenshot.png"


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


def test_the_head_reads_the_whole_record_and_the_writer_their_own_words(cast: Cast) -> None:
    incident = recorded(cast, Named(Part.TARGET, cast.persons["isla"]), Named(Part.ALLEGED, cast.persons["mason"]))
    whole = cast.client("head").get(f"/incidents/{incident}").text
    assert "Mason Tully" in whole
    own = cast.client("teacher").get(f"/incidents/{incident}").text
    assert "A poll went round." in own
    assert "Mason Tully" not in own


def test_a_party_reads_what_was_said_to_them_and_nothing_else(cast: Cast) -> None:
    incident = recorded(
        cast, Named(Part.TARGET, cast.persons["other_teacher"]), Named(Part.ALLEGED, cast.persons["mother"])
    )
    with cast.here(), writing():
        tell(db.session.get_one(Incident, (cast.school_id, incident)), cast.persons["other_teacher"], "The post is down.",
             by=cast.viewer("head"), at=now.now())  # fmt: skip
    client = cast.client("other_teacher")
    page = client.get(f"/incidents/{incident}").text
    assert "The post is down." in page
    assert "A poll went round." not in page
    assert "Carys" not in page
    assert "The post is down." in client.get("/about-you").text
    assert 'href="/about-you"' in client.get("/my-records").text


def test_the_alleged_gets_the_same_404_as_for_no_incident_at_all(cast: Cast) -> None:
    incident = recorded(cast, Named(Part.ALLEGED, cast.persons["head"]))
    head = cast.client("head")
    hidden, unknown = head.get(f"/incidents/{incident}"), head.get(f"/incidents/{uuid.uuid4()}")
    assert (hidden.status_code, hidden.data) == (404, unknown.data)
    assert "Nothing has been recorded yet" in head.get("/incidents").text


def test_the_list_finds_by_reference_name_and_words_only_what_may_be_seen(cast: Cast) -> None:
    incident = recorded(cast, Named(Part.TARGET, cast.persons["isla"]))
    with cast.here():
        reference = db.session.get_one(Incident, (cast.school_id, incident)).reference
    for who, seen in (("dsl", True), ("head_of_year", True), ("deputy_head", False)):
        for typed in (reference.lower(), "fenw", "poll went", ""):
            assert (str(incident) in cast.client(who).get("/incidents", query_string={"q": typed}).text) is seen
    assert str(incident) not in cast.client("dsl").get('/incidents?q=%25%27"nothing').text


def test_a_long_list_goes_on_page_by_page(cast: Cast) -> None:
    for _ in range(queries.PAGE + 2):
        recorded(cast)
    dsl = cast.client("dsl")
    first = dsl.get("/incidents").text
    [older] = re.findall(r'href="(/incidents\?before=[^"]+)"', first)
    shown = [set(re.findall(r'href="/incidents/([0-9a-f-]{36})"', page)) for page in (first, dsl.get(older).text)]
    assert [len(each) for each in shown] == [queries.PAGE, 2]
    assert not shown[0] & shown[1]


def test_words_are_added_beside_and_bad_input_comes_back(cast: Cast) -> None:
    incident = recorded(cast)
    client = cast.client("teacher")
    assert errors_in(client.post(f"/incidents/{incident}/words", data={"words": "More."})) == ["#kind"]
    client.post(f"/incidents/{incident}/words", data={"kind": "addition", "words": "It went on."})
    assert "It went on." in client.get(f"/incidents/{incident}").text


def test_particulars_are_put_right_with_a_reason(cast: Cast) -> None:
    incident = recorded(cast)
    head = cast.client("head")
    page = head.get(f"/incidents/{incident}/correct").text
    assert 'value="21:14"' in page
    right = {**WHAT, **WHO, "time": "8pm to 9pm", "intimate": "no", "platform": "Snapchat"}
    assert errors_in(head.post(f"/incidents/{incident}/correct", data=right)) == ["#reason"]
    assert (
        head.post(f"/incidents/{incident}/correct", data={**right, "reason": "Her mother says so."}).status_code == 302
    )
    shown = head.get(f"/incidents/{incident}").text
    assert "20:00 to 21:00" in shown
    assert "Her mother says so." in shown


def test_naming_oneself_as_the_alleged_ends_ones_own_sight(cast: Cast) -> None:
    incident = recorded(cast)
    head = cast.client("head")
    answer = head.post(f"/incidents/{incident}/people", data={"part": "alleged", "then": f"add:{cast.persons['head']}"})
    assert answer.location == "/"
    assert head.get(f"/incidents/{incident}").status_code == 404


def test_saying_whose_account_it_is_by_page(cast: Cast) -> None:
    incident = recorded(cast, Named(Part.ALLEGED, handle_platform="X", handle_name="bin_day_6"))
    head = cast.client("head")
    [address] = re.findall(r'href="(/incidents/[^"]+/accounts/[^"]+)"', head.get(f"/incidents/{incident}").text)
    assert str(cast.persons["mason"]) in head.post(address, data={"q": "tul"}).text
    refused = head.post(address, data={"then": f"add:{cast.persons['mason']}", "reason": ""})
    assert errors_in(refused) == ["#reason"]
    head.post(address, data={"then": f"add:{cast.persons['mason']}", "reason": "He said so."})
    shown = head.get(f"/incidents/{incident}").text
    assert "known from the account “bin_day_6”: He said so." in shown


def test_a_part_is_put_right_by_page(cast: Cast) -> None:
    incident = recorded(cast, Named(Part.ALLEGED, cast.persons["mason"]))
    head = cast.client("head")
    [address] = re.findall(r'href="(/incidents/[^"]+/people/[^"]+)"', head.get(f"/incidents/{incident}").text)
    assert head.get(address).status_code == 200
    head.post(address, data={"part": "witness", "reason": "He only saw it."})
    assert "Saw it or was there" in head.get(f"/incidents/{incident}").text
    assert head.get(address).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("dsl", 302), ("head", 302), ("teacher", 403), ("governor", 404)])
def test_only_safeguarders_let_files_in_again(cast: Cast, who: str, status: int) -> None:
    with cast.here():
        by = cast.viewer("teacher")
        given = Answers(
            words="A picture.", danger=Danger.NO, control=Control.UNKNOWN, method=Method.OTHER, intimate=Intimate.YES,
            happened=Happened(WhenKind.UNKNOWN), spoken_to="The DSL", device="The safe",
        )  # fmt: skip
        with writing():
            incident = actions.record_incident(actions.start_draft(by=by, at=now.now()), given, by=by, at=now.now()).id
    assert cast.client(who).post(f"/incidents/{incident}/pictures").status_code == status


@pytest.mark.parametrize("path", ["/record", "/my-records"])
def test_a_governor_records_nothing(cast: Cast, path: str) -> None:
    assert cast.client("governor").get(path).status_code == 403


def test_no_page_of_the_record_holds_a_name_in_its_title(cast: Cast) -> None:
    incident = recorded(cast, Named(Part.TARGET, cast.persons["isla"]), Named(Part.ALLEGED, handle_name="Isla Fenwick"))
    head = cast.client("head")
    addresses = {
        f"/incidents/{incident}",
        *re.findall(rf'href="(/incidents/{incident}/[^"]+)"', head.get(f"/incidents/{incident}").text),
    }
    for address in addresses:
        page = head.get(address)
        if page.status_code == 200:
            named = re.findall(r"<title>(.*?)</title>|<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
            assert "Isla" not in str(named)
