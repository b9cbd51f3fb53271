"""The forms of the list of people."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField

from incidents.forms import ChoiceField, DateField, Form, LineField, SelectField, TextField, TickField
from incidents.people.comparing import Comparison, What
from incidents.people.matching import fold
from incidents.people.models import Employed
from incidents.people.moving_up import Class, Going
from incidents.people.queries import Found

PUPIL, CONTACT, SOMEBODY_ELSE = "pupil", "contact", "somebody else"
WORK = (
    (Employed.EMPLOYEE.value, "Works here"),
    (Employed.AGENCY.value, "Works here through an agency"),
    (Employed.VOLUNTEER.value, "Volunteer"),
    (Employed.GOVERNOR.value, "Governor or trustee"),
)
UNGOVERNED = tuple(each for each in WORK if each[0] != Employed.GOVERNOR.value)  # where a school has no governors
_ONE_WORD = "For example: mother, step-father, grandmother, social worker."
_FROM = "For example, 1 9 2026"

Rule = tuple[bool, str, str]  # what is broken, by which field, in which words


class _AskingForm(Form):
    """A form whose answers ask for one another."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then what the answers need of the others."""
        super().validate(extra_validators)
        for broken, name, message in self.rules():
            if broken and not self._fields[name].errors:
                self._fields[name].errors = [message]
        return not self.errors

    def rules(self) -> Sequence[Rule]:
        """What must hold between the fields."""
        return ()


def offered(found: Iterable[Found]) -> list[tuple[str, str, str]]:
    """People as answers to choose from."""
    return [(str(each.person_id), each.name, ", ".join(filter(None, (each.as_was, each.form)))) for each in found]


def as_written(year_group: str, years: Collection[str]) -> str:
    """The year group as the school writes it already, so that "year 6" and "Year 6" are one."""
    return next((year for year in years if fold(year) == fold(year_group)), year_group)


class _DatedForm(_AskingForm):
    """Something that holds from a day on. The day is asked last."""

    starts: DateField

    @property
    def first_day(self) -> date:
        """The day, once the form holds it."""
        assert self.starts.data
        return self.starts.data


class EnrolForm(_DatedForm):
    """A pupil, from a day on."""

    year_group = LineField("Year group", longest=40, width=10)
    form_group = LineField("Form or class", longest=40, width=10, hint="You can leave it empty.")
    starts = DateField("From which day?", needed="Type the first day.", hint=_FROM)

    def rules(self) -> Sequence[Rule]:
        """A pupil has a year group."""
        return ((not self.year_group.data, "year_group", "Type the year group."),)


class EmployForm(_DatedForm):
    """Work for the school, from a day on."""

    kind = ChoiceField("What do they do here?", WORK, needed="Say what they do here.", across=1)
    job = LineField("Job", longest=80, hint="For example: Year 4 teacher, or site manager.",
                    needed="Type their job.")  # fmt: skip
    starts = DateField("From which day?", needed="Type the first day.", hint=_FROM)


class _NewForm(_AskingForm):
    """Who it is. Stands before the rest, so that errors come in the page's order."""

    given_name = LineField("First name", longest=80)
    family_name = LineField("Family name", longest=80)
    title = LineField("Title", longest=20, width=5, hint="For example: Mrs. You can leave it empty.")
    known = ChoiceField("There is somebody of this name already. Is it the same person?", across=1,
                        needed="Say whether it is the same person.")  # fmt: skip
    kind = SelectField("What are they to the school?", ((PUPIL, "Pupil"), *WORK, (CONTACT, "Contact of a pupil")),
                       needed="Say what they are to the school.")  # fmt: skip
    date_of_birth = DateField("Date of birth", hint="You can leave it empty. For example, 27 3 2016")
    year_group = LineField("Year group", longest=40, width=10)
    form_group = LineField("Form or class", longest=40, width=10, hint="You can leave it empty.")
    job = LineField("Job", longest=80, hint="For example: Year 4 teacher, or site manager.")


class _KinForm(_DatedForm):
    """What somebody is to another, and what they may be told."""

    q = LineField("Find by name", hint="Type two letters or more, then press Find.", longest=80)
    other = ChoiceField("Who is it?", across=1)
    relation = LineField("What are they to them?", longest=60, hint=_ONE_WORD)
    parental_responsibility = TickField("They have parental responsibility")
    do_not_tell = TickField("Do not tell them about incidents")
    note = TextField("Note", rows=3, longest=500,
                     hint="What staff must know before they get in touch. For example, that there is a court order.")  # fmt: skip

    @property
    def other_id(self) -> uuid.UUID:
        """Whoever was chosen."""
        return uuid.UUID(self.other.data)

    def kin_rules(self) -> Sequence[Rule]:
        """Somebody must be chosen; before the search has found anybody, that is said by the search."""
        nobody = not self.other.data
        return (
            (nobody, "other" if self.other.offered else "q", "Find the person and choose them."),
            (not self.relation.data, "relation", "Say what they are to them."),
        )


class RelateForm(_KinForm):
    """Somebody close to a person on the list."""

    starts = DateField("From which day?", needed="Type the first day.", hint=_FROM)

    def rules(self) -> Sequence[Rule]:
        """The same as for a new contact."""
        return self.kin_rules()


