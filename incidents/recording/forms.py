"""The four short pages of recording, and the forms for adding to a record."""

import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from incidents.errors import Refused
from incidents.forms import ChoiceField, DateField, Form, LineField, SelectField, TextField
from incidents.people.kinds import PERSON_KIND_LABELS, PersonKind
from incidents.recording.answers import Named
from incidents.recording.headline import PLATFORMS
from incidents.recording.hours import Control, Happened
from incidents.recording.models import StatementKind
from incidents.recording.spoken import WHERE_SAID
from incidents.recording.typed_times import happened
from incidents.recording.words import (
    DANGER_LABELS,
    INTIMATE_LABELS,
    INTIMATE_QUESTION,
    METHOD_LABELS,
    PART_LABELS,
    Danger,
    Intimate,
    Method,
    Part,
)

OTHER = "other"
LONGEST_KEPT = 20_000
Kept = dict[str, list[str]]


def kept(form: Form, given: "MultiDict[str, str]") -> Kept:
    """What was typed into this form's fields, as it was typed, for the draft."""
    names = [name for name in form._fields if name != "csrf_token" and name in given]
    return {name: [value.replace("\0", "")[:LONGEST_KEPT] for value in given.getlist(name)[:40]] for name in names}


def texts_in(form: Form) -> frozenset[str]:
    """The fields in somebody's own words: one text may hold another. What nobody types is neither."""
    return frozenset(name for name, field in form._fields.items() if isinstance(field, TextField | LineField))


def refilled(saved: Mapping[str, Any] | None) -> "MultiDict[str, str] | None":
    """A draft's page as a form takes it; None where the page was not filled in yet."""
    return MultiDict([(name, value) for name, values in saved.items() for value in values]) if saved else None


class AccountForm(Form):
    """What happened, in the writer's own words. Defined before `WhenForm`, so that errors come in the page's order."""

    danger = ChoiceField(
        "Is anyone in danger right now?",
        list(DANGER_LABELS.items()),
        needed="Say whether anyone is in danger right now.",
    )
    words = TextField(
        "What happened?",
        needed="Say what happened, in your own words.",
        rows=7,
        hint="What you saw or were told, in your own words. Use people’s names.",
    )


class WhenForm(Form):
    """When and where: also used to put it right later."""

    day = ChoiceField(
        "Which day did it happen?", across=4, needed="Say which day it happened, or that it is not known."
    )
    asked_on = HiddenField()
    first = DateField("Which day, or the first of several?")
    last = DateField("The last day, if it went on", hint="Leave it empty if it was one day.")
    time = LineField(
        "What time, if you know?", width=10, hint="For example 21:15, or 8pm to 9pm. Leave it empty if you don’t know."
    )
    control = ChoiceField(
        "Where were the people who did it?",
        list(WHERE_SAID.items()),
        across=1,
        needed="Say where they were, or “Not known”.",
    )

    def offer_days(self, today: date) -> None:
        """Today and yesterday mean the days on which the page was asked, also when a draft is finished later."""
        asked = self.asked or today
        self.asked_on.data = asked.isoformat()
        yesterday = asked - timedelta(days=1)
        words = (
            ("Today", "Yesterday") if asked == today else (f"{asked.day} {asked:%B}", f"{yesterday.day} {yesterday:%B}")
        )
        self.day.offer(
            [
                ("today", words[0], f"{asked:%A}"),
                ("yesterday", words[1], f"{yesterday:%A}"),
                (OTHER, "Another day", "or several"),
                ("unknown", "Not known", "we can ask later"),
            ]
        )

    @property
    def asked(self) -> date | None:
        """The day on which the page was first shown."""
        try:
            return date.fromisoformat(self.asked_on.data or "")
        except ValueError:
            return None

    def happened(self, today: date) -> Happened:
        """When it happened. Raises `Refused` with the field."""
        asked = self.asked or today
        first = {"today": asked, "yesterday": asked - timedelta(days=1), OTHER: self.first.data}.get(
            self.day.data or ""
        )
        last = self.last.data if self.day.data == OTHER else None
        if self.day.data == OTHER and first is None:
            raise Refused("Give the day, or say that it is not known.", "first")
        if max(filter(None, (first, last)), default=today) > today:
            raise Refused("That day is still to come. Check the date.", "first")
        try:
            return happened(first, last, self.time.data or "")
        except Refused as refused:
            raise Refused(
                refused.message, {"day_until": "last", "time_until": "time"}.get(refused.field or "", "time")
            ) from None

    def complete(self, today: date) -> bool:
        """Whether all of it can be read; what can't is an error by its field."""
        self.offer_days(today)
        fine = self.validate()
        try:
            self.happened(today)
        except Refused as refused:
            if self.day.data and not self.first.errors and not self.last.errors and not self.time.errors:
                self.refuse(refused)
            fine = False
        return bool(fine)


