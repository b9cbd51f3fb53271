"""The words of casework: kept in the database as these values, shown to people as these labels."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CaseState(StrEnum):
    """Where the school's response has got to. Reopening leads back to open; the history says that it was closed."""

    OPEN = "open"
    CLOSED = "closed"


class StepState(StrEnum):
    """Where one thing to be done has got to. Overdue is worked out, never kept."""

    TODO = "todo"
    DONE = "done"
    SKIPPED = "skipped"


class StepRole(StrEnum):
    """Who usually does a step; the step itself then has one named owner."""

    OWNER = "owner"
    RECORDER = "recorder"
    HEADTEACHER = "headteacher"
    DSL = "dsl"
    INVESTIGATOR = "investigator"
    DECISION_MAKER = "decision_maker"
    CHAIR = "chair"
    CLERK = "clerk"
    DPO = "dpo"


class Records(StrEnum):
    """What a step puts on the case, so that it can't be ticked while that is missing."""

    NOTHING = "nothing"
    FINDING = "finding"
    OUTCOME = "outcome"


class Finding(StrEnum):
    """What is established. It is not what was done about it: that is an outcome."""

    CONFIRMED_BULLYING = "confirmed_bullying"
    HURTFUL_ONCE = "hurtful_once"
    CONFLICT = "conflict"
    NOT_UPHELD = "not_upheld"
    NOT_CLEAR = "not_clear"
    AUTHOR_NOT_FOUND = "author_not_found"
    UPHELD = "upheld"
    UPHELD_IN_PART = "upheld_in_part"
    SUBSTANTIATED = "substantiated"
    MALICIOUS = "malicious"
    FALSE = "false"
    UNSUBSTANTIATED = "unsubstantiated"
    UNFOUNDED = "unfounded"
    NO_CONSENT = "no_consent"
    CONSENT_HELD = "consent_held"
    ACCOUNT_NOT_APPROVED = "account_not_approved"
    RULES_NOT_KEPT = "rules_not_kept"
    RULES_KEPT = "rules_kept"


class Outcome(StrEnum):
    """What was done. A case may have several; `NO_ACTION` stands alone."""

    NO_ACTION = "no_action"
    SUPPORT_TARGET = "support_target"
    SUPPORT_AUTHOR = "support_author"
    RESTORATIVE = "restorative"
    PARENTS_MET = "parents_met"
    PUPIL_WARNED = "pupil_warned"
    SANCTION = "sanction"
    SUSPENSION = "suspension"
    EXCLUSION = "exclusion"
    SUPPORT_STAFF = "support_staff"
    OTHER_CASE = "other_case"
    POLICE_TOLD = "police_told"
    POST_REMOVED = "post_removed"
    ADVICE = "advice"
    ORAL_WARNING = "oral_warning"
    WRITTEN_WARNING = "written_warning"
    FINAL_WARNING = "final_warning"
    DISMISSAL = "dismissal"
    WROTE_TO_PARENT = "wrote_to_parent"
    COMPLAINTS_POLICY = "complaints_policy"
    MEDIATED = "mediated"
    LEGAL_ADVICE = "legal_advice"
    BARRED_FROM_SITE = "barred_from_site"
    AUTHOR_CONTACTED = "author_contacted"
    BANNED_FROM_ACCOUNT = "banned_from_account"
    CONSENT_PUT_RIGHT = "consent_put_right"
    REGULATOR_TOLD = "regulator_told"
    ACCOUNT_APPROVED = "account_approved"
    ACCOUNT_CLOSED = "account_closed"
    PRACTICE_CHANGED = "practice_changed"


class Band(StrEnum):
    """The coarse groups in which outcomes are counted for governors."""

    NONE = "none"
    SUPPORT = "support"
    TALKED = "talked"
    REMOVED = "removed"
    WARNING = "warning"
    SANCTION = "sanction"
    REFERRED = "referred"
    PUT_RIGHT = "put_right"


CASE_STATE_LABELS: Final[Mapping[str, str]] = {CaseState.OPEN: "Open", CaseState.CLOSED: "Closed"}

STEP_STATE_LABELS: Final[Mapping[str, str]] = {
    StepState.TODO: "To do",
    StepState.DONE: "Done",
    StepState.SKIPPED: "Not needed",
}

