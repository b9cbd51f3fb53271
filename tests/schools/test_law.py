"""The school's own words over its pack, and a newer version of it: nothing decided earlier changes."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from incidents import clock
from incidents.casework.queries import closing_facts
from incidents.database import writing
from incidents.decisions.actions import decide
from incidents.errors import NotFound, NotPossibleNow, Refused
from incidents.schools import jurisdiction
from incidents.schools.data_file import PackBroken
from incidents.schools.jurisdiction import Nation, SchoolType, load
from incidents.schools.law import differences, laid_over, laws_laid_over, read, values_of
from incidents.schools.law_changes import edit_value, put_back_value, take_up_version, value_of
from incidents.schools.queries import newer_pack, pack_as, pack_of, statutes_of, this_school
from incidents.schools.statutes import load as load_laws
from tests.casework.cases import a_case
from tests.triage.recorded import record

ALL = [(nation, kind) for nation in Nation for kind in jurisdiction.school_types(nation)]
GOVERNOR_GROUND = "grounds.governor.text"


@pytest.mark.parametrize(("nation", "kind"), ALL)
def test_every_value_that_a_lawyer_has_not_confirmed_can_be_edited_and_is_then_read(nation, kind):
    pack, laws = load(nation, kind), load_laws()
    for value in values_of(pack, laws):
        if not value.confirm or value.path.startswith("statutes."):
            continue
        says = value.choices[-1] if value.choices else "7" if value.is_number else "something else"
        again = {each.path: each for each in values_of(laid_over(pack, {value.path: read(value, says)}), laws)}
        assert again[value.path].says == says
        assert again[value.path].confirm


@pytest.mark.parametrize(("nation", "kind"), ALL)
def test_every_value_of_a_pack_stands_on_the_page_once(nation, kind):
    pack = load(nation, kind)
    paths = [value.path for value in values_of(pack, load_laws())]
    assert len(paths) == len(set(paths))
    shown = {path.rsplit(".", 1)[0] for path in paths}
    assert {f"words.{key}" for key in pack.words} | {f"grounds.{key}" for key in pack.grounds} <= shown
    assert {f"limits.{key}" for key in pack.limits} <= shown


def value(path, kind=SchoolType.ACADEMY):
    return next(each for each in values_of(load(Nation.ENGLAND, kind), load_laws()) if each.path == path)


@pytest.mark.parametrize(("path", "typed", "says"), [
    ("words.dsl.says", "anything", "settled"),
    (GOVERNOR_GROUND, " ", "Type what it should say"),
    (GOVERNOR_GROUND, "x" * 501, "500 letters or fewer"),
    ("head_cases.manager.who", "the headteacher", "Choose one of the list"),
    ("limits.transfer_file_within.amount", "soon", "whole number"),
    ("statutes.malicious_1988_threat.in_force", "1988", "year, month and day"),
    ("statutes.malicious_1988_threat.about", "They broke it.", "may be relevant"),
])  # fmt: skip
def test_what_can_t_be_is_refused_in_words(path, typed, says):
    with pytest.raises(Refused, match=says):
        read(value(path), typed)


def test_a_law_s_days_as_the_school_has_them_are_what_the_guard_goes_by():
    laws = laws_laid_over(load_laws(), {"statutes.malicious_1988_threat.repealed": "2020-01-01"})
    assert laws.by_key["malicious_1988_threat"].repealed == date(2020, 1, 1)
    assert laws_laid_over(load_laws(), {"statutes.malicious_1988_threat.repealed": "1900-01-01"}) == load_laws()


def test_a_confirmed_law_can_t_be_edited_by_a_row_either():
    assert laws_laid_over(load_laws(), {"statutes.osa_181.about": "It may be relevant."}) == load_laws()


# --- in a school


def edit(cast, path=GOVERNOR_GROUND, says="the code that our governors signed", why="Our solicitor said so."):
    with cast.here(), writing():
        edit_value(path, says, why, by=cast.accounts["administrator"], at=clock.now())


def test_an_edit_is_read_everywhere_and_can_be_put_back(cast):
    edit(cast)
    with cast.here():
        pack = pack_of(this_school())
        assert (pack.grounds["governor"].text, pack.version) == ("the code that our governors signed", "2026-11+1")
        with writing():
            put_back_value(
                GOVERNOR_GROUND, "It was for another school.", by=cast.accounts["administrator"], at=clock.now()
            )
        assert pack_of(this_school()).grounds["governor"].text == "the governors’ code of conduct"
        assert pack_as(this_school(), "2026-11+1").grounds["governor"].text == "the code that our governors signed"
        assert pack_as(this_school(), "2026-11").grounds["governor"].text == "the governors’ code of conduct"


def test_an_edit_needs_a_reason_and_something_new(cast):
    for says, why, message in (("new", " ", "Say why"), ("the governors’ code of conduct", "x", "says this already")):
        with pytest.raises(Refused, match=message):
            edit(cast, says=says, why=why)
    with pytest.raises(NotFound):
        edit(cast, path="words.nothing.says")
    with cast.here(), writing(audited=False), pytest.raises(NotPossibleNow):
        put_back_value(GOVERNOR_GROUND, "x", by=cast.accounts["administrator"], at=clock.now())


def test_a_law_can_t_be_made_to_end_before_it_began(cast):
    with pytest.raises(Refused, match="end after it began"):
        edit(cast, "statutes.malicious_1988_threat.repealed", "1980-01-01")
    edit(cast, "statutes.malicious_1988_threat.about", "It may be relevant to threats.")
    with cast.here():
        assert statutes_of(this_school()).by_key["malicious_1988_threat"].about == "It may be relevant to threats."


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder in which England has a version of 2027 too."""
    folder = tmp_path / "jurisdictions"
    shutil.copytree(jurisdiction.FOLDER, folder)
    text = (folder / "england" / "2026-11.toml").read_text(encoding="utf-8")
    text = text.replace('version = "2026-11"', 'version = "2027-03"').replace(
        "the staff code of conduct", "the new code"
    )
    (folder / "england" / "2027-03.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(jurisdiction, "FOLDER", folder)
    shipped = (jurisdiction.versions, jurisdiction.load)
    for kept in shipped:
        kept.cache_clear()
    yield
    for kept in shipped:
        kept.cache_clear()


def test_a_newer_version_is_taken_up_by_the_school_and_what_was_decided_keeps_its_own(cast, newer):
    with cast.here():
        incident = record(cast)
        new = newer_pack(this_school())
        assert new is not None
        assert [(each.label, each.after) for each in differences(pack_of(this_school()), new)] == [
            ("Staff", "the contract of employment and the new code")
        ]
        with writing():
            decide(incident, "try", "yes", by=cast.viewer("head"), at=clock.now(), words="before")
        with writing():
            take_up_version("2027-03", by=cast.accounts["administrator"], at=clock.now())
        assert (pack_of(this_school()).version, newer_pack(this_school())) == ("2027-03", None)
        with writing():
            after = decide(incident, "try", "no", by=cast.viewer("head"), at=clock.now(), words="after")
            assert after.pack_version == "2027-03"
        assert "staff code" in pack_as(this_school(), "2026-11").grounds["staff"].text


def test_a_case_is_closed_by_the_check_list_that_its_outcome_was_settled_by(cast, newer):
    path = jurisdiction.FOLDER / "england" / "2027-03.toml"
    extra = '[[sanction_checks]]\nkey = "asked_twice"\ntext = "It was asked twice."\nsource = "x"\n\n[motives]'
    path.write_text(path.read_text(encoding="utf-8").replace("[motives]", extra), encoding="utf-8")
    with cast.here():
        case = a_case(cast)
        with writing():
            decide(case, "outcome", "sanction", by=cast.viewer("head"), at=clock.now(), words="x")
        with writing():
            take_up_version("2027-03", by=cast.accounts["administrator"], at=clock.now())
        assert "asked_twice" not in {check.key for check in closing_facts(case).checks}
        assert "asked_twice" in {check.key for check in closing_facts(case, anew=True).checks}


def test_an_unknown_or_older_version_is_not_taken_up(cast):
    with cast.here(), writing(audited=False), pytest.raises(NotPossibleNow):
        take_up_version("2027-03", by=cast.accounts["administrator"], at=clock.now())


def test_a_file_whose_version_is_not_its_name_is_refused(newer):
    path = jurisdiction.FOLDER / "england" / "2027-03.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("2027-03", "2027-04"), encoding="utf-8")
    with pytest.raises(PackBroken, match="must be the name of the file"):
        load(Nation.ENGLAND, SchoolType.MAINTAINED)


def test_the_path_of_a_value_leads_to_it(cast):
    with cast.here():
        assert value_of(GOVERNOR_GROUND).confirm
