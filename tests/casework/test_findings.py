"""A finding about each who is said to have done it: which counts for the case, what is missing, what the page takes."""

import itertools
import re

import pytest
from sqlalchemy import select

from incidents.casework import actions, history, queries, who
from incidents.casework.closing import ESTABLISHED
from incidents.casework.established import finding_of, findings_counted, findings_in
from incidents.casework.findings import FOREMOST, counting
from incidents.casework.models import Case
from incidents.casework.words import Finding, StepState
from incidents.casework.workflow import keys, load
from incidents.clock import now
from incidents.database import writing
from incidents.decisions.queries import all_current
from incidents.errors import NotPossibleNow
from incidents.recording import actions as recording
from incidents.recording.answers import Named
from incidents.recording.queries import shown_people
from incidents.recording.words import Part
from tests.casework.cases import a_case, finish_the_rest, reload, step
from tests.cast import Cast
from tests.triage.recorded import record

CHAT = [(Part.TARGET, "isla"), (Part.ALLEGED, "mason"), (Part.ALLEGED, "zara")]


# --- which counts


def test_every_finding_has_one_place_in_the_order():
    assert sorted(FOREMOST) == sorted(Finding)


@pytest.mark.parametrize(
    ("found", "counts"),
    [
        ((), None),
        (("not_upheld", "conflict", "confirmed_bullying"), "confirmed_bullying"),
        (("not_upheld", "hurtful_once"), "hurtful_once"),
        (("author_not_found", "not_clear"), "author_not_found"),
        (("unfounded", "malicious", "unsubstantiated"), "unsubstantiated"),
        (("upheld_in_part", "upheld"), "upheld"),
        (("rules_kept", "no_consent"), "no_consent"),
    ],
)
def test_of_several_findings_one_counts_in_whatever_order_they_came(found, counts):
    for order in itertools.permutations(map(Finding, found)):
        assert counting(order) == counts


@pytest.mark.parametrize("key", keys())
def test_what_is_established_counts_before_what_is_not(key):
    """In each kind of case: on what counts a consequence can rest if it can rest on any of them."""
    places = [finding in ESTABLISHED for finding in sorted(load(key).findings, key=FOREMOST.index)]
    assert places == sorted(places, reverse=True)


# --- about each


@pytest.fixture
def case(cast: Cast) -> Case:
    """Two pupils are said to have done it."""
    with cast.here():
        return a_case(cast, incident=record(cast, CHAT))


def find(cast: Cast, case: Case, answer: str, words: str, *about: str):
    with writing():
        whom = cast.persons[about[0]] if about else None
        return actions.find(reload(case), answer, words, by=cast.viewer("head"), at=now(), about=whom)


def test_the_step_is_done_when_everybody_has_a_finding(cast, case):
    with cast.here():
        find(cast, case, "confirmed_bullying", "Her messages.", "zara")
        assert step(case, "finding").state == StepState.TODO
        reasons = queries.closing_facts(case).without_finding
        assert reasons == ("Mason Tully",)
        find(cast, case, "not_upheld", "He was not in the chat.", "mason")
        assert step(case, "finding").state == StepState.DONE
        assert finding_of(case) == "confirmed_bullying"


def test_the_same_for_all_is_a_finding_about_each_and_one_entry_in_the_chronology(cast, case):
    with cast.here():
        find(cast, case, "hurtful_once", "Both wrote once.")
        assert set(findings_in(case)) == {cast.persons["mason"], cast.persons["zara"]}
        told = [entry.text for entry in history.chronology(case) if entry.strong == "Finding."]
        expected = "Mason Tully, Zara Hussain: It was hurtful, once, and not a pattern. Both wrote once."
        assert told == [expected]


def test_one_finding_is_superseded_and_the_other_stands(cast, case):
    with cast.here():
        find(cast, case, "hurtful_once", "Both wrote once.")
        find(cast, case, "not_upheld", "Another had his phone.", "mason")
        now_standing = {row.answer for row in all_current(case).values()}
        assert now_standing == {"hurtful_once", "not_upheld"}


def test_somebody_named_later_needs_a_finding_before_the_case_closes(cast, case):
    with cast.here():
        find(cast, case, "hurtful_once", "Both wrote once.")
        with writing():
            actions.settle_outcome(reload(case), "support_target", "A plan.", by=cast.viewer("head"), at=now())
        finish_the_rest(cast, case)
        with writing():
            incident = queries.incidents_of(case)[0]
            recording.involve(incident, Named(Part.ALLEGED, cast.persons["jay"]), by=cast.viewer("dsl"), at=now())
        with pytest.raises(NotPossibleNow, match="no finding yet about Jay Brook"), writing():
            actions.close(reload(case), "", by=cast.viewer("head"), at=now())
        find(cast, case, "not_clear", "It is his word against hers.", "jay")
        with writing():
            actions.close(reload(case), "", by=cast.viewer("head"), at=now())


def test_the_report_counts_each_case_once_by_the_finding_that_counts(cast, case):
    with cast.here():
        find(cast, case, "not_upheld", "He was away.", "mason")
        find(cast, case, "confirmed_bullying", "Her messages.", "zara")
        unknown = a_case(cast, incident=record(cast, CHAT[:1]))
        find(cast, unknown, "author_not_found", "Nobody said.")
        a_case(cast, incident=record(cast, CHAT))  # nothing is found there yet
        assert findings_counted(select(Case.id)) == {case.id: "confirmed_bullying", unknown.id: "author_not_found"}


