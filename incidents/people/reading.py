"""Reading a list of people from a file: what is in its lines, or what is wrong in which line. Nothing is guessed."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from incidents.errors import Refused
from incidents.people.listing import LISTINGS, Listing, ListKind, Scheme
from incidents.people.matching import fold

LARGEST = 10 * 1024 * 1024
MOST_LINES = 20_000
LONGEST_CELL = 120
MOST_PROBLEMS = 20
FIRST_YEAR = 1900

Id = tuple[Scheme, str]

_WORKBOOKS = ((b"PK\x03\x04", "an Excel workbook"), (b"\xd0\xcf\x11\xe0", "an Excel workbook"), (b"%PDF", "a PDF"))
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2}|[A-Za-z]{3,9})[/. -]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_NO_TIME = re.compile(r"[T ]0?0:00(:00(\.0+)?)?Z?$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)
_YES = frozenset(["yes", "y", "true", "t", "1", "x"])
_NO = frozenset(["no", "n", "false", "f", "0", ""])
_EMPLOYED = {
    "": "employee", "employee": "employee", "employed": "employee", "staff": "employee", "permanent": "employee",
    "fixed term": "employee", "teacher": "employee", "support": "employee", "agency": "agency", "supply": "agency",
    "volunteer": "volunteer", "governor": "governor", "trustee": "governor",
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """What is wrong, and in which line of the file; line 0 is the file itself."""

    line: int
    says: str

    def __str__(self) -> str:
        return f"Line {self.line:,}: {self.says}" if self.line else self.says


class Unreadable(Refused):
    """The file can't be taken as it is. Nothing of it is kept."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(str(self.problems[0]), "file")


@dataclass(frozen=True)
class Listed:
    """One line of a list. None: the list has no such column, or (a date of birth) nothing in it; what is known stays."""

    line: int
    ids: tuple[Id, ...]
    given_name: str
    family_name: str
    title: str | None = None
    date_of_birth: date | None = None
    year_group: str = ""
    form: str | None = None
    of: tuple[Id, ...] = ()  # a contact's pupil
    relation: str = ""
    parental_responsibility: bool | None = None
    do_not_tell: bool | None = None
    job: str = ""
    employed: str | None = None

    @property
    def name(self) -> str:
        """As people say it."""
        return f"{self.given_name} {self.family_name}".strip()

    def kept(self) -> dict[str, Any]:
        """The line as it is kept until it is applied."""
        born = self.date_of_birth.isoformat() if self.date_of_birth else None
        return {
            key: value for key, value in {**vars(self), "date_of_birth": born}.items() if value not in (None, "", ())
        }


def listed(kept: Mapping[str, Any]) -> Listed:
    """The line again, from how it was kept."""
    born = date.fromisoformat(kept["date_of_birth"]) if "date_of_birth" in kept else None
    ids, of = (tuple((Scheme(scheme), value) for scheme, value in kept.get(name, ())) for name in ("ids", "of"))
    plain = {"given_name": "", "family_name": "", **kept}
    return Listed(**{**plain, "ids": ids, "of": of, "date_of_birth": born})


@dataclass(frozen=True)
class Sheet:
    """A list that could be read: its lines, and the headings that stand for nothing we keep."""

    lines: tuple[Listed, ...]
    unused: tuple[str, ...]


def read(data: bytes, kind: ListKind, *, today: date, years: Collection[str] = ()) -> Sheet:
    """The lines of a list. `years` are the school's own words for its year groups. Raises `Unreadable`."""
    reading = _Reading(LISTINGS[kind], today, years)
    records = _records(_text(data))
    reading.headings(*next(records, (1, [])))
    for count, (number, cells) in enumerate(records):
        if count >= MOST_LINES:
            raise Unreadable([Problem(number, f"a list may have {MOST_LINES:,} lines. Bring it in in parts.")])
        reading.line(number, cells)
        if len(reading.problems) >= MOST_PROBLEMS:
            break
    if not reading.lines and not reading.problems:
        reading.problems.append(Problem(0, "There is nobody in this list: it has headings and nothing under them."))
    if reading.problems:
        raise Unreadable(reading.problems)
    return Sheet(tuple(reading.lines), tuple(reading.unused))


# --- from bytes to cells


def _text(data: bytes) -> str:
    if len(data) > LARGEST:
        raise Unreadable([Problem(0, f"A list may have {LARGEST // 1024 // 1024} MB. This file is larger.")])
    for start, what in _WORKBOOKS:
        if data.startswith(start):
            raise Unreadable([Problem(0, f"This is {what}. Open it there and save it as CSV.")])
    text = _decoded(data)
    odd = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", text)
    if odd:
        line = len(re.findall(r"\r\n|\r|\n", text[: odd.start()])) + 1
        raise Unreadable([Problem(line, "there is a character in it that no list has. Save the file as CSV again.")])
    return text


