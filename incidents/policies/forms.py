"""The forms of policies. What was typed comes back with what is wrong by its field."""

from dataclasses import replace
from datetime import date
from typing import Any

import wtforms

from incidents.errors import Refused
from incidents.forms import ChoiceField, DateField, Form, LineField, SelectField, TextField, TickField, TicksField
from incidents.matters.words import DIRECTION_LABELS, METHOD_LABELS, Direction, Method
from incidents.policies.kinds import (
    AUDIENCE_LABELS,
    BREACHABLE,
    FORCE_LABELS,
    FORCE_MEANINGS,
    PERMIT_LABELS,
    POLICY_KIND_LABELS,
    SERIOUSNESS_LABELS,
    WORKFLOWS,
    Audience,
    Force,
    PolicyKind,
    Seriousness,
)
from incidents.policies.reading import CODE, BeforePosting, ClauseText, PolicyText, Question, Tests

NO_BREACH = "This kind of clause is never breached, so this must stay empty."
LONGEST_CLAUSE = 1_000
MOST_QUESTIONS = 8


class PressForm(Form):
    """A button and nothing else."""


class DraftForm(Form):
    """A form on a draft: which edit of it was on the page."""

    seen = wtforms.HiddenField()

    def edit(self) -> int:
        """The edit that was on the page; what is no number matches none."""
        typed = str(self.seen.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


class StartForm(Form):
    """A policy that the school does not have yet."""

    kind = SelectField("What is it about?", [(kind.value, POLICY_KIND_LABELS[kind]) for kind in PolicyKind],
                       needed="Say what the policy is about.")  # fmt: skip
    title = LineField("Title", needed="Type the title of the policy.", longest=120, width=None)
    adopted_on = DateField("Adopted on", needed="Type the day on which it is adopted.")
    in_force_from = DateField("In force from", needed="Type the first day on which it holds.")
    review_on = DateField("Review by", hint="You can leave it empty. For example, 1 9 2027")

    def text(self) -> PolicyText:
        """The first words of a draft, once the form holds them."""
        assert self.adopted_on.data
        assert self.in_force_from.data
        text = PolicyText(
            PolicyKind(self.kind.data), self.title.data or "", self.adopted_on.data, self.in_force_from.data,
            self.review_on.data,
        )  # fmt: skip
        check_dates(text)
        return text


def check_dates(text: PolicyText) -> None:
    """Dates that can't be meant. Raises `Refused` with the date's field."""
    if text.in_force_from < text.adopted_on:
        raise Refused("A policy can’t be in force before it is adopted.", "in_force_from")
    if text.review_on is not None and text.review_on <= text.adopted_on:
        raise Refused("The review must be after the day on which the policy is adopted.", "review_on")


class AboutForm(DraftForm):
    """What a policy says of itself, around its clauses."""

    title = LineField("Title", needed="Type the title of the policy.", longest=120, width=None)
    adopted_on = DateField("Adopted on", needed="Type the day on which it is adopted.")
    in_force_from = DateField("In force from", needed="Type the first day on which it holds.")
    review_on = DateField("Review by", hint="You can leave it empty. For example, 1 9 2027")
    changed = TextField("What is new in this version?", rows=2, longest=LONGEST_CLAUSE)
    adopted_before = LineField(
        "Adopted before the school used Incident Book: by whom, and when?", longest=200, width=None,
        hint="Only if so. For example: By the governing body, November 2024",
    )  # fmt: skip
    intro = TextField("Words before the clauses", rows=5)
    outro = TextField("Words after the clauses", rows=3)
    signatories = TextField("Who signs it for the school? One title on each line", rows=2, longest=300)
    orderly = LineField("The running of the school", longest=300, width=None)
    threat = LineField("A threat to somebody", longest=300, width=None)
    reputation = LineField("The good name of the school", longest=300, width=None)

    @staticmethod
    def known(text: PolicyText) -> dict[str, Any]:
        """What stands in it now, by the names of the fields."""
        tests = text.tests or Tests("", "", "")
        return {
            **{name: getattr(text, name) for name in _ABOUT},
            "signatories": "\n".join(text.signatories),
            "orderly": tests.orderly,
            "threat": tests.threat,
            "reputation": tests.reputation,
        }

    def changed_text(self, text: PolicyText) -> PolicyText:
        """The draft with what this form holds. Raises `Refused`."""
        wording = (self.orderly.data or "", self.threat.data or "", self.reputation.data or "")
        if any(wording) and not all(wording):
            empty = next(
                name for name, words in zip(("orderly", "threat", "reputation"), wording, strict=True) if not words
            )
            raise Refused("Type all three tests, or none: then the usual wording holds.", empty)
        lines = [" ".join(line.split()) for line in (self.signatories.data or "").splitlines()]
        found = replace(
            text, **{name: self._fields[name].data for name in _ABOUT},
            signatories=tuple(line for line in lines if line), tests=Tests(*wording) if all(wording) else None,
        )  # fmt: skip
        check_dates(found)
        return found


_ABOUT = ("title", "adopted_on", "in_force_from", "review_on", "changed", "adopted_before", "intro", "outro")


class ClauseForm(DraftForm):
    """One clause: four things first, the rest where it is wanted."""

    wording = TextField("What the clause says", needed="Type what the clause says.", rows=4, longest=LONGEST_CLAUSE,
                        counted=True)  # fmt: skip
    force = ChoiceField("How much does it bind?", [(force.value, FORCE_LABELS[force], FORCE_MEANINGS[force]) for force in Force],
                        needed="Say how much it binds.", across=4)  # fmt: skip
    audiences = TicksField("Whom does it speak to?", [(each.value, AUDIENCE_LABELS[each]) for each in Audience],
                           needed="Tick at least one.", two=True)  # fmt: skip
    code = LineField(
        "Code", needed="Type a code.", longest=12, width=5, hint="It is cited by this. For example, S7 or 3.2"
    )
    towards = TicksField("Towards whom?", [(each.value, AUDIENCE_LABELS[each]) for each in Audience], two=True,
                         hint="Only where it matters, as for being in touch with pupils.")  # fmt: skip
    exceptions = TextField("Except when. One on each line", rows=2, longest=LONGEST_CLAUSE)
    seriousness = ChoiceField("What does the policy call a breach?",
                              [(each.value, SERIOUSNESS_LABELS[each]) for each in Seriousness],
                              needed="Choose one.", default=Seriousness.USUAL.value)  # fmt: skip
    permission = SelectField("What lifts it?", list(PERMIT_LABELS.items()), empty="Nothing that is on record")
    workflow = SelectField("A breach starts", list(WORKFLOWS.items()), empty="Whatever fits")
    directions = TicksField("It speaks of", list(DIRECTION_LABELS.items()), two=True)
    methods = TicksField("By these means", list(METHOD_LABELS.items()), two=True)
    keywords = LineField("Words in a record that make it worth a look", longest=300, width=None,
                         hint="With commas between them. For example: photo, picture, sports day")  # fmt: skip

    @staticmethod
    def known(clause: ClauseText) -> dict[str, Any]:
        """What stands in it now, by the names of the fields."""
        return {
            "wording": clause.wording,
            "force": clause.force.value,
            "audiences": list(clause.audiences),
            "code": clause.code,
            "towards": list(clause.towards),
            "exceptions": "\n".join(clause.exceptions),
            "seriousness": clause.seriousness.value,
            "permission": clause.permission,
            "workflow": clause.workflow,
            "directions": list(clause.directions),
            "methods": list(clause.methods),
            "keywords": ", ".join(clause.keywords),
        }

    def clause(self) -> ClauseText:
        """The clause as it is typed. Raises `Refused` for what does not go together."""
        force, code = Force(self.force.data), self.code.data or ""
        if not CODE.fullmatch(code):
            raise Refused("A code has letters, numbers, points and brackets only, 12 at most.", "code")
        for field in ("workflow", "permission"):
            if self._fields[field].data and force not in BREACHABLE:
                raise Refused(NO_BREACH, field)
        return ClauseText(
            code=code,
            audiences=tuple(Audience(each) for each in self.audiences.data or ()),
            force=force,
            wording=self.wording.data or "",
            towards=tuple(Audience(each) for each in self.towards.data or ()),
            exceptions=_lines(self.exceptions.data),
            seriousness=Seriousness(self.seriousness.data or Seriousness.USUAL),
            directions=tuple(Direction(each) for each in self.directions.data or ()),
            methods=tuple(Method(each) for each in self.methods.data or ()),
            keywords=_words(self.keywords.data),
            workflow=self.workflow.data or "",
            permission=self.permission.data or "",
        )


def _lines(typed: str | None) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in (typed or "").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def _words(typed: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for each in (typed or "").split(",") if (word := each.strip())))


