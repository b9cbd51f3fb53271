"""The forms of casework."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

import wtforms
from wtforms import HiddenField

from incidents.casework.findings import Said, Subject
from incidents.casework.sanction import Exclusion, Telling
from incidents.casework.words import FINDING_LABELS, OUTCOME_LABELS, PUPIL_EXCLUSIONS, PUPIL_SANCTIONS, Outcome
from incidents.casework.workflow import Workflow
from incidents.forms import ChoiceField, DateField, Form, LineField, SelectField, TextField, TickField, TicksField
from incidents.matters.models import Capacity
from incidents.recording.words import INTIMATE_LABELS, INTIMATE_QUESTION
from incidents.schools.calendar import SchoolCalendar
from incidents.schools.pack import Check

LAST_MINUTE = time(23, 59)


def last_minute(field: DateField, dates: SchoolCalendar) -> datetime:
    """The end of the day that was typed, in the school's own time. The form has seen to it that there is one."""
    assert field.data is not None
    return dates.at(field.data, LAST_MINUTE)


def _offer_ticks(field: TicksField, answers: Sequence[tuple[str, str]]) -> None:
    """Set the boxes once the case is known; what was sent is read again, since it is kept only if it was offered."""
    field.offer(answers)
    if field.raw_data:
        field.process_formdata(field.raw_data)


class Saying(Form):
    """A form with words in it."""

    words: TextField

    @property
    def said(self) -> str:
        """What was written, or nothing."""
        return (self.words and self.words.data) or ""


class NoteForm(Saying):
    """Words for the chronology."""

    words = TextField(
        "Note", needed="Write the note first.", hint="It stays as you write it. The family may ask to read it."
    )


class DoStepForm(Saying):
    """A step is done, with what was done."""

    version = HiddenField()
    words = TextField("What was done", rows=4, hint="A line or two: who was there, what was said, what was sent.")

    @property
    def seen(self) -> int | None:
        """The version of the step that the page showed."""
        typed = str(self.version.data or "")
        return int(typed) if typed.isdecimal() and len(typed) < 9 else None


class ImageForm(Form):
    """Asked before any file picker; nothing is chosen beforehand (domain: intimate images)."""

    intimate = ChoiceField(
        INTIMATE_QUESTION,
        list(INTIMATE_LABELS.items()),
        needed="Answer this first. If you can’t tell, say “Not sure”.",
    )


class ReasonForm(DoStepForm):
    """An act that needs its reason."""

    words = TextField("Why", rows=4, needed="Give the reason in a sentence: it is kept on the record.")


class GiveStepForm(DoStepForm):
    """Who does a step, and what they need to know for it."""

    account = SelectField("Who does it", needed="Choose who does it.")
    words = TextField(
        "What they need to know",
        rows=4,
        hint="They see this step and what you write here, and nothing else of the case.",
    )


class NewDateForm(ReasonForm):
    """Another date for a step."""

    day = DateField("New date", needed="Give the new date.")

    def until(self, dates: SchoolCalendar) -> datetime:
        """The last minute of the day that was given."""
        return last_minute(self.day, dates)


UNANSWERED = "Choose what is established."


class FindingForm(Saying):
    """What is established: about one, or the same about everybody."""

    read = HiddenField()
    finding = ChoiceField("What is established?", across=1)
    words = TextField("From which evidence", rows=4)
    subjects: Sequence[Subject] = ()

    def answers(self) -> list[Said]:
        """The finding about each: their own where one is given, else the one for everybody."""
        return [Said(each.about, *self._given(each)) for each in self.subjects]

    def rows(self) -> list[tuple[Subject, wtforms.Field, wtforms.Field]]:
        """Everybody with a row of their own, and its two fields."""
        named = [(each, f"finding_{_key(each)}", f"words_{_key(each)}") for each in self.subjects]
        return [(each, self[finding], self[words]) for each, finding, words in named if finding in self]

    def _given(self, subject: Subject) -> tuple[str, str]:
        own = [(finding.data, words.data) for each, finding, words in self.rows() if each == subject]
        answer, words = own[0] if own else ("", "")
        return answer or (self.finding and self.finding.data) or "", words or self.said

    def validate(self, extra_validators: Any = None) -> bool:
        """Everybody needs an answer and its evidence; a changed answer needs words of its own."""
        right: bool = super().validate(extra_validators)
        fields = {row[0].about: row[1:] for row in self.rows()}
        for each in self.subjects:
            finding, words = fields.get(each.about, (self.finding, self.words))
            answer, said = self._given(each)
            if not answer:
                whom = f" about {each.name}" if finding is not self.finding else ""
                right = _wrong(finding, f"Choose what is established{whom}.")
            elif not said:
                right = _wrong(words, "Say from which evidence: it is kept with the finding.")
            elif each.finding and answer != each.finding and said == each.words:
                right = _wrong(words, "Say why this takes the place of the earlier finding.")
        return right


