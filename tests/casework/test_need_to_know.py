"""What a class teacher must know of a case, and nothing else of it, until it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from incidents import mail
from incidents.accounts import membership
from incidents.accounts.models import Account
from incidents.casework import actions as casework
from incidents.database import writing
from incidents.errors import Refused
from incidents.extensions import db
from incidents.matters import actions as matters
from incidents.matters.models import Why
from incidents.matters.queries import given_to_know
from incidents.notifications.models import Notice
from incidents.recording.hours import Control
from tests.cast import Cast
from tests.triage.recorded import LESSON, record
from tests.worlds import PLAIN, decide

WORDS = "Keep the two at the back table apart at lunch."


@pytest.fixture
def case(cast: Cast):
    with cast.here():
        return decide(cast, record(cast, control=Control.ON_SITE, happened=LESSON), PLAIN, "head")


def let_know(cast: Cast, case, who: str = "other_teacher") -> None:
    with cast.here(), writing():
        by = cast.viewer("head")
        casework.let_know(case, [cast.accounts[who]], WORDS, by.at + timedelta(days=2), by=by, at=by.at)


def page(cast: Cast, who: str) -> str:
    return cast.client(who).get("/need-to-know").text


def test_a_teacher_reads_it_and_nothing_else_of_the_case(cast, case):
    let_know(cast, case)
    assert WORDS in page(cast, "other_teacher")
    assert case.reference not in page(cast, "other_teacher")
    assert cast.client("other_teacher").get(f"/cases/{case.id}").status_code == 404
    assert WORDS not in page(cast, "teacher")


def test_the_tab_stands_only_while_there_is_something(cast, case):
    assert 'href="/need-to-know"' not in cast.client("other_teacher").get("/my-records").text
    let_know(cast, case)
    assert 'href="/need-to-know"' in cast.client("other_teacher").get("/my-records").text


def test_it_ends_with_its_day(cast, case, clock):
    let_know(cast, case)
    clock.shift(timedelta(days=2, minutes=1))
    assert WORDS not in page(cast, "other_teacher")


def test_whoever_comes_into_conflict_reads_it_no_longer(cast, case):
    let_know(cast, case)
    with cast.here(), writing():
        matters.put_in_conflict(
            case, cast.persons["other_teacher"], Why.TARGET, "involvement", by=None, at=clock_now(cast)
        )
    assert WORDS not in page(cast, "other_teacher")


def clock_now(cast: Cast):
    return cast.viewer("head").at


def test_nobody_who_has_to_do_with_it_is_given_it(cast, case):
    with cast.here(), writing():
        matters.put_in_conflict(
            case, cast.persons["other_teacher"], Why.TARGET, "involvement", by=None, at=clock_now(cast)
        )
    with pytest.raises(Refused) as refused:
        let_know(cast, case)
    assert refused.value.field == "accounts"


def test_by_page_it_is_given_to_several_and_taken_back(cast, case):
    head, address = cast.client("head"), f"/cases/{case.id}/need-to-know"
    day = {"day": ["25", "11", "2026"], "words": WORDS}
    assert head.post(address, data=day).status_code == 422
    ticked = [str(cast.accounts[who]) for who in ("teacher", "other_teacher")]
    assert head.post(address, data={**day, "accounts": ticked}).status_code == 303
    assert WORDS in page(cast, "teacher")
    assert WORDS in head.get(f"/cases/{case.id}/chronology").text
    ends = [part.split('"')[0] for part in head.get(address).text.split('action="')[1:] if "/end" in part.split('"')[0]]
    for end in ends:
        assert head.post(end).status_code == 303
    assert WORDS not in page(cast, "teacher") + page(cast, "other_teacher")


def test_a_day_that_is_over_is_refused_beside_its_field(cast, case):
    data = {"day": ["1", "11", "2026"], "words": WORDS, "accounts": [str(cast.accounts["teacher"])]}
    answer = cast.client("head").post(f"/cases/{case.id}/need-to-know", data=data)
    assert answer.status_code == 422
    assert "The last day must lie ahead." in answer.text
    assert WORDS in answer.text


def went_to(cast: Cast, who: str) -> int:
    with cast.here():
        mail.deliver(clock_now(cast))
        sent = select(Notice).where(Notice.account_id == cast.accounts[who], Notice.sent_at.is_not(None))
        return len(db.session.scalars(sent).all())


def test_the_message_goes_to_whom_it_was_given(cast, case):
    let_know(cast, case)
    assert went_to(cast, "other_teacher") == 1


def test_and_not_to_whom_it_is_no_longer_for(cast, case):
    let_know(cast, case)
    with cast.here(), writing():
        matters.put_in_conflict(
            case, cast.persons["other_teacher"], Why.TARGET, "involvement", by=None, at=clock_now(cast)
        )
    assert went_to(cast, "other_teacher") == 0


def test_it_ends_for_whoever_leaves(cast, case):
    let_know(cast, case)
    with cast.here(), writing():
        account = db.session.get_one(Account, cast.accounts["other_teacher"])
        membership.disable(account, by=cast.viewer("administrator"), at=clock_now(cast))
    with cast.here():
        assert given_to_know(case, clock_now(cast)) == []
