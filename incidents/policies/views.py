"""Reading the school's policies, beginning one, and the private check before posting."""

import uuid
from datetime import date

from flask import Response, flash, redirect, render_template, url_for

from incidents.access import Permission
from incidents.accounts.viewer import Viewer
from incidents.database import writing
from incidents.errors import NotFound, Refused
from incidents.policies import actions, pages, queries, reading, versions
from incidents.policies.drafting import Answer, bp, handed_out
from incidents.policies.forms import LoadForm, PressForm, StartForm, posting_form
from incidents.policies.kinds import AUDIENCE_LABELS, FORCE_LABELS
from incidents.policies.models import PolicyVersion
from incidents.policies.versions import day_words, is_past_review
from incidents.schools.queries import calendar
from incidents.shell import behind
from incidents.web import RULES, Tab, needs, now, viewer


def _today() -> date:
    day: date = calendar().local(now()).date()
    return day


def _in_short(me: Viewer) -> str:
    """What stands of the policies on the page of the rules."""
    return pages.in_short(pages.listed(me, _today()))


TABS = (
    Tab(65, RULES, "policies.rules", Permission.SIGN_IN_PAGES),
    Tab(67, "Check before you post", "policies.before_you_post", Permission.READ_POLICIES, under=RULES,
        about="A few questions for yourself alone. Nothing is kept."),
    Tab(68, "Policies", "policies.policies", Permission.READ_POLICIES, queries.waiting_for, under=RULES,
        about="What the school’s rules say, and what they said before.", says=_in_short),
)  # fmt: skip


@bp.get("/rules")
@needs(Permission.SIGN_IN_PAGES)
def rules() -> str:
    """All that is about rules and that this person may open, with what waits there."""
    return render_template("policies/rules.html", tabs=behind("policies.rules"))


@bp.get("/policies")
@needs(Permission.READ_POLICIES)
def policies() -> str:
    """What is in force, and what its reviews say."""
    return render_template(
        "policies/policies.html", listed=pages.listed(viewer(), _today()), writes=viewer().may(Permission.WRITE_POLICIES),
        day_words=day_words,
    )  # fmt: skip


@bp.get("/policies/<uuid:policy_id>")
@needs(Permission.READ_POLICIES)
def policy(policy_id: uuid.UUID) -> Answer:
    """The version in force today; before its first day, the one to come."""
    queries.policy(policy_id)
    found = queries.version_on(policy_id, _today()) or next(reversed(queries.versions_of(policy_id)), None)
    if found is None:
        if queries.draft_of(policy_id) and viewer().may(Permission.READ_DRAFTS):
            return redirect(url_for("policies.draft", policy_id=policy_id))
        raise NotFound
    return _version_page(found)


@bp.get("/policies/<uuid:policy_id>/versions/<int:number>")
@needs(Permission.READ_POLICIES)
def version(policy_id: uuid.UUID, number: int) -> str:
    """One version, as it was adopted."""
    return _version_page(_numbered(policy_id, number))


def _numbered(policy_id: uuid.UUID, number: int) -> PolicyVersion:
    found = next((each for each in queries.versions_of(policy_id) if each.number == number), None)
    if found is None:
        raise NotFound
    return found


def _version_page(found: PolicyVersion) -> str:
    today, every = _today(), pages.history(found.policy_id)
    last = versions.last_day(found, [each for each, _, _ in every])
    clauses = queries.clauses_of([found.id])
    return render_template(
        "policies/version.html", version=found, last=last, history=every, groups=pages.grouped(clauses), today=today,
        count=len(clauses), now_in_force=found.in_force_from <= today and (last is None or last >= today),
        review=pages.review_words(found.review_on, today), late=is_past_review(found.review_on, today), day_words=day_words,
        approved=next(says for each, _, says in every if each.id == found.id),
        document=queries.document(found.document_id) if found.document_id else None,
        draft=queries.draft_of(found.policy_id) if viewer().may(Permission.READ_DRAFTS) else None,
        writes=viewer().may(Permission.WRITE_POLICIES), press=PressForm(),
    )  # fmt: skip


@bp.get("/policies/<uuid:policy_id>/versions/<int:number>/document")
@needs(Permission.READ_POLICIES)
def document(policy_id: uuid.UUID, number: int) -> Response:
    """The school's own document of a version."""
    found = _numbered(policy_id, number)
    if found.document_id is None:
        raise NotFound
    return handed_out(queries.document(found.document_id))


@bp.route("/policies/new", methods=["GET", "POST"])
@needs(Permission.WRITE_POLICIES)
def start() -> Answer:
    """A policy that the school does not have here yet."""
    form = StartForm(adopted_on=_today(), in_force_from=_today())
    if form.validate_on_submit():
        try:
            with writing():
                policy_id = actions.start_policy(form.text(), by=viewer(), at=now()).policy_id
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("The draft is begun. Add its clauses.", "success")
            return redirect(url_for("policies.draft", policy_id=policy_id))
    return render_template("policies/start.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/policies/packs")
@needs(Permission.WRITE_POLICIES)
def packs() -> str:
    """The policies that come with the product."""
    return render_template("policies/packs.html", packs=reading.packs())


@bp.route("/policies/packs/<name>", methods=["GET", "POST"])
@needs(Permission.WRITE_POLICIES)
def pack(name: str) -> Answer:
    """What a pack brings, and the press that makes it a draft."""
    found = next((each for each in reading.packs() if each.name == name), None)
    if found is None:
        raise NotFound
    form = LoadForm()
    if form.validate_on_submit():
        day = form.day(_today())
        with writing():
            policy_id = actions.load_pack(found, by=viewer(), at=now(), day=day).policy_id
        flash("It is a draft now. It is in force once both have approved it.", "success")
        return redirect(url_for("policies.draft", policy_id=policy_id))
    same = [each for each, _ in queries.policies_with_drafts() if each.kind == found.policy.kind]
    page = render_template(
        "policies/pack.html",
        form=form,
        pack=found,
        same=same,
        day_words=day_words,
        forces=FORCE_LABELS,
        audiences=AUDIENCE_LABELS,
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/policies/before-you-post", methods=["GET", "POST"])
@needs(Permission.READ_POLICIES)
def before_you_post() -> Answer:
    """Questions that somebody asks themselves. What they answer is not kept: nothing here opens a transaction."""
    asked, rules, binding = pages.before_posting(_today())
    questions = [each.question for each in asked]
    form = posting_form(questions)
    answered = form.is_submitted() and form.validate()
    wary = form.warnings(questions) if answered else []
    page = render_template(
        "policies/before_you_post.html", form=form, asked=asked, rules=rules, binding=binding, answered=answered,
        warnings=[each for each in asked if each.question in wary], left=form.unanswered(questions) if answered else 0,
    )  # fmt: skip
    return page, 422 if form.is_submitted() and not answered else 200
