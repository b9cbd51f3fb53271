"""The shape of the code: the order of the slices, pure rules, sizes, names. Each guard is seen to fail once."""

from collections.abc import Callable, Iterator

import pytest

from incidents import SLICES
from tests import shape
from tests.shape import Source

# Import nothing of a slice, so that every slice may import them.
LEAVES = ("access", "clock", "database", "errors", "extensions", "forms", "guards", "keys", "phrases", "print_type",
          "print_words", "rows", "tagging", "widgets")  # fmt: skip

# Files of a slice that are not rules although they have a name of their own: which shell file they are a part of, and why.
PARTS: dict[str, tuple[str, str]] = {
    "incidents/accounts/administration.py": ("views", "the half of the views that is for administrators"),
    "incidents/accounts/membership.py": ("actions", "the half of the actions that is about roles and invitations"),
    "incidents/accounts/roster.py": (
        "actions",
        "the queries of the accounts' pages, which ask membership what may be done",
    ),
    "incidents/casework/who.py": (
        "queries",
        "the half of the queries that is about who works on a case and who is told",
    ),
    "incidents/casework/established.py": ("queries", "the half of the queries that is about findings"),
    "incidents/casework/listing.py": ("queries", "the half of the queries that is about lists of cases"),
    "incidents/casework/handing_in.py": ("views", "the half of the views that takes in a step's files"),
    "incidents/casework/history.py": ("queries", "the half of the queries that tells what has happened"),
    "incidents/casework/opening.py": ("actions", "the half of the actions that opens a case and says what is in it"),
    "incidents/casework/moving.py": ("actions", "the half of the actions that follows the school's calendar"),
    "incidents/casework/stepping.py": ("views", "the half of the views that is about one step"),
    "incidents/declarations/asking.py": ("queries", "the half of the queries that is about who is still asked"),
    "incidents/declarations/families.py": ("views", "the pages about one form and its answers"),
    "incidents/declarations/household_pages.py": ("views", "the page behind a household's link"),
    "incidents/declarations/links.py": ("actions", "the half of the actions that is about links without an account"),
    "incidents/declarations/on_record.py": ("queries", "the half of the queries that is about somebody in an incident"),
    "incidents/declarations/pages.py": ("views", "what the office's pages share"),
    "incidents/declarations/printing.py": ("views", "what is printed or handed on"),
    "incidents/declarations/reminding.py": ("actions", "makes the reminders, where the school turned them on"),
    "incidents/declarations/shares.py": ("queries", "the half of the queries that counts how far signatures have come"),
    "incidents/declarations/signing.py": ("views", "what somebody who is signed in is asked to sign"),
    "incidents/demo/build.py": ("actions", "tells the stories by the slices' actions"),
    "incidents/demo/cast.py": ("models", "the cast is data in the words of the slices' own tables"),
    "incidents/demo/files_of.py": ("models", "which files a story brings, from the stories' data"),
    "incidents/demo/reading.py": ("models", "reads the stories into the words of the slices' own tables"),
    "incidents/demo/registering.py": ("actions", "fills the registers by the slices' actions"),
    "incidents/demo/rules.py": ("models", "reads the schools’ policies into the words of the slices' own tables"),
    "incidents/demo/ruling.py": ("actions", "has the policies approved and signed by the slices' actions"),
    "incidents/demo/setting_up.py": ("actions", "sets the schools up by the slices' actions"),
    "incidents/demo/sheet.py": ("queries", "draws a page of the docs from the cast and the stories"),
    "incidents/demo/stories.py": ("models", "the stories are data in the words of the slices' own tables"),
    "incidents/demo/telling.py": ("actions", "records and decides by the slices' actions"),
    "incidents/demo/working.py": ("actions", "works the cases by the slices' actions"),
    "incidents/files/intake.py": ("actions", "the half of the actions that takes in a form's files, one by one"),
    "incidents/files/reconciling.py": ("actions", "holds rows and stored files against each other"),
    "incidents/governors/annex_pages.py": ("views", "the half of the views that is about the confidential annex"),
    "incidents/governors/annexed.py": (
        "queries",
        "the half of the queries that is about who writes and reads an annex",
    ),
    "incidents/governors/facts.py": ("queries", "the half of the queries that a report's figures are counted from"),
    "incidents/governors/shelf.py": ("actions", "seals a published paper under the school's key"),
    "incidents/matters/conflicts.py": ("queries", "the half of the access rule that is read before it is worded"),
    "incidents/matters/visibility.py": ("queries", "the access rule is one SQL expression"),
    "incidents/people/bringing.py": ("views", "the half of the views that is about lists from a file"),
    "incidents/people/importing.py": ("actions", "the half of the actions that is about lists from a file"),
    "incidents/schools/law_changes.py": ("actions", "the half of the actions that is about law and words"),
    "incidents/schools/law_pages.py": ("views", "the half of the views that is about law and words"),
    "incidents/accounts/offices.py": ("queries", "what each role is called, from the school’s pack"),
    "incidents/triage/beside.py": ("queries", "the half of the queries that is about what others do"),
    "incidents/people/new_year.py": ("actions", "the half of the actions that moves all pupils up"),
    "incidents/people/putting_right.py": ("views", "the pages for double entries and for a new school year"),
    "incidents/registers/agreed.py": ("queries", "the half of the queries that is about photo consent"),
    "incidents/registers/asking.py": ("forms", "the half of the forms that is made from the registers' fields"),
    "incidents/registers/consenting.py": ("views", "the half of the views that is about photo consent"),
    "incidents/registers/beside.py": ("queries", "the half of the queries that an incident's page asks"),
    "incidents/registers/showing.py": ("queries", "what the pages of an entry show, read from the rows"),
    "incidents/registers/reminding.py": ("actions", "the half of the actions that the timetable calls"),
    "incidents/registers/saying.py": ("actions", "the half of the actions that is about photo consent"),
    "incidents/policies/documents.py": ("actions", "the half of the actions that takes in the school's own document"),
    "incidents/policies/drafting.py": ("views", "the half of the views that is about a draft"),
    "incidents/policies/pages.py": ("queries", "the half of the queries that is about what the pages show"),
    "incidents/recording/drafting.py": ("views", "the half of the views that is about a record being written"),
    "incidents/people/merging.py": ("actions", "the half of the actions that is about two entries of one person"),
    "incidents/recording/findable.py": ("actions", "the half of the actions that keeps the words of a record"),
    "incidents/recording/finding.py": ("queries", "the half of the queries that finds incidents for the list"),
    "incidents/recording/following.py": (
        "actions",
        "the half of the actions that follows when it is known who somebody is",
    ),
    "incidents/recording/knowing.py": ("views", "the pages on which it is said who somebody is"),
    "incidents/recording/filing.py": ("views", "the page of a record being written on which files are handed in"),
    "incidents/recording/handing_in.py": ("forms", "what is asked beside the pictures"),
    "incidents/recording/keeping.py": ("actions", "the half of the actions that is about a record being written"),
    "incidents/recording/papers.py": ("views", "the paper form, and the page it is typed in on"),
    "incidents/recording/reading_back.py": ("forms", "reads a draft by the forms it was typed into"),
    "incidents/recording/suggesting.py": ("queries", "who else may be in it, from the list of pupils"),
    "incidents/recording/pages.py": ("queries", "what a record's pages show, read from the rows"),
    "incidents/recording/reach.py": ("queries", "whom a record reaches, in SQL over conflicts and roles"),
    "incidents/recording/settling.py": ("actions", "the half of the actions that follows from who is in an incident"),
    "incidents/triage/declared.py": ("queries", "the half of the queries that is about what those involved had signed"),
    "incidents/triage/belonging.py": ("queries", "the half of the queries that is about which case an incident joins"),
}
STANDS_AS = {path: shell for path, (shell, _) in PARTS.items()}
# Rules' neighbours that speak to Flask although they are no view or form.
KNOWS_FLASK: dict[str, str] = {
    "incidents/audit/actions.py": "the audit key lies in the application's keyring",
    "incidents/audit/queries.py": "the audit key lies in the application's keyring",
    "incidents/files/queries.py": "the store for files is the application's",
    "incidents/governors/shelf.py": "the store for files is the application's",
}
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {
    "incidents/decisions/actions.py:decide": "half of it is what it takes and what it promises",
}
FRAGMENTS: dict[str, str] = {
    "templates/accounts/hidden.html": "what Hide leaves on the screen: nothing of the frame may show",
    "templates/base.html": "the frame itself",
    "templates/fields/boxes.html": "one field of a form, drawn by its widget",
    "templates/fields/select.html": "the same of another kind",
    "templates/recording/_files.html": "the files of a record being written, which the page's script asks for alone",
    "templates/triage/_sentence.html": "the sentence of power, the same on each page that shows it",
}
OUR_OWN_MARKUP: dict[str, str] = {
    "templates/components/icons.html": "the drawings of the icons stand in this very file",
}
DATABASE = ("flask", "flask_sqlalchemy", "flask_login", "flask_wtf", "wtforms", "sqlalchemy", "incidents.extensions",
            "incidents.database", "incidents.rows", "incidents.clock", "incidents.web")  # fmt: skip