def test_after_reopening_the_finding_about_one_is_changed(cast, case):
    with cast.here():
        find(cast, case, "hurtful_once", "Both wrote once.")
        with writing():
            actions.settle_outcome(reload(case), "support_target", "A plan.", by=cast.viewer("head"), at=now())
        finish_the_rest(cast, case)
        with writing():
            actions.close(reload(case), "", by=cast.viewer("head"), at=now())
        with writing():
            actions.reopen(reload(case), "It began again.", by=cast.viewer("head"), at=now())
        find(cast, case, "confirmed_bullying", "She went on for a week.", "zara")
        assert finding_of(case) == "confirmed_bullying"


def test_where_nobody_knows_who_did_it_one_finding_is_enough(cast):
    with cast.here():
        case = a_case(cast, incident=record(cast, CHAT[:1], handles=[(Part.AUTHOR, "ghost"), (Part.ALLEGED, "wisp")]))
        (only,) = who.subjects_of(case)
        assert (only.about, only.name) == (None, "“ghost”, “wisp”")
        find(cast, case, "author_not_found", "The platform did not answer.")
        assert queries.closing_facts(case).without_finding == ()


def test_an_account_that_proves_to_be_somebodys_needs_a_finding_about_them(cast):
    with cast.here():
        incident = record(cast, CHAT[:2], handles=[(Part.AUTHOR, "ghost")])
        case = a_case(cast, incident=incident)
        find(cast, case, "author_not_found", "The platform did not answer.")
        handle = next(each.handle for each in shown_people(incident.id) if each.handle)
        with writing():
            recording.identify_handle(
                incident, handle, cast.persons["zara"], "She said so.", by=cast.viewer("head"), at=now()
            )
        assert queries.closing_facts(reload(case)).without_finding == ("Zara Hussain",)


def test_a_finding_about_somebody_who_is_not_said_to_have_done_it_is_refused(cast, case):
    with cast.here(), pytest.raises(NotPossibleNow, match="said to have done it"):
        find(cast, case, "confirmed_bullying", "Her own words.", "isla")


def test_a_sanction_does_not_stand_when_nothing_is_established_about_anybody_any_more(cast, case):
    checks = ("decided_by", "place", "lawful", "reasonable", "proportionate", "the_pupil")
    with cast.here():
        find(cast, case, "confirmed_bullying", "Her messages.", "zara")
        find(cast, case, "not_upheld", "He was away.", "mason")
        with writing():
            actions.settle_outcome(reload(case), "sanction", "Two breaks.", by=cast.viewer("head"), at=now(),
                                   reasons=checks)  # fmt: skip
        with pytest.raises(NotPossibleNow, match="does not establish"):
            find(cast, case, "not_upheld", "It was not hers.", "zara")


# --- the page


def said(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def fields(cast: Cast, **about: tuple[str, str]) -> dict[str, str]:
    """What the rows of the page send."""
    sent = {}
    for name, (answer, words) in about.items():
        key = cast.persons[name].hex
        sent |= {f"finding_{key}": answer, f"words_{key}": words}
    return sent


def test_one_answer_does_for_all_and_each_can_have_their_own(cast, case):
    client, page = cast.client("head"), f"/cases/{case.id}/finding"
    assert "For both of them" in said(client.get(page))
    data = {"finding": "hurtful_once", "words": "The chat.", **fields(cast, mason=("not_upheld", "He was away."))}
    assert client.post(page, data=data).status_code == 303
    shown = said(client.get(f"/cases/{case.id}"))
    assert "Mason Tully: It did not happen as it was told." in shown
    assert "Zara Hussain: It was hurtful, once, and not a pattern." in shown


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose what is established about Mason Tully."),
        ({"finding": "hurtful_once"}, "Say from which evidence"),
        ({"words": "The chat."}, "Choose what is established about Zara Hussain."),
        ({"finding": "guilty", "words": "typed"}, "Choose what is established."),
    ],
)
def test_somebody_without_an_answer_holds_the_page_up(cast, case, data, words):
    answer = cast.client("head").post(f"/cases/{case.id}/finding", data=data)
    assert (answer.status_code, words in said(answer)) == (422, True)


def test_a_changed_answer_needs_words_of_its_own_and_what_is_left_alone_stays(cast, case):
    with cast.here():
        find(cast, case, "hurtful_once", "The chat.")
    client, page = cast.client("head"), f"/cases/{case.id}/finding"
    shown = client.get(page).text
    assert shown.count("The chat.") == 2
    same = fields(cast, zara=("hurtful_once", "The chat."), mason=("not_upheld", "The chat."))
    assert "Say why this takes the place" in said(client.post(page, data=same))
    changed = same | fields(cast, mason=("not_upheld", "He was away."))
    assert client.post(page, data=changed).status_code == 303
    with cast.here():
        rows = findings_in(case)
        assert rows[cast.persons["zara"]].supersedes_id is None
        assert rows[cast.persons["mason"]].supersedes_id is not None


def test_what_was_added_while_the_page_was_open_is_not_decided_unread(cast, case):
    client, page = cast.client("head"), f"/cases/{case.id}/finding"
    read = re.search(r'name="read"[^>]*value="([^"]+)"', client.get(page).text)[1]
    with cast.here(), writing():
        incident = queries.incidents_of(case)[0]
        recording.involve(incident, Named(Part.ALLEGED, cast.persons["jay"]), by=cast.viewer("dsl"), at=now())
    answer = client.post(page, data={"read": read, "finding": "hurtful_once", "words": "The chat."})
    assert (answer.status_code, "changed while you were reading" in said(answer)) == (409, True)


def test_a_person_said_to_have_done_it_twice_has_one_row(cast):
    with cast.here():
        incident = record(cast, [(Part.TARGET, "isla"), (Part.ALLEGED, "mason"), (Part.AUTHOR, "mason")])
        assert [each.name for each in who.subjects_of(a_case(cast, incident=incident))] == ["Mason Tully"]
