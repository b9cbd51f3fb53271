"""Lists of people as files bring them: what is read, and what is refused with its line."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.people.listing import LISTINGS, ListKind, Scheme
from incidents.people.reading import LARGEST, MOST_LINES, Unreadable, born, listed, read, year_in_words

TODAY = date(2026, 11, 23)
HEAD = "UPN,First name,Surname,DOB,Year group,Form\n"
NADIA = "X1,Nadia,Sorrell,27/03/2016,Year 6,6R\n"
quickly = settings(derandomize=True, max_examples=60, deadline=None)


def pupils(text: str | bytes, **more):
    data = text.encode() if isinstance(text, str) else text
    return read(data, ListKind.PUPILS, today=TODAY, **more).lines


def refusal(text: str | bytes, kind: ListKind = ListKind.PUPILS) -> str:
    with pytest.raises(Unreadable) as refused:
        read(text.encode() if isinstance(text, str) else text, kind, today=TODAY)
    return "; ".join(map(str, refused.value.problems))


def outcome(data: bytes, kind: ListKind):
    """What was read, and what is wrong: one of the two."""
    try:
        return list(read(data, kind, today=TODAY).lines), []
    except Unreadable as refused:
        return [], refused.problems


def test_a_line_is_read_by_its_headings_whatever_their_order_and_case():
    (found,) = pupils("form;SURNAME;forename;Adno;unused;nc YEAR\n6R;Sorrell;Nadia;0012;x;6\n")
    assert (found.ids, found.name, found.year_group, found.form) == (
        ((Scheme.ADMISSION, "0012"),),
        "Nadia Sorrell",
        "Year 6",
        "6R",
    )


def test_headings_that_stand_for_nothing_are_named():
    sheet = read(b"UPN,First name,Year,Shoe size\nX1,Nadia,6,32\n", ListKind.PUPILS, today=TODAY)
    assert sheet.unused == ("Shoe size",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_usual_encoding_gives_the_same_names(encoding):
    text = HEAD + "X1,Zoë,O’Brien,,Year 6,6R\n" + NADIA.replace("X1", "X2")
    assert [each.name for each in pupils(text.encode(encoding))] == ["Zoë O’Brien", "Nadia Sorrell"]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("", "There is nobody in this list"),
        ("X1,Nadia,Sorrell,31/02/2016,Year 6,6R\n", "Line 2: “31/02/2016” is no date of birth"),
        ("X1,Nadia,Sorrell,27/03/2066,Year 6,6R\n", "Line 2: “27/03/2066” is no date of birth"),
        ("X1,Nadia,Sorrell,27/03/16,Year 6,6R\n", "Line 2: “27/03/16” is no date of birth"),
        ("X1,Nadia,Sorrell,,,6R\n", "Line 2: it has no year group"),
        (",Nadia,Sorrell,,Year 6,6R\n", "Line 2: it has no UPN and no admission number"),
        ("X1,,,,Year 6,6R\n", "Line 2: it has no name"),
        ("X1,=cmd|' /C calc'!A0,Sorrell,,Year 6,6R\n", "Line 2: a name starts like a formula"),
        ("X1,Nadia,@SUM(A1),,Year 6,6R\n", "Line 2: a name starts like a formula"),
        (NADIA + "\n" + NADIA, "Line 4: it has the same number or code as line 2"),
        ("8.2E+11,Nadia,Sorrell,,Year 6,6R\n", "Line 2: “8.2E+11” is a number that the spreadsheet shortened"),
        ("X1,Nadia,Sorrell,,Year 6,6R,more\n", "Line 2: it has more cells"),
        ('X1,"Nadia,Sorrell,,Year 6,6R\n', "Line 2: a quotation mark opens"),
        ('X1,"Nadia"s,Sorrell,,Year 6,6R\n', "Line 2: a quotation mark opens"),
        (NADIA + "X2,Na\0dia,Sorrell,,Year 6,6R\n", "Line 3: there is a character in it"),
        (f"X1,{'n' * 200},Sorrell,,Year 6,6R\n", "Line 2: a cell has more than"),
        ('X1,"' + "n" * 140_000 + '",Sorrell,,Year 6,6R\n', "Line 2: a cell is far too long"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(lines, says):
    assert says in refusal(HEAD + lines)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no column for: UPN or Admission number; First name or Family name; Year group"),
        (b"UPN,First name,First name\n", "two columns called “First name”"),
        (b"PK\x03\x04 and so on", "an Excel workbook"),
        (b"%PDF-1.7", "This is a PDF"),
        (HEAD.encode() + b"X1,\x81\x8d,,,6,\n", "Line 2: its letters can’t be read"),
        (b"x" * (LARGEST + 1), "may have 10 MB"),
        (b"\xff\xfea", "its letters can’t be read"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused_as_a_whole(data, says):
    assert says in refusal(data)


def test_fifty_thousand_lines_are_too_many_and_the_line_is_named():
    lines = "".join(f"X{n},Nadia,Sorrell,,6,\n" for n in range(50_000))
    assert f"Line {MOST_LINES + 2:,}" in refusal(HEAD + lines)


def test_a_formula_elsewhere_stays_the_text_that_it_is():
    (found,) = pupils(HEAD + "X1,Nadia,Sorrell,,Year 6,=6+1\n")
    assert found.form == "=6+1"


def test_a_contact_may_be_of_two_pupils_and_is_one_person():
    head = "Contact ID,UPN,Forename,Surname,Relationship,PR,Do not tell\n"
    lines = "C1,X1,Ilse,Sorrell,Mother,yes,\nC1,X2,Ilse,Sorrell,Mother,no,x\n"
    found = read((head + lines).encode(), ListKind.CONTACTS, today=TODAY).lines
    assert [(each.relation, each.parental_responsibility, each.do_not_tell) for each in found] == [
        ("mother", True, False),
        ("mother", False, True),
    ]
    assert "line 2, with another name" in refusal(head + lines.replace("X2,Ilse", "X2,Elsa"), ListKind.CONTACTS)
    assert "the same as line 2" in refusal(head + lines.replace("X2", "X1"), ListKind.CONTACTS)
    assert "neither yes nor no" in refusal(head + lines.replace("yes", "perhaps"), ListKind.CONTACTS)


def test_staff_are_employees_unless_the_list_says_otherwise():
    head = "Staff code,Title,Forename,Surname,Post,Kind\n"
    found = read(
        (head + "OLA,Mr,Owen,Larch,Teacher,\nB,,B,M,Cover,Supply\n").encode(), ListKind.STAFF, today=TODAY
    ).lines
    assert [each.employed for each in found] == ["employee", "agency"]
    assert "none of: employee" in refusal(head + "OLA,,Owen,Larch,Teacher,pirate\n", ListKind.STAFF)


@pytest.mark.parametrize("kind", list(ListKind))
def test_each_sample_can_be_read(kind):
    listing = LISTINGS[kind]
    rows = [[column.headings[0] for column in listing.columns], *listing.sample]
    text = "\r\n".join(",".join(row) for row in rows)
    assert len(read(text.encode("utf-8-sig"), kind, today=TODAY).lines) == 2


@pytest.mark.parametrize(
    ("typed", "day"),
    [("27/03/2016", 27), ("2016-03-27", 27), ("7.3.2016", 7), ("27 Mar 2016", 27), ("27-March-2016", 27),
     ("2016-03-27T00:00:00", 27), ("", None)],
)  # fmt: skip
def test_dates_of_birth_are_read_as_lists_write_them(typed, day):
    assert born(typed, TODAY) == (date(2016, 3, day) if day else None)


@pytest.mark.parametrize(
    ("typed", "years", "year"),
    [("6", (), "Year 6"), ("06", (), "Year 6"), ("6", ("P6", "P7"), "P6"), ("year 6", ("Year 6",), "Year 6"),
     ("Reception", (), "Reception"), ("6", ("Year 6", "P6"), "Year 6")],
)  # fmt: skip
def test_a_year_group_is_written_as_the_school_writes_it(typed, years, year):
    assert year_in_words(typed, years) == year


@quickly
@given(st.binary(max_size=400))
def test_no_bytes_whatever_bring_anything_but_lines_or_a_refusal(data):
    for start in (b"", HEAD.encode()):
        found, problems = outcome(start + data, ListKind.PUPILS)
        assert bool(found) != bool(problems)


CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['"', ",", "=1", "X1", "\r\n", "yes"]
)


@quickly
@given(st.lists(st.lists(CELL, max_size=9), max_size=6), st.sampled_from(list(ListKind)))
def test_no_cells_whatever_bring_anything_but_lines_or_a_refusal(rows, kind):
    head = ",".join(column.headings[0] for column in LISTINGS[kind].columns)
    found, problems = outcome("\n".join([head, *map(",".join, rows)]).encode(), kind)
    assert bool(found) != bool(problems)
    assert all(problem.line != 1 for problem in problems)
    assert [listed(each.kept()) for each in found] == found
    assert all(each.ids and each.name and each.line > 1 for each in found)


@quickly
@given(
    st.lists(
        st.tuples(st.integers(1, 10**9), st.text('abcXYZé’- "', min_size=1, max_size=9)),
        max_size=8,
        unique_by=lambda row: row[0],
    )
)
def test_what_a_spreadsheet_quotes_is_read_back_as_it_was(rows):
    rows = [(n, " ".join(name.split())) for n, name in rows if name.strip(' ’-"') and not name.strip().startswith("-")]
    text = HEAD + "".join('{},"{}",Sorrell,,6,\n'.format(n, name.replace('"', '""')) for n, name in rows)
    assert ([each.given_name for each in pupils(text)] if rows else []) == [name for _, name in rows]
