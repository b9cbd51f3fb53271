"""What a list would change: a table of cases, and what holds of every list."""

import uuid
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.people.comparing import Fact, Known, People, What, compare
from incidents.people.listing import ListKind, Scheme
from incidents.people.reading import Listed, Unreadable

DAY, BEFORE = date(2026, 11, 2), date(2026, 9, 1)
BORN = date(2016, 3, 27)


def an_id(number: int) -> uuid.UUID:
    return uuid.UUID(int=number)


def fact(number: int, *holds, starts: date = BEFORE, ends: date | None = None) -> Fact:
    return Fact(an_id(1000 + number), starts, ends, holds)


def upn(value: str) -> tuple[tuple[Scheme, str], ...]:
    return ((Scheme.UPN, value),)


def pupil(number: int, given_name: str, *, ids=None, in_year="Year 6", born: date | None = BORN, **more) -> Known:
    facts = (fact(number, in_year, "6R"),) if in_year else ()
    ids = frozenset(upn(f"X{number}") if ids is None else ids)
    return Known(an_id(number), given_name, "Sorrell", date_of_birth=born, ids=ids, enrolments=facts, **more)


def line(number: int, given_name: str, year: str = "Year 6", *, of_id: str = "", form="6R", born: date | None = BORN):
    return Listed(
        number, upn(of_id or f"X{number}"), given_name, "Sorrell", date_of_birth=born, year_group=year, form=form
    )


def pupils(lines, known, choices=None):
    return compare(ListKind.PUPILS, lines, People(known, {}, DAY), choices)


def told(found) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(change.what.value, change.name.split()[0], change.says) for change in found.changes]


def test_who_is_new_joins_who_is_missing_leaves_and_who_moved_changes():
    found = pupils(
        [line(1, "Nadia", "Year 7"), line(3, "Ewan")], [pupil(1, "Nadia"), pupil(2, "Ola"), pupil(4, "Hand", ids=())]
    )
    assert told(found) == [
        ("changes", "Nadia", ("Year 6, 6R: from now on Year 7, 6R",)),
        ("joins", "Ewan", ("Year 6, 6R",)),
        ("leaves", "Ola", ("Year 6, 6R",)),
    ]


def test_the_same_list_again_changes_nothing():
    found = pupils([line(1, "Nadia")], [pupil(1, "Nadia")])
    assert (found.changes, found.doubts, found.same) == ((), (), 1)


@pytest.mark.parametrize(
    ("known", "doubtful"),
    [
        (pupil(9, "Nadia", ids=()), True),  # added by hand, the same date of birth
        (pupil(9, "Nadia", ids=(), born=None), True),
        (pupil(9, "NADIA", ids=()), True),
        (pupil(9, "Nadia", ids=(), born=date(2011, 1, 1)), False),
        (pupil(9, "Nadia", ids=upn("OLD")), True),  # their number may have changed
        (pupil(9, "Nadia", ids=(), in_year="", jobs=(fact(9, "employee", "teacher"),)), False),
        (pupil(9, "Ola", ids=()), False),
    ],
)
def test_who_has_the_name_without_the_number_is_asked_about(known, doubtful):
    found = pupils([line(1, "Nadia")], [known])
    assert bool(found.doubts) is doubtful
    assert bool(found.of(What.JOINS)) is not doubtful


def test_the_same_keeps_the_person_and_somebody_else_makes_another():
    known = pupil(9, "Nadia", ids=upn("OLD"))
    (doubt,) = pupils([line(1, "Nadia")], [known]).doubts
    assert "leaves, if this is somebody else" in doubt.candidates[0].says
    same = pupils([line(1, "Nadia")], [known], {1: known.person_id})
    assert [(each.person_id, each.ids) for each in same.changes] == [(known.person_id, upn("X1"))]
    assert [each.what for each in pupils([line(1, "Nadia")], [known], {1: None}).changes] == [What.JOINS, What.LEAVES]


@pytest.mark.parametrize("choices", [{}, {1: an_id(77)}])
def test_a_doubt_must_be_answered_with_one_of_those_that_were_offered(choices):
    with pytest.raises(Unreadable, match="Line 1"):
        pupils([line(1, "Nadia")], [pupil(9, "Nadia", ids=())], choices)


def test_two_lines_cannot_be_one_person():
    lines = [line(1, "Nadia"), line(2, "Nadia")]
    with pytest.raises(Unreadable, match="Line 2"):
        pupils(lines, [pupil(9, "Nadia", ids=())], {1: an_id(9), 2: an_id(9)})
    both = pupil(9, "Nadia", ids=[*upn("X1"), *upn("X2")])
    with pytest.raises(Unreadable, match="Line 2: another line"):
        pupils(lines, [both])


def test_a_new_name_is_a_change_and_who_has_left_comes_back():
    found = pupils([line(1, "Nadja"), line(2, "Ola")], [pupil(1, "Nadia"), pupil(2, "Ola", in_year="")])
    assert told(found) == [("changes", "Nadja", ("was Nadia Sorrell",)), ("returns", "Ola", ("Year 6, 6R",))]


def test_what_the_list_has_no_column_for_stays():
    found = pupils([line(1, "Nadia", form=None, born=None)], [pupil(1, "Nadia")])
    assert found.changes == ()


