"""Who sees which matter: roles, grants and conflicts, read live; deny wins."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from incidents import clock
from incidents.access import RIGHTS, Basis, Right, Sphere
from incidents.database import writing
from incidents.extensions import db
from incidents.matters import actions
from incidents.matters.models import Capacity, Conflict, Grant, Matter, Told, Why
from incidents.matters.visibility import deciders, seen_with, standing
from incidents.people import actions as people
from incidents.people.models import Person
from incidents.recording.models import Draft, Incident
from tests.cast import SEPTEMBER, Cast, make_cast

EVERYBODY = (
    "head", "dsl", "deputy_dsl", "teacher", "other_teacher", "head_of_year", "deputy_head", "administrator", "dpo",
    "case_manager", "vice_chair", "governor", "clerk", "external", "trust_lead",
)  # fmt: skip


def make_matter(
    cast: Cast, sphere: Sphere = Sphere.PUPIL, recorded_by: str = "teacher", years=("Year 6",)
) -> uuid.UUID:
    """A bare incident; recording's own tests make whole ones."""
    with cast.here():
        with writing(audited=False):
            now, school = clock.now(), cast.school_id
            account = cast.accounts[recorded_by]
            draft = Draft(
                school_id=school, id=uuid.uuid4(), account_id=account, answers={}, started_at=now, kept_at=now
            )
            matter = Incident(
                school_id=school, id=uuid.uuid4(), reference=uuid.uuid4().hex[:6], reference_year=2026, anchor_id=uuid.uuid4(),
                sphere=sphere, recorded_by=account, recorded_at=now, retention_class="bullying", draft_id=draft.id,
                state="recorded", pictures="open",
            )  # fmt: skip
            matter.anchor_id = matter.id
            db.session.add_all([draft, matter])
            db.session.flush()
            actions.set_years(matter, years)
        return matter.id


def conflict(cast: Cast, matter: uuid.UUID, person: str, why: Why) -> None:
    with cast.here(), writing(audited=False):
        db.session.add(
            Conflict(school_id=cast.school_id, matter_id=matter, person_id=cast.persons[person], why=why, source="test",
                     starts=clock.now())
        )  # fmt: skip


def grant(cast: Cast, matter: uuid.UUID, who: str, capacity: Capacity, *, starts=None, ends=None) -> None:
    with cast.here(), writing(audited=False):
        db.session.add(
            Grant(school_id=cast.school_id, matter_id=matter, account_id=cast.accounts[who], capacity=capacity,
                  starts=starts or clock.now(), ends=ends)
        )  # fmt: skip


def family(cast: Cast, one: str, other: str) -> None:
    with cast.here(), writing():
        first, second = (db.session.get_one(Person, (cast.school_id, cast.persons[who])) for who in (one, other))
        people.relate(first, second, "parent", SEPTEMBER, by=None, at=clock.now(), parental_responsibility=True)


def bases(cast: Cast, who: str, matter: uuid.UUID) -> set[Basis]:
    with cast.here():
        held = standing(cast.viewer(who), matter)
    return set(held.bases) if held else set()


def who_sees(cast: Cast, matter: uuid.UUID, right: Right = Right.SEE_IN_FULL) -> set[str]:
    return {who for who in EVERYBODY if any(right in RIGHTS[basis] for basis in bases(cast, who, matter))}


IN_FULL = [
    (Sphere.PUPIL, {"head", "dsl", "deputy_dsl", "head_of_year"}),
    (Sphere.ADULT, {"head"}),
    (Sphere.STAFF_CONDUCT, {"head"}),
    (Sphere.HEAD, {"case_manager"}),
]


@pytest.mark.parametrize(("sphere", "expected"), IN_FULL)
def test_who_sees_a_matter_of_each_sphere_in_full(cast, sphere, expected):
    assert who_sees(cast, make_matter(cast, sphere)) == expected


@pytest.mark.parametrize(("sphere", "expected"), [(Sphere.PUPIL, {"head"}), (Sphere.HEAD, {"case_manager"})])
def test_who_decides(cast, sphere, expected):
    assert who_sees(cast, make_matter(cast, sphere), Right.DECIDE) == expected


def test_a_head_of_year_sees_no_other_year(cast):
    assert "head_of_year" not in who_sees(cast, make_matter(cast, years=("Year 5",)))


def test_the_reporter_reads_their_own_words_and_no_more(cast):
    assert bases(cast, "teacher", make_matter(cast)) == {Basis.REPORTER}


