"""The form that every page's form is made from, and its fields: forgiving to what people type."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NoReturn

import wtforms
from flask import Flask
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovPasswordInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from jinja2 import BaseLoader, ChoiceLoader, PackageLoader, PrefixLoader
from wtforms import Field
from wtforms.validators import InputRequired, StopValidation

from incidents.errors import Refused
from incidents.widgets import BOXES, PARTS, SELECT, ChoiceWidget, CountedTextWidget, DateWidget, Params, drawn_by

# How much may be typed. A line is a name or an address; a text is an account of what happened.
LONGEST_LINE = 200
LONGEST_TEXT = 10_000
# A year typed outside these is a slip of the finger, not a date that a school writes down.
FIRST_YEAR, LAST_YEAR = 1900, 2100

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_NAMES = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
               "November", "December")  # fmt: skip

Choice = tuple[str, str] | tuple[str, str, str]


def set_up_forms(app: Flask) -> None:
    """Let templates find those of the design system's libraries, under the libraries' own names."""
    libraries: dict[str, BaseLoader] = {
        name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")
    }
    app.jinja_loader = ChoiceLoader([*filter(None, [app.jinja_loader]), PrefixLoader(libraries)])


class Form(FlaskForm):  # type: ignore[misc]  # the libraries have no types
    """A form that comes back with what was typed, an error by each field, and a list of links to those errors."""

    def refuse(self, refused: Refused) -> None:
        """Say beside its field, or over the form, why what was given can't be taken."""
        named = self._fields.get(refused.field) if refused.field else None
        if named is None:
            self.form_errors.append(refused.message)
        else:
            named.errors = [*named.errors, refused.message]

    def forgive(self, *names: str) -> None:
        """Take back what is wrong with these fields: another button was pressed than the one that needs them."""
        for name in names:
            self._fields[name].errors = []

    def error_links(self) -> list[tuple[str, str]]:
        """(address on the page, what is wrong) for each thing to put right, in the order of the fields."""
        links = [("#main", message) for message in self.form_errors]
        for each in self:
            links += list(_links(each))
        return links


def _links(field: Field) -> Iterator[tuple[str, str]]:
    """The first error of a field, or of each field inside it, with the address of the control to go to."""
    if isinstance(field, wtforms.FormField | wtforms.FieldList):
        for inner in field:
            yield from _links(inner)
        return
    if field.errors:
        yield f"#{getattr(field, 'error_target', field.id)}", str(field.errors[0])


class Given(InputRequired):
    """An answer is needed; says so in the question's own words."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.field_flags = {}  # the browser's own “required” bubbles say less than our message

    def __call__(self, form: wtforms.form.BaseForm, field: Field) -> None:  # noqa: ARG002  # WTForms asks so
        if field.errors:
            raise StopValidation  # it was typed, but could not be read: that message stands
        given = field.data
        if given is None or given is False or (isinstance(given, str | list) and not given):
            raise StopValidation(str(self.message))


def readable(value: str) -> str:
    """What was typed, with the line ends of one kind; refuses what no keyboard types and no database keeps."""
    if any(ord(letter) < 32 and letter not in "\n\r\t" for letter in value):
        raise ValueError("This has a character in it that can’t be kept. Type it again, or paste it as plain text.")
    return value.replace("\r\n", "\n").replace("\r", "\n")


class _Typed(wtforms.StringField):
    """Text as someone typed it, up to a length."""

    def __init__(self, label: str, *, longest: int, needed: str = "", validators: Sequence[Any] = (),
                 hint: str = "", look: Params | None = None, **kwargs: Any) -> None:  # fmt: skip
        self.longest = longest
        self.look = look or {}
        checks = [Given(needed), *validators] if needed else [wtforms.validators.Optional(), *validators]
        super().__init__(label, validators=checks, description=hint, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what was typed even when it is refused, without what can't be shown."""
        typed = str(valuelist[0]) if valuelist else ""
        self.data = "".join(letter for letter in typed if ord(letter) >= 32 or letter in "\n\r\t").strip()
        if len(typed) > self.longest:
            over = len(typed) - self.longest
            raise ValueError(f"This is too long by {over:,}. Shorten it to {self.longest:,} letters or fewer.")
        self.data = readable(typed).strip()