def test_a_new_class_holds_until_the_next_that_was_entered():
    january, easter = date(2027, 1, 4), date(2027, 4, 19)
    known = pupil(1, "Nadia", in_year="")
    coming = fact(1, "Year 6", "6A", starts=january), fact(2, "Year 6", "6B", starts=easter)
    (change,) = pupils([line(1, "Nadia")], [replace(known, enrolments=coming)]).changes
    assert (change.ends, change.starts, change.until) == ((an_id(1001),), ("Year 6", "6R"), date(2027, 4, 18))


def test_half_a_list_is_asked_about():
    known = [pupil(number, f"N{number}") for number in range(1, 21)]
    assert pupils([line(number, f"N{number}") for number in range(1, 15)], known).sweeping
    assert not pupils([line(number, f"N{number}") for number in range(1, 18)], known).sweeping


# --- contacts and staff

MOTHER = Known(an_id(50), "Ilse", "Sorrell", ids=frozenset([(Scheme.CONTACT, "C1")]))
KIN = {(an_id(50), an_id(1)): fact(50, "mother", True, True)}


def contact(number: int = 2, of: str = "X1", code: str = "C1", **more) -> Listed:
    return Listed(
        number,
        ((Scheme.CONTACT, code),),
        "Ilse" if code == "C1" else "Una",
        "Sorrell",
        of=upn(of),
        relation="mother",
        **more,
    )


def contacts(lines, known=(MOTHER,), kin=KIN, choices=None):
    return compare(ListKind.CONTACTS, lines, People([pupil(1, "Nadia"), pupil(2, "Ola"), *known], kin, DAY), choices)


def test_a_list_can_say_do_not_tell_and_cannot_take_it_away():
    found = contacts([contact(do_not_tell=False, parental_responsibility=True)])
    assert found.changes == ()
    assert "“Do not tell” stays" in found.stays[0]
    (change,) = contacts(
        [contact(do_not_tell=True)], kin={(an_id(50), an_id(1)): fact(50, "mother", True, False)}
    ).changes
    assert change.starts == ("mother", True, True)


def test_a_contact_of_two_pupils_is_made_once():
    found = contacts([contact(2), contact(3, "X2")], known=(), kin={})
    assert [(each.what, each.ids, each.of) for each in found.changes] == [
        (What.JOINS, ((Scheme.CONTACT, "C1"),), an_id(1)),
        (What.JOINS, (), an_id(2)),
    ]


def test_a_contact_is_no_longer_one_only_if_the_pupil_is_in_the_list():
    assert [each.what for each in contacts([contact(2, "X1", "C9")]).changes if each.line == 0] == [What.LEAVES]
    assert not contacts([contact(2, "X2", "C9")]).of(What.LEAVES)


def test_a_contact_of_nobody_known_is_refused_with_the_line():
    with pytest.raises(Unreadable, match="Line 2: no pupil here has this number"):
        contacts([contact(2, "X404")])


def staff(lines, *jobs: Fact):
    owen = Known(an_id(60), "Owen", "Larch", ids=frozenset([(Scheme.STAFF_CODE, "OLA")]), jobs=jobs)
    return compare(ListKind.STAFF, lines, People([owen], {}, DAY), None)


def post(job: str, employed: str | None = None, code: str = "OLA") -> Listed:
    name = ("Owen", "Larch") if code == "OLA" else ("Bea", "Lund")
    return Listed(2, ((Scheme.STAFF_CODE, code),), *name, job=job, employed=employed)


@pytest.mark.parametrize(
    ("line", "jobs", "says"),
    [
        (post("Year 1 teacher"), [("employee", "year 1 teacher")], None),
        (post("Year 2 teacher"), [("employee", "Year 1 teacher")], "Year 1 teacher: from now on Year 2 teacher"),
        (post("Cook"), [("employee", "Cook"), ("employee", "Cleaner")], None),
        (post("Driver"), [("employee", "Cook"), ("employee", "Cleaner")], "Driver"),
        (post("Cook"), [("employee", "Cook"), ("governor", "staff governor")], None),
        (post("Reader", "volunteer"), [("employee", "Cook")], "Reader (volunteer)"),
    ],
)
def test_a_job_is_replaced_only_where_it_is_clear_which(line, jobs, says):
    found = staff([line], *(fact(n, *job) for n, job in enumerate(jobs)))
    assert [each.says for each in found.changes] == ([(says,)] if says else [])


def test_who_leaves_the_staff_stays_a_governor_if_the_list_names_none():
    jobs = (fact(1, "employee", "Cook"), fact(2, "governor", "staff governor"))
    found = staff([post("Cook", code="BLU")], *jobs)
    assert [each.ends for each in found.of(What.LEAVES)] == [(jobs[0].id,)]


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)))
def test_everybody_is_accounted_for_once(in_list, imported, by_hand):
    by_hand -= imported
    known = [pupil(n, f"N{n}") for n in imported] + [pupil(n, f"N{n}", ids=()) for n in by_hand]
    found = pupils([line(n, f"N{n}") for n in sorted(in_list)], known)
    assert len(found.of(What.JOINS)) == len(in_list - imported - by_hand)
    assert {each.person_id for each in found.of(What.LEAVES)} == {an_id(n) for n in imported - in_list}
    assert {each.line for each in found.doubts} == in_list & by_hand
    assert found.same == len(in_list & imported)
