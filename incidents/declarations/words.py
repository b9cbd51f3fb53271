"""The words for declarations: what an answer can be, and how it came."""

from enum import StrEnum

from incidents.people.kinds import PersonKind
from incidents.policies.kinds import Audience


class Answer(StrEnum):
    """What somebody answered. To decline is an answer and no breach; what was entered by mistake never was one."""

    SIGNED = "signed"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


class How(StrEnum):
    """How the answer came."""

    PAPER = "paper"
    ONLINE = "online"
    SIGNED_IN = "signed_in"


# Who can be asked, in the order of the pages.
ASKED = (Audience.STAFF, Audience.GOVERNORS, Audience.VOLUNTEERS, Audience.PARENTS)
# What somebody in an incident was that day, and as whom they were then asked to sign. A pupil stands for their household.
AUDIENCE_OF: dict[PersonKind, Audience] = {
    PersonKind.PUPIL: Audience.PARENTS,
    PersonKind.PARENT: Audience.PARENTS,
    PersonKind.STAFF: Audience.STAFF,
    PersonKind.GOVERNOR: Audience.GOVERNORS,
    PersonKind.VOLUNTEER: Audience.VOLUNTEERS,
}

ANSWER_LABELS: dict[Answer, str] = {
    Answer.SIGNED: "Signed",
    Answer.DECLINED: "Declined",
    Answer.TAKEN_BACK: "Entered by mistake",
}
HOW_LABELS: dict[How, str] = {
    How.PAPER: "on paper",
    How.ONLINE: "online",
    How.SIGNED_IN: "signed in",
}
