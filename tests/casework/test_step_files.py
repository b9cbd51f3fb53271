"""Files handed in with a step, by somebody who knows nothing else of the case."""

import pytest
from sqlalchemy import select

from incidents.casework import actions
from incidents.casework.models import Case
from incidents.clock import now
from incidents.database import writing
from incidents.evidence.actions import CLOSED
from incidents.evidence.models import Evidence
from incidents.extensions import db
from incidents.files import intake
from incidents.files.models import File
from incidents.matters.actions import put_in_conflict
from incidents.matters.models import Why
from incidents.notifications.models import Notice, NoticeKind
from incidents.recording.models import Incident, Pictures
from tests.casework.cases import a_case, finish_the_rest, nobody, reload, step
from tests.cast import Cast
from tests.evidence.exhibits import PNG, add_file, decoded_at_once, post_files
from tests.files.file_samples import drawing, picture

OTHER = picture("image/png", drawing(30, 30))


@pytest.fixture
def case(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Case:
    """With two pieces of evidence already; one step is the Year 3 teacher's, another the governor's."""
    monkeypatch.setattr(intake, "decode", decoded_at_once)
    with cast.here():
        case = a_case(cast)
        add_file(cast, case, data=PNG)
        add_file(cast, case, "dsl", data=OTHER)
        give(cast, case, "account_witnesses", "other_teacher")
        give(cast, case, "parents", "governor")
        return reload(case)


def give(cast: Cast, case: Case, key: str, who: str) -> None:
    with writing():
        actions.assign_step(step(case, key), cast.accounts[who], by=cast.viewer("head"), at=now())


def page_of(cast: Cast, case: Case, key: str = "account_witnesses") -> str:
    with cast.here():
        return f"/cases/{case.id}/steps/{step(case, key).id}"


def with_step(cast: Cast) -> list[tuple[int, str]]:
    """The evidence that came with a step: its number in the case, its file's name."""
    with cast.here():
        rows = db.session.execute(
            select(Evidence.number, File.name)
            .join(File, File.id == Evidence.file_id)
            .where(Evidence.step_id.is_not(None))
        )
        return [row._tuple() for row in rows]


def test_the_way_from_the_step_to_the_picker_leads_through_the_question(cast, case):
    client, page = cast.client("other_teacher"), page_of(cast, case)
    assert f'href="{page}/files"' in client.get(page).text
    assert '<input type="file"' not in client.get(f"{page}/files").text
    assert '<input type="file"' in client.post(f"{page}/files", data={"intimate": "no"}).text


def test_what_was_added_stands_on_the_step_s_page_and_goes_in_with_the_note(cast, case):
    client, page = cast.client("other_teacher"), page_of(cast, case)
    answer = post_files(client, f"{page}/files?answer=no", (picture("image/png", drawing(40, 20)), "account.png"))
    assert "Your files here: 1 stored" in answer.text
    shown = client.get(page).text
    assert "File 1" in shown
    assert "account.png" in shown
    assert client.post(page, data={"words": "Seen at break."}).status_code == 303
    assert with_step(cast) == [(3, "account.png")]
    assert "account.png" in client.get(page).text


@pytest.mark.parametrize("closed", [False, True])
def test_nothing_else_of_the_case_shows_not_its_numbers_and_not_the_same_file(cast, case, closed):
    """The same bytes lie in the case already: whoever adds them here learns nothing of that."""
    client, page = cast.client("other_teacher"), page_of(cast, case)
    answer = post_files(client, f"{page}/files?answer=no", (PNG, "mine.png"))
    assert "Your files here: 1 stored" in answer.text
    if closed:
        close_to_pictures(cast)
    for text in (answer.text, client.get(page).text, client.get("/my-steps").text):
        assert not [word for word in ("chat.png", "E1", "E2", "E3", case.reference, case.title) if word in text]
    with cast.here():
        mine = db.session.scalars(select(Evidence).where(Evidence.step_id.is_not(None))).one()
    for path in ("", f"/{mine.id}", f"/{mine.id}/pages/1", "/add"):
        assert client.get(f"/matters/{case.id}/evidence{path}").status_code == 403


def close_to_pictures(cast: Cast) -> None:
    with cast.here(), writing(audited=False):
        db.session.scalars(select(Incident)).one().pictures = Pictures.CLOSED


def test_the_holder_of_another_step_and_whoever_holds_it_next_see_nothing_of_it(cast, case):
    page = page_of(cast, case)
    post_files(cast.client("other_teacher"), f"{page}/files?answer=no", (PNG, "mine.png"))
    other = page_of(cast, case, "parents")
    assert "mine.png" not in cast.client("governor").get(other).text
    assert cast.client("governor").get(f"{page}/files").status_code == 404
    with cast.here():
        give(cast, case, "account_witnesses", "deputy_head")
    assert cast.client("other_teacher").get(page).status_code == 404
    assert "mine.png" not in cast.client("deputy_head").get(page).text


def test_whoever_works_on_the_case_finds_it_as_evidence_that_came_with_the_step(cast, case):
    post_files(cast.client("other_teacher"), f"{page_of(cast, case)}/files?answer=no", (PNG, "mine.png"))
    shown = cast.client("dsl").get(f"/cases/{case.id}").text
    assert "with “Written accounts from witnesses”" in shown
    step_page = cast.client("dsl").get(page_of(cast, case)).text
    assert "E3" in step_page
    assert "mine.png" in step_page


@pytest.mark.parametrize("who", ["teacher", "deputy_head", "head_of_year", "external", "vice_chair"])
@pytest.mark.parametrize("end", ["/files", "/files?answer=no", "/no-pictures"])
def test_hidden_and_unknown_are_the_same(cast, case, who, end):
    """For whoever has nothing to do with the case, or is in conflict with it, it is not there, and neither is its step."""
    with cast.here(), writing():
        incident = db.session.scalars(select(Incident)).one()
        for each in ("teacher", "head_of_year"):
            put_in_conflict(incident, cast.persons[each], Why.ALLEGED, "test", by=None, at=now())
    client, page = cast.client(who), page_of(cast, case)
    client.get("/")
    unknown = page.replace(str(case.id), str(nobody()))
    for method in ("GET", "POST"):
        one, other = (client.open(path + end, method=method) for path in (page, unknown))
        assert (one.status_code, one.data) == (other.status_code, other.data)
        assert one.status_code in (404, 405)


def test_no_file_is_let_in_without_the_answer_no(cast, case):
    client, page = cast.client("other_teacher"), page_of(cast, case)
    for answer in ("", "?answer=", "?answer=No", "?answer=yes", "?answer=not_sure"):
        assert post_files(client, f"{page}/files{answer}", (PNG, "one.png")).status_code == 422
    assert with_step(cast) == []


@pytest.mark.parametrize("answer", ["yes", "not_sure"])
def test_yes_or_not_sure_takes_no_picture_alerts_and_closes_the_case_to_pictures(cast, case, answer):
    client, page = cast.client("other_teacher"), page_of(cast, case)
    reply = client.post(f"{page}/files", data={"intimate": answer}, follow_redirects=True)
    assert "Report Remove" in reply.text
    assert '<input type="file"' not in reply.text
    with cast.here():
        assert db.session.scalars(select(Incident)).one().pictures == Pictures.CLOSED
        told = set(db.session.scalars(select(Notice.account_id).where(Notice.kind == NoticeKind.DANGER)))
    assert cast.accounts["dsl"] in told
    refused = post_files(client, f"{page}/files?answer=no", (PNG, "one.png"))
    assert refused.status_code == 409
    assert with_step(cast) == []


def test_why_no_picture_is_taken_is_told_only_to_those_who_see_the_files(cast, case):
    close_to_pictures(cast)
    page = page_of(cast, case)
    theirs = cast.client("other_teacher").get(f"{page}/files")
    assert (theirs.status_code, actions.NO_FILES in theirs.text, "intimate" in theirs.text) == (409, True, False)
    assert CLOSED in cast.client("dsl").get(f"{page}/files").text
    assert "No file can be added here now." in cast.client("other_teacher").get(page).text


def test_a_step_that_is_over_takes_no_file(cast, case):
    with cast.here():
        finish_the_rest(cast, case)
    answer = post_files(cast.client("other_teacher"), f"{page_of(cast, case)}/files?answer=no", (PNG, "one.png"))
    assert answer.status_code == 409


def test_a_step_taken_away_while_the_file_was_on_its_way_takes_it_no_more(cast, case, monkeypatch):
    page, client = page_of(cast, case), cast.client("other_teacher")

    def slow(file: object) -> object:
        with cast.here():
            give(cast, case, "account_witnesses", "deputy_head")
        return decoded_at_once(file)

    monkeypatch.setattr(intake, "decode", slow)
    assert post_files(client, f"{page}/files?answer=no", (PNG, "one.png")).status_code == 404
    assert with_step(cast) == []


def test_the_same_file_for_a_second_step_of_theirs_is_refused_in_words(cast, case):
    with cast.here():
        give(cast, case, "platform", "other_teacher")
    client = cast.client("other_teacher")
    post_files(client, f"{page_of(cast, case)}/files?answer=no", (PNG, "mine.png"))
    answer = post_files(client, f"{page_of(cast, case, 'platform')}/files?answer=no", (PNG, "mine.png"))
    assert "0 stored, 1 not kept" in answer.text
    assert "you added this file to the case before" in answer.text