class QuestionsForm(DraftForm):
    """The questions to ask oneself before posting: rows are added by `questions_form`."""

    rule = LineField("A rule of thumb", longest=200, width=None, hint="One sentence. You can leave it empty.")

    def before_posting(self, text: PolicyText) -> BeforePosting:
        """The questions as they are typed; an empty row is none. Raises `Refused` for half a row and an unknown clause."""
        codes = {clause.code.casefold(): clause.code for clause in text.clauses}
        found = []
        for n in range(1, MOST_QUESTIONS + 1):
            if f"ask_{n}" not in self._fields:
                break
            ask, wary, think, clauses = (self._fields[f"{name}_{n}"].data for name in _ROW)
            if not ask:
                continue
            if not wary:
                raise Refused("Say which answer should make somebody stop.", f"wary_{n}")
            if not think:
                raise Refused("Type what there is to think about then.", f"think_{n}")
            spoken = _words(clauses)
            if unknown := [code for code in spoken if code.casefold() not in codes]:
                raise Refused(f"There is no clause {unknown[0]} in this draft.", f"clauses_{n}")
            found.append(Question(ask, wary, think, tuple(codes[code.casefold()] for code in spoken)))
        return BeforePosting(self.rule.data or "", tuple(found))


_ROW = ("ask", "wary", "think", "clauses")
_CODES = "Their codes, with commas between them. You can leave it empty."


