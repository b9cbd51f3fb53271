"""What the figures say, in sentences: the same words on the page and on paper, drawn from published figures alone."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from incidents.governors.disclosure import Figures, Group, Quoted
from incidents.governors.shown import PARTS_FROM, TOO_FEW, Shown

DIFFERENCE = 10  # a smaller one, between two printed figures, means nothing

ROWS: Mapping[str, Mapping[str, str]] = {
    "directions": {
        Group.PUPIL_TO_PUPIL: "Pupil to pupil",
        Group.PUPIL_TO_STAFF: "Pupil to staff",
        Group.PARENT: "A parent’s post",
        Group.STAFF: "Staff and social media",
        Group.SCHOOL_ACCOUNT: "The school’s own accounts",
    },
    "methods": {
        "group_chat": "Group chats",
        "messages": "Messages, calls and e-mail",
        "posts": "Posts, comments and polls",
        "pictures": "Pictures and video, AI included",
        "pretending": "Fake accounts",
    },
    "platforms": {
        "messaging": "Messaging apps",
        "social": "Social media and video",
        "games": "Games and their chats",
        "school_systems": "School systems",
    },
    "four_cs": {
        "conduct": "Conduct: how people behaved",
        "content": "Content: what was seen",
        "contact": "Contact: who got in touch",
    },
    "motives": {
        "sex": "Sex, gender or sexual orientation",
        "race": "Race, religion or opinion",
        "disability": "Disability",
    },
    "tests": {
        "running": "Orderly running of the school",
        "threat": "Threat to a member of the school",
        "reputation": "Reputation of the school or its people",
    },
    "staff": {"targets": "Aimed at staff"},
    "findings": {
        "established": "It happened, and we know who did it",
        "bullying": "Among these: it was bullying",
    },
    "outcomes": {
        "support": "Support, or work to put things right",
        "staff_supported": "Among these: support for staff",
        "talked": "Meetings, letters and advice",
        "removed": "Posts taken down, or access ended",
        "warning": "Warnings",
        "sanction": "Sanctions",
        "referred": "Passed to the police or others outside",
    },
}
REST: Mapping[str, str] = {
    "directions": "The rest: strangers, people not known, and what is not decided yet.",
    "methods": "The rest: chat in games, anything else, and what is not known.",
    "platforms": "The rest: e-mail and texts, other places, and what is not known.",
    "four_cs": "The rest: money and selling, and what is not decided yet.",
    "motives": "What seemed to be behind it. One incident can have several; often none is known. Others are not told.",
    "outcomes": "A case can have several outcomes. Open cases have none yet.",
}
GROUPS_IN_PROSE: Mapping[str, str] = {
    Group.PUPIL_TO_PUPIL: "between pupils",
    Group.PUPIL_TO_STAFF: "by pupils about staff",
    Group.PARENT: "posts by parents",
    Group.STAFF: "about staff and social media",
    Group.SCHOOL_ACCOUNT: "on the school’s own accounts",
}
BAND_WORDS: Mapping[str, str] = {
    "outside_hours": "Outside school hours",
    "off_site": "Off-site",
    "repeated": "Aimed at somebody again within a year",
    "triaged_in_one_day": "Incidents triaged within one school day",
    "cases_closed": "Cases closed by the last of these days",
    "closed_in_20_days": "Cases closed within 20 school days",
    "steps_on_time": "Steps with a date done on time",
}
READING = (
    "Counts are rounded down to a multiple of 5: 15 stands for 15 to 19, and parts need not add up. “<5” means fewer "
    "than 5, and may be none; “a few” is also fewer than 5. So no child can be found, and a difference of 5 between "
    "two terms means nothing."
)
NOT_SHOWN = "This report was recalled once. Only its two totals are said again."
TOO_FEW_WORDS = f"Below {PARTS_FROM} a total is not split: in a school of our size its parts could point at a person."
PUPILS_ONLY = (
    "The tests give power over pupils only. With parents and staff we use other routes: a meeting, the complaints "
    "procedure, the code of conduct, the platform, the police."
)
NO_RULE = "No rule was said to be broken in 5 incidents or more."
RULES_NOTE = (
    "A rule that is not named was said to be broken in fewer than 5 incidents. One incident can have several, and often "
    "none is cited. It is what was said, not what was found."
)
NOT_HERE = (
    "Names, stories and evidence. What is said about whoever leads the school, or about anybody who reviews this report, is "
    "never in it: whoever manages those cases reports to the chair alone. Every report says so, whether or not there "
    "is one."
)


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


def known(figures: Figures, table: str) -> bool:
    """Whether the rows of this table are printed."""
    return table in figures.tables and not any(shown.is_kept_back for shown in figures.tables[table].values())


Row = tuple[str, Shown, Shown | None, bool]  # what it is, the value, an earlier term's, whether it stands out


def rows(figures: Figures, table: str) -> list[Row]:
    """The rows of a table as they are printed, beside those of the term that this one is compared with."""
    found = compared_with(figures)
    before = found[0].cells if found else {}
    return [
        (ROWS[table][row], shown, before.get(f"{table}.{row}"), False) for row, shown in figures.tables[table].items()
    ]


def broken(figures: Figures) -> list[Row]:
    """The rules that were said to be broken in 5 incidents or more, the most often broken first."""
    ranked = sorted(figures.rules.items(), key=lambda each: (-each[1].at_least, each[0]))
    return [(rule, shown, None, False) for rule, shown in ranked]


def no_rules(figures: Figures) -> str:
    """Why no rule is named; empty where one is."""
    if figures.rules:
        return ""
    return why_kept_back(figures.tables["directions"]) if not known(figures, "directions") else NO_RULE


def shares(figures: Figures, names: Sequence[str]) -> list[Row]:
    """The shares that are told, as rows."""
    told = ((name, figures.bands[name]) for name in names)
    return [(BAND_WORDS[name], shown, None, False) for name, shown in told if not shown.is_kept_back]


def terms(figures: Figures) -> list[Row]:
    """The totals of earlier terms, quoted, and of this one, which stands out."""
    earlier = [(short_term(quoted.term), quoted.incidents, None, False) for quoted in figures.earlier]
    return [*earlier, (short_term(figures.term.name), figures.incidents, None, True)]


def before(figures: Figures) -> str:
    """The term that stands beside this one in a table; empty in a first report, or where it had no tables."""
    found = compared_with(figures)
    split = found and any("." in name and not shown.is_kept_back for name, shown in found[0].cells.items())
    return short_term(found[0].term) if found and split else ""


def why_kept_back(values: Mapping[str, Shown]) -> str:
    """Why a table is missing."""
    return TOO_FEW_WORDS if any(shown.text == TOO_FEW for shown in values.values()) else NOT_SHOWN


def top_row(figures: Figures, table: str) -> str:
    """The row with the largest printed number; empty where none is, or where two are equal."""
    printed = {row: shown.number for row, shown in figures.tables[table].items() if shown.number is not None}
    if not printed:
        return ""
    row = max(printed, key=lambda each: printed[each])
    return row if list(printed.values()).count(printed[row]) == 1 else ""


def largest(figures: Figures) -> str:
    """Which direction was the largest, if the figures say; empty if not."""
    row = top_row(figures, "directions")
    if not row:
        return ""
    shown = figures.tables["directions"][row]
    surely_most = 2 * shown.could_be()[0] > figures.incidents.could_be()[-1]
    return f"{'most' if surely_most else shown.prose} were {GROUPS_IN_PROSE[row]}"


def means(figures: Figures) -> str:
    """How and where most often, as in "group chats and messaging apps came first"; empty if the figures don't say."""
    words = [ROWS[table][row].lower() for table in ("methods", "platforms") if (row := top_row(figures, table))]
    return f"{' and '.join(words)} came first" if words else ""


