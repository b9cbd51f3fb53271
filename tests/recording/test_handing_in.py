"""Where pictures come from, and what was searched or confiscated: asked once, kept, put right beside what stood."""

import io
import re
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from incidents import clock
from incidents.audit.models import AuditEntry
from incidents.database import writing
from incidents.errors import NotPossibleNow
from incidents.evidence.models import Evidence
from incidents.extensions import db
from incidents.files.actions import say_origin
from incidents.files.models import File, Provenance
from incidents.files.origins import Origin
from incidents.recording import actions, queries
from incidents.recording.models import Incident, Search
from incidents.recording.searches import Authority, Did, Searched
from tests.cast import Cast
from tests.recording.typed import TOLD, WHO, begun, errors_in, picture

ORIGIN = {
    "taken_by": "other",
    "taken_by_name": "Isla’s mother",
    "taken_when": "Friday at nine",
    "shown_on": "her own phone",
}
SEARCH = {
    "search_did": "confiscated",
    "search_what": "His phone",
    "search_done_by": "Ms Tarrant",
    "search_authority": "head",
}


def with_a_picture(client: FlaskClient, **typed: object) -> str:
    draft = begun(client)
    client.post(f"{draft}/who", data=WHO)
    client.post(f"{draft}/evidence", data={"intimate": "no", "then": "answer"})
    client.post(f"{draft}/evidence", data={"then": "upload", "files": [picture()]})
    client.post(f"{draft}/evidence", data={**typed, "then": "continue"})
    client.post(f"{draft}/told", data=TOLD)
    return draft