class LineField(_Typed):
    """One line: a name, an address, a title. `needed` is the message when it is empty; without it, it may be."""

    widget = drawn_by(GovTextInput)

    def __init__(self, label: str, *, needed: str = "", width: int | None = 20, longest: int = LONGEST_LINE,
                 look: Params | None = None, **kwargs: Any) -> None:  # fmt: skip
        classes = f"govuk-input--width-{width}" if width else ""
        super().__init__(label, needed=needed, longest=longest, look={"classes": classes, **(look or {})}, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """A line has no line ends: what is pasted with them becomes one line."""
        super().process_formdata([" ".join(str(value).split("\n")).replace("\r", "") for value in valuelist[:1]])


class EmailField(LineField):
    """An e-mail address."""

    def __init__(self, label: str, *, needed: str = "", **kwargs: Any) -> None:
        wanted = "Type an e-mail address in full, like name@example.org."
        look = {"type": "email", "autocomplete": "username", "spellcheck": False}
        super().__init__(label, needed=needed, validators=[wtforms.validators.Email(wanted)], look=look, **kwargs)


class TextField(_Typed):
    """Several lines, in someone's own words. With `counted`, how much is left is said."""

    widget = drawn_by(GovTextArea)

    def __init__(self, label: str, *, needed: str = "", rows: int = 5, longest: int = LONGEST_TEXT,
                 counted: bool = False, **kwargs: Any) -> None:  # fmt: skip
        if counted:
            kwargs["widget"] = CountedTextWidget()
        super().__init__(label, needed=needed, longest=longest, look={"rows": str(rows)}, **kwargs)


class PasswordField(wtforms.PasswordField):
    """A password: taken exactly as typed, never shown again."""

    widget = drawn_by(GovPasswordInput)

    def __init__(self, label: str, *, needed: str = "", new: bool = False, hint: str = "", **kwargs: Any) -> None:
        self.look: Params = {"autocomplete": "new-password" if new else "current-password",
                             "classes": "govuk-input--width-20"}  # fmt: skip
        super().__init__(label, validators=[Given(needed)] if needed else [], description=hint, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Longer than any phrase is refused before it costs the time to hash it."""
        typed = str(valuelist[0]) if valuelist else ""
        if len(typed) > LONGEST_LINE or "\0" in typed:
            self.data = ""
            raise ValueError(f"A password may have {LONGEST_LINE} letters at most.")
        self.data = typed


class _OneOf(wtforms.SelectField):
    """One answer of those offered; nothing is chosen beforehand, and another answer is refused in words."""

    def __init__(self, label: str, choices: Sequence[Choice], *, needed: str, look: Params, **kwargs: Any) -> None:
        self.look = look
        self.unknown = needed or "Choose one of the answers."
        checks = [Given(needed)] if needed else [wtforms.validators.Optional()]
        super().__init__(label, validators=checks, validate_choice=False, **kwargs)
        self.offer(choices)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Set the answers, where they depend on the day or the school: (value, words) or (…, second words)."""
        self.offered = {choice[0]: choice[1] for choice in choices}
        self.second_words = {choice[0]: choice[2] for choice in choices if len(choice) == 3}
        self.choices = self.offered

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Only the first value counts, and an empty one is none."""
        self.data = str(valuelist[0]) if valuelist and valuelist[0] else None

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:  # noqa: ARG002  # WTForms asks so
        """An answer that was not offered is refused like one that was not given."""
        if self.data is not None and self.data not in self.offered:
            self.data = None
            raise StopValidation(self.unknown)


class ChoiceField(_OneOf):
    """One of a few answers, as boxes to press. `across`: how many stand side by side on a wide page, 1, 3 or 4."""

    widget = ChoiceWidget()

    def __init__(self, label: str, choices: Sequence[Choice] = (), *, needed: str = "", across: int = 3,
                 hint: str = "", **kwargs: Any) -> None:  # fmt: skip
        shape = {1: "ib-choice ib-choice--stack", 3: "ib-choice", 4: "ib-choice ib-choice--four"}[across]
        super().__init__(label, choices, needed=needed, look={"classes": shape}, description=hint, **kwargs)


class SelectField(_OneOf):
    """One of a long list."""

    widget = drawn_by(GovSelect, SELECT)

    def __init__(self, label: str, choices: Sequence[Choice] = (), *, needed: str = "", hint: str = "",
                 empty: str = "Choose", **kwargs: Any) -> None:  # fmt: skip
        self.empty = empty
        super().__init__(label, choices, needed=needed, look={}, description=hint, **kwargs)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Set the list, under an empty first line so that nothing is chosen beforehand."""
        super().offer(choices)
        self.choices = {"": self.empty, **self.offered}


class TicksField(wtforms.SelectMultipleField):
    """Any number of answers, as boxes to tick."""

    widget = drawn_by(GovCheckboxesInput, BOXES, boxes="checkboxes")

    def __init__(self, label: str, choices: Sequence[Choice] = (), *, needed: str = "", hint: str = "",
                 two: bool = False, keep_all: bool = False, **kwargs: Any) -> None:  # fmt: skip
        self.look: Params = {"classes": "govuk-checkboxes--small" + (" ib-two" if two else "")}
        self.keep_all = keep_all  # what was not offered is then the act's to refuse
        kwargs |= {"validators": [Given(needed)] if needed else [], "description": hint, "validate_choice": False}
        super().__init__(label, **kwargs)
        self.offer(choices)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Set the answers, where they depend on the day or the school."""
        self.choices = self.offered = {choice[0]: choice[1] for choice in choices}

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Each answer once, in the order of the list; what was not offered is left out."""
        ticked = dict.fromkeys(str(value) for value in valuelist)
        self.data = [value for value in (ticked if self.keep_all else self.offered) if value in ticked]


class TickField(wtforms.BooleanField):
    """One box to tick."""

    widget = drawn_by(GovCheckboxInput)

    def __init__(self, label: str, *, needed: str = "", hint: str = "", **kwargs: Any) -> None:
        super().__init__(label, validators=[Given(needed)] if needed else [], description=hint, **kwargs)


class DateField(Field):
    """A date typed as day, month and year; whatever was typed, the error's link goes to the part to put right."""

    widget = DateWidget()

    def __init__(self, label: str, *, needed: str = "", hint: str = "For example, 27 3 2026", **kwargs: Any) -> None:
        self.typed: list[str] = ["", "", ""]
        self.wrong_parts: tuple[str, ...] = PARTS
        super().__init__(label, validators=[Given(needed)] if needed else [], description=hint, **kwargs)

    @property
    def error_target(self) -> str:
        """The control that the error summary sends the reader to."""
        return f"{self.id}-{self.wrong_parts[0]}"

    def _value(self) -> str:
        return " ".join(self.typed)

    def process_data(self, value: date | None) -> None:
        """Show a date that is already known."""
        self.data = value
        self.typed = [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the three parts, each forgivingly; a ValueError here is the message by the field."""
        self.data: date | None = None
        self.typed = [re.sub(r"[\x00-\x1f]", "", str(value))[:20].strip() for value in [*valuelist, "", "", ""][:3]]
        if not any(self.typed):
            return
        missing = tuple(part for part, value in zip(PARTS, self.typed, strict=True) if not value)
        if missing:
            self._wrong(missing, f"The {' and the '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing.")
        day, month, year = self._numbers()
        try:
            self.data = date(year, month, day)
        except ValueError:
            self._wrong(("day",), f"There is no {day} {MONTH_NAMES[month - 1]} in {year}. Check the day.")

    def _numbers(self) -> tuple[int, int, int]:
        """The three parts as numbers; the first that is none is the one to put right."""
        day, month, year = (self._number(value) for value in self.typed)
        if month is None and self.typed[1][:3].lower() in MONTHS:
            month = MONTHS.index(self.typed[1][:3].lower()) + 1
        if day is None or not 1 <= day <= 31:
            self._wrong(("day",), "The day must be a number from 1 to 31.")
        if month is None or not 1 <= month <= 12:
            self._wrong(("month",), "The month must be a number from 1 to 12, or its name.")
        if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
            self._wrong(("year",), "The year must have four numbers, like 2026.")
        return day, month, year

    @staticmethod
    def _number(value: str) -> int | None:
        return int(value) if re.fullmatch(r"[0-9]{1,4}", value) else None

    def _wrong(self, parts: tuple[str, ...], message: str) -> NoReturn:
        self.wrong_parts = parts
        raise ValueError(message)