# One machine's folders, and where this project was once downloaded from: in no file, locks included.
LEAKS = tuple("".join(parts) for parts in (
    ("/wo", "rk/"), ("/ro", "ot/"), ("/tm", "p/work"), ("pypi", ".org"), ("python", "hosted"), ("npm", "js"), ("debian", ".org"),
))  # fmt: skip

CODE = shape.sources("incidents/")
TESTS = shape.sources("tests/")
TEMPLATES = shape.sources("templates/", ending=".html")


def problems(sources: list[Source], guard: Callable[[Source], Iterator[str]]) -> list[str]:
    return [problem for source in sources for problem in guard(source)]


def clean(found: list[str]) -> None:
    assert not found, shape.in_words(found)


def is_rule(source: Source) -> bool:
    return bool(source.slice) and source.name != "__init__" and not shape.level_of(source.path, STANDS_AS)


def is_part_of(source: Source, *shell: str) -> bool:
    return bool(source.slice) and STANDS_AS.get(source.path, source.name) in shell


def impure(source: Source) -> Iterator[str]:
    slices = tuple(f"incidents.{name}.{file}" for name in SLICES for file in shape.SHELL)
    yield from shape.imports_any(
        source, (*DATABASE, *slices), "a rule knows neither the web nor the database nor the time"
    )


