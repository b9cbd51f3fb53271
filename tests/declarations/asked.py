"""A policy that the tests' school asks everybody to sign, and a family with two children."""

import uuid
from datetime import date

from incidents import clock
from incidents.database import writing
from incidents.declarations import actions
from incidents.declarations.models import Asked
from incidents.extensions import db
from incidents.people import actions as people
from incidents.people.models import Person
from incidents.policies.kinds import Audience, Force, PolicyKind, Seriousness
from incidents.policies.models import Clause, Policy, PolicyVersion
from tests.cast import SEPTEMBER, Cast

TODAY = date(2026, 11, 23)


def adopt(cast: Cast, policy: Policy | None = None, number: int = 1, since: date = SEPTEMBER) -> PolicyVersion:
    """A version in force, as the policies' own actions would leave it. Inside `here()`."""
    with writing(audited=False):
        if policy is None:
            policy = Policy(school_id=cast.school_id, kind=PolicyKind.SOCIAL_MEDIA, title="Social media and us")
            db.session.add(policy)
            db.session.flush()
        version = PolicyVersion(
            school_id=cast.school_id, policy_id=policy.id, number=number, title=policy.title, adopted_on=since,
            in_force_from=since, review_on=None, adopted_before="The governors", changed="", intro="Why we have it.", outro="",
            tests={}, before_posting={}, signatories=["Headteacher", "Chair of Governors"], source="", source_says="",
        )  # fmt: skip
        db.session.add(version)
        db.session.flush()
        for place, (audience, force) in enumerate(
            ((Audience.PARENTS, Force.INVITATION), (Audience.STAFF, Force.MUST), (Audience.SCHOOL, Force.PROMISE)),
            start=1,
        ):
            db.session.add(Clause(
                school_id=cast.school_id, version_id=version.id, place=place, code=f"C{place}", audiences=[audience],
                force=force, wording=f"Words for {audience}.", exceptions=[], seriousness=Seriousness.USUAL, directions=[],
                methods=[], keywords=[], towards=[], workflow="", permission="",
            ))  # fmt: skip
    return db.session.get_one(PolicyVersion, (cast.school_id, version.id))


def ask(cast: Cast, version: PolicyVersion, audience: Audience) -> Asked:
    policy = db.session.get_one(Policy, (cast.school_id, version.policy_id))
    with writing():
        return actions.ask(policy, audience, SEPTEMBER, by=cast.viewer("administrator"), at=clock.now())


def add_child(cast: Cast, key: str, given: str, family: str, form: str = "3T") -> uuid.UUID:
    with writing():
        child = people.add_person(given, family, by=None, at=clock.now())
        people.enrol(child, "Year 3", form, SEPTEMBER, by=None, at=clock.now())
        cast.persons[key] = child.id
    return cast.persons[key]


def add_parent(
    cast: Cast, key: str, given: str, family: str, *children: str, do_not_tell: bool = False, since: date = SEPTEMBER
) -> uuid.UUID:
    with writing():
        if key not in cast.persons:
            cast.persons[key] = people.add_person(given, family, by=None, at=clock.now()).id
        parent = db.session.get_one(Person, (cast.school_id, cast.persons[key]))
        for child in children:
            people.relate(
                parent, db.session.get_one(Person, (cast.school_id, cast.persons[child])), "parent", since, by=None,
                at=clock.now(), parental_responsibility=True, do_not_tell=do_not_tell,
            )  # fmt: skip
    return cast.persons[key]