class WhatForm(AccountForm, WhenForm):
    """Page 1."""


class OnlineForm(Form):
    """Where online, and by which means: also used to put it right later."""

    platform = SelectField(
        "Where online?", [*((name, name) for name in PLATFORMS), (OTHER, "Somewhere else, or not known")]
    )
    platform_other = LineField("If somewhere else, where?")
    method = SelectField(
        "How was it done?",
        list(METHOD_LABELS.items()),
        needed="Say how it was done. “Something else, or not known” will do.",
    )
    account_name = LineField(
        "From which account, group or page?", hint="As it is called there, for example “Y6 no teachers”."
    )
    url = LineField(
        "Its address, if you have it",
        width=None,
        longest=2000,
        hint="Copy it from the address bar or the share button.",
    )

    @property
    def named_platform(self) -> str:
        """The platform as it is kept."""
        chosen = self.platform.data or ""
        return (self.platform_other.data or "") if chosen in ("", OTHER) else chosen


class PersonForm(Form):
    """Somebody to be added: found on the list, by hand, or only as an account."""

    part = ChoiceField("What is their part?", list(PART_LABELS.items()))
    q = LineField("Find them", hint="Type two letters of a name, then press Find.")
    given_name = LineField("First name")
    family_name = LineField("Last name")
    kind = SelectField("Who are they?", list(PERSON_KIND_LABELS.items()))
    handle_platform = LineField("On which app or site?")
    handle_name = LineField("Name of the account")

    @property
    def typed_somebody(self) -> bool:
        """Whether a name stands in the boxes that no button was pressed for."""
        return bool(self.given_name.data or self.family_name.data or self.handle_name.data)

    def named(self, person_id: uuid.UUID | None = None) -> Named:
        """Whoever is being added. Raises `Refused` with the field."""
        if not self.part.data:
            raise Refused("Say what their part is, then add them.", "part")
        part = Part(self.part.data)
        if person_id:
            return Named(part, person_id)
        if self.handle_name.data:
            return Named(part, handle_platform=self.handle_platform.data or "", handle_name=self.handle_name.data)
        if not (self.given_name.data or self.family_name.data):
            raise Refused("Type at least one name.", "given_name")
        kind = PersonKind(self.kind.data or PersonKind.UNKNOWN)
        return Named(part, given_name=self.given_name.data or "", family_name=self.family_name.data or "", kind=kind)


class WhoForm(OnlineForm, PersonForm):
    """Page 2: the people are added one by one, each by a press of a button."""


ADDING = ("part", "q", "given_name", "family_name", "kind", "handle_platform", "handle_name")


class IntimateForm(Form):
    """The question before any file picker."""

    intimate = ChoiceField(
        INTIMATE_QUESTION, list(INTIMATE_LABELS.items()), needed="Answer this first. If you can’t tell, say “Not sure”."
    )


class DeviceForm(Form):
    """Instead of the file picker, when the answer was not no."""

    device = TextField(
        "Where is the device or the picture now?",
        rows=3,
        longest=1000,
        needed="Say where the device or the picture is now.",
        hint="For example: her own phone, switched off, in the office safe.",
    )


