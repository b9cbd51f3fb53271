"""Forms, slips and copies as PDF: no failure of PDF/UA-1 in the checker, a page for each household, nothing lost."""

from datetime import date
from io import BytesIO

import page
import pytest
from pypdf import PdfReader

from incidents.declarations.paper import FormPage, Said, SlipPage, copy, forms, slips
from incidents.declarations.wording import Signatory, Subject
from incidents.declarations.words import Answer

SUBJECT = Subject(
    "Penwick Green School", "Social media <and> us", 2, date(2026, 9, 1), True,
    (Signatory("Headteacher", "Joanna Pettifer"), Signatory("Chair of governors", "")),
)  # fmt: skip
FORMS = forms(SUBJECT, [
    FormPage(("Ann & Lowe (6R)", "Ben Lowe (3T)"), "Year 6, 6R"), FormPage(("Zed <b> (6R)",), "Year 6, 6R", 3),
])  # fmt: skip
ADDRESS = "https://book.example/declaration/7K4M-TT9C-WXPH-2RQB"
SLIPS = slips(SUBJECT, [SlipPage("For the household of Ann Lowe (6R)", ADDRESS, "Friday")])
COPY = copy(SUBJECT, ["Ann", "Ben"], [Said("Di Lowe", Answer.SIGNED, "Monday"), Said("", Answer.DECLINED, "Tuesday")])
LONG = copy(SUBJECT, ["Ann"], [Said("Word " * 12, Answer.SIGNED, "Monday")] * 30)


def text_of(pdf: bytes, number: int = 0) -> str:
    return " ".join(PdfReader(BytesIO(pdf)).pages[number].extract_text().split())


@pytest.mark.parametrize("pdf", [FORMS, SLIPS, COPY, LONG], ids=["forms", "slips", "copy", "long"])
def test_the_checker_finds_no_failure(pdf: bytes):
    assert [f"{each.rule_id}: {each.message}" for each in page.validate_pdf_bytes(pdf, profile="ua1").failures] == []


def test_a_form_has_the_two_signatories_the_children_and_room_for_each_parent():
    first, second = text_of(FORMS), text_of(FORMS, 1)
    assert len(PdfReader(BytesIO(FORMS)).pages) == 2
    for words in ("Joanna Pettifer Headteacher", "Chair of governors", "Children: Ann & Lowe (6R), Ben Lowe (3T)"):
        assert words in first
    assert (first.count("Print name"), first.count("Date (day"), second.count("Print name")) == (2, 2, 3)
    assert "Ann" not in second


def test_to_sign_and_to_decline_stand_beside_each_other_with_the_same_weight():
    for words in ("take up the school’s invitation.", "do not take up the invitation.", "Either is an answer."):
        assert words in text_of(FORMS)


def test_a_slip_has_one_households_address_and_until_when_it_is_good():
    said = text_of(SLIPS)
    for words in ("https://book.example/declaration/", "7K4M-TT9C-WXPH-2RQB", "works until Friday", "Ann Lowe"):
        assert words in said


def test_a_copy_says_who_answered_what_and_when():
    said = text_of(COPY)
    assert "take up the school’s invitation. Di Lowe, Monday" in said
    assert "do not take up the invitation. One of you, Tuesday" in said
