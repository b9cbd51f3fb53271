"""The words for rules: what kind of policy, whom a clause speaks to, and how much it binds."""

from enum import StrEnum


class PolicyKind(StrEnum):
    """What a policy is about."""

    SOCIAL_MEDIA = "social_media"
    ANTI_BULLYING = "anti_bullying"
    CODE_OF_CONDUCT = "code_of_conduct"
    ACCEPTABLE_USE = "acceptable_use"
    COMPLAINTS = "complaints"
    BEHAVIOUR = "behaviour"
    DISCIPLINARY = "disciplinary"


class Audience(StrEnum):
    """Whom a clause speaks to. A promise is the school's."""

    STAFF = "staff"
    PARENTS = "parents"
    PUPILS = "pupils"
    GOVERNORS = "governors"
    VOLUNTEERS = "volunteers"
    SCHOOL = "school"


class Force(StrEnum):
    """How much a clause binds (domain 1): the same words can be an order in one school and advice in another."""

    MUST = "must"
    MUST_NOT = "must_not"
    PERMISSION_NEEDED = "permission_needed"
    ADVICE = "advice"
    INVITATION = "invitation"
    PROMISE = "promise"
    ENDEAVOUR = "endeavour"
    PROCEDURE = "procedure"


# Only these can be breached. Advice not followed and an invitation declined are no breach; a promise or an endeavour that
# the school did not keep, and a procedure, are context.
BREACHABLE: frozenset[Force] = frozenset({Force.MUST, Force.MUST_NOT, Force.PERMISSION_NEEDED})


class Approver(StrEnum):
    """The two who approve a policy. The values are the beginnings of the columns' names."""

    HEAD = "head"
    CHAIR = "chair"


class Seriousness(StrEnum):
    """How grave the policy itself calls a breach."""

    USUAL = "usual"
    SERIOUS = "serious"
    VERY_SERIOUS = "very_serious"


class Permit(StrEnum):
    """The register whose entry lifts a clause: who has it does not breach."""

    SCHOOL_ACCOUNT = "school_account"  # a social-media account approved in advance
    PHOTO_CONSENT = "photo_consent"
    NAME_OR_LOGO = "name_or_logo"
    CONTACT_DETAILS = "contact_details"
    MONITORING = "monitoring"


# The workflows that a breach can start, by their keys in `casework`: a later slice, so a test holds the two together.
WORKFLOWS: dict[str, str] = {
    "pupil_to_pupil": "Pupil to pupil",
    "staff_as_target": "A member of staff as target",
    "staff_breach": "A breach by staff",
    "parents_post": "A parent’s post",
    "school_account_comment": "A comment on a school account",
    "school_account_consent": "The school’s own account, or consent for a photo",
}

POLICY_KIND_LABELS: dict[PolicyKind, str] = {
    PolicyKind.SOCIAL_MEDIA: "Social media",
    PolicyKind.ANTI_BULLYING: "Anti-bullying",
    PolicyKind.CODE_OF_CONDUCT: "Code of conduct",
    PolicyKind.ACCEPTABLE_USE: "Acceptable use",
    PolicyKind.COMPLAINTS: "Complaints",
    PolicyKind.BEHAVIOUR: "Behaviour",
    PolicyKind.DISCIPLINARY: "Disciplinary",
}

AUDIENCE_LABELS: dict[Audience, str] = {
    Audience.STAFF: "Staff",
    Audience.PARENTS: "Parents and carers",
    Audience.PUPILS: "Pupils",
    Audience.GOVERNORS: "Governors",
    Audience.VOLUNTEERS: "Volunteers",
    Audience.SCHOOL: "The school itself",
}

FORCE_LABELS: dict[Force, str] = {
    Force.MUST: "Must",
    Force.MUST_NOT: "Must not",
    Force.PERMISSION_NEEDED: "Permission needed",
    Force.ADVICE: "Advice",
    Force.INVITATION: "Invitation",
    Force.PROMISE: "Promise",
    Force.ENDEAVOUR: "Endeavour",
    Force.PROCEDURE: "Procedure",
}

# What each word means for somebody who did otherwise.
FORCE_MEANINGS: dict[Force, str] = {
    Force.MUST: "Not doing it is a breach.",
    Force.MUST_NOT: "Doing it is a breach.",
    Force.PERMISSION_NEEDED: "Doing it without permission is a breach.",
    Force.ADVICE: "Doing otherwise is no breach.",
    Force.INVITATION: "Declining is an answer, and no breach.",
    Force.PROMISE: "The school gives its word.",
    Force.ENDEAVOUR: "The school tries to, and says why when it could not.",
    Force.PROCEDURE: "How the school goes about it.",
}

SERIOUSNESS_LABELS: dict[Seriousness, str] = {
    Seriousness.USUAL: "As usual",
    Seriousness.SERIOUS: "Serious",
    Seriousness.VERY_SERIOUS: "Very serious",
}

PERMIT_LABELS: dict[Permit, str] = {
    Permit.SCHOOL_ACCOUNT: "An account that was approved in advance",
    Permit.PHOTO_CONSENT: "Consent to photographs",
    Permit.NAME_OR_LOGO: "Permission to use the school’s name or logo",
    Permit.CONTACT_DETAILS: "Permission to give contact details",
    Permit.MONITORING: "Monitoring of a school device, on record",
}