def _decoded(data: bytes) -> str:
    """As it says of itself, else UTF-8, else what Windows writes in Western Europe."""
    said = [encoding for mark, encoding in _BOMS if data.startswith(mark)]
    quarter = len(data) // 4
    if not said and quarter and data[1::2].count(0) > quarter:
        said = ["utf-16-le"]
    elif not said and quarter and data[0::2].count(0) > quarter:
        said = ["utf-16-be"]
    for encoding in said or ["utf-8", "cp1252"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            place = error.start
    line = data[:place].count(b"\n") + 1
    raise Unreadable([Problem(line, "its letters can’t be read. Save the file as “CSV UTF-8”.")])


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that has something in it, with the line that it starts in."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    separator = max(",;\t", key=bare.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            wrong = "a quotation mark opens and does not close, or stands inside a cell by itself"
            too_long = "a cell is far too long; is a quotation mark missing?"
            raise Unreadable([Problem(start, too_long if "limit" in str(error) else wrong + ".")]) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield start, [" ".join(cell.split()) for cell in cells]


# --- from cells to people


@dataclass
class _Reading:
    listing: Listing
    today: date
    years: Collection[str]
    places: dict[str, int] = field(default_factory=dict)
    width: int = 0
    unused: list[str] = field(default_factory=list)
    lines: list[Listed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _met: dict[Any, tuple[int, str]] = field(default_factory=dict)  # identifier → the line and the name it was met with

    def headings(self, number: int, cells: Sequence[str]) -> None:
        """Find each column by its heading; of several for one thing the one that we name first counts."""
        folded = [fold(cell) for cell in cells]
        twice = next(
            (cell for cell, plain in zip(cells, folded, strict=True) if plain and folded.count(plain) > 1), None
        )
        if twice:
            raise Unreadable([Problem(number, f"there are two columns called “{twice[:40]}”. Take one away.")])
        for column in self.listing.columns:
            found = [folded.index(fold(heading)) for heading in column.headings if fold(heading) in folded]
            if found and found[0] not in self.places.values():
                self.places[column.name] = found[0]
        missing = [group for group in self.listing.needed if not any(name in self.places for name in group)]
        if missing:
            names = [" or ".join(self.listing.column(name).headings[0] for name in group) for group in missing]
            raise Unreadable([Problem(number, f"there is no column for: {'; '.join(names)}. Check the headings.")])
        self.width = len(cells)
        self.unused = [cell for place, cell in enumerate(cells) if cell and place not in self.places.values()]

    def line(self, number: int, cells: Sequence[str]) -> None:
        """Take one line, or say what is wrong in it."""
        try:
            self._fits(cells)
            found = _OF_KIND[self.listing.kind](self, number, _Cells(cells, self.places))
            self._unmet(found)
        except Refused as refused:
            self.problems.append(Problem(number, refused.message))
        else:
            self.lines.append(found)

    def _fits(self, cells: Sequence[str]) -> None:
        if any(cells[self.width :]):
            raise Refused("it has more cells than there are headings. A comma inside a cell needs quotation marks.")
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise Refused(f"a cell has more than {LONGEST_CELL} letters.")

    def _unmet(self, found: Listed) -> None:
        """Nobody is in a list twice; a contact may be, once for each pupil."""
        for each in found.ids:
            before, name = self._met.setdefault(each, (found.line, fold(found.name)))
            if before != found.line and self.listing.kind is not ListKind.CONTACTS:
                raise Refused(f"it has the same number or code as line {before:,}.")
            if name != fold(found.name):
                raise Refused(f"it has the same number as line {before:,}, with another name.")
        for of in found.of:
            before, _ = self._met.setdefault((*found.ids, of), (found.line, ""))
            if before != found.line:
                raise Refused(f"it says the same as line {before:,}: this contact of this pupil.")


class _Cells:
    """The cells of one line, by our own names for the columns."""

    def __init__(self, cells: Sequence[str], places: Mapping[str, int]) -> None:
        self._cells, self._places = cells, places

    def __call__(self, name: str) -> str:
        """What stands there; empty where the list has no such column."""
        place = self._places.get(name, len(self._cells))
        return self._cells[place] if place < len(self._cells) else ""

    def known(self, name: str) -> str | None:
        """What stands there; None where the list has no such column."""
        return self(name) if name in self._places else None

    def ids(self, schemes: Mapping[str, Scheme], wanted: str) -> tuple[Id, ...]:
        """The identifiers in these columns, at least one."""
        found = tuple((scheme, _identifier(self(name))) for name, scheme in schemes.items() if self(name))
        if not found:
            raise Refused(f"it has no {wanted}.")
        return found

    def names(self) -> tuple[str, str]:
        """First and family name, at least one of them; a formula is no name."""
        names = self("given_name"), self("family_name")
        for name in names:
            if name.startswith(("=", "+", "-", "@")) or "|" in name:
                raise Refused("a name starts like a formula. Type the name itself.")
        if not fold(" ".join(names)):
            raise Refused("it has no name.")
        return names

    def yes(self, name: str) -> bool | None:
        """Yes or no; None where the list has no such column."""
        said = self.known(name)
        if said is None:
            return None
        if fold(said) not in _YES | _NO:
            raise Refused(f"“{said[:30]}” is neither yes nor no.")
        return fold(said) in _YES


def _pupil(reading: _Reading, number: int, cells: _Cells) -> Listed:
    year_group = cells("year_group")
    if not year_group:
        raise Refused("it has no year group.")
    return Listed(
        number, cells.ids(reading.listing.schemes, "UPN and no admission number"), *cells.names(),
        date_of_birth=born(cells("date_of_birth"), reading.today), year_group=year_in_words(year_group, reading.years),
        form=cells.known("form"),
    )  # fmt: skip


def _contact(reading: _Reading, number: int, cells: _Cells) -> Listed:
    if not cells("relation"):
        raise Refused("it does not say what they are to the pupil.")
    whose = {"pupil_upn": Scheme.UPN, "pupil_admission": Scheme.ADMISSION}
    return Listed(
        number, cells.ids(reading.listing.schemes, "contact number"), *cells.names(), title=cells.known("title"),
        of=cells.ids(whose, "UPN and no admission number of the pupil"), relation=cells("relation").lower(),
        parental_responsibility=cells.yes("parental_responsibility"), do_not_tell=cells.yes("do_not_tell"),
    )  # fmt: skip


def _member_of_staff(reading: _Reading, number: int, cells: _Cells) -> Listed:
    if not cells("job"):
        raise Refused("it has no job.")
    said = cells.known("employed")
    if said is not None and fold(said) not in _EMPLOYED:
        raise Refused(f"“{said[:30]}” is none of: employee, agency, volunteer, governor.")
    return Listed(
        number, cells.ids(reading.listing.schemes, "staff code"), *cells.names(), title=cells.known("title"),
        job=cells("job"), employed=None if said is None else _EMPLOYED[fold(said)],
    )  # fmt: skip


_OF_KIND: Mapping[ListKind, Callable[[_Reading, int, _Cells], Listed]] = {
    ListKind.PUPILS: _pupil,
    ListKind.CONTACTS: _contact,
    ListKind.STAFF: _member_of_staff,
}


def _identifier(typed: str) -> str:
    """The number or code without space, in capitals. Raises `Refused` for what a spreadsheet made of it."""
    plain = "".join(typed.split()).upper()
    if _SCIENTIFIC.fullmatch(plain):
        raise Refused(f"“{typed}” is a number that the spreadsheet shortened. Save the list with the whole number.")
    if not re.fullmatch(r"[0-9A-Z][0-9A-Z./_-]{0,59}", plain):
        raise Refused(f"“{typed[:30]}” is no number or code.")
    return plain


def born(typed: str, today: date) -> date | None:
    """A date of birth as lists write it, the day first or the year; None for nothing. Raises `Refused` for no real day."""
    plain = _NO_TIME.sub("", typed.strip())
    if not plain:
        return None
    first, last = _YEAR_FIRST.fullmatch(plain), _DAY_FIRST.fullmatch(plain)
    year, month, day = first.groups() if first else (last[3], last[2], last[1]) if last else ("0", "0", "0")
    if month[:3].lower() in _MONTHS:
        month = str(_MONTHS.index(month[:3].lower()) + 1)
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        found = date.min
    if not date(FIRST_YEAR, 1, 1) <= found <= today:
        raise Refused(f"“{typed[:30]}” is no date of birth. Write it like 27/03/2016.")
    return found


def year_in_words(typed: str, years: Collection[str]) -> str:
    """The year group as the school writes it already; a bare number is "Year 6", or "P6" where the school says so."""
    number = typed.lstrip("0") or "0"
    if not number.isascii() or not number.isdigit():
        return next((year for year in years if fold(year) == fold(typed)), typed)
    known = [year for year in years if re.findall(r"[0-9]+", year) == [number]]
    return known[0] if len(known) == 1 else f"Year {number}"
