"""Draws docs/demo.md from the cast: who can sign in to the demo, and what is worth a look as whom."""

from collections import Counter
from collections.abc import Iterator

from incidents.access import ROLE_LABELS
from incidents.demo.cast import PASSWORD, SchoolCast, schools
from incidents.demo.reading import stories_of

_HEAD = """# The demo

`make run` in an empty data folder makes two schools with {count} incidents: three terms of the first school, a few months of
the second. Everybody and everything in them is invented: the people, the schools, the apps, and the pictures, which are drawn
by the program. It ends with the last school day before the day it is made, so it always looks like this week’s work, and the
two earlier terms are those before it: in September everybody goes up a year. The same day gives the same stories; references,
keys and passwords’ salts are drawn afresh, as they must be.

Everybody signs in with the same password:

    {password}

Never put a real child’s name into the demo, and never a real school’s data beside it.
"""


def document() -> str:
    """The whole of docs/demo.md."""
    count = sum(len(stories_of(cast)) for cast in schools())
    parts = [_HEAD.format(count=count, password=PASSWORD), *_look()]
    for cast in schools():
        parts += ["", f"## {cast.name}", "", f"{_kind(cast)} {_size(cast)}", "", *_sign_ins(cast)]
    return "\n".join(parts) + "\n"


def _look() -> Iterator[str]:
    yield from ("## What to look at first", "", "| sign in as | to see |", "|---|---|")
    for cast in schools():
        people = {someone.key: someone for someone in cast.people}
        for look in cast.looks:
            someone = people[look.sign_in]
            yield f"| {someone.name}, {_lower(someone.job)}, {cast.short_name} | {look.see} |"


def _lower(job: str) -> str:
    """A job within a sentence; what is written in capitals stays so."""
    return job if job[:2].isupper() else job[0].lower() + job[1:]


def _kind(cast: SchoolCast) -> str:
    where = cast.nation.value.replace("_", " ").title()
    trust = f" of {cast.trust}" if cast.trust else ""
    article = "An" if cast.school_type.value[0] in "aeiou" else "A"
    return f"{article} {cast.school_type.value} school{trust} in {where}."


def _size(cast: SchoolCast) -> str:
    people = len(cast.people)
    terms = Counter(story.term for story in stories_of(cast))
    each = ", ".join(str(terms[back]) for back in sorted(terms, reverse=True))
    over = f" ({each} in three terms)" if len(terms) > 1 else ""
    return f"{terms.total()} incidents{over}; {people} grown-ups and {len(cast.pupils)} pupils on the list."


def _sign_ins(cast: SchoolCast) -> Iterator[str]:
    yield from ("| name | role in the product | address |", "|---|---|---|")
    for someone in cast.people:
        if someone.roles:
            roles = ", ".join(
                ROLE_LABELS[role] + (f", {someone.year}" if someone.year else "") for role in someone.roles
            )
            yield f"| {someone.name}, {_lower(someone.job)} | {roles} | {cast.email(someone)} |"
