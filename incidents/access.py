"""Roles, permissions and rights, and the tables between them: the whole of who may do what, in one place."""

from enum import StrEnum


class Role(StrEnum):
    """A dated membership of an account in a school (domain: who they are)."""

    STAFF = "staff"
    HEAD_OF_YEAR = "head_of_year"
    DEPUTY_HEAD = "deputy_head"
    HEADTEACHER = "headteacher"
    DSL = "dsl"
    DEPUTY_DSL = "deputy_dsl"
    CASE_MANAGER = "case_manager"
    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    GOVERNOR = "governor"
    CLERK = "clerk"
    ADMINISTRATOR = "administrator"
    DPO = "dpo"
    EXTERNAL = "external"
    TRUST_LEAD = "trust_lead"


ROLE_LABELS: dict[Role, str] = {
    Role.STAFF: "Staff",
    Role.HEAD_OF_YEAR: "Head of year",
    Role.DEPUTY_HEAD: "Deputy head",
    Role.HEADTEACHER: "Headteacher",
    Role.DSL: "Safeguarding lead",
    Role.DEPUTY_DSL: "Deputy safeguarding lead",
    Role.CASE_MANAGER: "Manager of cases about the head",
    Role.CHAIR: "Chair of governors",
    Role.VICE_CHAIR: "Vice-chair of governors",
    Role.GOVERNOR: "Governor",
    Role.CLERK: "Clerk to governors",
    Role.ADMINISTRATOR: "Administrator",
    Role.DPO: "Data protection officer",
    Role.EXTERNAL: "Outside adviser",
    Role.TRUST_LEAD: "Trust lead",
}

# Nobody gives these alone: one person proposes, another agrees, and those who hold the role are told.
PRIVILEGED: frozenset[Role] = frozenset(Role) - {Role.STAFF, Role.GOVERNOR, Role.CLERK, Role.EXTERNAL}


class Permission(StrEnum):
    """What a role lets a person open at all. Which matters they find there is `matters.visibility`'s answer."""

    SIGN_IN_PAGES = "sign_in_pages"  # their own password, school and sign-out
    RECORD = "record"  # write an incident down, follow their own records
    DO_STEPS = "do_steps"  # open a case where a step or a grant is theirs
    WORK = "work"  # the lists of incidents and cases
    READ_REPORTS = "read_reports"
    WRITE_REPORT = "write_report"
    ANNEX = "annex"  # the report's confidential annex: who writes and who reads one is `governors.annexed`'s answer
    READ_LAW = "read_law"
    READ_POLICIES = "read_policies"
    WRITE_POLICIES = "write_policies"
    APPROVE_POLICIES = "approve_policies"
    READ_DRAFTS = "read_drafts"  # of policies: who writes or approves them
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_SCHOOL = "manage_school"
    KEEP_DECLARATIONS = "keep_declarations"
    SEE_AUDIT = "see_audit"
    REGISTERS = "registers"  # ask for an entry, read what is for them: which that is is `registers.queries`' answer
    READ_REGISTERS = "read_registers"
    MAY_GO_UP = "may_go_up"  # what holds for each child's picture: one answer, never the answers behind it
    KEEP_CONSENT = "keep_consent"
    CONTACT_RISK = "contact_risk"  # the answers behind it, and the flag that nobody else may know of
    NAMES_RULE = "names_rule"


_OUTSIDE = {Permission.SIGN_IN_PAGES}
_EVERYONE = _OUTSIDE | {Permission.READ_POLICIES}  # everybody of the school reads its rules
_STAFF = _EVERYONE | {Permission.RECORD, Permission.DO_STEPS, Permission.REGISTERS, Permission.MAY_GO_UP}
_WORKING = _STAFF | {Permission.WORK, Permission.READ_LAW}
_GOVERNING = _EVERYONE | {Permission.READ_REPORTS}
_POLICY_MAKING = {Permission.WRITE_POLICIES, Permission.APPROVE_POLICIES, Permission.READ_DRAFTS}
_REGISTERS = {Permission.READ_REGISTERS, Permission.KEEP_CONSENT}
_SAFEGUARDING = _REGISTERS | {Permission.CONTACT_RISK}
# They decide what the head may not, about the head and those close to the head.
_INSTEAD = {Permission.WORK, Permission.DO_STEPS, Permission.ANNEX, Permission.REGISTERS, Permission.READ_LAW}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.STAFF: frozenset(_STAFF),
    Role.HEAD_OF_YEAR: frozenset(_WORKING),
    Role.DEPUTY_HEAD: frozenset(_WORKING | _REGISTERS | {Permission.READ_REPORTS}),
    Role.HEADTEACHER: frozenset(
        _WORKING
        | _REGISTERS
        | _POLICY_MAKING
        | {Permission.KEEP_DECLARATIONS, Permission.NAMES_RULE, Permission.READ_REPORTS, Permission.WRITE_REPORT}
    ),
    Role.DSL: frozenset(_WORKING | _SAFEGUARDING | {Permission.READ_REPORTS}),
    Role.DEPUTY_DSL: frozenset(_WORKING | _SAFEGUARDING),
    Role.CASE_MANAGER: frozenset(_EVERYONE | _INSTEAD),
    Role.CHAIR: frozenset(_GOVERNING | _INSTEAD | {Permission.APPROVE_POLICIES, Permission.READ_DRAFTS}),
    Role.VICE_CHAIR: frozenset(_GOVERNING | _INSTEAD),
    Role.GOVERNOR: frozenset(_GOVERNING | {Permission.DO_STEPS}),
    Role.CLERK: frozenset(_GOVERNING | {Permission.DO_STEPS}),
    Role.ADMINISTRATOR: frozenset(
        _EVERYONE
        | {Permission.KEEP_DECLARATIONS, Permission.MANAGE_ACCOUNTS, Permission.MANAGE_SCHOOL}
        | {Permission.WRITE_POLICIES, Permission.READ_DRAFTS}
        | {Permission.KEEP_CONSENT, Permission.MAY_GO_UP, Permission.READ_LAW}
    ),
    Role.DPO: frozenset(_EVERYONE | {Permission.SEE_AUDIT, Permission.DO_STEPS}),
    Role.EXTERNAL: frozenset(_OUTSIDE | {Permission.DO_STEPS}),
    Role.TRUST_LEAD: frozenset(_GOVERNING),
}