# Who is taken out of a pupil matter, one after another, and who then decides.
FALLBACK = [
    ([], {"head"}),
    (["head"], {"dsl"}),
    (["head", "dsl"], {"deputy_dsl"}),
    (["head", "dsl", "deputy_dsl"], {"case_manager"}),
    (["head", "dsl", "deputy_dsl", "case_manager"], {"vice_chair"}),
    (["head", "dsl", "deputy_dsl", "case_manager", "vice_chair"], set()),
]


@pytest.mark.parametrize(("out", "expected"), FALLBACK)
@pytest.mark.parametrize("why", list(Why))
def test_the_chain_never_stops_at_somebody_in_conflict(cast, out, expected, why):
    matter = make_matter(cast)
    for who in out:
        conflict(cast, matter, who, why)
    assert who_sees(cast, matter, Right.DECIDE) == expected
    with cast.here():
        row = db.session.get_one(Matter, (cast.school_id, matter))
        assert set(deciders(row, cast.viewer("head").seats)) == {cast.accounts[who] for who in expected}


@pytest.mark.parametrize("who", ["head", "dsl", "deputy_dsl", "head_of_year"])
@pytest.mark.parametrize("why", list(Why))
def test_a_conflict_takes_every_role_away(cast, who, why):
    matter = make_matter(cast)
    conflict(cast, matter, who, why)
    assert who not in who_sees(cast, matter)


@pytest.mark.parametrize("who", ["head", "dsl", "head_of_year", "case_manager"])
def test_for_the_alleged_the_matter_does_not_exist(cast, who):
    matter = make_matter(cast)
    conflict(cast, matter, who, Why.ALLEGED)
    assert bases(cast, who, matter) == set()


def test_an_author_who_proves_to_be_the_alleged_keeps_only_their_own_words(cast):
    matter = make_matter(cast, recorded_by="head")
    conflict(cast, matter, "head", Why.ALLEGED)
    assert bases(cast, "head", matter) == {Basis.AUTHOR_ALLEGED}


@pytest.mark.parametrize("why", [Why.TARGET, Why.WITNESS])
def test_a_party_gets_a_partys_view_and_no_decision(cast, why):
    matter = make_matter(cast)
    conflict(cast, matter, "head", why)
    assert bases(cast, "head", matter) == {Basis.PARTY}


@pytest.mark.parametrize("why", [Why.ALLEGED, Why.TARGET, Why.WITNESS])
def test_close_family_of_somebody_involved_decides_nothing(cast, why):
    family(cast, "dsl", "isla")
    matter = make_matter(cast)
    conflict(cast, matter, "isla", why)
    assert bases(cast, "dsl", matter) == set()
    assert "deputy_dsl" in who_sees(cast, matter)


def test_family_hear_of_it_from_a_person_and_then_read_what_was_said(cast):
    family(cast, "dsl", "isla")
    matter = make_matter(cast)
    conflict(cast, matter, "isla", Why.TARGET)
    with cast.here(), writing(audited=False):
        db.session.add(
            Told(school_id=cast.school_id, matter_id=matter, person_id=cast.persons["dsl"], words="We met.", by=None,
                 at=clock.now())
        )  # fmt: skip
    assert bases(cast, "dsl", matter) == {Basis.PARTY}


def test_a_family_tie_that_ended_counts_no_longer(cast):
    family(cast, "dsl", "isla")
    matter = make_matter(cast)
    conflict(cast, matter, "isla", Why.TARGET)
    with cast.here(), writing(audited=False):
        from incidents.people.models import Kinship

        for tie in db.session.scalars(select(Kinship).where(Kinship.person_id == cast.persons["dsl"])):
            tie.ends = SEPTEMBER
    assert Basis.SAFEGUARDING in bases(cast, "dsl", matter)


CAPACITIES = [
    (Capacity.OWNER, Basis.OWNER), (Capacity.DELEGATE, Basis.DELEGATE), (Capacity.STEP, Basis.STEP),
    (Capacity.PANEL, Basis.READER), (Capacity.INVESTIGATOR, Basis.READER), (Capacity.ADVISER, Basis.READER),
]  # fmt: skip


@pytest.mark.parametrize(("capacity", "basis"), CAPACITIES)
def test_a_grant_gives_one_matter_and_no_other(cast, capacity, basis):
    matter, other = make_matter(cast, Sphere.STAFF_CONDUCT), make_matter(cast, Sphere.STAFF_CONDUCT)
    grant(cast, matter, "governor", capacity)
    assert bases(cast, "governor", matter) == {basis}
    assert bases(cast, "governor", other) == set()