def speaks_to_flask(source: Source) -> Iterator[str]:
    yield from shape.imports_any(
        source, ("flask", "flask_login", "flask_wtf", "wtforms", "incidents.web"), "only views and forms do"
    )


# --- the code as it stands


def test_every_folder_is_a_slice_with_a_place_in_the_order():
    assert {source.slice for source in CODE if source.slice} - set(SLICES) == set()


def test_a_slice_imports_only_slices_before_it():
    clean(problems(CODE, lambda source: shape.out_of_order(source, SLICES)))


def test_inside_a_slice_nothing_imports_what_stands_above_it():
    clean(problems(CODE, lambda source: shape.out_of_layer(source, SLICES, STANDS_AS)))


def test_the_leaves_import_no_slice():
    leaves = [source for source in CODE if not source.slice and source.name in LEAVES]
    assert len(leaves) == len(LEAVES)
    assert (
        problems(leaves, lambda source: shape.imports_any(source, (f"incidents.{s}" for s in SLICES), "a leaf")) == []
    )


def test_rules_know_neither_the_web_nor_the_database_nor_the_time():
    clean(problems([source for source in CODE if is_rule(source)], impure))


def test_only_views_and_forms_speak_to_flask():
    below = [s for s in CODE if s.slice and not is_part_of(s, "forms", "views") and s.path not in KNOWS_FLASK]
    clean(problems(below, speaks_to_flask))