class Basis(StrEnum):
    """How a person comes to a matter. Several may hold at once; conflicts have already been taken away."""

    DECIDER = "decider"  # the headteacher, or whoever stands in the chain when the headteacher can't
    SAFEGUARDING = "safeguarding"  # DSL and deputies, for every pupil matter at once
    YEAR = "year"  # head of year, for pupils of that year
    OWNER = "owner"
    DELEGATE = "delegate"  # what the head hands over for a stated period
    STEP = "step"  # one step of the case is theirs
    READER = "reader"  # a panel member, investigator or outside adviser, by grant
    REPORTER = "reporter"
    AUTHOR_ALLEGED = "author_alleged"  # wrote the record, and proves to be the alleged
    PARTY = "party"  # target, witness, or close family of someone involved


class Right(StrEnum):
    """What a basis lets a person do with one matter."""

    SEE_IN_FULL = "see_in_full"
    SEE_FILES = "see_files"
    DECIDE = "decide"
    WORK = "work"
    SAFEGUARD = "safeguard"
    DO_OWN_STEPS = "do_own_steps"
    ADD_WORDS = "add_words"
    SEE_OWN_WORDS = "see_own_words"
    SEE_WHAT_WAS_SAID_TO_THEM = "see_what_was_said_to_them"


_FULL = {Right.SEE_IN_FULL, Right.SEE_FILES}

RIGHTS: dict[Basis, frozenset[Right]] = {
    Basis.DECIDER: frozenset(_FULL | {Right.DECIDE, Right.WORK, Right.SAFEGUARD}),
    Basis.SAFEGUARDING: frozenset(_FULL | {Right.WORK, Right.SAFEGUARD}),
    Basis.YEAR: frozenset(_FULL | {Right.WORK}),
    Basis.OWNER: frozenset(_FULL | {Right.WORK}),
    Basis.DELEGATE: frozenset(_FULL | {Right.DECIDE, Right.WORK}),
    Basis.STEP: frozenset({Right.DO_OWN_STEPS}),
    Basis.READER: frozenset(_FULL),
    Basis.REPORTER: frozenset({Right.SEE_OWN_WORDS, Right.ADD_WORDS}),
    Basis.AUTHOR_ALLEGED: frozenset({Right.SEE_OWN_WORDS}),
    Basis.PARTY: frozenset({Right.SEE_WHAT_WAS_SAID_TO_THEM}),
}


class Sphere(StrEnum):
    """Whose business a matter is by its nature; the strictest that fits."""

    PUPIL = "pupil"  # a pupil is involved
    ADULT = "adult"  # no pupil, and nothing alleged of staff
    STAFF_CONDUCT = "staff_conduct"  # something is alleged of staff, a governor or a volunteer
    HEAD = "head"  # something is alleged of the headteacher


# Who decides, in this order: the first role with somebody in it who is not in conflict. Nobody left: the school's outside
# body (local authority or trust), whose number the page then shows. A matter never routes to nobody (domain 2).
CHAIN: dict[Sphere, tuple[Role, ...]] = {
    Sphere.PUPIL: (Role.HEADTEACHER, Role.DSL, Role.DEPUTY_DSL, Role.CASE_MANAGER, Role.CHAIR, Role.VICE_CHAIR),
    Sphere.ADULT: (Role.HEADTEACHER, Role.DSL, Role.DEPUTY_DSL, Role.CASE_MANAGER, Role.CHAIR, Role.VICE_CHAIR),
    Sphere.STAFF_CONDUCT: (Role.HEADTEACHER, Role.CASE_MANAGER, Role.CHAIR, Role.VICE_CHAIR),
    Sphere.HEAD: (Role.CASE_MANAGER, Role.CHAIR, Role.VICE_CHAIR),
}

SAFEGUARDING_ROLES: tuple[Role, ...] = (Role.DSL, Role.DEPUTY_DSL)


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """All that these roles together open."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
