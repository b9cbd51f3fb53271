"""What is asked beside the pictures: where they come from, and what was searched or confiscated. A part of the forms."""

from incidents.errors import Refused
from incidents.files.origins import LONGEST_ADDRESS, QUESTIONS, TAKEN_BY_LABELS, Origin, said_as
from incidents.forms import ChoiceField, Form, LineField, TextField
from incidents.recording.forms import DeviceForm
from incidents.recording.searches import AUTHORITY_LABELS, DID_LABELS, Authority, Did, Searched

ORIGIN = tuple(QUESTIONS)
SEARCH = ("search_did", "search_what", "search_done_by", "search_done_when", "search_authority", "search_authority_words",
          "search_where_now")  # fmt: skip


class OriginForm(Form):
    """Asked once for all the files of a record; a file that differs has a page of its own. Nothing of it is needed."""

    taken_by = ChoiceField(QUESTIONS["taken_by"][0], list(TAKEN_BY_LABELS.items()), across=1)
    taken_by_name = LineField(QUESTIONS["taken_by_name"][0], hint=QUESTIONS["taken_by_name"][1])
    taken_when = LineField(QUESTIONS["taken_when"][0], hint=QUESTIONS["taken_when"][1])
    shown_on = LineField(QUESTIONS["shown_on"][0], width=None, hint=QUESTIONS["shown_on"][1])
    address = LineField(QUESTIONS["address"][0], width=None, longest=LONGEST_ADDRESS, hint=QUESTIONS["address"][1])

    def origin(self) -> Origin:
        """What was said."""
        return said_as(*(self._fields[name].data for name in ORIGIN))


class SearchForm(Form):
    """Only if something was searched or confiscated."""

    search_did = ChoiceField("What was done?", list(DID_LABELS.items()), across=1)
    search_what = LineField("What, and whose is it?", width=None, hint="For example: his own phone, the photos only.")
    search_done_by = LineField("Who did it?", width=None, hint="And who else was there.")
    search_done_when = LineField("When was it done?")
    search_authority = ChoiceField("Under which authority?", list(AUTHORITY_LABELS.items()), across=1)
    search_authority_words = LineField("The law or policy it rests on, if you know it", width=None)
    search_where_now = LineField("Where is it now?", width=None, hint="For example: in the office safe, or given back.")

    def searched(self) -> Searched | None:
        """What was written down, or nothing where all was left empty. Raises `Refused` with the field."""
        typed = {name: str(self._fields[name].data or "") for name in SEARCH}
        if not any(typed.values()):
            return None
        if not typed["search_did"]:
            raise Refused("Say what was done, or leave all of this empty.", "search_did")
        if not typed["search_authority"]:
            raise Refused("Say under which authority. “Not known” is an answer.", "search_authority")
        return Searched(
            did=Did(typed["search_did"]),
            what=typed["search_what"],
            done_by=typed["search_done_by"],
            done_when=typed["search_done_when"],
            authority=Authority(typed["search_authority"]),
            authority_words=typed["search_authority_words"],
            where_now=typed["search_where_now"],
        )

    def needed(self) -> Searched:
        """Where the page is about nothing else: not all of it may be empty."""
        written = self.searched()
        if written is None:
            raise Refused("Say what was done.", "search_did")
        return written

    def complete(self) -> bool:
        """Whether it can be read; what can't is an error by its field."""
        fine = bool(self.validate())
        try:
            self.searched()
        except Refused as refused:
            self.refuse(refused)
            fine = False
        return fine


class EvidenceForm(OriginForm, SearchForm):
    """Page 3, after the question was answered "no"."""


class NoPicturesForm(DeviceForm, SearchForm):
    """Page 3, where no picture is taken."""


class SearchRightForm(SearchForm):
    """A search or confiscation written down later, or put right."""

    reason = TextField("Why is it put right?", rows=2, longest=1000)
