"""The pages on which a policy's next version is written and approved."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from incidents.access import Permission
from incidents.accounts.queries import holders, names_of
from incidents.database import writing
from incidents.errors import NotFound, NotPossibleNow, Refused
from incidents.policies import actions, differing, documents, editing, queries
from incidents.policies.forms import (
    AboutForm,
    ApproveForm,
    ClauseForm,
    DocumentForm,
    DraftForm,
    PressForm,
    questions_form,
)
from incidents.policies.kinds import FORCE_LABELS, Approver
from incidents.policies.models import PolicyDocument, PolicyDraft
from incidents.policies.reading import PolicyText
from incidents.policies.versions import day_words
from incidents.schools.queries import calendar, pack_of, this_school
from incidents.web import needs, now, viewer

bp = Blueprint("policies", __name__)

Answer = str | AnyResponse | tuple[str, int]
_HELD_FAST = "default-src 'none'; sandbox"


def handed_out(document: PolicyDocument) -> Response:
    """A document as a download that no browser opens by itself."""
    response = Response(documents.read(document), mimetype="application/octet-stream")
    response.headers["Content-Security-Policy"] = _HELD_FAST
    ending = document.media_type.rpartition("/")[2]
    response.headers["Content-Disposition"] = f"attachment; filename=policy-{document.sha256[:8]}.{ending}"
    return response


def _kept(
    draft: PolicyDraft, form: DraftForm, change: Callable[[PolicyText], PolicyText], done: str, *, anchor: str = ""
) -> AnyResponse | None:
    """Keep one edit in one transaction; None: the form is to be shown again, with what is wrong in it."""
    if not form.validate_on_submit():
        return None
    try:
        with writing():
            held = queries.draft(draft.policy_id)
            actions.keep(held, change(actions.draft_text(held)), form.edit(), by=viewer(), at=now())
    except Refused as refused:
        form.refuse(refused)
        if refused.message == actions.ANOTHER_EDIT:
            form.seen.data = str(queries.draft(draft.policy_id).edit)
        return None
    flash(done, "success")
    return redirect(url_for("policies.draft", policy_id=draft.policy_id, _anchor=anchor or None))


def _shown(template: str, form: DraftForm, draft: PolicyDraft, **words: Any) -> Answer:
    page = render_template(f"policies/{template}.html", form=form, draft=draft, text=actions.draft_text(draft), **words)
    return page, 422 if form.is_submitted() else 200


@bp.post("/policies/<uuid:policy_id>/draft/new")
@needs(Permission.WRITE_POLICIES)
def start_draft(policy_id: uuid.UUID) -> Answer:
    """Begin the next version with the words of the newest."""
    policy = queries.policy(policy_id)
    if not queries.versions_of(policy_id) and queries.draft_of(policy_id) is None:
        raise NotFound
    if PressForm().validate_on_submit():
        with writing():
            actions.start_draft(queries.policy(policy.id), by=viewer(), at=now())
    return redirect(url_for("policies.draft", policy_id=policy_id))


@bp.get("/policies/<uuid:policy_id>/draft")
@needs(Permission.READ_DRAFTS)
def draft(policy_id: uuid.UUID) -> str:
    """The draft beside the version before it, and who has approved it."""
    return _draft_page(queries.draft(policy_id), ApproveForm(formdata=None))


def _draft_page(draft: PolicyDraft, form: ApproveForm) -> str:
    text, before = actions.draft_text(draft), queries.versions_of(draft.policy_id)
    form.seen.data = actions.digest_of(draft)
    pack, seats = pack_of(this_school()), queries.approvers_of(viewer())
    by = {"head": draft.head_by, "chair": draft.chair_by}
    names = names_of(by.values())
    open_seats = [seat for seat in seats if by[seat] is None and viewer().account_id not in by.values()]
    titles = {"head": pack.term("headteacher"), "chair": pack.term("chair")}
    return render_template(
        "policies/draft.html", draft=draft, text=text, form=form, press=PressForm(formdata=None), by=by, names=names,
        titles=titles, open_seats=open_seats,
        empty_seats=[seat for seat in Approver if not holders(queries.ROLE_OF[seat], at=now())],
        mine=[seat for seat in seats if by[seat] == viewer().account_id], reasons=actions.reasons_not_to_approve(draft, now()),
        difference=differing.difference(actions.text_of(before[0]), text) if before else None, before=before,
        document=queries.document(draft.document_id) if draft.document_id else None,
        writes=viewer().may(Permission.WRITE_POLICIES),
        force=FORCE_LABELS, parts=differing.clause_parts, day_words=day_words, local=calendar().local, Fate=differing.Fate,
    )  # fmt: skip


@bp.route("/policies/<uuid:policy_id>/draft/about", methods=["GET", "POST"])
@needs(Permission.WRITE_POLICIES)
def about(policy_id: uuid.UUID) -> Answer:
    """Title, dates, and the words around the clauses."""
    draft = queries.draft(policy_id)
    form = AboutForm(**AboutForm.known(actions.draft_text(draft)), seen=str(draft.edit))
    return _kept(draft, form, form.changed_text, "The draft is kept.") or _shown("about", form, draft)


@bp.route("/policies/<uuid:policy_id>/draft/questions", methods=["GET", "POST"])
@needs(Permission.WRITE_POLICIES)
def questions(policy_id: uuid.UUID) -> Answer:
    """What to ask oneself before posting."""
    draft = queries.draft(policy_id)
    form = questions_form(actions.draft_text(draft), draft.edit)

    def change(text: PolicyText) -> PolicyText:
        return replace(text, before_posting=form.before_posting(text))

    return _kept(draft, form, change, "The questions are kept.") or _shown("questions", form, draft)


@bp.route("/policies/<uuid:policy_id>/draft/clauses/new", methods=["GET", "POST"])
@needs(Permission.WRITE_POLICIES)
def add_clause(policy_id: uuid.UUID) -> Answer:
    """One more clause, at the end."""
    draft = queries.draft(policy_id)
    form = ClauseForm(code=editing.next_code(actions.draft_text(draft)), seen=str(draft.edit))
    done = _kept(
        draft, form, lambda text: editing.with_clause(text, None, form.clause()), "The clause is added.",
        anchor=f"clause-{form.code.data}",
    )  # fmt: skip
    return done or _shown("clause", form, draft, clause=None)


@bp.route("/policies/<uuid:policy_id>/draft/clauses/<code>", methods=["GET", "POST"])
@needs(Permission.WRITE_POLICIES)
def clause(policy_id: uuid.UUID, code: str) -> Answer:
    """One clause of the draft."""
    draft = queries.draft(policy_id)
    held = editing.clause_called(actions.draft_text(draft), code)
    form = ClauseForm(**ClauseForm.known(held), seen=str(draft.edit))
    done = _kept(
        draft, form, lambda text: editing.with_clause(text, code, form.clause()), "The clause is kept.",
        anchor=f"clause-{form.code.data}",
    )  # fmt: skip
    return done or _shown("clause", form, draft, clause=held)


@bp.post("/policies/<uuid:policy_id>/draft/clauses/<code>/move")
@needs(Permission.WRITE_POLICIES)
def move_clause(policy_id: uuid.UUID, code: str) -> Answer:
    """A place up or down."""
    draft, form, way = queries.draft(policy_id), DraftForm(), request.form.get("way")
    editing.clause_called(actions.draft_text(draft), code)
    if way not in set(editing.Move):
        raise NotFound
    done = _kept(draft, form, lambda text: editing.moved(text, code, editing.Move(way)), "The clause is moved.",
                 anchor=f"clause-{code}")  # fmt: skip
    return done or _not_kept(form)


@bp.route("/policies/<uuid:policy_id>/draft/clauses/<code>/remove", methods=["GET", "POST"])
@needs(Permission.WRITE_POLICIES)
def remove_clause(policy_id: uuid.UUID, code: str) -> Answer:
    """Out of the draft; the version in force keeps it."""
    draft = queries.draft(policy_id)
    held = editing.clause_called(actions.draft_text(draft), code)
    form = DraftForm(seen=str(draft.edit))
    done = _kept(draft, form, lambda text: editing.without_clause(text, code), "The clause is out of the draft.")
    return done or _shown("remove", form, draft, clause=held)


def _not_kept(form: DraftForm) -> AnyResponse:
    raise NotPossibleNow([words for _, words in form.error_links()] or "Load the page again and press once more.")


@bp.route("/policies/<uuid:policy_id>/draft/document", methods=["GET", "POST"])
@needs(Permission.WRITE_POLICIES)
def draft_document(policy_id: uuid.UUID) -> Answer:
    """The school's own document, to go with the next version."""
    draft = queries.draft(policy_id)
    form = DocumentForm(seen=str(draft.edit))
    given = request.files.get("document")
    if form.validate_on_submit():
        try:
            if "remove" not in request.form and not (given and given.filename):
                raise Refused("Choose a file.", "document")
            laid = None
            if given and given.filename:
                laid = documents.lay_up(given.stream, given.filename, policy_id, by=viewer(), at=now())  # type: ignore[arg-type]  # our own streams
            with writing():
                actions.attach(queries.draft(policy_id), laid, by=viewer(), at=now())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("The document is kept with the draft." if laid else "The draft has no document now.", "success")
            return redirect(url_for("policies.draft", policy_id=policy_id))
    held = queries.document(draft.document_id) if draft.document_id else None
    return _shown("document", form, draft, document=held)


