"""The pages of policies, walked by those who write, approve and read them."""

import html
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from incidents import clock
from incidents.access import Role
from incidents.accounts import membership
from incidents.accounts.models import Account
from incidents.database import across_schools, writing
from incidents.errors import Refused
from incidents.extensions import db
from incidents.files import reconciling
from incidents.notifications.models import Notice, NoticeKind
from incidents.policies import documents, queries
from incidents.policies.actions import digest_of
from incidents.policies.models import PolicyDocument
from incidents.policies.reading import FOLDER
from incidents.reminders import make_reminders
from incidents.setting_up import load_pack
from tests.cast import Cast, link_person
from tests.databases import take_snapshot
from tests.evidence.exhibits import PNG, decoded_at_once

NEWTON = "newton_westpark"
DAY = timedelta(days=1)
TODAY = ["23", "11", "2026"]


def post(client, path: str, **data):
    return client.post(path, data=data)


def give(cast: Cast, who: str, role: Role) -> None:
    account = db.session.get_one(Account, cast.accounts[who])
    membership.propose_role(account, role, by=None, at=clock.now(), starts=clock.now())


def fields(page: str) -> dict[str, object]:
    """What a form on the page would send, but what is typed in it."""
    return {"seen": re.findall(r'name="seen"[^>]*value="([^"]*)"', page)[-1]}


def clause_form(page: str, **typed):
    """What the form of a clause on the page would send, with what is typed in it."""
    return {"wording": "Write so.", "force": "must", "audiences": "staff", "seriousness": "usual",
            "workflow": "staff_breach", **fields(page), **typed}  # fmt: skip


def edit(cast: Cast, policy: str, which: str, **typed):
    """Send the form of one clause, with what is typed."""
    office, path = cast.client("administrator"), f"{policy}/draft/clauses/{which}"
    return post(office, path, **clause_form(office.get(path).text, **{"code": which, **typed}))


def about(cast: Cast, policy: str, **typed):
    """Send the form of title, dates and words."""
    office = cast.client("administrator")
    whole = {"title": "Ours", "adopted_on": ["1", "11", "2016"], "in_force_from": ["1", "11", "2016"],
             "review_on": ["30", "11", "2017"], **fields(office.get(f"{policy}/draft/about").text), **typed}  # fmt: skip
    return post(office, f"{policy}/draft/about", **whole)


def draft(cast: Cast):
    """The draft that there is. Inside `here()`."""
    return queries.policies_with_drafts()[0][1]


def draft_of(cast: Cast, name: str = NEWTON) -> str:
    """The draft of a pack, loaded by the button; the address of its policy."""
    answer = post(cast.client("administrator"), f"/policies/packs/{name}")
    return answer.headers["Location"].removesuffix("/draft")


def approve(cast: Cast, who: str, policy: str):
    """Press the button that was there, or, where it is gone, send what it would have sent."""
    with cast.here():
        seen = digest_of(draft(cast))
    return post(cast.client(who), f"{policy}/draft/approve", seen=seen, read="y")


def adopted(cast: Cast, name: str = NEWTON) -> str:
    policy = draft_of(cast, name)
    approve(cast, "head", policy)
    approve(cast, "case_manager", policy)
    return policy


def test_a_pack_is_looked_at_loaded_approved_by_two_and_read_by_everybody(cast):
    office = cast.client("administrator")
    assert "pupils only" in office.get("/policies/packs").text
    policy = draft_of(cast)
    assert cast.client("teacher").get(policy).status_code == 404
    assert approve(cast, "head", policy).headers["Location"].endswith("/draft")
    assert "Joanna Pettifer" in cast.client("case_manager").get(f"{policy}/draft").text
    assert approve(cast, "case_manager", policy).headers["Location"].endswith("/versions/1")
    page = cast.client("teacher").get(policy).text
    assert "Until a new version is adopted it stays in force" in page
    assert "Approved here by Joanna Pettifer and Leonard Abara" in page
    assert "Review overdue" in cast.client("governor").get("/policies").text


def test_the_two_approvals_are_two_people_in_either_order_and_can_be_taken_back(cast):
    policy = draft_of(cast)
    approve(cast, "case_manager", policy)
    assert approve(cast, "case_manager", policy).status_code == 409
    assert "1<span" in cast.client("head").get("/policies").text
    post(cast.client("case_manager"), f"{policy}/draft/take-back")
    assert approve(cast, "head", policy).headers["Location"].endswith("/draft")
    assert approve(cast, "case_manager", policy).headers["Location"].endswith("/versions/1")


