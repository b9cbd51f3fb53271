"""Writing policies: a draft is edited, the headteacher and the chair approve exactly it, and it becomes a version."""

import json
import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from incidents.accounts.queries import holders
from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.database import current_school
from incidents.errors import NotAllowed, NotPossibleNow, Refused
from incidents.extensions import db
from incidents.notifications.actions import notify
from incidents.notifications.models import NoticeKind
from incidents.policies import queries
from incidents.policies.kinds import Approver
from incidents.policies.models import Clause, Policy, PolicyDocument, PolicyDraft, PolicyVersion
from incidents.policies.reading import PolicyPack, PolicyText, from_json
from incidents.policies.versions import ONE_DAY, wrong_dates
from incidents.schools.queries import calendar, one_at_a_time, this_school

FORTNIGHT = timedelta(days=14)
ANOTHER_EDIT = (
    "Somebody else changed this draft meanwhile. Look at it in another window; press again to put yours on top."
)


# --- drafts


def start_policy(text: PolicyText, *, by: Viewer, at: datetime, source: str = "", source_says: str = "") -> PolicyDraft:
    """A policy that the school did not have yet, as a draft."""
    one_at_a_time()
    if any(each.kind == text.kind and each.title.casefold() == text.title.casefold() for each, _ in _policies()):
        raise Refused("There is a policy of this kind with this title already. Change that one.", "title")
    policy = Policy(school_id=current_school(), kind=text.kind, title=text.title)
    db.session.add(policy)
    db.session.flush()
    return _begin(policy, text, by=by, at=at, source=source, source_says=source_says)


def start_draft(policy: Policy, *, by: Viewer, at: datetime) -> PolicyDraft:
    """A draft of the next version, beginning with the words of the newest; the one that is there, if one is."""
    one_at_a_time()
    if (there := queries.draft_of(policy.id)) is not None:
        return there
    newest = queries.versions_of(policy.id)[0]
    text = replace(_ahead(text_of(newest), newest, at), changed="")
    return _begin(policy, text, by=by, at=at, document_id=newest.document_id)


def load_pack(pack: PolicyPack, *, by: Viewer, at: datetime, day: date | None = None) -> PolicyDraft:
    """The pack as a draft: of a new policy, or of the next version of the one that the school has of this kind.

    `day`: when it was adopted, where the pack's source bears no date. As a next version it gets dates to come: what was
    in force until now stays so. Raises `NotPossibleNow` while a draft of that policy is being written.
    """
    one_at_a_time()
    same = [pair for pair in _policies() if pair[0].kind == pack.policy.kind]
    if not same:
        return start_policy(pack.adopted(day or _day(at)), by=by, at=at, source=pack.name, source_says=pack.source)
    policy, draft = same[0]
    if draft is not None:
        raise NotPossibleNow("A draft of this policy is being written. Approve it or throw it away first.")
    text = replace(_ahead(pack.policy, queries.versions_of(policy.id)[0], at), title=policy.title)
    return _begin(policy, text, by=by, at=at, source=pack.name, source_says=pack.source)


def _ahead(text: PolicyText, newest: PolicyVersion, at: datetime) -> PolicyText:
    """From the first of a month, a fortnight ahead at least: a version can't begin before both have approved it."""
    ahead = max(_day(at) + FORTNIGHT, newest.in_force_from + ONE_DAY)
    first = ahead if ahead.day == 1 else (ahead.replace(day=1) + timedelta(days=32)).replace(day=1)
    return replace(text, adopted_on=_day(at), in_force_from=first, review_on=None, adopted_before="")


def _policies() -> list[tuple[Policy, PolicyDraft | None]]:
    return queries.policies_with_drafts()


def _begin(
    policy: Policy, text: PolicyText, *, by: Viewer, at: datetime, source: str = "", source_says: str = "",
    document_id: uuid.UUID | None = None,
) -> PolicyDraft:  # fmt: skip
    draft = PolicyDraft(
        school_id=policy.school_id, policy_id=policy.id, content=text.as_json(), edit=1, document_id=document_id,
        source=source, source_says=source_says, head_digest="", chair_digest="", changed_by=by.account_id, changed_at=at,
    )  # fmt: skip
    db.session.add(draft)
    db.session.flush()
    record(
        "began draft", draft, by=by.account_id, at=at, field="content", after=_words(draft.content), policy=policy.id,
        pack=source,
    )  # fmt: skip
    return draft


def text_of(version: PolicyVersion) -> PolicyText:
    """The words of an adopted version, in the shape of a draft."""
    clauses = [
        {key: value for key in _CLAUSE_KEYS if (value := getattr(clause, key))}
        for clause in queries.clauses_of([version.id])
    ]
    whole: dict[str, Any] = {
        "kind": queries.policy(version.policy_id).kind,
        **{key: getattr(version, key) for key in _VERSION_KEYS if getattr(version, key)},
        **{key: day.isoformat() for key in _DATES if (day := getattr(version, key))},
        "clauses": clauses,
    }
    return from_json(whole, version.title)


