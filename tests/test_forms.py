"""Forms come back with what was typed, an error by each field, and links that move the focus to it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from incidents import forms
from incidents.errors import Refused


class Example(forms.Form):
    danger = forms.ChoiceField("In danger?", [("yes", "Yes", "ring 999"), ("no", "No")], needed="Say if in danger.")
    title = forms.LineField("Title", needed="Give it a title.", longest=20)
    what = forms.TextField("What happened?", longest=40)
    on = forms.DateField("Which day?")
    how = forms.TicksField("How?", [("chat", "Group chat"), ("call", "Phone call")])
    where = forms.SelectField("Where?", [("whatsapp", "WhatsApp")])
    read = forms.TickField("I have read it")


@pytest.fixture(autouse=True)
def page() -> Iterator[None]:
    """A request with our templates and the libraries', and no session."""
    app = Flask(__name__, template_folder="../templates")
    app.config.update(SECRET_KEY="example", WTF_CSRF_ENABLED=False)
    forms.set_up_forms(app)
    with app.test_request_context():
        yield


def filled(**answers: Any) -> Example:
    given = {"danger": "no", "title": "A poll", **answers}
    form = Example(MultiDict(given))
    form.validate()
    return form


def test_what_was_typed_is_read() -> None:
    form = filled(what="  One.\r\nTwo.  ", on=["20", "11", "2026"], how=["call", "chat"], where="whatsapp", read="y")
    assert form.errors == {}
    assert (form.what.data, form.on.data, form.how.data) == ("One.\nTwo.", date(2026, 11, 20), ["chat", "call"])


@pytest.mark.parametrize(
    ("typed", "part", "message"),
    [
        (["31", "11", "2026"], "day", "There is no 31 November in 2026"),
        (["29", "2", "2026"], "day", "There is no 29 February in 2026"),
        (["0", "11", "2026"], "day", "The day must be"),
        (["x", "y", "z"], "day", "The day must be"),
        (["1", "13", "2026"], "month", "The month must be"),
        (["1", "", "2026"], "month", "The month is missing"),
        (["1", "", ""], "month", "The month and the year are missing"),
        (["1"], "month", "The month and the year are missing"),
        (["1", "1", "26"], "year", "The year must have four"),
        (["1", "1", "99999"], "year", "The year must have four"),
        (["1", "1", "٢٠٢٦"], "year", "The year must have four"),
        (["1\0", "1", "<b>"], "year", "The year must have four"),
    ],
)
def test_a_malformed_date_is_an_error_at_the_part_to_put_right(typed: list[str], part: str, message: str) -> None:
    form = filled(on=typed)
    [(address, text)] = form.error_links()
    assert address == f"#on-{part}"
    assert text.startswith(message)
    drawn = str(form.on())
    assert f'id="on-{part}"' in drawn
    assert f'value="{typed[0].strip(chr(0))}"' in drawn


@pytest.mark.parametrize("typed", [["1", "2", "3", "4", "5"], [], ["", "", ""]])
def test_more_or_fewer_parts_than_three_never_raise(typed: list[str]) -> None:
    assert filled(on=typed).on()


def test_the_name_of_a_month_will_do() -> None:
    assert filled(on=["3", "September", "2026"]).on.data == date(2026, 9, 3)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("danger", "", "Say if in danger."),
        ("danger", "perhaps", "Say if in danger."),
        ("title", "   ", "Give it a title."),
        ("title", "x" * 21, "This is too long by 1."),
        ("title", "a\0b", "This has a character in it"),
        ("what", "x" * 41, "This is too long by 1."),
        ("what", "a\x07b", "This has a character in it"),
        ("where", "elsewhere", "Choose one of the answers."),
    ],
)
def test_bad_input_is_one_error_with_a_link_to_its_field(field: str, value: str, message: str) -> None:
    [(address, text)] = filled(**{field: value}).error_links()
    assert address == f"#{field}"
    assert text.startswith(message)


def test_what_was_refused_is_still_in_the_box() -> None:
    drawn = str(filled(what="<i>" + "x" * 40).what())
    assert "&lt;i&gt;xxxx" in drawn
    assert "too long by 3" in drawn


def test_a_choice_shows_nothing_chosen_and_its_second_words_in_the_label() -> None:
    drawn = str(Example(MultiDict()).danger())
    assert "checked" not in drawn
    assert '<span class="ib-sub">ring 999</span></label>' in " ".join(drawn.split()).replace(
        "</span> </label>", "</span></label>"
    )
    assert 'id="danger"' in drawn


def test_answers_that_were_not_offered_are_left_out_of_ticks() -> None:
    assert filled(how=["chat", "carrier pigeon"]).how.data == ["chat"]


def test_a_refusal_stands_by_its_field_or_over_the_form() -> None:
    form = filled()
    form.refuse(Refused("That name is taken.", field="title"))
    form.refuse(Refused("The calendar is missing."))
    assert form.error_links() == [("#main", "The calendar is missing."), ("#title", "That name is taken.")]


def test_a_line_pasted_with_line_ends_becomes_one_line() -> None:
    assert filled(title="Y6 no\r\nteachers").title.data == "Y6 no teachers"
