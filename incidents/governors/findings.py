"""What the figures say, in sentences: the same words on the page and on paper, drawn from published figures alone."""

import re
from collections.abc import Mapping
from datetime import date

from incidents.governors.disclosure import Figures, Group, Quoted
from incidents.governors.shown import TOO_FEW, Band, Shown

DIFFERENCE = 10  # a smaller one, between two printed figures, means nothing

GROUPS: Mapping[Group, str] = {
    Group.PUPIL_TO_PUPIL: "Pupil to pupil",
    Group.PUPIL_TO_STAFF: "Pupil to staff",
    Group.PARENT: "A parent’s post",
    Group.STAFF: "Staff and social media",
    Group.SCHOOL_ACCOUNT: "The school’s own accounts",
    Group.STRANGER: "Strangers, unknown or not yet decided",
}
GROUPS_IN_PROSE: Mapping[Group, str] = {
    Group.PUPIL_TO_PUPIL: "between pupils",
    Group.PUPIL_TO_STAFF: "by pupils about staff",
    Group.PARENT: "posts by parents",
    Group.STAFF: "about staff and social media",
    Group.SCHOOL_ACCOUNT: "on the school’s own accounts",
    Group.STRANGER: "by strangers or people not yet known",
}
TEST_WORDS: Mapping[str, str] = {
    "running": "Orderly running of the school",
    "threat": "Threat to a member of the school",
    "reputation": "Reputation of the school or its people",
}
BAND_WORDS: Mapping[str, str] = {
    "outside_hours": "Outside school hours",
    "off_site": "Off-site",
    "staff_targets": "Aimed at staff",
    "triaged_in_one_day": "Incidents triaged within one school day",
    "cases_closed": "Cases closed by the last of these days",
}
READING = (
    "Counts from 5 are rounded to the nearest 5, and parts need not add up. “<5” means fewer than 5, and may be none; "
    "“a few” is also fewer than 5. So no child can be found, and a difference of 5 between two terms means nothing."
)
NOT_SHOWN = "The split is not shown this term: together with the total it could point at a person."
TOO_FEW_WORDS = "There were too few to split: in a school of our size a smaller count could point at a person."
PUPILS_ONLY = (
    "The tests give power over pupils only. With parents and staff we use other routes: a meeting, the complaints "
    "procedure, the code of conduct, the platform, the police."
)
_STEPS = list(Band)


def day(when: date) -> str:
    """As in 21 January 2027."""
    return f"{when.day} {when:%B %Y}"


def weekday(when: date) -> str:
    """As in Thursday 21 January 2027."""
    return f"{when:%A} {day(when)}"


def short_term(name: str) -> str:
    """The label of a term in a table: autumn term 2026 becomes Autumn 2026."""
    short = name.replace(" term", "")
    return short[:1].upper() + short[1:]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- is it getting better? -------------------------------------------------------------------------------------------


def compared_with(figures: Figures) -> tuple[Quoted, str] | None:
    """The earlier term to set beside this one, and how to call it: the same term last year, else the one before."""
    if not figures.earlier:
        return None
    match = re.fullmatch(r"(.*\D)(\d{4})", figures.term.name)
    year_ago = f"{match[1]}{int(match[2]) - 1}".casefold() if match else ""
    for quoted in figures.earlier:
        if quoted.term.casefold() == year_ago:
            return quoted, "a year ago"
    last = figures.earlier[-1]
    return last, f"in the {last.term}"


def trend(figures: Figures) -> str:
    """As in "fewer than a year ago"; empty for a first report. Only a printed difference of 10 is a change."""
    found = compared_with(figures)
    if found is None:
        return ""
    quoted, when = found
    difference = figures.incidents.compared - quoted.incidents.compared
    if abs(difference) < DIFFERENCE:
        return f"about as many as {when}"
    return f"{'more' if difference > 0 else 'fewer'} than {when}"


