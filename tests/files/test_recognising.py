"""A file is what its bytes say, never what its name says."""

import pytest

from incidents.files.recognising import HEAD, Kind, recognise, refusal
from tests.files.file_samples import HEADS, MAKES, ftyp, pdf, picture


@pytest.mark.parametrize("media_type", MAKES)
def test_each_kind_of_picture_is_known(media_type: str) -> None:
    assert recognise(picture(media_type)[:HEAD]) == media_type


def test_a_pdf_is_known() -> None:
    assert recognise(pdf()[:HEAD]) is Kind.PDF


def test_a_phone_photo_that_names_its_kind_second_is_known() -> None:
    assert recognise(ftyp(b"mif1", b"mif1", b"heic")) is Kind.HEIC


@pytest.mark.parametrize(("seems", "head"), HEADS.items(), ids=HEADS.keys())
def test_anything_else_is_refused_and_named(seems: str, head: bytes) -> None:
    assert recognise(head) is None
    assert refusal(head).startswith(f"Not kept: this is {seems}.")


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_a_refusal_says_that_the_rest_is_safe(head: bytes) -> None:
    assert refusal(head).endswith("Your other files are safe.")


def test_the_words_for_a_zip_file_are_those_of_the_design() -> None:
    words = "Not kept: this is a ZIP file. Open it and add the pictures inside it. Your other files are safe."
    assert refusal(HEADS["a ZIP file"]) == words
