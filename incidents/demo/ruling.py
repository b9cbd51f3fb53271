"""The rules of the demo's schools come into force, are approved and signed, each on its day; and what a story cites."""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from incidents.access import Role
from incidents.accounts.viewer import Viewer
from incidents.citations.queries import CLAUSE, STATUTE
from incidents.declarations import actions as declarations
from incidents.declarations import links
from incidents.declarations.actions import Entered
from incidents.declarations.lists import Group, Line
from incidents.declarations.queries import lines
from incidents.declarations.words import Answer
from incidents.demo.rules import Next, Policy, Signing, rules_of
from incidents.demo.setting_up import MadeSchool
from incidents.demo.telling import Act, Told
from incidents.demo.year import terms_around
from incidents.policies import actions, queries
from incidents.policies.kinds import Approver, Audience
from incidents.policies.models import PolicyVersion
from incidents.policies.reading import PolicyText

OF: Final = "rules"
LAW: Final = "law"
TWO_YEARS: Final = timedelta(days=730)
A_MONTH: Final = 30
MORNING, TEN, ELEVEN, AFTERNOON, EVENING = time(8, 15), time(10), time(11), time(15, 50), time(19, 40)
EACH_DAY = 3  # so many colleagues sign on one morning


def rule_acts(made: MadeSchool) -> Iterator[Act]:
    """Every version and every signature, in no order."""
    rules = rules_of(made.cast)
    for policy in rules.policies:
        yield Act(OF, _first_day(made, TEN), partial(_adopt, made, policy))
        if policy.approved_here:
            for clock, approver in ((ELEVEN, Approver.HEAD), (AFTERNOON, Approver.CHAIR)):
                yield Act(OF, _first_day(made, clock), partial(_approve, made, policy.key, approver))
        for following in policy.later:
            yield from _next(made, policy.key, following)
    if rules.signing:
        yield from _staff(made, rules.signing)
        yield from _parents(made, rules.signing)


def cited(told: Told, named: str) -> str:
    """A rule or a law of a story as triage names it: `online S1`, from the newest version in force then, or `law` and its key."""
    where, _, code = named.partition(" ")
    if where == LAW:
        return f"{STATUTE}{code}"
    days = told.happened().days() or (told.recorded(),)
    policy_id = told.made.policies[where]
    version = [each for each in queries.in_force(days[0], days[-1]) if each.policy_id == policy_id][-1]
    [clause_id] = [each.id for each in queries.clauses_of([version.id]) if each.code == code]
    return f"{CLAUSE}{clause_id}"


# --- policies


def _first_day(made: MadeSchool, clock: time) -> datetime:
    """On the first day of the demo: before every story."""
    return made.days.calendar.at(terms_around(made.made_at.date())[0].first, clock)


def _review(made: MadeSchool, days: int | None) -> date | None:
    return made.made_at.date() + timedelta(days=days) if days is not None else None


def _adopt(made: MadeSchool, policy: Policy, at: datetime) -> None:
    """The first version: adopted before the product came, or as a draft for the head and the chair."""
    if policy.approved_here:
        text = replace(policy.first.adopted(at.date()), review_on=_review(made, policy.review_in))
        made.policies[policy.key] = actions.start_policy(text, by=_head(made, at), at=at).policy_id
    else:
        version = actions.adopt_at_once(policy.first, at.date() - TWO_YEARS, at=at)
        made.policies[policy.key] = version.policy_id


def _next(made: MadeSchool, key: str, following: Next) -> Iterator[Act]:
    """A later version: begun, written, approved by the head, and by the chair if it is one already."""

    def begin(at: datetime) -> None:
        policy, by = queries.policy(made.policies[key]), _head(made, at)
        draft = actions.start_draft(policy, by=by, at=at)
        actions.keep(draft, _dated(made, following, actions.draft_text(draft)), draft.edit, by=by, at=at)

    yield Act(OF, made.days.at(following.begun, TEN), begin)
    yield Act(OF, made.days.at(following.approved, ELEVEN), partial(_approve, made, key, Approver.HEAD))
    if following.in_force is not None:
        yield Act(OF, made.days.at(following.approved, AFTERNOON), partial(_approve, made, key, Approver.CHAIR))


def _dated(made: MadeSchool, following: Next, before: PolicyText) -> PolicyText:
    """With the days that the story wants; a draft keeps those that it was begun with."""
    text = following.words(before)
    if following.in_force is None:
        return text
    return replace(
        text,
        adopted_on=made.days.day(following.approved),
        in_force_from=made.days.day(following.in_force),
        review_on=_review(made, following.review_in),
        adopted_before="",
    )


def _head(made: MadeSchool, at: datetime) -> Viewer:
    return made.viewer(made.cast.with_role(Role.HEADTEACHER)[0].key, at)


def _approve(made: MadeSchool, key: str, approver: Approver, at: datetime) -> None:
    draft = queries.draft(made.policies[key])
    [someone] = made.cast.with_role(queries.ROLE_OF[approver])
    actions.approve(draft, approver, actions.digest_of(draft), by=made.viewer(someone.key, at), at=at)