def trend_note(figures: Figures) -> str:
    """What a board should make of the trend."""
    if not figures.earlier:
        return "This is the first term in Incident Book. The next report will set two terms side by side."
    if "about" in trend(figures):
        return "In a school of our size a change of 5 is no change."
    return "Ask what lies behind it: more or less of it, or more or less telling?"


# --- what happened? --------------------------------------------------------------------------------------------------


def recorded(figures: Figures) -> str:
    """The first sentence of the report."""
    change = trend(figures)
    return f"We recorded {figures.incidents.prose} online incidents" + (f", {change}." if change else " this term.")


def directions_known(figures: Figures) -> bool:
    """Whether the split by direction is printed."""
    return not any(shown.is_kept_back for shown in figures.directions.values())


def tests_known(figures: Figures) -> bool:
    """Whether the bands of the three tests are printed."""
    return not any(shown.is_kept_back for shown in figures.tests.values())


def why_kept_back(values: Mapping[Group, Shown] | Mapping[str, Shown]) -> str:
    """Why a table is missing."""
    return TOO_FEW_WORDS if any(shown.text == TOO_FEW for shown in values.values()) else NOT_SHOWN


def largest(figures: Figures) -> str:
    """Which direction was the largest, if the figures say; empty if not."""
    printed = {group: shown.number for group, shown in figures.directions.items() if shown.number is not None}
    if not printed:
        return ""
    group = max(printed, key=lambda each: printed[each])
    if list(printed.values()).count(printed[group]) > 1:
        return ""
    shown = figures.directions[group]
    surely_most = 2 * shown.could_be()[0] > figures.incidents.could_be()[-1]
    return f"{'most' if surely_most else shown.prose} were {GROUPS_IN_PROSE[group]}"


def time_and_place(figures: Figures) -> str:
    """When and where, as in "most were outside school hours, and all but a few off-site"; empty if too few."""
    outside, off_site = figures.bands["outside_hours"], figures.bands["off_site"]
    if outside.is_kept_back:
        return ""
    return f"{outside.prose} were outside school hours, and {off_site.prose} off-site"


def relied_most(figures: Figures) -> str:
    """Which test stands out, as in "the orderly running of the school"; empty if none does."""
    if not tests_known(figures):
        return ""
    rank = {name: _STEPS.index(shown.band) for name, shown in figures.tests.items() if shown.band is not None}
    top = [name for name, step in rank.items() if step == max(rank.values())]
    if len(top) != 1:
        return ""
    words = TEST_WORDS[top[0]]
    return f"the {words[:1].lower()}{words[1:]}" if top[0] != "threat" else "a threat to a member of the school"


def promises(figures: Figures) -> str:
    """Triage and closing in a sentence; empty where too few."""
    parts = []
    triaged, closed = figures.bands["triaged_in_one_day"], figures.bands["cases_closed"]
    if not triaged.is_kept_back:
        parts.append(f"{triaged.prose} were triaged within one school day")
    if not closed.is_kept_back:
        parts.append(f"{closed.prose} of the cases opened were closed by the end")
    return ", and ".join(parts)


def summary(figures: Figures) -> str:
    """The three or four plain sentences at the head of the report."""
    clauses = [largest(figures), time_and_place(figures), promises(figures)]
    said = [recorded(figures), *(f"{_sentence(clause)}." for clause in clauses if clause)]
    if len(said) == 1:
        said.append("There were too few to say more without pointing at a person.")
    return " ".join(said)


def headings(figures: Figures) -> dict[str, str]:
    """Headings that tell the story by themselves."""
    biggest, where, test = largest(figures), time_and_place(figures), relied_most(figures)
    return {
        "trend": _sentence(trend(figures)) or "The first term on record",
        "directions": _sentence(biggest) if biggest else "Who, to whom",
        "time": _sentence(where) if where else "When and where",
        "tests": f"We relied most on {test}" if test else "Which test we relied on",
    }


def fingerprint(figures: Figures) -> str:
    """The first 12 digits of the figures' SHA-256 in groups of four, to compare paper and page by eye."""
    digits = figures.sha256()
    return " ".join(digits[start : start + 4] for start in (0, 4, 8))