class PersonForm(_NewForm, _KinForm):
    """A new person, with what they are to the school."""

    starts = DateField("From which day?", needed="Type the first day.", hint=_FROM)

    def prepare(self, same: Sequence[Found], today: date) -> None:
        """Ask whether it is the same person only where there is one of that name."""
        self.today, self.asked_about = today, [each.person_id for each in same]
        self.q.label.text, self.other.label.text = "Whose contact? Find the pupil by name", "Which pupil?"
        if same:
            self.known.offer([*((value, f"Yes: {name}", was) for value, name, was in offered(same)),
                              (SOMEBODY_ELSE, "No, somebody else")])  # fmt: skip
        else:
            del self.known

    def known_id(self) -> uuid.UUID | None:
        """Whom the new fact is about, if they are on the list already."""
        chosen = self.known.data if self.known else None
        return uuid.UUID(chosen) if chosen and chosen != SOMEBODY_ELSE else None

    def rules(self) -> Sequence[Rule]:
        """What each kind of person needs."""
        kind, born = self.kind.data, self.date_of_birth.data
        rules: list[Rule] = [
            (not (self.given_name.data or self.family_name.data), "given_name", "Type at least one name."),
            (born is not None and born > self.today, "date_of_birth", "That day has not come yet."),
            (kind == PUPIL and not self.year_group.data, "year_group", "Type the year group."),
            (kind in dict(WORK) and not self.job.data, "job", "Type their job."),
        ]
        return [*rules, *(self.kin_rules() if kind == CONTACT else ())]


class EndForm(Form):
    """The last day on which something held."""

    ends = DateField(
        "What was the last day?", needed="Type the last day.", hint="It still counts. For example, 20 7 2027"
    )

    @property
    def last_day(self) -> date:
        """The day, once the form holds it."""
        assert self.ends.data
        return self.ends.data


class ListForm(Form):
    """A file with a list of people."""

    file = FileField(
        "The file", description="A CSV file, up to 10 MB. Excel and the school’s records system can save one."
    )
    holds_from = DateField(
        "From which day is this list right?", needed="Type the day.",
        hint="Who joins is here from that day on. Who leaves was here until the day before. For example, 1 9 2026",
    )  # fmt: skip

    @property
    def day(self) -> date:
        """The day, once the form holds it."""
        assert self.holds_from.data
        return self.holds_from.data


class ApplyForm(Form):
    """The press that applies a list: `seen` is what the page showed."""

    seen = HiddenField()

    def choices(self) -> dict[int, uuid.UUID | None]:
        """What was said about each doubt, by its line."""
        said = {field.name: field.data for field in self if field.name.startswith(_DOUBT)}
        return {
            int(name.removeprefix(_DOUBT)): None if value == SOMEBODY_ELSE else uuid.UUID(value)
            for name, value in said.items()
            if value
        }


_DOUBT = "line-"


def apply_form(comparison: Comparison) -> ApplyForm:
    """The form with a question for each doubt, and one where very many leave."""
    asked: dict[str, Any] = {}
    for doubt in comparison.doubts:
        several = len(doubt.candidates) > 1
        answers = [
            (str(each.person_id), f"The same{f' as number {n}' if several else ''}", each.says)
            for n, each in enumerate(doubt.candidates, 1)
        ]
        asked[f"{_DOUBT}{doubt.line}"] = ChoiceField(
            f"Line {doubt.line:,}: {doubt.name}, {doubt.says}", [*answers, (SOMEBODY_ELSE, "Somebody else")],
            needed=f"Line {doubt.line:,}: say whether they are the same person.", across=1,
        )  # fmt: skip
    if comparison.sweeping:
        leaves = len(comparison.of(What.LEAVES))
        asked["whole"] = TickField(
            f"This is the whole list, and {leaves:,} people leave",
            needed="Very many would leave. Say that this is the whole list, or throw it away.",
        )
    made: ApplyForm = type("AskedForm", (ApplyForm,), asked)()
    return made


class SameForm(Form):
    """Another entry of the list is the same person."""

    q = LineField("Find the other entry by name", hint="Type two letters or more, then press Find.", longest=80)
    other = ChoiceField("Which entry is the same person?", across=1, needed="Find the other entry and choose it.")
    stays = ChoiceField(
        "Which of the two is right, where they differ?",
        (("this", "This one", "Its name and date of birth stay."), ("other", "The other one")),
        needed="Say which of the two stays.", across=1,
    )  # fmt: skip
    reason = LineField("How do you know?", longest=200, width=None, needed="Say how you know that it is one person.")


class TakeApartForm(Form):
    """They are two people after all."""

    reason = LineField("How do you know?", longest=200, width=None, needed="Say how you know that they are two.")


class MoveUpForm(_DatedForm):
    """The first day of the new school year."""

    starts = DateField("What is the first day of the new school year?", needed="Type the first day.", hint=_FROM)


class MovesForm(MoveUpForm):
    """Where each class goes. `seen` marks who was in them when the page was drawn."""

    seen = HiddenField()

    def going_to(self, number: int) -> tuple[LineField, LineField]:
        """The two answers about one class."""
        return self._fields[f"year-{number}"], self._fields[f"form-{number}"]

    def moves(self, going: Sequence[Going]) -> dict[Class, Class | None]:
        """Where each goes; None: they leave."""
        found: dict[Class, Class | None] = {}
        for number, each in enumerate(going):
            to_year, to_form = (field.data or "" for field in self.going_to(number))
            found[each.year_group, each.form] = (to_year, to_form) if to_year else None
        return found


def moves_form(going: Sequence[Going], seen: str, starts: date, *, fresh: bool) -> MovesForm:
    """Two answers for each class: as proposed, or (not `fresh`) as they were sent."""
    asked: dict[str, Any] = {}
    for number, each in enumerate(going):
        asked[f"year-{number}"] = LineField(f"{each.name}: new year group", longest=40, width=10, default=each.to_year)
        asked[f"form-{number}"] = LineField(
            f"{each.name}: new form or class", longest=40, width=10, default=each.to_form
        )
    kind = type("AskedForm", (MovesForm,), asked)
    made: MovesForm = kind(formdata=None, starts=starts, seen=seen) if fresh else kind()
    return made
