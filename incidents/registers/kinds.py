"""Which registers there are: what each asks for, who may read it, and the words of its states, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class RegisterKind(StrEnum):
    """One register. Photo consent has tables of its own: it is an answer, not an entry that somebody decides."""

    ACCOUNT = "accounts"
    NAME_USE = "name-and-logo"
    CONTACT_DETAILS = "contact-details"
    BAN = "bans"
    MONITORING = "monitoring"
    MODERATION = "moderation"


class EntryState(StrEnum):
    """How far an entry has got."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    ENDED = "ended"


class Channel(StrEnum):
    """Where a picture may be seen: a consent is for one of these and for no other."""

    WEBSITE = "website"
    SOCIAL = "social"
    APP = "app"
    PRINT = "print"
    PRESS = "press"


CHANNEL_LABELS: Final[Mapping[Channel, str]] = {
    Channel.WEBSITE: "The school’s website",
    Channel.SOCIAL: "Social media",
    Channel.APP: "An app that only parents see",
    Channel.PRINT: "Newsletters and leaflets",
    Channel.PRESS: "Newspapers and television",
}


class FieldType(StrEnum):
    """How a thing is asked for, and where it is kept: people and accounts in columns, all else among the facts."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    STAFF = "staff"  # chosen from those who work here; the person of the entry
    SECOND = "second"  # another of them
    ANYBODY = "anybody"  # found by name; the person of the entry
    ACCOUNT = "account"  # one of the school's approved accounts


@dataclass(frozen=True)
class Field:
    """One thing that a register asks for. `needed` is the message when it is empty; without it, it may be."""

    key: str
    label: str
    type: FieldType
    needed: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Register:
    """One kind of register. The flags are the rule of who may know of its entries: `queries.readable` reads them."""

    kind: RegisterKind
    title: str
    one: str  # one entry of it
    about: str
    ask: str  # the button that begins an entry
    fields: tuple[Field, ...]
    states: Mapping[EntryState, str]
    asks: bool = True  # somebody asks and somebody else decides; without it, what is entered holds
    all_staff: bool = False  # what was approved is for everybody on the staff to read
    shared: bool = True  # whoever reads the registers reads it; without it only those who decide
    hidden_from_concerned: bool = False  # the person it is about, and those close to them, find nothing
    shown_to_person: bool = False  # the person it is about reads it
    own_not_decided: bool = True  # nobody decides what is about themselves or somebody close to them
    keepers_read: bool = False  # the two who keep the account it is about read it
    review_needed: bool = False
    end_needed: bool = False
    has_end: bool = True
    days: tuple[str, ...] = ()  # which days are typed when it is asked for; the others are for whoever decides
    lifts: str = ""  # what it makes right while it stands, for an incident's page

    def field(self, key: str) -> Field:
        """One of its fields."""
        return next(field for field in self.fields if field.key == key)


def _states(asked: str, approved: str, refused: str, ended: str) -> dict[EntryState, str]:
    return dict(zip(EntryState, (asked, approved, refused, ended), strict=True))


_WHOSE_ACCOUNT = Field("account", "On which of the school’s accounts?", FieldType.ACCOUNT, "Choose the account.")
_ACCOUNT = Register(
    RegisterKind.ACCOUNT,
    "Approved accounts",
    "An account of the school",
    "Accounts and pages on which the school is seen. Each is approved before it is used.",
    "Ask for an account",
    (
        Field("platform", "Which platform?", FieldType.LINE, "Type the platform.", "For example: Facebook, or website."),
        Field("name", "Name of the account", FieldType.LINE, "Type the account’s name.", "As others see it, such as @ourschool."),
        Field("address", "Address", FieldType.LINE, hint="You can leave it empty."),
        Field("channel", "What kind of place is it?", FieldType.CHOICE, "Choose what kind of place it is.",
              "Parents agree to each of these by itself.", tuple((each.value, CHANNEL_LABELS[each]) for each in Channel)),
        Field("purpose", "What is it for?", FieldType.TEXT, "Say what it is for."),
        Field("owner", "Who keeps it?", FieldType.STAFF, "Choose who keeps it."),
        Field("second", "Who else can get into it?", FieldType.SECOND, "Choose a second person.",
              "Nobody should be the only one with the password."),
    ),
    _states("Asked for", "Approved", "Refused", "Closed"),
    all_staff=True,
    shown_to_person=True,
    own_not_decided=False,
    review_needed=True,
)  # fmt: skip
_NAME_USE = Register(
    RegisterKind.NAME_USE,
    "Use of the school’s name or logo",
    "A permission to use the name or logo",
    "Whoever wants to print or post the school’s name or logo asks first, in writing.",
    "Ask to use the name or logo",
    (
        Field("person", "Who will use it?", FieldType.ANYBODY, hint="Type two letters or more, then press Find."),
        Field("used_by", "Or a group that is not on the list", FieldType.LINE, hint="For example: the parents’ association."),
        Field("what", "What will be used?", FieldType.CHOICE, "Say what will be used.", "",
              (("name", "The name"), ("logo", "The logo"), ("both", "Both"))),
        Field("purpose", "What for, and where will it be seen?", FieldType.TEXT, "Say what it is for."),
    ),
    _states("Asked for", "Agreed", "Refused", "Over"),
    shown_to_person=True,
    days=("starts", "ends"),
    lifts="permission to use the school’s name or logo",
)  # fmt: skip
_CONTACT_DETAILS = Register(
    RegisterKind.CONTACT_DETAILS,
    "Giving contact details to pupils",
    "A permission to give contact details",
    "Staff give pupils no number or address of their own, unless the school and the parents have agreed.",
    "Ask to give contact details",
    (
        Field("person", "Who would give their details?", FieldType.STAFF, "Choose the member of staff."),
        Field("details", "Which details?", FieldType.CHOICE, "Say which details.", "Don’t write the number here.",
              (("mobile", "Mobile number"), ("home", "Home number"), ("email", "Own e-mail address"),
               ("other", "Something else"))),
        Field("to_whom", "To which pupils?", FieldType.TEXT, "Say to which pupils."),
        Field("why", "Why is it needed?", FieldType.TEXT, "Say why it is needed."),
        Field("parents", "Which parents agreed, when and how?", FieldType.TEXT, "Say which parents agreed."),
    ),
    _states("Asked for", "Agreed", "Refused", "Over"),
    shown_to_person=True,
    end_needed=True,
    days=("starts", "ends"),
    lifts="permission to give contact details",
)  # fmt: skip
_BAN = Register(
    RegisterKind.BAN,
    "Bans on the school’s pages",
    "A ban on one of the school’s pages",
    "Who may not write on a page of the school, why, and when that is reviewed.",
    "Ask for a ban",
    (
        _WHOSE_ACCOUNT,
        Field("author", "Which name do they write under?", FieldType.LINE, hint="The name on the page, if it is not their own."),
        Field("person", "Who is it, if you know?", FieldType.ANYBODY, hint="Type two letters or more, then press Find."),
        Field("reason", "What did they do, and why a ban?", FieldType.TEXT, "Give the reason."),
    ),
    _states("Proposed", "Banned", "Not banned", "Lifted"),
    hidden_from_concerned=True,
    keepers_read=True,
    review_needed=True,
    lifts="a ban on one of the school’s pages",
)  # fmt: skip
_MONITORING = Register(
    RegisterKind.MONITORING,
    "Monitoring of school devices",
    "Somebody’s use of a school device is watched",
    "Only those who decide about the person find it here. The school tries to tell the person, and why.",
    "Write down a monitoring",
    (
        Field("person", "Whose use of a device is watched?", FieldType.ANYBODY, "Find the person and choose them.",
              "Type two letters or more, then press Find."),
        Field("device", "Which device or account?", FieldType.LINE, "Say which device or account."),
        Field("why", "Why?", FieldType.TEXT, "Say why."),
        Field("untold", "Are they not to be told yet? Say why", FieldType.TEXT,
              hint="For example: the LADO asked to wait. Leave it empty if they will be told now."),
    ),
    _states("", "Goes on", "", "Over"),
    asks=False,
    shared=False,
    hidden_from_concerned=True,
    review_needed=True,
    days=("starts", "ends", "review_on"),
    lifts="monitoring of a school device",
)  # fmt: skip
_MODERATION = Register(
    RegisterKind.MODERATION,
    "What was done on the school’s pages",
    "Something done on one of the school’s pages",
    "Comments that were hidden, deleted or answered on the school’s own accounts. Screenshots belong with an incident.",
    "Write down what was done",
    (
        _WHOSE_ACCOUNT,
        Field("did", "What was done?", FieldType.CHOICE, "Say what was done.", "",
              (("hidden", "Hidden"), ("deleted", "Deleted"), ("answered", "Answered"), ("reported", "Reported to the platform"))),
        Field("author", "Who had written it?", FieldType.LINE, "Type the name on the page.", "The name on the page."),
        Field("what", "What was it about?", FieldType.TEXT, "Say what it was about."),
    ),
    _states("", "Done", "", "Done"),
    asks=False,
    keepers_read=True,
    has_end=False,
    days=("starts",),
)  # fmt: skip

REGISTERS: Final[Mapping[RegisterKind, Register]] = {
    each.kind: each for each in (_ACCOUNT, _NAME_USE, _CONTACT_DETAILS, _BAN, _MODERATION, _MONITORING)
}


def where(is_so: str) -> tuple[RegisterKind, ...]:
    """The kinds for which a flag of the table is set."""
    return tuple(kind for kind, register in REGISTERS.items() if getattr(register, is_so))