_DATES = ("adopted_on", "in_force_from", "review_on")
_VERSION_KEYS = (
    "title", "adopted_before", "changed", "intro", "outro", "tests", "before_posting", "signatories",
)  # fmt: skip
_CLAUSE_KEYS = (
    "code", "audiences", "force", "wording", "towards", "exceptions", "seriousness", "directions", "methods", "keywords",
    "workflow", "permission",
)  # fmt: skip


def draft_text(draft: PolicyDraft) -> PolicyText:
    """What the draft says."""
    return from_json(draft.content)


def digest_of(draft: PolicyDraft) -> str:
    """Of all that is approved with the draft: its words and dates, and the document with it."""
    document = queries.document(draft.document_id).sha256 if draft.document_id else "-"
    return f"{draft_text(draft).digest()[:40]}.{document[:20]}"


def keep(draft: PolicyDraft, text: PolicyText, seen: int, *, by: Viewer, at: datetime) -> None:
    """Keep an edit, and void the approvals: they were of other words. `seen` is the edit that was on the page.

    Raises `NotPossibleNow` if somebody else has edited meanwhile, `Refused` if the kind would change.
    """
    _hold(draft)
    if draft.edit != seen:
        raise Refused(ANOTHER_EDIT)
    if text.kind != queries.policy(draft.policy_id).kind:
        raise Refused("A policy stays of its kind. Begin another policy instead.", "kind")
    before, after = draft.content, text.as_json()
    from_json(after)  # what can't be read again is never kept
    if after == before:
        return
    draft.content = after
    _edited(draft, by, at)
    record(
        "edited draft", draft, by=by.account_id, at=at, field="content", before=_words(before), after=_words(after),
        policy=draft.policy_id, edit=draft.edit,
    )  # fmt: skip