STEP_ROLE_LABELS: Final[Mapping[StepRole, str]] = {
    StepRole.OWNER: "the owner of the case",
    StepRole.RECORDER: "whoever recorded it",
    StepRole.HEADTEACHER: "the {headteacher}",
    StepRole.DSL: "the {dsl_short}",
    StepRole.INVESTIGATOR: "the person who looks into it",
    StepRole.DECISION_MAKER: "the person who decides, who is not the one who looked into it",
    StepRole.CHAIR: "the {chair}",
    StepRole.CLERK: "the {clerk}",
    StepRole.DPO: "the data protection officer",
}

FINDING_LABELS: Final[Mapping[Finding, str]] = {
    Finding.CONFIRMED_BULLYING: "It was bullying",
    Finding.HURTFUL_ONCE: "It was hurtful, once, and not a pattern",
    Finding.CONFLICT: "It was a conflict between equals",
    Finding.NOT_UPHELD: "It did not happen as it was told",
    Finding.NOT_CLEAR: "It can’t be settled either way",
    Finding.AUTHOR_NOT_FOUND: "It happened, and nobody knows who did it",
    Finding.UPHELD: "It happened as it was told",
    Finding.UPHELD_IN_PART: "Part of it happened as it was told",
    Finding.SUBSTANTIATED: "Substantiated: there is enough to show that it happened",
    Finding.MALICIOUS: "Malicious: it did not happen, and it was said on purpose to deceive",
    Finding.FALSE: "False: there is enough to show that it did not happen",
    Finding.UNSUBSTANTIATED: "Unsubstantiated: there is not enough to show it either way",
    Finding.UNFOUNDED: "Unfounded: nothing supports what was said",
    Finding.NO_CONSENT: "It was posted without the consent it needed",
    Finding.CONSENT_HELD: "There was consent for it",
    Finding.ACCOUNT_NOT_APPROVED: "The account had not been approved",
    Finding.RULES_NOT_KEPT: "The rules for the school’s accounts were not kept",
    Finding.RULES_KEPT: "The rules for the school’s accounts were kept",
}

OUTCOME_LABELS: Final[Mapping[Outcome, str]] = {
    Outcome.NO_ACTION: "No action",
    Outcome.SUPPORT_TARGET: "Support for the pupil it was aimed at",
    Outcome.SUPPORT_AUTHOR: "Support for the pupil who did it",
    Outcome.RESTORATIVE: "Work to put things right between them",
    Outcome.PARENTS_MET: "Meeting with parents",
    Outcome.PUPIL_WARNED: "A warning to the pupil",
    Outcome.SANCTION: "A sanction in school",
    Outcome.SUSPENSION: "Suspension",
    Outcome.EXCLUSION: "Permanent exclusion",
    Outcome.SUPPORT_STAFF: "Support for the member of staff",
    Outcome.OTHER_CASE: "Carried on in another case",
    Outcome.POLICE_TOLD: "Told the police",
    Outcome.POST_REMOVED: "The post was taken down",
    Outcome.ADVICE: "Advice",
    Outcome.ORAL_WARNING: "Oral warning",
    Outcome.WRITTEN_WARNING: "Written warning",
    Outcome.FINAL_WARNING: "Final written warning",
    Outcome.DISMISSAL: "Dismissal",
    Outcome.WROTE_TO_PARENT: "A letter to the parent",
    Outcome.COMPLAINTS_POLICY: "Pointed to the complaints policy",
    Outcome.MEDIATED: "The school helped them to talk",
    Outcome.LEGAL_ADVICE: "Legal advice taken",
    Outcome.BARRED_FROM_SITE: "Barred from the school site",
    Outcome.AUTHOR_CONTACTED: "Wrote to the person who commented",
    Outcome.BANNED_FROM_ACCOUNT: "Banned from the school’s account",
    Outcome.CONSENT_PUT_RIGHT: "The record of consent was put right",
    Outcome.REGULATOR_TOLD: "Told the regulator",
    Outcome.ACCOUNT_APPROVED: "The account was approved",
    Outcome.ACCOUNT_CLOSED: "The account was closed",
    Outcome.PRACTICE_CHANGED: "How the school does this was changed",
}

BAND_LABELS: Final[Mapping[Band, str]] = {
    Band.NONE: "No action",
    Band.SUPPORT: "Support and work to put things right",
    Band.TALKED: "Meetings, letters and advice",
    Band.REMOVED: "Posts taken down, or access ended",
    Band.WARNING: "Warnings",
    Band.SANCTION: "Sanctions",
    Band.REFERRED: "Passed to others",
    Band.PUT_RIGHT: "The school changed what it does",
}

