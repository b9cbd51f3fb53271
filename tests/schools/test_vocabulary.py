"""The words on the pages are those of the school's nation: no page says a word of another."""

import re
from collections.abc import Mapping

import pytest

from incidents.recording.words import Part
from incidents.schools.jurisdiction import Nation, SchoolType
from tests.casework.cases import a_case
from tests.cast import Cast, make_cast
from tests.triage.recorded import record

# Words that name something that only some nations have, and the nations that have it.
ONLY: Mapping[str, frozenset[Nation]] = {
    r"\bDSL\b|designated safeguarding lead": frozenset({Nation.ENGLAND, Nation.JERSEY}),
    r"\bDSP\b|designated safeguarding person": frozenset({Nation.WALES}),
    r"\bLADO\b": frozenset({Nation.ENGLAND}),
    r"governing body|\bgovernors?\b": frozenset(Nation) - {Nation.SCOTLAND},
    r"\bheadteacher": frozenset(Nation) - {Nation.NORTHERN_IRELAND},
    r"\bprincipal\b": frozenset({Nation.NORTHERN_IRELAND}),
    r"Education and Inspections Act|section 9[01]|section 89": frozenset({Nation.ENGLAND, Nation.WALES}),
    r"Addressing Bullying in Schools": frozenset({Nation.NORTHERN_IRELAND}),
    r"Gateway team|\bPSNI\b": frozenset({Nation.NORTHERN_IRELAND}),
    r"political opinion|dependants": frozenset({Nation.NORTHERN_IRELAND}),
    r"\(Jersey\) Law|States of Jersey": frozenset({Nation.JERSEY}),
    r"\(Scotland\) (Act|Regulations)|social work\b": frozenset({Nation.SCOTLAND}),
    r"children’s social care": frozenset({Nation.ENGLAND}),
    r"children’s services": frozenset({Nation.WALES}),
    r"Displaying|Experiencing": frozenset({Nation.SCOTLAND, Nation.NORTHERN_IRELAND}),
}
PAGES = {
    "head": ("/today", "/incidents", "/cases", "/reports", "/school/law", "{incident}", "{incident}/triage", "{case}",
             "{incident}/no-further-action", "{staff}/triage", "{case}/outcome", "{case}/finding"),
    "teacher": ("/my-records", "{incident}", "/policies", "/record"),
    "administrator": ("/school", "/accounts", "/accounts/{teacher}/role", "/people/new"),
    "case_manager": ("/today",),
}  # fmt: skip


def said(page: str) -> str:
    """The words that are read: no tags, no addresses, and nothing of the demo's own names."""
    main = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", page)
    return re.sub(r"\s+|\S+@\S+", " ", re.sub(r"<[^>]+>", " ", main))


def pages_of(cast: Cast) -> dict[str, str]:
    with cast.here():
        incident, case = record(cast), a_case(cast)
        staff = record(cast, ((Part.TARGET, "isla"), (Part.ALLEGED, "other_teacher")))
        places = {"incident": f"/incidents/{incident.id}", "case": f"/cases/{case.id}", "staff": f"/incidents/{staff.id}",
                  "teacher": str(cast.accounts["teacher"])}  # fmt: skip
    found = {}
    for who, addresses in PAGES.items():
        client = cast.client(who)
        for address in addresses:
            answer = client.get(address.format(**places))
            found[f"{who} {address}"] = said(answer.text) if answer.status_code == 200 else f"{answer.status_code}"
    return found


@pytest.mark.parametrize("nation", Nation)
def test_no_page_says_a_word_of_another_nation(app, nation: Nation) -> None:
    cast = make_cast(app, nation=nation, school_type=SchoolType.MAINTAINED)
    wrong = []
    for place, words in pages_of(cast).items():
        assert not words.isdigit(), f"{place}: {words}"
        for pattern, nations in ONLY.items():
            if nation not in nations:
                found = re.search(rf".{{0,40}}(?:{pattern}).{{0,30}}", words, re.IGNORECASE)
                wrong += [f"{place}: …{found[0]}…"] if found else []
    assert not wrong, "\n".join(wrong)
