"""What a list of people from the school's records system may look like: which columns, under which headings."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ListKind(StrEnum):
    """Of whom a list is."""

    PUPILS = "pupils"
    CONTACTS = "contacts"
    STAFF = "staff"


class Scheme(StrEnum):
    """Which number or code it is that a records system knows somebody by."""

    UPN = "upn"
    ADMISSION = "admission"
    CONTACT = "contact"
    STAFF_CODE = "staff_code"


@dataclass(frozen=True)
class Column:
    """One thing that a list says, under the headings it is recognised by; the first is the one we write ourselves."""

    name: str
    headings: tuple[str, ...]
    says: str = ""


@dataclass(frozen=True)
class Listing:
    """One kind of list. `schemes` are the columns with somebody's identifier; one of them is filled in every line.

    Of each group in `needed` at least one column must be there. `sample` are lines as a records system might write them.
    """

    kind: ListKind
    label: str
    columns: tuple[Column, ...]
    schemes: Mapping[str, Scheme]
    needed: tuple[tuple[str, ...], ...]
    sample: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> Column:
        """One of the columns, by our own name for it."""
        return next(column for column in self.columns if column.name == name)


_UPN = ("UPN", "Unique pupil number", "ULN", "Candidate number", "SCN", "Scottish candidate number")
_ADMISSION = ("Admission number", "Adno", "Admission no", "Pupil number", "Pupil ID", "Student ID")
_TITLE = Column("title", ("Title", "Salutation"), "You can leave it out.")
_GIVEN = Column(
    "given_name",
    ("First name", "Forename", "Given name", "Preferred forename", "Preferred first name", "Legal forename",
     "Legal first name"),
    "This or the family name in every line.",
)  # fmt: skip
_FAMILY = Column(
    "family_name",
    ("Family name", "Surname", "Last name", "Preferred surname", "Preferred last name", "Legal surname",
     "Legal last name"),
)  # fmt: skip
_NAMES = ("given_name", "family_name")

_PUPILS = Listing(
    ListKind.PUPILS,
    "Pupils",
    (
        Column("upn", _UPN, "This or the admission number in every line: the next list finds the pupil by it."),
        Column("admission", _ADMISSION, "You can leave it out where there is a UPN."),
        _GIVEN,
        _FAMILY,
        Column(
            "date_of_birth",
            ("Date of birth", "DOB", "Birth date", "Birthdate"),
            "27/03/2016 or 2016-03-27. It tells two of one name apart.",
        ),
        Column(
            "year_group",
            ("Year group", "Year", "NC year", "National curriculum year", "Year taught in", "Stage"),
            "As the school says it: Year 6, P7, Reception. A bare 6 becomes Year 6.",
        ),
        Column(
            "form",
            ("Form", "Class", "Form group", "Reg group", "Registration group", "Reg", "Tutor group"),
            "You can leave it out.",
        ),
    ),
    {"upn": Scheme.UPN, "admission": Scheme.ADMISSION},
    (("upn", "admission"), _NAMES, ("year_group",)),
    (
        ("X820000123001", "1204", "Nadia", "Sorrell", "27/03/2016", "Year 6", "6R"),
        ("X820000123002", "1205", "Ewan", "Thackeray", "02/11/2018", "Year 3", "3T"),
    ),
)
_CONTACTS = Listing(
    ListKind.CONTACTS,
    "Contacts of pupils",
    (
        Column(
            "contact",
            ("Contact ID", "Contact number", "Contact reference", "Parent ID", "Person ID"),
            "In every line. A contact of two pupils stands in two lines with the same one.",
        ),
        Column("pupil_upn", ("Pupil UPN", *_UPN), "Whose contact: this or the pupil’s admission number."),
        Column(
            "pupil_admission", ("Pupil admission number", *_ADMISSION), "You can leave it out where there is a UPN."
        ),
        _TITLE,
        _GIVEN,
        _FAMILY,
        Column(
            "relation",
            ("Relation", "Relationship", "Relationship to pupil", "Relationship to student"),
            "For example: mother, step-father, social worker.",
        ),
        Column(
            "parental_responsibility",
            ("Parental responsibility", "PR", "Has parental responsibility"),
            "Yes or no. Without this column, what is entered here stays.",
        ),
        Column(
            "do_not_tell",
            ("Do not tell", "Do not contact", "No contact", "Court order"),
            "Yes or no. A list can add this; only a person can take it away.",
        ),
    ),
    {"contact": Scheme.CONTACT},
    (("contact",), ("pupil_upn", "pupil_admission"), _NAMES, ("relation",)),
    (
        ("C5501", "X820000123001", "1204", "Ms", "Ilse", "Sorrell", "mother", "yes", "no"),
        ("C5502", "X820000123001", "1204", "Mr", "Dane", "Sorrell", "father", "yes", "yes"),
    ),
)
_STAFF = Listing(
    ListKind.STAFF,
    "Staff, volunteers and governors",
    (
        Column(
            "staff_code",
            ("Staff code", "Staff ID", "Employee number", "Employee ID", "Payroll number", "Staff number"),
            "In every line: the next list finds the person by it.",
        ),
        _TITLE,
        _GIVEN,
        _FAMILY,
        Column("job", ("Job", "Job title", "Role", "Post", "Position"), "For example: Year 4 teacher."),
        Column(
            "employed",
            ("Kind", "Employed as", "Type", "Contract type", "Staff type"),
            "Employee, agency, volunteer or governor. Without it: employee.",
        ),
    ),
    {"staff_code": Scheme.STAFF_CODE},
    (("staff_code",), _NAMES, ("job",)),
    (
        ("OLA", "Mr", "Owen", "Larch", "Year 1 teacher", "employee"),
        ("BMI", "Mrs", "Bettina", "Mirren", "reading volunteer", "volunteer"),
    ),
)
LISTINGS: Mapping[ListKind, Listing] = {listing.kind: listing for listing in (_PUPILS, _CONTACTS, _STAFF)}
