"""A draft kept while somebody types, from one device or two."""

import random
import re
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from incidents.database import writing
from incidents.extensions import db
from incidents.notifications.models import Notice
from incidents.recording import keeping
from incidents.recording.models import Draft, Incident
from tests.cast import Cast
from tests.recording.typed import TOLD, WHAT, WHO, begun, finished


def keep(client: FlaskClient, address: str, **typed: object) -> dict[str, Any]:
    answer = client.post(address, data={**typed, "then": "keep"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def version_on(client: FlaskClient, address: str) -> int:
    [found] = re.findall(r'name="seen" value="(\d+)"', client.get(address).text)
    return int(found)


def test_the_first_words_begin_a_draft_that_another_device_finds(cast: Cast, teacher: FlaskClient):
    told = keep(teacher, "/record", words="A poll", draft=str(uuid.uuid4()), seen="0")
    assert told["kept"] == "08:10"
    phone = cast.client("teacher")
    assert "You have begun a record" in phone.get("/record").text
    assert "A poll" in phone.get(told["address"]).text


def test_keeping_the_same_again_changes_nothing(teacher: FlaskClient):
    draft = begun(teacher)
    first = keep(teacher, f"{draft}/what", **WHAT, seen=str(version_on(teacher, f"{draft}/what")))
    assert keep(teacher, f"{draft}/what", **WHAT, seen=str(first["version"]))["version"] == first["version"]


def test_two_devices_on_one_page_lose_no_text(cast: Cast, teacher: FlaskClient):
    draft = begun(teacher)
    seen = str(version_on(teacher, f"{draft}/what"))
    phone = cast.client("teacher")
    assert not keep(phone, f"{draft}/what", **{**WHAT, "words": "It was on the bus."}, seen=seen)["twice"]
    late = teacher.post(f"{draft}/what", data={**WHAT, "words": "It was in the park.", "seen": seen})
    assert late.location == f"{draft}/what"
    page = teacher.get(f"{draft}/what").text
    assert "It was on the bus." in page
    assert "It was in the park." in page
    assert "written on two devices" in teacher.post(f"{draft}/check").text
    [away] = re.findall(r'value="(put_away:[^"]+)"', page)
    teacher.post(f"{draft}/what", data={**WHAT, "words": "It was in the park.", "seen": "99", "then": away})
    assert "It was on the bus." not in teacher.get(f"{draft}/what").text


def test_another_page_changed_elsewhere_is_no_reason_to_stop(cast: Cast, teacher: FlaskClient):
    draft = begun(teacher)
    seen = str(version_on(teacher, f"{draft}/what"))
    keep(cast.client("teacher"), f"{draft}/told", **TOLD, seen=seen)
    assert teacher.post(f"{draft}/what", data={**WHAT, "seen": seen}).location == f"{draft}/who"


def test_people_added_on_two_devices_are_all_there(cast: Cast, teacher: FlaskClient):
    draft = begun(teacher)
    phone = cast.client("teacher")
    for client, person in ((teacher, "isla"), (phone, "mason"), (teacher, "isla")):
        client.post(f"{draft}/who", data={**WHO, "part": "witness", "then": f"add:{cast.persons[person]}", "seen": "1"})
    page = phone.get(f"{draft}/who").text
    assert (page.count("<strong>Isla Fenwick</strong>"), page.count("<strong>Mason Tully</strong>")) == (1, 1)


@pytest.mark.parametrize("page", ["what", "who", "told", "paper"])
def test_nothing_kept_while_typing_is_an_error_or_an_alert(cast: Cast, teacher: FlaskClient, page: str):
    draft = begun(teacher)
    with cast.here():
        before = db.session.scalar(select(func.count()).select_from(Notice))
    keep(teacher, f"{draft}/{page}", intimate="yes", method="nonsense", words="x", seen="1")
    with cast.here():
        assert db.session.scalar(select(func.count()).select_from(Notice)) == before


def test_what_comes_after_sending_is_told_so(cast: Cast, teacher: FlaskClient):
    draft = finished(teacher, cast)
    teacher.post(f"{draft}/check")
    assert teacher.post(f"{draft}/what", data={**WHAT, "then": "keep"}).location == f"{draft}/sent"


def test_others_of_the_form_are_offered_and_only_those_a_search_finds(cast: Cast, teacher: FlaskClient):
    draft = begun(teacher)
    assert "Others in" not in teacher.get(f"{draft}/who").text
    teacher.post(f"{draft}/who", data={**WHO, "part": "target", "then": f"add:{cast.persons['isla']}"})
    page = teacher.get(f"{draft}/who").text
    near = page.partition("Others in 6R")[2].partition("</details>")[0]
    assert sorted(re.findall(r"add:([0-9a-f-]{36})", near)) == sorted(
        str(cast.persons[who]) for who in ("mason", "zara", "jay")
    )


PAPER = {
    "paper_by": "Gwen Tarrant", "paper_on": ["20", "11", "2026"], "paper_at": "16:10", **WHAT, **WHO, "intimate": "no", **TOLD,
}  # fmt: skip


def test_a_paper_form_typed_in_is_sent_like_any_other(cast: Cast, teacher: FlaskClient):
    answer = teacher.post("/record/paper", data={**PAPER, "draft": str(uuid.uuid4()), "seen": "0"})
    assert answer.location.endswith("/check"), answer.text
    assert "by Gwen Tarrant, Friday 20 November 2026, 16:10" in teacher.get(answer.location).text
    teacher.post(answer.location)
    with cast.here():
        incident = db.session.scalars(select(Incident)).one().id
    assert "by Gwen Tarrant, Friday 20 November 2026, 16:10" in cast.client("head").get(f"/incidents/{incident}").text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"paper_by": ""}, "#paper_by"), ({"paper_on": ["", "", ""]}, "#paper_on-day"), ({"paper_at": "teatime"}, "#paper_at"),
        ({"paper_on": ["24", "11", "2026"]}, "#paper_on-day"), ({"words": ""}, "#words"), ({"method": ""}, "#method"),
        ({"intimate": ""}, "#intimate"), ({"intimate": "yes"}, "#device"), ({"told": ""}, "#told"),
        ({"search_what": "His phone"}, "#search_did"),
    ],
)  # fmt: skip
def test_the_long_page_has_the_rules_of_the_short_ones(teacher: FlaskClient, changes: dict[str, object], field: str):
    answer = teacher.post("/record/paper", data={**PAPER, **changes, "draft": str(uuid.uuid4()), "seen": "0"})
    assert answer.status_code == 422
    assert f'href="{field}"' in answer.text
    assert "A poll went round." in answer.text or "words" in changes