def test_whoever_holds_both_roles_approves_once(cast):
    with cast.here(), writing():
        give(cast, "governor", Role.CHAIR)
        give(cast, "governor", Role.HEADTEACHER)
    policy = draft_of(cast)
    approve(cast, "governor", policy)
    assert approve(cast, "governor", policy).status_code == 409


def test_nor_does_one_person_approve_twice_with_two_accounts(cast):
    with cast.here(), writing():
        give(cast, "governor", Role.CHAIR)
    link_person(cast, "governor", "head")
    policy = draft_of(cast)
    approve(cast, "head", policy)
    assert approve(cast, "governor", policy).status_code == 409
    assert approve(cast, "case_manager", policy).headers["Location"].endswith("/versions/1")


def test_an_edit_voids_the_approvals_and_an_approval_is_of_what_was_read(cast):
    policy = draft_of(cast)
    seen = fields(cast.client("head").get(f"{policy}/draft").text)["seen"]
    approve(cast, "case_manager", policy)
    edit(cast, policy, "S1", wording="Be kind.")
    assert "Approved by" not in cast.client("head").get(f"{policy}/draft").text
    assert post(cast.client("head"), f"{policy}/draft/approve", seen=seen, read="y").status_code == 409


def test_what_is_adopted_is_never_altered(cast):
    adopted(cast)
    with cast.here():
        version = queries.latest()[0]
        clause = queries.clauses_of([version.id])[0]
        for row, column in ((version, "title"), (clause, "wording")):
            with pytest.raises(DBAPIError), writing(audited=False):
                setattr(db.session.merge(row), column, "Something else")
                db.session.flush()


def test_the_next_version_stands_beside_the_old_one_word_by_word(cast):
    policy = adopted(cast)
    office = cast.client("administrator")
    post(office, f"{policy}/draft/new")
    about(cast, policy, adopted_on=TODAY, in_force_from=TODAY, review_on=["", "", ""])
    edit(cast, policy, "S1", wording="Write about staff and pupils with courtesy and respect.")
    page = office.get(f"{policy}/draft").text
    assert "<del><span" in page
    assert "[taken out: </span>staff, parents" in page
    assert "[put in: </span>staff" in page
    approve(cast, "head", policy)
    approve(cast, "case_manager", policy)
    with cast.here():
        policy_id = queries.latest()[0].policy_id
        today = clock.now().date()
        assert [queries.version_on(policy_id, day).number for day in (today - DAY, today)] == [1, 2]
        assert [each.number for each in queries.in_force(today - DAY, today)] == [1, 2]
    first = cast.client("teacher").get(f"{policy}/versions/1").text
    assert "No longer in force" in first
    assert "Write about staff, parents and pupils" in first


@pytest.mark.parametrize(("field", "typed", "says"), [
    ("code", "S2", "There is a clause S2 already"),
    ("code", "S 2/", "letters, numbers, points and brackets"),
    ("wording", "", "Type what the clause says"),
    ("force", "advice", "never breached"),
])  # fmt: skip
def test_a_clause_that_can_not_be_is_refused_and_what_was_typed_stays(cast, field, typed, says):
    policy = draft_of(cast)
    answer = edit(cast, policy, "S1", **{"keywords": "typed with care", field: typed})
    assert answer.status_code == 422
    assert says in html.unescape(answer.text)
    assert "typed with care" in answer.text
    with cast.here():
        assert "typed with care" not in str(draft(cast).content)


@pytest.mark.parametrize(("field", "typed", "says"), [
    ("in_force_from", ["1", "1", "2016"], "before it is adopted"),
    ("review_on", ["1", "1", "2016"], "must be after the day"),
    ("orderly", "Upset the school.", "all three tests, or none"),
])  # fmt: skip
def test_dates_and_tests_that_can_not_be_are_refused_by_their_field(cast, field, typed, says):
    policy = draft_of(cast)
    answer = about(cast, policy, **{field: typed, "intro": "Typed with care"})
    assert (answer.status_code, says in html.unescape(answer.text), "Typed with care" in answer.text) == (
        422,
        True,
        True,
    )


