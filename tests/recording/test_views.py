"""The pages of recording: four short ones, then the record as each may see it."""

import re
import uuid
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from incidents import clock as now
from incidents.database import writing
from incidents.extensions import db
from incidents.matters.actions import tell
from incidents.people.models import Handle, Person
from incidents.recording import actions, queries
from incidents.recording.answers import Answers, Named
from incidents.recording.hours import Control, Happened, WhenKind
from incidents.recording.models import Incident
from incidents.recording.words import Danger, Intimate, Method, Part
from tests.cast import Cast
from tests.recording.typed import WHAT, WHO, errors_in, finished


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


def test_a_hidden_incident_is_no_place_to_go_on_from(cast: Cast, clock) -> None:
    """Else the list would differ for an address with the id of what is hidden."""
    hidden = recorded(cast, Named(Part.ALLEGED, cast.persons["head"]))
    clock.shift(timedelta(minutes=5))
    seen = recorded(cast, Named(Part.TARGET, cast.persons["isla"]))
    head = cast.client("head")
    assert str(seen) in head.get(f"/incidents?before={hidden}").text
    assert str(seen) not in head.get(f"/incidents?before={seen}").text


def test_the_page_after_sending_is_soon_gone_and_never_for_whom_it_is_about(cast: Cast, teacher, clock) -> None:
    draft = finished(teacher, cast, ("isla", "target"))
    assert "It is with:" in teacher.post(f"{draft}/check", follow_redirects=True).text
    with cast.here():
        [incident] = db.session.scalars(select(Incident))
        address = f"/incidents/{incident.id}"
    clock.shift(timedelta(hours=2))
    assert cast.client("teacher").get(f"{draft}/sent").location == address
    clock.shift(timedelta(hours=-2))
    with cast.here(), writing():
        named = Named(Part.ALLEGED, cast.persons["teacher"])
        actions.involve(incident, named, by=cast.viewer("head"), at=now.now())
    assert teacher.get(f"{draft}/sent").location == address
    assert "Group chat" not in teacher.get("/my-records").text


def test_a_person_whom_no_list_knows_is_found_by_no_id(cast: Cast) -> None:
    recorded(
        cast, Named(Part.ALLEGED, cast.persons["head"]), Named(Part.WITNESS, given_name="Zed", family_name="Quill")
    )
    incident = recorded(cast, Named(Part.ALLEGED, handle_platform="Snapchat", handle_name="x9"))
    with cast.here():
        typed = db.session.scalars(select(Person.id).where(Person.family_name == "Quill")).one()
        handle = db.session.scalars(select(Handle.id)).one()
    head, add = cast.client("head"), {"then": f"add:{typed}", "part": "witness", "reason": "said so"}
    for page in ("people", f"accounts/{handle}"):
        assert head.post(f"/incidents/{incident}/{page}", data=add).status_code == 422
    assert "Quill" not in head.get(f"/incidents/{incident}").text