# --- signatures


def _version(made: MadeSchool, signing: Signing, on: date) -> PolicyVersion:
    version = queries.version_on(made.policies[signing.policy], on)
    if version is None:
        raise LookupError(f"{signing.policy} is not in force on {on}")
    return version


def _ask(made: MadeSchool, signing: Signing, audience: Audience, at: datetime) -> None:
    policy = queries.policy(made.policies[signing.policy])
    declarations.ask(policy, audience, at.date(), by=made.viewer(signing.by, at), at=at)


def _staff(made: MadeSchool, signing: Signing) -> Iterator[Act]:
    """The first version on paper, in one pile; the second by each one who signs in, a few every morning."""

    def pile(at: datetime) -> None:
        keys = [made.persons[key] for key in signing.first_on_paper]
        _take_in(made, signing, Audience.STAFF, keys, None, at)

    def sign(key: str, at: datetime) -> None:
        version, by = _version(made, signing, at.date()), made.viewer(key, at)
        declarations.sign_myself(version, Audience.STAFF, made.persons[key], at.date(), by=by, at=at)

    yield Act(OF, _first_day(made, ELEVEN), partial(_ask, made, signing, Audience.STAFF))
    yield Act(OF, _first_day(made, AFTERNOON), pile)
    for number, key in enumerate(signing.signed):
        morning = made.days.at(signing.asked - number // EACH_DAY, MORNING)
        yield Act(OF, morning + number % EACH_DAY * timedelta(minutes=7), partial(sign, key))


def _parents(made: MadeSchool, signing: Signing) -> Iterator[Act]:
    """Forms of some classes came back in a pile, one says no, a household answered with its link, and a link is open."""
    yield Act(OF, made.days.at(signing.parents_asked, TEN), partial(_ask, made, signing, Audience.PARENTS))
    for number, child in enumerate(signing.classes_of):
        at = made.days.at(signing.forms_back, AFTERNOON) + number * timedelta(minutes=6)
        yield Act(OF, at, partial(_class, made, signing, child))
    yield from _online(made, signing)
    yield Act(OF, made.days.at(0, MORNING), partial(_open, made, signing))


def _take_in(
    made: MadeSchool, signing: Signing, audience: Audience, keys: Collection[uuid.UUID], group: Group | None, at: datetime
) -> None:  # fmt: skip
    version, entered = _version(made, signing, at.date()), Entered(Answer.SIGNED, at.date())
    by = made.viewer(signing.by, at)
    declarations.take_in(version, audience, keys, entered, at.date(), by=by, at=at, group=group)


def _class(made: MadeSchool, signing: Signing, child: str, at: datetime) -> None:
    group = made.form_of(child, at.date())
    version, refused = _version(made, signing, at.date()), made.persons[signing.declined]
    missing = {made.persons[key] for key in signing.not_back}
    here = [
        line for line in lines(version.id, Audience.PARENTS, at.date(), group)
        if line.household and line.household.parents and not missing & {child.person_id for child in line.household.children}
    ]  # fmt: skip
    no = [line for line in here if refused in _parents_of(line)]
    _take_in(made, signing, Audience.PARENTS, [line.key for line in here if line not in no], group, at)
    for line in no:
        entered = Entered(Answer.DECLINED, at.date(), refused)
        by = made.viewer(signing.by, at)
        declarations.enter(version, Audience.PARENTS, line.key, entered, at.date(), by=by, at=at)


def _parents_of(line: Line) -> set[uuid.UUID]:
    return {parent.person_id for parent in line.household.parents} if line.household else set()


def _online(made: MadeSchool, signing: Signing) -> Iterator[Act]:
    """Both parents sign on their phone in the evening, with the names that they type."""
    child = next(kin.of[0] for kin in made.cast.kin if kin.key == signing.online[0])
    handed_out: list[str] = []

    def hand_out(at: datetime) -> None:
        handed_out.append(_link(made, signing, child, at))

    def answer(at: datetime) -> None:
        names = [made.person(key).name for key in signing.online]
        links.answer(handed_out[0], names, Answer.SIGNED, at)

    yield Act(OF, made.days.at(signing.forms_back - 1, MORNING), hand_out)
    yield Act(OF, made.days.at(signing.forms_back - 1, EVENING), answer)


def _open(made: MadeSchool, signing: Signing, at: datetime) -> None:
    """A slip that was handed out and waits."""
    _link(made, signing, signing.link_open, at)


def _link(made: MadeSchool, signing: Signing, child: str, at: datetime) -> str:
    version, child_id = _version(made, signing, at.date()), made.persons[child]
    households = [
        line.household for line in lines(version.id, Audience.PARENTS, at.date())
        if line.household and child_id in {each.person_id for each in line.household.children}
    ]  # fmt: skip
    [slip] = links.make_links(version, households, A_MONTH, by=made.viewer(signing.by, at), at=at)
    return slip.code