def test_a_version_that_overlaps_another_is_not_approved(cast):
    policy = adopted(cast)
    post(cast.client("administrator"), f"{policy}/draft/new")
    about(cast, policy, adopted_on=["1", "10", "2016"], in_force_from=["1", "10", "2016"], review_on=["", "", ""])
    page = html.unescape(cast.client("head").get(f"{policy}/draft").text)
    assert "this one must begin later" in page
    assert "Approve as" not in page
    assert approve(cast, "head", policy).status_code == 409


def test_two_who_edit_at_once_lose_nothing(cast):
    policy, office = draft_of(cast), cast.client("administrator")
    paths = [f"{policy}/draft/clauses/{code}" for code in ("S1", "S2")]
    first, second = (office.get(path).text for path in paths)
    post(office, paths[0], **clause_form(first, wording="First.", code="S1"))
    late = post(office, paths[1], **clause_form(second, wording="Second.", code="S2"))
    assert late.status_code == 422
    assert "Somebody else changed this draft" in late.text
    assert "Second." in late.text
    post(office, paths[1], **clause_form(late.text, wording="Second.", code="S2"))
    with cast.here():
        assert {"First.", "Second."} <= {each["wording"] for each in draft(cast).content["clauses"]}


def test_a_clause_is_added_moved_and_removed(cast):
    policy, office = draft_of(cast), cast.client("administrator")
    new = office.get(f"{policy}/draft/clauses/new").text
    post(office, f"{policy}/draft/clauses/new", **clause_form(new, wording="Tell the office.", code="N1"))
    for path, data in (("N1/move", {"way": "up"}), ("C1/remove", {})):
        page = fields(office.get(f"{policy}/draft/clauses/S1").text)
        assert post(office, f"{policy}/draft/clauses/{path}", seen=page["seen"], **data).status_code == 302
    with cast.here():
        codes = [each["code"] for each in draft(cast).content["clauses"]]
    assert codes[-2:] == ["S8", "N1"]


def test_a_policy_begun_by_hand_and_thrown_away_leaves_nothing(cast):
    office = cast.client("administrator")
    begun = post(office, "/policies/new", kind="complaints", title="Complaints", adopted_on=["1", "9", "2026"],
                 in_force_from=["1", "9", "2026"], review_on=["", "", ""])  # fmt: skip
    policy = begun.headers["Location"].removesuffix("/draft")
    assert "There is no clause in it yet" in cast.client("head").get(f"{policy}/draft").text
    assert post(office, f"{policy}/draft/throw-away").status_code == 302
    assert office.get(policy).status_code == 404
    with cast.here():
        assert queries.policies_with_drafts() == []


def test_a_pack_of_a_kind_that_the_school_has_becomes_its_next_version_from_a_day_to_come(cast):
    policy = adopted(cast)
    assert post(cast.client("administrator"), "/policies/packs/st_lukes").headers["Location"] == f"{policy}/draft"
    assert post(cast.client("administrator"), "/policies/packs/st_lukes").status_code == 409
    assert "No" not in [
        seat.status_code for seat in (approve(cast, "head", policy), approve(cast, "case_manager", policy))
    ]
    with cast.here():
        version = queries.latest()[0]
        assert (version.number, version.in_force_from, version.adopted_before) == (2, date(2027, 1, 1), "")


@pytest.mark.parametrize(("field", "typed", "says"), [
    ("wary_1", "", "which answer should make somebody stop"),
    ("think_1", "", "what there is to think about"),
    ("clauses_1", "Z9", "no clause Z9"),
])  # fmt: skip
def test_half_a_question_is_refused_and_a_whole_one_is_asked(cast, field, typed, says):
    policy, office = draft_of(cast), cast.client("administrator")
    path = f"{policy}/draft/questions"
    whole = {"ask_1": "Is it kind?", "wary_1": "no", "think_1": "Then leave it.", "clauses_1": "s1, S2"}
    wrong = post(office, path, **fields(office.get(path).text), **(whole | {field: typed}))
    assert (wrong.status_code, says in html.unescape(wrong.text), "Is it kind?" in wrong.text) == (422, True, True)
    assert post(office, path, **fields(office.get(path).text), **whole).status_code == 302
    with cast.here():
        asked = draft(cast).content["before_posting"]["questions"]
        assert asked == [{"ask": "Is it kind?", "wary": "no", "think": "Then leave it.", "clauses": ["S1", "S2"]}]


# --- the document