def questions_form(text: PolicyText, edit: int) -> QuestionsForm:
    """The form with a row for each question, and one more."""
    asked = text.before_posting.questions
    rows: dict[str, Any] = {}
    known: dict[str, Any] = {"rule": text.before_posting.rule, "seen": str(edit)}
    for n in range(1, min(len(asked) + 1, MOST_QUESTIONS) + 1):
        rows[f"ask_{n}"] = LineField(f"Question {n}", longest=200, width=None)
        rows[f"wary_{n}"] = ChoiceField(
            f"Question {n}: which answer should make somebody stop?", [("yes", "Yes"), ("no", "No")]
        )
        rows[f"think_{n}"] = TextField(f"Question {n}: what is there to think about then?", rows=2, longest=500)
        rows[f"clauses_{n}"] = LineField(f"Question {n}: clauses that speak of it", longest=120, hint=_CODES)
        if n <= len(asked):
            each = asked[n - 1]
            known |= {
                f"ask_{n}": each.ask,
                f"wary_{n}": each.wary,
                f"think_{n}": each.think,
                f"clauses_{n}": ", ".join(each.clauses),
            }
    made: type[QuestionsForm] = type("QuestionsForm", (QuestionsForm,), rows)
    return made(**known)


class DocumentForm(DraftForm):
    """The school's own document: the file comes beside the form."""

    document = wtforms.FileField("The document")


class PostingForm(Form):
    """The questions before posting, answered for nobody but oneself: fields are added by `posting_form`."""

    def warnings(self, questions: list[Question]) -> list[Question]:
        """The questions whose answer should make one stop."""
        return [each for n, each in enumerate(questions, start=1) if self._fields[f"q{n}"].data == each.wary]

    def unanswered(self, questions: list[Question]) -> int:
        """How many were left out."""
        return sum(self._fields[f"q{n}"].data is None for n in range(1, len(questions) + 1))


def posting_form(questions: list[Question]) -> PostingForm:
    """A choice of yes and no for each question."""
    rows = {f"q{n}": ChoiceField(each.ask, [("yes", "Yes"), ("no", "No")]) for n, each in enumerate(questions, start=1)}
    made: type[PostingForm] = type("PostingForm", (PostingForm,), rows)
    return made()


class LoadForm(Form):
    """Taking a pack in; a day where its source bears none."""

    adopted_on = DateField("Adopted on, and in force from",
                           hint="The policy that this pack was made from bears no date. For example, 1 9 2025")  # fmt: skip

    def day(self, today: date) -> date:
        """The day that was typed, or today."""
        return self.adopted_on.data or today


class ApproveForm(Form):
    """Approve exactly what was read."""

    seen = wtforms.HiddenField()
    read = TickField(
        "I have read it, and I approve it as it stands here.", needed="Tick it to say that you have read it."
    )
