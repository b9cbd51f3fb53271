"""What somebody can be to a school."""

from enum import StrEnum


class PersonKind(StrEnum):
    """What someone was to the school on the day it happened."""

    PUPIL = "pupil"
    STAFF = "staff"
    PARENT = "parent"
    GOVERNOR = "governor"
    VOLUNTEER = "volunteer"
    PUBLIC = "public"
    UNKNOWN = "unknown"


PERSON_KIND_LABELS: dict[PersonKind, str] = {
    PersonKind.PUPIL: "Pupil",
    PersonKind.STAFF: "Member of staff",
    PersonKind.PARENT: "Parent or carer",
    PersonKind.GOVERNOR: "Governor",
    PersonKind.VOLUNTEER: "Volunteer",
    PersonKind.PUBLIC: "Someone outside the school",
    PersonKind.UNKNOWN: "Not known",
}