def test_the_schools_own_document_goes_with_a_version_and_comes_back_byte_for_byte(cast, monkeypatch):
    monkeypatch.setattr(documents, "decode", decoded_at_once)
    policy, office = draft_of(cast), cast.client("administrator")
    seen = fields(office.get(f"{policy}/draft/document").text)["seen"]
    given = {"seen": seen, "document": (io.BytesIO(PNG), "Our policy.png")}
    assert office.post(f"{policy}/draft/document", data=given).status_code == 302
    assert cast.client("teacher").get(f"{policy}/draft/document/download").status_code == 403
    approve(cast, "head", policy)
    approve(cast, "case_manager", policy)
    got = cast.client("governor").get(f"{policy}/versions/1/document")
    assert got.data == PNG
    assert got.headers["Content-Disposition"].startswith("attachment; filename=policy-")
    assert "sandbox" in got.headers["Content-Security-Policy"]
    with cast.app.app_context(), across_schools():
        found = reconciling.check(clock.now() + 2 * DAY)
        blob = db.session.scalars(select(PolicyDocument.blob)).one()
    assert (found.checked, found.broken, blob in found.nobodys) == (1, [], False)


def test_a_document_that_is_none_is_refused_by_its_field(cast):
    policy, office = draft_of(cast), cast.client("administrator")
    given = {"seen": "1", "document": (io.BytesIO(b"MZ" + b"\0" * 400), "policy.exe")}
    answer = office.post(f"{policy}/draft/document", data=given)
    assert answer.status_code == 422
    assert 'id="document-error"' in answer.text


# --- before posting


def test_the_check_before_posting_answers_and_leaves_the_database_as_it_was(cast):
    adopted(cast, "rattlesden")
    teacher = cast.client("teacher")
    with cast.app.app_context(), across_schools():
        before = take_snapshot()
    assert "employer" in teacher.get("/policies/before-you-post").text
    answer = post(teacher, "/policies/before-you-post", q1="yes", q2="yes", q3="no", q4="yes").text
    fine = post(teacher, "/policies/before-you-post", q1="yes", q2="yes", q3="no", q4="no").text
    with cast.app.app_context(), across_schools():
        assert take_snapshot() == before
    assert "Stop and think" in answer
    assert "the headteacher decides what the school makes known" in answer
    assert all(f"#clause-{code}" in answer for code in ("K1", "K2", "K3"))
    assert "Nothing speaks against it here" in fine


def test_the_check_says_so_where_no_policy_asks_and_shows_what_binds(cast):
    adopted(cast)
    page = cast.client("teacher").get("/policies/before-you-post").text
    assert "ask no questions" in page
    assert "Be in touch with any pupil" in page


# --- reminders and the command


@pytest.mark.parametrize(("days", "told"), [(91, 0), (90, 2), (31, 2), (30, 4), (1, 4), (0, 6), (-30, 6)])
def test_head_and_chair_are_told_of_a_review_at_90_30_and_0_days(cast, days, told):
    policy = draft_of(cast)
    about(cast, policy, review_on=["30", "6", "2027"])
    approve(cast, "head", policy)
    approve(cast, "case_manager", policy)
    review = datetime(2027, 6, 30, 9, tzinfo=UTC)
    with cast.here():
        for before in [each for each in (91, 90, 31, 30, 1, 0, -30) if each >= days]:
            with writing(audited=False):
                make_reminders(review - before * DAY)
        rows = db.session.scalars(select(Notice).where(Notice.kind == NoticeKind.REVIEW_DUE)).all()
        assert len(rows) == told
        assert {row.account_id for row in rows} <= {cast.accounts["head"], cast.accounts["case_manager"]}


def test_a_pack_is_in_force_at_once_by_the_command_and_nobody_is_said_to_have_approved_it(cast):
    with cast.app.app_context():
        load_pack("rattlesden", None, date(2025, 9, 1), clock.now())
        with pytest.raises(Refused):
            load_pack("st_lukes", None, None, clock.now())
    page = cast.client("teacher").get("/policies").text
    assert "1 September 2025" in page
    with cast.here():
        version = queries.latest()[0]
        assert (version.head_by, version.chair_by) == (None, None)
        assert "bears no date" in version.adopted_before


def test_a_file_with_an_unknown_key_changes_nothing_and_names_the_line(cast, tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text((FOLDER / "st_lukes.toml").read_text().replace('code = "A1"', 'code = "A1"\ncolour = "red"'))
    run = cast.app.test_cli_runner().invoke(args=["load-pack", str(file)])
    assert run.exit_code == 1
    assert "colour is not a key that is known here (line " in run.output
    with cast.here():
        assert queries.all_versions() == []