def time_and_place(figures: Figures) -> str:
    """When and where, as in "most were outside school hours, and all but a few off-site"; empty if too few."""
    outside, off_site = figures.bands["outside_hours"], figures.bands["off_site"]
    if outside.is_kept_back:
        return ""
    return f"{outside.prose} were outside school hours, and {off_site.prose} off-site"


def relied_most(figures: Figures) -> str:
    """Which test stands out, as in "the orderly running of the school"; empty if none does."""
    return {
        "running": "the orderly running of the school",
        "threat": "a threat to a member of the school",
        "reputation": "the reputation of the school or its people",
    }.get(top_row(figures, "tests"), "")


def promises(figures: Figures) -> str:
    """Triage, steps and closing in a sentence; empty where too few."""
    said = {
        "triaged_in_one_day": "{} were triaged within one school day",
        "steps_on_time": "{} of the steps were on time",
        "cases_closed": "{} of the cases opened were closed by the end",
    }
    parts = [
        words.format(shown.prose) for name, words in said.items() if not (shown := figures.bands[name]).is_kept_back
    ]
    return f"{', '.join(parts[:-1])}, and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def staff(figures: Figures) -> str:
    """Staff as targets and their support in a sentence; empty where it is not told."""
    aimed, helped = figures.tables["staff"]["targets"], figures.tables["outcomes"]["staff_supported"]
    if aimed.is_kept_back:
        return ""
    support = "" if helped.is_kept_back else f" In {helped.prose} of the cases a member of staff was given support."
    return f"{_sentence(aimed.prose)} of the incidents were aimed at staff.{support}"