def test_the_paper_asks_the_same_questions_in_the_same_order(teacher: FlaskClient):
    paper = re.sub(r"\s+", " ", teacher.get("/record/paper-form").text)
    asked = ["Is anyone in danger right now?", "What happened?", "Which day did it happen?", "What time, if you know?",
             "Where were the people who did it?", "Where online?", "How was it done?", "From which account, group or page?",
             "Who is in it", "nude or sexual image", "Who took the pictures?", "searched or confiscated",
             "Whom have you spoken to?"]  # fmt: skip
    places = [paper.index(question, paper.index("ib-paper")) for question in asked]
    assert places == sorted(places)


def test_a_draft_counts_its_versions(cast: Cast, teacher: FlaskClient):
    draft = begun(teacher)
    keep(teacher, f"{draft}/told", **TOLD)
    with cast.here():
        assert db.session.scalars(select(Draft.version)).one() == 2


def test_a_thousand_edits_by_two_hands_lose_no_word(cast):
    """Two devices write by turns, each knowing now more and now less of the other; every word stands in the page or beside it."""
    chance, typed = random.Random(7), []
    with cast.here(), writing(audited=False):
        draft = keeping.start_draft(by=cast.viewer("teacher"), at=cast.viewer("teacher").at)
        hands = [{"seen": 0, "text": ""}, {"seen": 0, "text": ""}]
        for number in range(1000):
            hand = chance.choice(hands)
            if chance.random() < 0.2:  # opens the page anew: the text that stands now
                hand["text"] = " ".join((draft.answers.get("what") or {"words": []})["words"])
                hand["seen"] = draft.version
            hand["text"] = f"{hand['text']} word{number}".strip()
            typed.append(f"word{number}")
            keeping.keep_page(
                draft, "what", {"words": [hand["text"]]}, at=draft.kept_at, seen=hand["seen"], texts=["words"]
            )
            hand["seen"] = draft.version
        stands = " ".join(draft.answers["what"]["words"])
        beside = " ".join(" ".join(each["values"]) for each in draft.answers[keeping.BESIDE])
        assert set(typed) <= set(f"{stands} {beside}".split())
        assert beside, "the two never wrote past each other"


def alerted(cast: Cast) -> set[str]:
    with cast.here():
        told = set(db.session.scalars(select(Notice.account_id)))
    return {who for who, account in cast.accounts.items() if account in told}


@pytest.mark.parametrize(
    "named", [{"then": "add"}, {"then": "add_hand", "given_name": "Farida", "family_name": "Qureshi"}]
)
def test_of_an_intimate_image_nobody_is_alerted_whom_the_record_names(cast: Cast, teacher: FlaskClient, named) -> None:
    draft = begun(teacher)
    named = named | ({"then": f"add:{cast.persons['dsl']}"} if named["then"] == "add" else {})
    teacher.post(f"{draft}/who", data={**WHO, "part": "alleged", **named})
    teacher.post(f"{draft}/evidence", data={"intimate": "not_sure", "then": "answer"})
    assert alerted(cast) == {"deputy_dsl"}


def test_if_it_names_all_who_safeguard_the_next_is_alerted(cast: Cast, teacher: FlaskClient) -> None:
    draft = begun(teacher)
    for who in ("dsl", "deputy_dsl"):
        teacher.post(f"{draft}/who", data={**WHO, "part": "alleged", "then": f"add:{cast.persons[who]}"})
    teacher.post(f"{draft}/evidence", data={"intimate": "yes", "then": "answer"})
    assert alerted(cast) == {"head"}