def test_a_view_holds_no_session():
    clean(problems([source for source in CODE if is_part_of(source, "views")], shape.session_in_view))


def test_only_the_clock_reads_the_time():
    clean(problems([source for source in CODE if source.path != "incidents/clock.py"], shape.clock_readers))


def test_no_module_imports_itself_round_a_circle():
    assert shape.cycles(shape.import_graph(CODE)) == []


def test_no_file_outgrows_400_lines():
    files = [source for source in CODE + TESTS if source.path not in LONG_FILES]
    clean(problems(files, lambda source: shape.too_long(source, 400)))


def test_no_function_outgrows_40_lines():
    found = problems(CODE + TESTS, lambda source: shape.long_functions(source, 40))
    clean([name for name in found if name not in LONG_FUNCTIONS])


def test_the_tests_shared_ground_stays_small():
    assert (
        problems([source for source in TESTS if source.name == "conftest"], lambda source: shape.too_long(source, 150))
        == []
    )


def test_no_file_has_a_name_that_says_nothing():
    clean([found for path in shape.our_files() for found in shape.shapeless_names(path)])


def test_every_silenced_check_says_why():
    silenced = [source for source in CODE + TESTS if source.name not in ("shape", "test_architecture")]
    clean(problems(silenced, shape.unexplained))


def test_nothing_of_one_machine_is_in_any_file():
    found = []
    for path in shape.our_files():
        text = (shape.TOP / path).read_bytes().decode("utf-8", errors="ignore")
        found += shape.leaks(path, text, LEAKS)
    clean(found)


def test_templates_hold_nothing_that_the_policy_would_stop():
    clean(problems(TEMPLATES, shape.inline_parts))


def test_text_is_taken_for_markup_only_where_no_person_typed_it():
    clean(problems([source for source in TEMPLATES if source.path not in OUR_OWN_MARKUP], shape.let_through))


def test_every_template_is_a_page_macros_or_a_named_fragment():
    clean(problems(TEMPLATES, lambda source: shape.without_frame(source, FRAGMENTS)))


def test_every_named_exception_is_still_needed():
    paths = {source.path for source in CODE + TESTS + TEMPLATES}
    assert (PARTS.keys() | KNOWS_FLASK.keys() | LONG_FILES.keys() | FRAGMENTS.keys()) - paths == set()
    known = set(problems(CODE + TESTS, lambda source: shape.long_functions(source, 40)))
    assert LONG_FUNCTIONS.keys() - known == set()


# --- each guard, seen to fail

ORDER = ("audit", "schools", "recording")


@pytest.mark.parametrize("text", [
    "from incidents.recording import words",
    "import incidents.recording.words",
    "from incidents.recording.words import Part",
    "def late():\n    from incidents.recording.words import Part",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from incidents.recording import words",
    "from ..recording import words",
])  # fmt: skip
def test_an_import_against_the_order_is_found_wherever_it_stands(text: str):
    assert list(shape.out_of_order(Source("incidents/schools/rule.py", text), ORDER))


def test_another_slices_view_is_found_and_an_earlier_rule_is_not():
    view = Source("incidents/recording/views.py", "from incidents.schools.views import bp")
    rule = Source("incidents/recording/hours.py", "from incidents.schools.calendar import SchoolCalendar")
    assert list(shape.out_of_order(view, ORDER))
    assert not list(shape.out_of_order(rule, ORDER))