@pytest.mark.parametrize(("starts", "ends"), [(1, None), (-2, -1)])
def test_a_grant_gives_nothing_before_and_after_its_time(cast, starts, ends):
    matter, now = make_matter(cast), clock.now()
    grant(cast, matter, "governor", Capacity.PANEL, starts=now + timedelta(days=starts),
          ends=now + timedelta(days=ends) if ends else None)  # fmt: skip
    assert bases(cast, "governor", matter) == set()


@pytest.mark.parametrize("why", list(Why))
def test_a_grant_does_not_reach_past_a_conflict(cast, why):
    matter = make_matter(cast)
    grant(cast, matter, "governor", Capacity.PANEL)
    conflict(cast, matter, "governor", why)
    assert Right.SEE_IN_FULL not in {right for basis in bases(cast, "governor", matter) for right in RIGHTS[basis]}


def test_a_conflict_counts_for_all_that_hangs_together(cast):
    first, second = make_matter(cast), make_matter(cast)
    conflict(cast, first, "head", Why.ALLEGED)
    assert Basis.DECIDER in bases(cast, "head", second)
    with cast.here(), writing(audited=False):
        db.session.get_one(Matter, (cast.school_id, second)).anchor_id = first
    assert bases(cast, "head", second) == set()


def test_a_list_and_a_count_hold_just_what_standing_gives(cast):
    matters = [make_matter(cast, sphere) for sphere in Sphere]
    conflict(cast, matters[0], "head", Why.WITNESS)
    for who in EVERYBODY:
        with cast.here():
            viewer = cast.viewer(who)
            listed = set(db.session.scalars(select(Matter.id).where(seen_with(viewer, Right.SEE_IN_FULL))))
            count = db.session.scalar(
                select(func.count()).select_from(Matter).where(seen_with(viewer, Right.SEE_IN_FULL))
            )
            one_by_one = {m for m in matters if (held := standing(viewer, m)) and held.may(Right.SEE_IN_FULL)}
        assert listed == one_by_one
        assert count == len(listed)


def test_two_schools_in_one_database_never_meet(cast, app):
    other = make_cast(app, "Elmsworth Primary School", "elmsworth.example")
    matter = make_matter(cast)
    assert who_sees(other, matter) == set()
    with other.here():
        assert db.session.scalar(select(func.count()).select_from(Matter)) == 0


def test_a_statement_that_names_no_school_fails(cast, app):
    from incidents.errors import NoSchool

    with app.app_context(), pytest.raises(NoSchool):
        db.session.scalars(select(Matter)).all()


def test_a_row_of_another_school_is_not_written(cast, app):
    from incidents.errors import NoSchool

    other = make_cast(app, "Elmsworth Primary School", "elmsworth.example")
    with cast.here(), pytest.raises(NoSchool), writing(audited=False):
        db.session.add(
            Person(school_id=other.school_id, given_name="A", family_name="B", folded="a b", added_at=clock.now())
        )


def test_postgresql_holds_other_schools_back_even_from_plain_sql(cast, app):
    from sqlalchemy import text

    if db_name(app) != "postgresql":
        return
    make_cast(app, "Elmsworth Primary School", "elmsworth.example")
    with cast.here():
        schools = set(db.session.execute(text("SELECT DISTINCT school_id FROM person")).scalars())
        assert schools == {cast.school_id}
    with app.app_context():
        assert db.session.execute(text("SELECT count(*) FROM person")).scalar() == 0


def db_name(app) -> str:
    with app.app_context():
        return db.engine.dialect.name


def test_stepping_aside_works_at_once_and_gives_it_to_the_next(cast):
    matter = make_matter(cast)
    with cast.here(), writing():
        actions.step_aside(db.session.get_one(Matter, (cast.school_id, matter)), by=cast.viewer("head"), at=clock.now())
    assert bases(cast, "head", matter) == set()
    assert who_sees(cast, matter, Right.DECIDE) == {"dsl"}


def test_a_name_typed_by_hand_in_an_incident_is_found_in_no_list_of_people(cast):
    """That there is such a name would betray the incident to whoever may not know of it."""
    from incidents.people.queries import find

    with cast.here():
        with writing():
            people.add_person("Zebedee", "Quillfeather", by=None, at=clock.now())
        assert find("quill", SEPTEMBER) == []
        assert find("fenwick", SEPTEMBER) != []
