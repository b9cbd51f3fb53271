"""A draft read once more by the forms it was typed into: what it says, or what is missing. A part of the forms."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from incidents.errors import Refused
from incidents.files.origins import Origin
from incidents.forms import DateField, Form, LineField
from incidents.recording import handing_in
from incidents.recording.answers import Answers
from incidents.recording.forms import DeviceForm, IntimateForm, ToldForm, WhatForm, WhoForm, named_from, refilled
from incidents.recording.hours import Control
from incidents.recording.typed_times import times_in
from incidents.recording.words import Danger, Intimate, Method

NO_TOKEN = {"csrf": False}  # what is read back was posted with one


class PaperForm(Form):
    """What only a record has that was written on paper first."""

    paper_by = LineField(
        "Who wrote the paper form?", needed="Say who wrote the paper form.", hint="As signed at its foot."
    )
    paper_on = DateField("On which day was it written?", needed="Give the day on which it was written.")
    paper_at = LineField("At what time?", width=10, hint="For example 15:40. Leave it empty if it does not say.")

    def complete(self, today: date) -> bool:
        """Whether all of it can be read; what can't is an error by its field."""
        fine = bool(self.validate())
        try:
            times_in(self.paper_at.data or "")
        except Refused as refused:
            self.refuse(Refused(refused.message, "paper_at"))
            fine = False
        if self.paper_on.data and self.paper_on.data > today:
            self.refuse(Refused("That day is still to come. Check the date.", "paper_on"))
            fine = False
        return fine


class TypedInForm(PaperForm, WhatForm, WhoForm, IntimateForm, handing_in.NoPicturesForm, ToldForm):
    """All the questions on one page, for typing in what was written on paper. Each page's own form reads its part."""

    def complete(self, today: date) -> bool:  # type: ignore[override]  # the parts ask each in its own way
        """Not asked of the whole: see `readings`."""
        raise NotImplementedError

    def take_errors(self, read: Mapping[str, "Reading"]) -> None:
        """Say beside the fields here what each page's own form found."""
        for name, field in ((name, field) for each in read.values() for name, field in each.form._fields.items()):
            if field.errors and name in self._fields:
                self._fields[name].errors = field.errors


def own_part(kept: Mapping[str, list[str]], page: str) -> dict[str, list[str]]:
    """Of all that the long page keeps, what belongs to one of the short ones. The answer to the question before the picker
    waits with the paper's own until the page is sent: it is an act, which alerts somebody."""
    names = {name for form in FORMS_OF[page] for name in form(meta=NO_TOKEN)._fields}
    return {name: values for name, values in kept.items() if name in names}


FORMS_OF: dict[str, tuple[type[Form], ...]] = {
    "paper": (PaperForm, IntimateForm),
    "what": (WhatForm,),
    "who": (WhoForm,),
    "evidence": (handing_in.NoPicturesForm,),
    "told": (ToldForm,),
}


@dataclass(frozen=True)
class Missing:
    """Something a page still needs before the record can be sent."""

    page: str
    says: str


@dataclass(frozen=True)
class Reading:
    """One page of a draft, read by its form."""

    page: str
    form: Form
    fine: bool


def readings(saved: Mapping[str, Any], today: date, words: tuple[str, str]) -> dict[str, Reading]:
    """Every page of a draft, in order, as its forms read it; a page that was not filled in yet is read as empty."""
    given = {page: refilled(saved.get(page)) for page in ("paper", "what", "who", "evidence", "told")}
    what, who = WhatForm(given["what"], meta=NO_TOKEN), WhoForm(given["who"], meta=NO_TOKEN)
    intimate = IntimateForm(given["evidence"], meta=NO_TOKEN)
    search = handing_in.SearchForm(given["evidence"], meta=NO_TOKEN)
    told = ToldForm(given["told"], meta=NO_TOKEN)
    told.offer_roles(*words)
    read: dict[str, Reading] = {}
    if given["paper"] is not None:
        paper = PaperForm(given["paper"], meta=NO_TOKEN)
        read["paper"] = Reading("paper", paper, paper.complete(today))
    read["what"] = Reading("what", what, what.complete(today))
    read["who"] = Reading("who", who, bool(who.validate()))
    read["intimate"] = Reading("evidence", intimate, bool(intimate.validate()))
    if intimate.intimate.data == Intimate.NO:
        origin = handing_in.OriginForm(given["evidence"], meta=NO_TOKEN)
        read["origin"] = Reading("evidence", origin, bool(origin.validate()))
    elif intimate.intimate.data:
        device = DeviceForm(given["evidence"], meta=NO_TOKEN)
        read["device"] = Reading("evidence", device, bool(device.validate()))
    read["search"] = Reading("evidence", search, search.complete())
    read["told"] = Reading("told", told, told.complete())
    return read


def answers_of(saved: Mapping[str, Any], today: date, words: tuple[str, str]) -> Answers | list[Missing]:
    """What a draft holds; or what is missing, page by page."""
    read = readings(saved, today, words)
    missing = [
        Missing(each.page, says) for each in read.values() if not each.fine for _, says in each.form.error_links()
    ]
    missing += [
        Missing(page, "This page was written on two devices. Look at both, and put one away.")
        for page in dict.fromkeys(each["page"] for each in saved.get("beside") or [])
    ]
    return missing or _answers({name: each.form for name, each in read.items()}, saved, today)


def _answers(forms: Mapping[str, Any], saved: Mapping[str, Any], today: date) -> Answers:
    what, who = forms["what"], forms["who"]
    return Answers(
        words=what.words.data,
        danger=Danger(what.danger.data),
        happened=what.happened(today),
        control=Control(what.control.data),
        method=Method(who.method.data),
        platform=who.named_platform,
        account_name=who.account_name.data or "",
        url=who.url.data or "",
        spoken_to=forms["told"].in_words,
        intimate=Intimate(forms["intimate"].intimate.data),
        device=forms["device"].device.data if "device" in forms else "",
        people=tuple(named_from(each) for each in saved.get("people") or []),
        search=forms["search"].searched(),
        origin=forms["origin"].origin() if "origin" in forms else Origin(),
        origins={uuid.UUID(file): origin_in(said) for file, said in (saved.get("origins") or {}).items()},
        **_paper(forms.get("paper")),
    )


def origin_in(saved: Mapping[str, Any]) -> Origin:
    """Where files come from, out of what a draft keeps."""
    form = handing_in.OriginForm(refilled({name: saved.get(name, []) for name in handing_in.ORIGIN}), meta=NO_TOKEN)
    form.validate()
    return form.origin()


def _paper(form: PaperForm | None) -> dict[str, Any]:
    if form is None:
        return {}
    at, _ = times_in(form.paper_at.data or "")
    return {"paper_by": form.paper_by.data, "paper_on": form.paper_on.data, "paper_at": at}
