"""What a page asks of the database does not grow with what stands on it."""

from datetime import timedelta

import pytest

from incidents.casework import actions
from incidents.casework.models import Case
from incidents.clock import now
from incidents.database import writing
from incidents.extensions import db
from incidents.files import intake
from incidents.recording.models import Incident
from incidents.recording.words import Part
from tests.casework.cases import a_case, an_incident, step
from tests.cast import Cast
from tests.evidence.exhibits import add_file, decoded_at_once
from tests.files.file_samples import drawing, picture
from tests.recording.typed import begun, finished
from tests.recording.typed import picture as typed_picture
from tests.statements import asked, statements
from tests.triage.recorded import record

OWNERS = ("dsl", "deputy_dsl", "head_of_year")


def more_cases(cast: Cast, count: int) -> None:
    """Cases of different owners, each with a step of the teacher's and one of the head's that has waited too long."""
    with cast.here():
        for number in range(count):
            case = a_case(cast, owner=OWNERS[number % len(OWNERS)], incident=an_incident(cast))
            with writing():
                actions.assign_step(step(case, "parents"), cast.accounts["head"], by=cast.viewer("head"), at=now())


@pytest.mark.parametrize(
    ("who", "path"), [("head", "/cases"), ("head", "/today"), ("dsl", "/today"), ("teacher", "/my-steps")]
)
def test_a_list_asks_the_same_of_nine_cases_as_of_three(cast, clock, who, path):
    more_cases(cast, 3)
    clock.shift(timedelta(days=3))
    few = asked(cast, who, path)
    more_cases(cast, 6)
    assert len(asked(cast, who, path)) == len(few)


def grown(cast: Cast, case: Case, pupils: tuple[str, ...]) -> None:
    """One more incident for each of these, with people, an account that nobody knows, a file, a note."""
    for number, pupil in enumerate(pupils):
        named = [(Part.TARGET, "isla"), (Part.ALLEGED, pupil), (Part.WITNESS, "other_teacher")]
        incident = record(cast, named, handles=[(Part.AUTHOR, f"{pupil}{number}")])
        add_file(cast, incident, data=picture("image/png", drawing(20 + number, len(pupil))))
        with writing():
            held = db.session.get_one(Case, (case.school_id, case.id))
            actions.link(
                held, db.session.get_one(Incident, (case.school_id, incident.id)), by=cast.viewer("head"), at=now()
            )
            actions.add_note(held, f"Seen: {pupil}.", by=cast.viewer("dsl"), at=now())


@pytest.mark.parametrize("page", ["", "/chronology", "/tell", "/finding", "/evidence", "/incidents/take-out"])
def test_a_case_asks_the_same_whatever_is_in_it(cast, monkeypatch, page):
    monkeypatch.setattr(intake, "decode", decoded_at_once)
    with cast.here():
        case = a_case(cast, incident=record(cast))
        grown(cast, case, ("mason",))
    path = f"/matters/{case.id}/evidence" if page == "/evidence" else f"/cases/{case.id}{page}"
    few = asked(cast, "head", path)
    with cast.here():
        grown(cast, case, ("zara", "jay", "mason"))
    assert len(asked(cast, "head", path)) == len(few)


def test_choosing_an_incident_for_a_case_asks_the_same_of_five_as_of_one(cast):
    with cast.here():
        case = a_case(cast, incident=record(cast))
        record(cast)
        page = f"/cases/{case.id}/incidents/add"
    few = asked(cast, "head", page)
    with cast.here():
        for _ in range(4):
            record(cast)
    assert len(asked(cast, "head", page)) == len(few)


# A guard, not a goal: whoever adds a statement to one of these pages says so here.
AT_MOST = {
    "/cases": 11,
    "/today": 22,
    "/my-records": 16,
    "/cases/{case}": 24,
    "/incidents/{incident}": 23,
    "/incidents/{incident}/triage": 27,
    "/incidents/{incident}/rules": 17,
}


@pytest.mark.parametrize("page", AT_MOST)
def test_a_page_asks_no_more_than_is_known(cast, page):
    with cast.here():
        incident = record(cast)
        case = a_case(cast, incident=incident)
    who = "teacher" if page == "/my-records" else "head"
    sent = asked(cast, who, page.format(case=case.id, incident=incident.id))
    assert len([each for each in sent if "set_config" not in each]) <= AT_MOST[page], "\n".join(sent)


def test_sending_a_record_asks_no_more_than_is_known(cast):
    client = cast.client("teacher")
    drafts = [finished(client, cast, ("isla", "target"), ("mason", "alleged")) for _ in range(2)]
    client.post(f"{drafts[0]}/check")
    with statements(cast.app) as sent:
        assert client.post(f"{drafts[1]}/check").status_code == 302
    assert len([each for each in sent if "set_config" not in each]) <= 29, "\n".join(sent)


def test_a_file_sent_by_the_pages_script_asks_no_more_than_is_known(cast, monkeypatch):
    monkeypatch.setattr(intake, "decode", decoded_at_once)
    client = cast.client("teacher")
    draft = begun(client)
    client.post(f"{draft}/evidence", data={"intimate": "no", "then": "answer"})
    with statements(cast.app) as sent:
        form = {"then": "upload", "files": typed_picture()}
        assert client.post(f"{draft}/evidence", data=form, headers={"X-Part": "files"}).status_code == 200
    assert len([each for each in sent if "set_config" not in each]) <= 20, "\n".join(sent)