def test_what_imports_upwards_inside_its_slice_is_found():
    models = Source("incidents/schools/models.py", "from incidents.schools.actions import add_term")
    actions = Source("incidents/schools/actions.py", "from incidents.schools import models")
    part = Source("incidents/schools/terms.py", "from incidents.schools.views import bp")
    assert list(shape.out_of_layer(models, ORDER, {}))
    assert list(shape.out_of_layer(part, ORDER, {part.path: "actions"}))
    assert not list(shape.out_of_layer(actions, ORDER, {}))


@pytest.mark.parametrize("text", [
    "import flask", "from flask import g", "from sqlalchemy.orm import Session", "from incidents.extensions import db",
    "from incidents import clock", "from incidents.schools.models import School", "from incidents.schools import queries",
])  # fmt: skip
def test_an_impure_rule_is_found(text: str):
    assert list(impure(Source("incidents/recording/hours.py", text)))


def test_an_action_that_speaks_to_flask_is_found():
    assert list(speaks_to_flask(Source("incidents/recording/actions.py", "from flask import request")))


@pytest.mark.parametrize("text", ["from incidents.extensions import db", "from sqlalchemy import select"])
def test_a_session_in_a_view_is_found(text: str):
    assert list(shape.session_in_view(Source("incidents/recording/views.py", text)))


@pytest.mark.parametrize("call", ["datetime.now(UTC)", "date.today()", "time.time()"])
def test_a_second_clock_is_found(call: str):
    assert list(shape.clock_readers(Source("incidents/recording/hours.py", f"x = {call}")))


def test_a_circle_of_imports_is_found():
    assert shape.cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    assert shape.cycles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_a_file_and_a_function_that_grew_too_long_are_found():
    grown = Source("incidents/recording/hours.py", "def grown():\n" + "    x = 1\n" * 40)
    assert list(shape.too_long(grown, 40))
    assert list(shape.long_functions(grown, 40)) == ["incidents/recording/hours.py:grown"]


@pytest.mark.parametrize("path", ["incidents/utils.py", "incidents/recording/form_helpers.py", "tests/base.py"])
def test_a_name_that_says_nothing_is_found(path: str):
    assert list(shape.shapeless_names(path))


@pytest.mark.parametrize(("line", "found"), [
    ("x = 1  # type: ignore", 1),
    ("x = 1  # type: ignore[misc]", 1),
    ("x = 1  # noqa: S101", 1),
    ("x = 1  # noqa: S101 - a reason", 0),
    ("x = 1  # type: ignore[misc]  # a reason", 0),
    ("x = 1  # type: ignore[misc]  # a reason\ny = 2  # type: ignore[misc]", 0),
    ("x = 1  # type: ignore[misc]  # a reason\ny = 2  # type: ignore[attr-defined]", 1),
])  # fmt: skip
def test_a_check_silenced_without_a_reason_is_found(line: str, found: int):
    assert len(list(shape.unexplained(Source("incidents/x.py", line)))) == found


def test_a_folder_of_one_machine_is_found():
    assert list(shape.leaks("docs/x.md", f"look in {LEAKS[0]}main", LEAKS))


@pytest.mark.parametrize("markup", [
    '<p style="color:red">', "<p onclick='x()'>", "<script>x()</script>", '<a href="javascript:x()">'
])  # fmt: skip
def test_what_the_policy_would_stop_is_found(markup: str):
    assert list(shape.inline_parts(Source("templates/x.html", markup)))


def test_text_let_through_as_markup_is_found():
    assert list(shape.let_through(Source("templates/x.html", "{{ words | safe }}")))


def test_a_template_without_a_frame_is_found():
    assert list(shape.without_frame(Source("templates/x.html", "<p>bare</p>"), {}))
    assert not list(shape.without_frame(Source("templates/x.html", '{#- a page -#}\n{% extends "base.html" %}<p>'), {}))
    assert not list(shape.without_frame(Source("templates/x.html", "{% macro a() %}<p>{% endmacro %}"), {}))