class ToldForm(Form):
    """Page 4."""

    told = ChoiceField(
        "Whom have you spoken to?", across=1, needed="Say whom you have spoken to. “Nobody yet” is an answer."
    )
    how = LineField(
        "Who was it, how, and when?", width=None, hint="For example: by phone at 21:32. An e-mail is not telling."
    )

    def offer_roles(self, safeguarding_lead: str, headteacher: str) -> None:
        """The nation's own words for those who should be told."""
        lead = f"The {safeguarding_lead}"
        self.told.offer(
            [("dsl", lead), ("head", f"The {headteacher}"), (OTHER, "Somebody else"), ("nobody", "Nobody yet")]
        )

    def complete(self) -> bool:
        """Somebody else needs a name."""
        fine = bool(self.validate())
        if self.told.data == OTHER and not self.how.data:
            self.refuse(Refused("Say who it was.", "how"))
            return False
        return fine

    @property
    def in_words(self) -> str:
        """As it is kept: who, and how."""
        who = self.told.offered.get(self.told.data or "", "")
        return f"{who}: {self.how.data}" if self.how.data else who


def kept_person(named: Named, shown: str, as_was: str) -> dict[str, str]:
    """Somebody in a draft, as it is kept."""
    return {
        "part": named.part,
        "person_id": str(named.person_id or ""),
        "given_name": named.given_name,
        "family_name": named.family_name,
        "kind": named.kind,
        "handle_platform": named.handle_platform,
        "handle_name": named.handle_name,
        "shown": shown,
        "as_was": as_was,
    }


def named_from(saved: Mapping[str, str]) -> Named:
    """Back from what a draft keeps."""
    return Named(
        part=Part(saved["part"]),
        person_id=uuid.UUID(saved["person_id"]) if saved["person_id"] else None,
        given_name=saved["given_name"],
        family_name=saved["family_name"],
        kind=PersonKind(saved["kind"]),
        handle_platform=saved["handle_platform"],
        handle_name=saved["handle_name"],
    )


class AddWordsForm(Form):
    """More words, beside those that stand."""

    kind = ChoiceField(
        "What is it?",
        [(StatementKind.ADDITION, "Something more"), (StatementKind.CORRECTION, "A correction")],
        needed="Say whether it is something more or a correction.",
    )
    words = TextField("In your own words", needed="Write what you want to add.")


class CorrectForm(WhenForm, OnlineForm):
    """Particulars put right: what stood before is kept beside."""

    danger = ChoiceField(
        "Is anyone in danger right now?",
        list(DANGER_LABELS.items()),
        needed="Say whether anyone is in danger right now.",
    )
    intimate = ChoiceField(
        INTIMATE_QUESTION, list(INTIMATE_LABELS.items()), needed="Answer this. If you can’t tell, say “Not sure”."
    )
    reason = TextField(
        "Why is it put right?",
        rows=2,
        longest=1000,
        needed="Say why this is put right. What stood before is kept beside it.",
    )

    def changes(self, today: date) -> dict[str, Any]:
        """What the particulars should say. Raises `Refused` where the days can't be read."""
        when = self.happened(today)
        return {
            "danger": Danger(self.danger.data),
            "when_kind": when.kind,
            "day_from": when.day_from,
            "day_until": when.day_until,
            "time_from": when.time_from,
            "time_until": when.time_until,
            "control": Control(self.control.data),
            "platform": self.named_platform,
            "method": Method(self.method.data),
            "account_name": self.account_name.data or "",
            "url": self.url.data or "",
            "intimate": Intimate(self.intimate.data),
        }


class PutRightForm(Form):
    """Somebody's part, put right."""

    part = ChoiceField(
        "What was their part?",
        [*PART_LABELS.items(), ("none", "They were not in it")],
        needed="Say what their part was.",
    )
    reason = TextField("Why is it put right?", rows=2, longest=1000, needed="Say why this is put right.")


class IdentifyForm(Form):
    """Whose account it is."""

    q = LineField("Whose account is it?", hint="Type two letters of a name, then press Find.")
    reason = TextField("How is it known?", rows=2, longest=1000)


class SayWhoForm(Form):
    """Which person of the list a typed name means."""

    q = LineField("Who is it?", hint="Type two letters of a name, then press Find.")
    reason = TextField("How is it known?", rows=2, longest=1000)


class SomebodyElseForm(Form):
    """It was not that person after all."""

    reason = TextField("How is it known that they are somebody else?", rows=2, longest=1000,
                       needed="Say how it is known.")  # fmt: skip