@bp.get("/policies/<uuid:policy_id>/draft/document/download")
@needs(Permission.READ_DRAFTS)
def draft_download(policy_id: uuid.UUID) -> Response:
    """What is attached to the draft."""
    draft = queries.draft(policy_id)
    if draft.document_id is None:
        raise NotFound
    return handed_out(queries.document(draft.document_id))


@bp.post("/policies/<uuid:policy_id>/draft/approve")
@needs(Permission.APPROVE_POLICIES)
def approve(policy_id: uuid.UUID) -> Answer:
    """As headteacher or as chair: exactly what was on the page."""
    draft, form = queries.draft(policy_id), ApproveForm()
    if not form.validate_on_submit():
        return _draft_page(draft, form), 422
    with writing():
        held = queries.draft(policy_id)
        free = [seat for seat in queries.approvers_of(viewer()) if getattr(held, f"{seat}_by") is None]
        if not free:
            raise NotPossibleNow("It is approved in your seat already.")
        version = actions.approve(held, free[0], form.seen.data or "", by=viewer(), at=now())
        number = version.number if version else None
    if number is None:
        flash("You have approved it. It becomes the next version when the other one approves it too.", "success")
        return redirect(url_for("policies.draft", policy_id=policy_id))
    flash("Both have approved it. It is adopted.", "success")
    return redirect(url_for("policies.version", policy_id=policy_id, number=number))


@bp.post("/policies/<uuid:policy_id>/draft/take-back")
@needs(Permission.APPROVE_POLICIES)
def take_back(policy_id: uuid.UUID) -> Answer:
    """One's own approval, before the other has come."""
    queries.draft(policy_id)
    if PressForm().validate_on_submit():
        with writing():
            held = queries.draft(policy_id)
            for seat in Approver:
                if getattr(held, f"{seat}_by") == viewer().account_id:
                    actions.take_back(held, seat, by=viewer(), at=now())
        flash("Your approval is taken back.", "success")
    return redirect(url_for("policies.draft", policy_id=policy_id))


@bp.route("/policies/<uuid:policy_id>/draft/throw-away", methods=["GET", "POST"])
@needs(Permission.WRITE_POLICIES)
def throw_away(policy_id: uuid.UUID) -> Answer:
    """The draft is gone; what is in force stays."""
    draft = queries.draft(policy_id)
    form = DraftForm(seen=str(draft.edit))
    if form.validate_on_submit():
        with writing():
            actions.throw_away(queries.draft(policy_id), by=viewer(), at=now())
        flash("The draft is thrown away. What is in force stays as it is.", "success")
        return redirect(url_for("policies.policies"))
    return _shown("throw_away", form, draft)