def repeats(figures: Figures) -> str:
    """How often somebody was a target again; empty where too few."""
    shown = figures.bands["repeated"]
    words = "were aimed at somebody at whom another had been aimed in the year before"
    return "" if shown.is_kept_back else f"{_sentence(shown.prose)} {words}."


def referrals(figures: Figures) -> str:
    """What was passed on; empty where it is not told."""
    shown = figures.tables["outcomes"]["referred"]
    return "" if shown.is_kept_back else f"{_sentence(shown.prose)} cases were passed to the police or others outside."


def three_terms(figures: Figures) -> str:
    """This term and the two before it, as they were published; empty until there are three."""
    terms = [quoted.incidents for quoted in figures.earlier[-2:]] + [figures.incidents]
    return f"at least {sum(shown.at_least for shown in terms):,} in three terms" if len(terms) == 3 else ""


def summary(figures: Figures) -> str:
    """The three or four plain sentences at the head of the report."""
    clauses = [largest(figures), means(figures), time_and_place(figures), promises(figures)]
    said = [recorded(figures), *(f"{_sentence(clause)}." for clause in clauses if clause)]
    if len(said) == 1:
        said.append("There were too few to say more without pointing at a person.")
    return " ".join(said)


def headings(figures: Figures) -> dict[str, str]:
    """Headings that tell the story by themselves."""
    biggest, where, test = largest(figures), time_and_place(figures), relied_most(figures)
    top = {name: ROWS[name][row] for name in ("methods", "platforms", "outcomes") if (row := top_row(figures, name))}
    return {
        "trend": _sentence(trend(figures)) or "The first term on record",
        "directions": _sentence(biggest) if biggest else "Who, to whom",
        "methods": f"How: most often {_lower(top['methods'])}" if "methods" in top else "How",
        "platforms": f"Where: most often {_lower(top['platforms'])}" if "platforms" in top else "Where",
        "four_cs": "What kind of thing it was",
        "motives": "What seemed to be behind it",
        "rules": "Which rules were said to be broken",
        "time": _sentence(where) if where else "When and where",
        "tests": f"We relied most on {test}" if test else "Which test we relied on",
        "outcomes": f"What we did: most often {_lower(top['outcomes'])}" if "outcomes" in top else "What we did",
    }


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def fingerprint(figures: Figures) -> str:
    """The first 12 digits of the figures' SHA-256 in groups of four, to compare paper and page by eye."""
    digits = figures.sha256()
    return " ".join(digits[start : start + 4] for start in (0, 4, 8))
