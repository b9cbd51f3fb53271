"""Deciding: a new row each time, beside the one it supersedes."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.decisions.models import Decision
from incidents.decisions.queries import current
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.matters.models import Matter
from incidents.schools.queries import pack_of, this_school


def decide(
    matter: Matter,
    question: str,
    answer: str,
    *,
    by: Viewer,
    at: datetime,
    reasons: Sequence[str] = (),
    words: str = "",
    sentence: str = "",
    facts: dict[str, Any] | None = None,
    policy_version: str = "",
    about: uuid.UUID | None = None,
    seen: uuid.UUID | None = None,
) -> Decision:
    """Answer a question about a matter; the answer that stood until now is superseded and stays readable.

    `about` narrows a question to one person ("finding" of one pupil). `seen` is the decision that the decider had before
    them: if another took its place meanwhile, `NotPossibleNow` says so instead of overruling it unread. A decision that
    supersedes needs a reason (`Refused`). The same answer for the same reasons is not decided twice.
    """
    asked = f"{question}:{about}" if about else question
    standing = current(matter, asked)
    if seen is not None and (standing is None or standing.id != seen):
        raise NotPossibleNow("Somebody decided this while you were reading. Look at their answer first.")
    if standing:
        if (standing.answer, standing.reasons, standing.words) == (answer, list(reasons), words):
            return standing
        if not words and not reasons:
            raise Refused("Say why this takes the place of the earlier answer.", "words")
    decision = Decision(
        school_id=matter.school_id, matter_id=matter.id, question=asked, answer=answer, reasons=list(reasons), words=words,
        sentence=sentence, facts=facts or {}, pack_version=pack_of(this_school()).version, policy_version=policy_version,
        by=by.account_id, at=at, supersedes_id=standing.id if standing else None,
    )  # fmt: skip
    db.session.add(decision)
    db.session.flush()
    record(
        "decided", decision, by=by.account_id, at=at, matter=matter.id, field=question, after=" ".join([sentence, words]).strip(),
        answer=answer, supersedes=str(standing.id) if standing else "none",
    )  # fmt: skip
    return decision