BANDS: Final[Mapping[Outcome, Band]] = {
    Outcome.NO_ACTION: Band.NONE,
    Outcome.SUPPORT_TARGET: Band.SUPPORT,
    Outcome.SUPPORT_AUTHOR: Band.SUPPORT,
    Outcome.SUPPORT_STAFF: Band.SUPPORT,
    Outcome.RESTORATIVE: Band.SUPPORT,
    Outcome.MEDIATED: Band.SUPPORT,
    Outcome.PARENTS_MET: Band.TALKED,
    Outcome.WROTE_TO_PARENT: Band.TALKED,
    Outcome.COMPLAINTS_POLICY: Band.TALKED,
    Outcome.AUTHOR_CONTACTED: Band.TALKED,
    Outcome.ADVICE: Band.TALKED,
    Outcome.POST_REMOVED: Band.REMOVED,
    Outcome.BANNED_FROM_ACCOUNT: Band.REMOVED,
    Outcome.ACCOUNT_CLOSED: Band.REMOVED,
    Outcome.PUPIL_WARNED: Band.WARNING,
    Outcome.ORAL_WARNING: Band.WARNING,
    Outcome.WRITTEN_WARNING: Band.WARNING,
    Outcome.FINAL_WARNING: Band.WARNING,
    Outcome.SANCTION: Band.SANCTION,
    Outcome.SUSPENSION: Band.SANCTION,
    Outcome.EXCLUSION: Band.SANCTION,
    Outcome.DISMISSAL: Band.SANCTION,
    Outcome.BARRED_FROM_SITE: Band.REMOVED,
    Outcome.POLICE_TOLD: Band.REFERRED,
    Outcome.LEGAL_ADVICE: Band.REFERRED,
    Outcome.REGULATOR_TOLD: Band.REFERRED,
    Outcome.OTHER_CASE: Band.REFERRED,
    Outcome.CONSENT_PUT_RIGHT: Band.PUT_RIGHT,
    Outcome.ACCOUNT_APPROVED: Band.PUT_RIGHT,
    Outcome.PRACTICE_CHANGED: Band.PUT_RIGHT,
}

PUPIL_SANCTIONS: Final = frozenset({Outcome.SANCTION})
"""What section 91 of the Education and Inspections Act 2006 speaks of; it leaves suspension and exclusion out."""

PUPIL_EXCLUSIONS: Final = frozenset({Outcome.SUSPENSION, Outcome.EXCLUSION})
"""A path of its own: Education Act 2002, section 51A, and its regulations."""

STAFF_DISCIPLINE: Final = frozenset(
    {Outcome.ORAL_WARNING, Outcome.WRITTEN_WARNING, Outcome.FINAL_WARNING, Outcome.DISMISSAL}
)


class Document(StrEnum):
    """What a step leaves behind on paper."""

    NOTHING = "nothing"
    STATEMENT_FORM = "statement_form"
    CHRONOLOGY = "chronology"
    REMOVAL_REQUEST = "removal_request"
    LETTER_PARENT_MEETING = "letter_parent_meeting"
    LETTER_OUTCOME = "letter_outcome"
    LETTER_ALLEGATION = "letter_allegation"
    LETTER_HEARING = "letter_hearing"
    LETTER_BARRING = "letter_barring"
    SUPPORT_PLAN = "support_plan"
    REVIEW_NOTE = "review_note"
    REFERRAL_PACK = "referral_pack"
    CHILD_PROTECTION_SUMMARY = "child_protection_summary"


DOCUMENT_LABELS: Final[Mapping[Document, str]] = {
    Document.NOTHING: "",
    Document.STATEMENT_FORM: "Written account",
    Document.CHRONOLOGY: "List of what happened, in order",
    Document.REMOVAL_REQUEST: "Request to the platform",
    Document.LETTER_PARENT_MEETING: "Letter that asks parents to meet",
    Document.LETTER_OUTCOME: "Outcome letter",
    Document.LETTER_ALLEGATION: "Letter that says what is alleged",
    Document.LETTER_HEARING: "Notice of the hearing",
    Document.LETTER_BARRING: "Letter about coming onto the school site",
    Document.SUPPORT_PLAN: "Support plan",
    Document.REVIEW_NOTE: "Note of the review",
    Document.REFERRAL_PACK: "Papers for a referral",
    Document.CHILD_PROTECTION_SUMMARY: "Summary for the child protection file",
}