def _wrong(field: wtforms.Field, message: str) -> bool:
    if not field.errors:
        field.errors = [message]
    return False


def _key(subject: Subject) -> str:
    return subject.about.hex if subject.about else "unknown"


def finding_form(workflow: Workflow, subjects: Sequence[Subject], read: str) -> FindingForm:
    """A row for each where there are several; beside it, while nothing is found yet, one answer for all of them."""
    answers = [(finding.value, FINDING_LABELS[finding]) for finding in workflow.findings]
    one, begun = len(subjects) == 1, any(each.finding for each in subjects)
    fields: dict[str, Any] = {}
    for each in subjects if not one else ():
        fields[f"finding_{_key(each)}"] = SelectField(
            "What is established", answers, empty="Choose" if begun else "The same as for all", default=each.finding
        )
        fields[f"words_{_key(each)}"] = TextField("From which evidence", rows=2, default=each.words)
    if begun and not one:
        fields |= {"finding": None, "words": None}
    form: FindingForm = type("FindingForm", (FindingForm,), fields)(read=read)
    form.subjects = subjects
    if form.finding:
        form.finding.offer(answers)
        form.finding.unknown = UNANSWERED
    return form


class OutcomeForm(Saying):
    """What was done; with the check list before a sanction, and the path of a suspension or exclusion."""

    outcomes = TicksField("What was done?", needed="Tick what was done, even if it is no action.")
    words = TextField("In your own words", rows=4, needed="Say in a sentence what was decided and why.")
    checks = TicksField("Before a sanction in school, all of this must be so")
    permanent = TickField("It is permanent")
    days = LineField("For how many school days", width=3, hint="Half days count: 2.5")
    days_in_term = LineField("Days this term, with these", width=3)
    days_in_year = LineField("Days this school year, with these", width=3)
    done = TicksField(
        "What was done about it",
        [
            ("decided_by_head", "The headteacher, or whoever acts as headteacher, decided it"),
            ("notice_in_writing", "The notice was given in writing"),
            ("parents_told", "The parents who may be told were told"),
            ("local_authority_told", "The local authority was told"),
            ("parents_asked_governors", "The parents asked the governors to meet"),
            ("governors_meet", "The governors’ meeting is set up"),
        ],
    )
    social_worker = ChoiceField("Social worker")
    virtual_head = ChoiceField("Virtual school head, for a child in care")
    rules_followed = TextField("Which rules were followed", rows=3)

    TELLING = ((Telling.TOLD, "Told"), (Telling.HAS_NONE, "The pupil has none"), (Telling.NOT_YET, "Not yet"))

    def for_case(self, workflow: Workflow, checks: Sequence[Check]) -> "OutcomeForm":
        """Offer the outcomes of this kind of case, and the statements of the school's nation."""
        _offer_ticks(self.outcomes, [(outcome.value, OUTCOME_LABELS[outcome]) for outcome in workflow.outcomes])
        _offer_ticks(self.checks, [(check.key, check.text) for check in checks])
        for field in (self.social_worker, self.virtual_head):
            field.offer([(word.value, said) for word, said in self.TELLING])
        self.may_sanction = bool(PUPIL_SANCTIONS & set(workflow.outcomes))
        self.may_exclude = bool(PUPIL_EXCLUSIONS & set(workflow.outcomes))
        return self

    def _days(self, field: LineField) -> float:
        typed = str(field.data or "").replace(",", ".")
        try:
            days = float(typed or 0)
        except ValueError:
            days = -1
        return days if 0 <= days < 400 else -1

    def validate(self, extra_validators: Any = None) -> bool:
        """Days are numbers, halves allowed."""
        right: bool = super().validate(extra_validators)
        for field in (self.days, self.days_in_term, self.days_in_year):
            if self._days(field) < 0:
                field.errors = [*field.errors, "Give the days as a number, like 2 or 2.5."]
                right = False
        return right

    @property
    def chosen(self) -> list[Outcome]:
        """The outcomes that were ticked."""
        return [Outcome(value) for value in self.outcomes.data or []]

    @property
    def exclusion(self) -> Exclusion | None:
        """The path of a suspension or exclusion, if one was chosen."""
        if not PUPIL_EXCLUSIONS & set(self.chosen):
            return None
        done = set(self.done.data or [])
        return Exclusion(
            permanent=bool(self.permanent.data),
            days=self._days(self.days),
            days_in_term=self._days(self.days_in_term),
            days_in_year=self._days(self.days_in_year),
            social_worker=Telling(self.social_worker.data or Telling.NOT_YET),
            virtual_head=Telling(self.virtual_head.data or Telling.NOT_YET),
            rules_followed=self.rules_followed.data or "",
            **{choice: choice in done for choice in self.done.offered},
        )