def test_the_pages_script_is_answered_with_the_list_of_files_alone(teacher: FlaskClient) -> None:
    draft = begun(teacher)
    teacher.post(f"{draft}/evidence", data={"intimate": "no", "then": "answer"})
    files = [picture(), (io.BytesIO(b"PK\3\4 not a picture"), "chat.zip")]
    answer = teacher.post(f"{draft}/evidence", data={"then": "upload", "files": files}, headers={"X-Part": "files"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="files"')
    assert "1 stored, 1 not kept" in answer.text
    assert "<form" not in answer.text


def sent(cast: Cast, client: FlaskClient, **typed: object) -> uuid.UUID:
    client.post(f"{with_a_picture(client, **typed)}/check")
    with cast.here():
        return db.session.scalars(select(Incident)).one().id


def exhibit(cast: Cast, incident: uuid.UUID) -> str:
    with cast.here():
        evidence = db.session.scalars(select(Evidence)).one()
        return f"/matters/{incident}/evidence/{evidence.id}"


def test_asked_once_it_stands_with_each_file_and_in_its_custody(cast: Cast, teacher: FlaskClient) -> None:
    page = cast.client("head").get(exhibit(cast, sent(cast, teacher, **ORIGIN))).text
    assert "Isla’s mother" in page
    assert "her own phone" in page
    assert "Said where it comes from" in page


def test_one_file_may_come_from_elsewhere(cast: Cast, teacher: FlaskClient) -> None:
    draft = with_a_picture(teacher, **ORIGIN)
    [address] = re.findall(r'href="(/record/[^"]+/files/[^"]+)"', teacher.get(f"{draft}/evidence").text)
    assert "Isla’s mother" in teacher.get(address).text
    teacher.post(address, data={**ORIGIN, "taken_by": "sender", "taken_by_name": ""})
    teacher.post(f"{draft}/check")
    with cast.here():
        assert list(db.session.scalars(select(Provenance.taken_by))) == ["sender"]
    assert cast.client("head").get(f"{draft}/files/{uuid.uuid4()}").status_code == 404


def test_nothing_said_writes_nothing(cast: Cast, teacher: FlaskClient) -> None:
    sent(cast, teacher)
    with cast.here():
        assert not db.session.scalars(select(Provenance)).all()
        assert not db.session.scalars(select(Search)).all()


def test_a_later_saying_stands_beside_the_earlier_with_its_reason(cast: Cast, teacher: FlaskClient) -> None:
    address, head = exhibit(cast, sent(cast, teacher, **ORIGIN)), cast.client("head")
    right = {**ORIGIN, "taken_by_name": "Isla’s aunt", "seen": "1"}
    assert errors_in(head.post(f"{address}/origin", data=right)) == ["#reason"]
    assert head.post(f"{address}/origin", data={**right, "reason": "She said so."}).status_code == 302
    page = head.get(address).text
    assert "Isla’s aunt" in page
    assert "Isla’s mother" in page.partition("What was said before")[2]
    assert head.post(f"{address}/origin", data={**right, "taken_when": "x", "reason": "Late."}).status_code == 409
    assert teacher.get(f"{address}/origin").status_code == 403


def test_the_sender_is_whoever_added_the_file_also_when_another_says_so(cast: Cast, teacher: FlaskClient) -> None:
    address, head = exhibit(cast, sent(cast, teacher)), cast.client("head")
    page = head.get(f"{address}/origin").text
    assert "I did" not in page
    assert "checked" not in page
    head.post(f"{address}/origin", data={"taken_by": "sender", "seen": "0"})
    assert "<dt>Taken by</dt><dd>Priya Raman</dd>" in head.get(address).text


def test_the_second_of_two_who_say_it_at_once_is_told(cast: Cast, teacher: FlaskClient) -> None:
    sent(cast, teacher, **ORIGIN)
    with cast.here(), writing():
        file, by = db.session.scalars(select(File)).one(), cast.viewer("head")
        say_origin(file, Origin(shown_on="a tablet"), by=by, at=clock.now(), reason="Seen.", seen=1)
        with pytest.raises(NotPossibleNow):
            say_origin(file, Origin(shown_on="a phone"), by=by, at=clock.now(), reason="Seen.", seen=1)


def test_files_added_later_say_it_too(cast: Cast, teacher: FlaskClient) -> None:
    incident = sent(cast, teacher)
    head = cast.client("head")
    drawn, _ = picture((3, 4, 5))
    head.post(f"/matters/{incident}/evidence/add?answer=no", data={**ORIGIN, "files": [(drawn, "b.png")]})
    with cast.here():
        assert list(db.session.scalars(select(Provenance.taken_by_name))) == ["Isla’s mother"]
    assert "taken by Isla’s mother" in head.get(f"/matters/{incident}/evidence").text


@pytest.mark.parametrize("name", list(SEARCH))
def test_half_a_search_is_asked_for_and_what_was_typed_stays(cast: Cast, teacher: FlaskClient, name: str) -> None:
    draft = begun(teacher)
    teacher.post(f"{draft}/evidence", data={"intimate": "no", "then": "answer"})
    answer = teacher.post(f"{draft}/evidence", data={**SEARCH, name: "", "then": "continue"})
    assert answer.status_code == 422
    assert errors_in(answer) == [f"#{name}"]


def test_what_was_confiscated_is_a_record_of_its_own_and_put_right_beside(cast: Cast, teacher: FlaskClient) -> None:
    incident, head = sent(cast, teacher, **SEARCH), cast.client("head")
    page = head.get(f"/incidents/{incident}").text
    assert "His phone" in page
    [address] = re.findall(rf'href="(/incidents/{incident}/searches/[^"]+)"', page)
    right = {**SEARCH, "search_what": "Her phone"}
    assert errors_in(head.post(address, data=right)) == ["#reason"]
    assert head.post(address, data={**right, "reason": "A slip."}).status_code == 302
    page = head.get(f"/incidents/{incident}").text
    assert "His phone" in page.partition("Her phone")[2].partition("What stood before")[2]
    with cast.here():
        acts = select(AuditEntry).where(AuditEntry.kind == "search").order_by(AuditEntry.seq)
        written = [(row.verb, row.field) for row in db.session.scalars(acts)]
    assert written == [("wrote down", "search"), ("put right", "search")]
    assert head.post(address, data={**right, "reason": "Again."}).status_code == 409


def test_a_search_is_written_down_later_too(cast: Cast, teacher: FlaskClient) -> None:
    incident, head = sent(cast, teacher), cast.client("head")
    assert errors_in(head.post(f"/incidents/{incident}/searches", data={})) == ["#search_did"]
    assert head.post(f"/incidents/{incident}/searches", data=SEARCH).status_code == 302
    with cast.here():
        [(held, earlier)] = queries.searches(incident)
        assert (held.what, earlier) == ("His phone", [])
    assert teacher.get(f"/incidents/{incident}/searches").status_code == 403


def test_a_search_put_right_twice_at_once_has_one_successor(cast: Cast, teacher: FlaskClient) -> None:
    incident_id = sent(cast, teacher, **SEARCH)
    with cast.here(), writing():
        incident, by = db.session.get_one(Incident, (cast.school_id, incident_id)), cast.viewer("head")
        old = db.session.scalars(select(Search)).one()
        new = Searched(Did.SEARCHED, "A bag", "The head", Authority.AGREED)
        actions.say_searched(incident, new, by=by, at=clock.now(), instead_of=old, reason="Seen.")
        with pytest.raises(NotPossibleNow):
            actions.say_searched(incident, new, by=by, at=clock.now(), instead_of=old, reason="Seen.")