def _hold(draft: PolicyDraft) -> None:
    """Two who change one draft at once take turns."""
    db.session.execute(
        select(PolicyDraft)
        .where(PolicyDraft.id == draft.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _edited(draft: PolicyDraft, by: Viewer, at: datetime) -> None:
    draft.edit += 1
    draft.changed_by, draft.changed_at = by.account_id, at
    draft.head_by = draft.head_at = draft.chair_by = draft.chair_at = None
    draft.head_digest = draft.chair_digest = ""


def throw_away(draft: PolicyDraft, *, by: Viewer, at: datetime) -> None:
    """Remove the draft; what is in force stays. A policy that never had a version goes with it."""
    _hold(draft)
    policy, document_id = queries.policy(draft.policy_id), draft.document_id
    record("threw away draft", draft, by=by.account_id, at=at, policy=policy.id)
    db.session.delete(draft)
    db.session.flush()
    _let_go(document_id)
    if not queries.versions_of(policy.id):
        db.session.delete(policy)
    db.session.flush()


# --- the school's own document


def attach(draft: PolicyDraft, document: PolicyDocument | None, *, by: Viewer, at: datetime) -> None:
    """The document that goes with the next version, or none; it is part of what is approved."""
    _hold(draft)
    before = draft.document_id
    if document is not None:
        db.session.add(document)
        db.session.flush()
    draft.document_id = document.id if document else None
    _edited(draft, by, at)
    db.session.flush()
    _let_go(before)
    record(
        "changed document", draft, by=by.account_id, at=at, policy=draft.policy_id, edit=draft.edit,
        sha256=document.sha256 if document else "",
    )  # fmt: skip


def _let_go(document_id: uuid.UUID | None) -> None:
    """Remove the row of a document that no version has: its bytes are nobody's then, and are swept up."""
    if document_id is None:
        return
    used = select(PolicyVersion.id).where(PolicyVersion.document_id == document_id)
    if db.session.scalars(used).first() is None:
        db.session.delete(queries.document(document_id))
        db.session.flush()


# --- approval


def reasons_not_to_approve(draft: PolicyDraft, at: datetime) -> list[str]:
    """Sentences why the draft can't be approved as it is; empty when it can."""
    text, versions = draft_text(draft), queries.versions_of(draft.policy_id)
    wrong = wrong_dates(
        text.adopted_on, text.in_force_from, text.review_on, today=_day(at),
        newest=versions[0].in_force_from if versions else None, began=_day(this_school().created_at),
    )  # fmt: skip
    reasons = [each.says for each in wrong]
    if not text.clauses:
        reasons.append("There is no clause in it yet.")
    if text.adopted_on > _day(at):
        reasons.append("It can’t be adopted on a day that is still to come.")
    return reasons


def approve(
    draft: PolicyDraft, approver: Approver, seen: str, *, by: Viewer, at: datetime
) -> PolicyVersion | None:  # fmt: skip
    """Approve exactly what was on the page (`seen` is its digest). With the second approval it becomes a version.

    The headteacher and the chair are two people: whoever holds both roles approves once.
    """
    if approver not in queries.approvers_of(by):
        raise NotAllowed
    _hold(draft)
    if digest_of(draft) != seen:
        raise NotPossibleNow("The draft was changed after you opened it. Read it again before you approve it.")
    if reasons := reasons_not_to_approve(draft, at):
        raise NotPossibleNow(reasons)
    other = next(each for each in Approver if each is not approver)
    if queries.is_one_person(getattr(draft, f"{other}_by"), by):
        raise NotPossibleNow("You have approved it already. The other approval must be another person’s.")
    setattr(draft, f"{approver}_by", by.account_id)
    setattr(draft, f"{approver}_at", at)
    setattr(draft, f"{approver}_digest", seen)
    record("approved draft", draft, by=by.account_id, at=at, policy=draft.policy_id, seat=approver, digest=seen)
    if draft.head_digest == draft.chair_digest == seen:
        return _adopt(draft, by=by, at=at)
    _tell(other, by, at)
    return None


def _tell(other: Approver, by: Viewer, at: datetime) -> None:
    """The other one has something to read. The message says nothing of what it is, like every message."""
    for _, account in holders(queries.ROLE_OF[other], at=at):
        if account.id != by.account_id:
            notify(account.id, NoticeKind.NEEDS_YOU, at=at)


def take_back(draft: PolicyDraft, approver: Approver, *, by: Viewer, at: datetime) -> None:
    """Take back one's own approval, while the other is still to come."""
    _hold(draft)
    if getattr(draft, f"{approver}_by") != by.account_id:
        raise NotAllowed
    setattr(draft, f"{approver}_by", None)
    setattr(draft, f"{approver}_at", None)
    setattr(draft, f"{approver}_digest", "")
    record("took back approval", draft, by=by.account_id, at=at, policy=draft.policy_id, seat=approver)


def _adopt(draft: PolicyDraft, *, by: Viewer, at: datetime) -> PolicyVersion:
    """Write the version and its clauses: from here on they are never altered."""
    policy = queries.policy(draft.policy_id)
    version = _write(policy, draft_text(draft), draft.source, draft.source_says)
    version.head_by, version.head_at = draft.head_by, draft.head_at
    version.chair_by, version.chair_at = draft.chair_by, draft.chair_at
    version.document_id = draft.document_id
    db.session.flush()
    db.session.delete(draft)
    db.session.flush()
    record(
        "adopted policy", version, by=by.account_id, at=at, field="content", after=_words(draft.content), policy=policy.id,
        number=version.number,
    )  # fmt: skip
    return version


def adopt_at_once(pack: PolicyPack, adopted: date, *, at: datetime) -> PolicyVersion:
    """A pack in force at once, by whoever has the machine, in a school that has no policy of this kind.

    Nobody approved it here, and none is said to have: it stands as adopted before, as the pack says.
    """
    one_at_a_time()
    if any(each.kind == pack.policy.kind for each, _ in _policies()):
        raise Refused("The school has a policy of this kind already. Load the pack on the page Policies instead.")
    text = pack.adopted(adopted)
    if not text.adopted_before or not text.clauses:
        raise Refused("To be in force at once a pack must say who adopted it (adopted_before), and have a clause.")
    policy = Policy(school_id=current_school(), kind=text.kind, title=text.title)
    db.session.add(policy)
    db.session.flush()
    version = _write(policy, text, pack.name, pack.source)
    db.session.flush()
    record(
        "adopted policy", version, by=None, at=at, field="content", after=_words(text.as_json()), policy=policy.id,
        number=version.number, pack=pack.name,
    )  # fmt: skip
    return version


def _write(policy: Policy, text: PolicyText, source: str, source_says: str) -> PolicyVersion:
    content = text.as_json()
    policy.title = text.title
    version = PolicyVersion(
        school_id=policy.school_id, id=uuid.uuid4(), policy_id=policy.id, number=len(queries.versions_of(policy.id)) + 1,
        title=text.title, adopted_on=text.adopted_on, in_force_from=text.in_force_from, review_on=text.review_on,
        adopted_before=text.adopted_before, changed=text.changed, intro=text.intro, outro=text.outro,
        tests=content.get("tests", {}), before_posting=content.get("before_posting", {}),
        signatories=list(text.signatories), source=source, source_says=source_says,
    )  # fmt: skip
    with db.session.no_autoflush:
        db.session.add(version)
        for place, clause in enumerate(text.clauses, start=1):
            db.session.add(
                Clause(
                    school_id=policy.school_id, version_id=version.id, place=place, code=clause.code,
                    audiences=list(clause.audiences), force=clause.force, wording=clause.wording,
                    towards=list(clause.towards), exceptions=list(clause.exceptions), seriousness=clause.seriousness,
                    directions=list(clause.directions), methods=list(clause.methods), keywords=list(clause.keywords),
                    workflow=clause.workflow, permission=clause.permission,
                )
            )  # fmt: skip
    return version


def _words(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def _day(moment: datetime) -> date:
    day: date = calendar().local(moment).date()
    return day