class PressForm(Form):
    """A press of a button, and nothing typed."""


class CloseForm(Saying):
    """Nothing is left to do."""

    words = TextField("Anything to add", rows=3, hint="You need not write anything.")


class ReopenForm(Saying):
    """Something new came up."""

    words = TextField("What has come up", rows=4, needed="Say what has come up: it is kept on the record.")


class OwnerForm(Form):
    """Who owns the case."""

    account = SelectField("New owner", needed="Choose the new owner.")


class SightForm(Form):
    """One case, for somebody, for a purpose, until a day."""

    account = SelectField("Who may read it", needed="Choose who may read it.")
    capacity = ChoiceField(
        "What for",
        [
            (Capacity.PANEL, "A panel or an appeal", "Nobody who has had to do with the case"),
            (Capacity.INVESTIGATOR, "To look into it", "Not the person who decides"),
            (Capacity.ADVISER, "To advise the school"),
        ],
        needed="Say what they need it for.",
        across=1,
    )
    day = DateField("Last day", needed="Give the last day on which they may read it.")

    def until(self, dates: SchoolCalendar) -> datetime:
        """The last minute of the day that was given."""
        return last_minute(self.day, dates)


class TellForm(Saying):
    """What the school says to somebody whom it concerns."""

    person = SelectField("Whom", needed="Choose whom you tell.")
    words = TextField(
        "What you tell them", needed="Write what you tell them.",
        hint="They can read this if they sign in. Name no other child, and no outcome of anybody else.",
    )  # fmt: skip


class NeedToKnowForm(Saying):
    """What some of the staff must know, until a day."""

    accounts = TicksField("Who needs to know", needed="Tick who needs to know.", two=True)
    words = TextField(
        "What they need to know", rows=3, needed="Write what they need to know.",
        hint="Only what they must do or look out for. They see nothing else of the case.",
    )  # fmt: skip
    day = DateField("Last day", needed="Give the last day.", hint="It leaves their pages at the end of that day.")

    def offer(self, staff: Sequence[tuple[str, str]]) -> None:
        """Those who may be told."""
        _offer_ticks(self.accounts, staff)

    def until(self, dates: SchoolCalendar) -> datetime:
        """The last minute of the day that was given."""
        return last_minute(self.day, dates)


class LinkForm(Form):
    """An incident to put in the case."""

    incident = SelectField("Incident", needed="Choose the incident.")


class UnlinkForm(Saying):
    """An incident to take out of the case, and why."""

    incident = SelectField("Incident", needed="Choose the incident.")
    words = TextField("Why", rows=3, needed="Give the reason in a sentence: it is kept on the record.")


def fields_of(form: Form) -> list[wtforms.Field]:
    """The fields that are asked, in their order: what is hidden draws itself."""
    return [field for field in form if not isinstance(field, HiddenField)]
