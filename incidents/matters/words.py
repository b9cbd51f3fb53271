"""The words that sort what happened: who did it to whom, and by which means."""

from enum import StrEnum


class Direction(StrEnum):
    """Who did it to whom: it decides which questions triage asks and which workflow fits."""

    PUPIL_TO_PUPIL = "pupil_to_pupil"
    PUPIL_TO_STAFF = "pupil_to_staff"
    PARENT_TO_STAFF = "parent_to_staff"
    PARENT_TO_PARENT = "parent_to_parent"
    PARENT_TO_CHILD = "parent_to_child"
    STAFF_CONDUCT = "staff_conduct"
    STAFF_TO_STAFF = "staff_to_staff"
    STAFF_CONTACT = "staff_contact"
    GOVERNOR_OR_VOLUNTEER = "governor_or_volunteer"
    STRANGER_TO_PUPIL = "stranger_to_pupil"
    COMMENT_ON_SCHOOL_ACCOUNT = "comment_on_school_account"
    SCHOOL_ACCOUNT = "school_account"
    UNKNOWN_AUTHOR = "unknown_author"


class Method(StrEnum):
    """By which means it was done, in the words of school policies and of today."""

    TEXT_MESSAGE = "text_message"
    EMAIL = "email"
    PHONE_CALL = "phone_call"
    INSTANT_MESSENGER = "instant_messenger"
    PHOTOS_OR_VIDEO = "photos_or_video"
    WEBSITE_COMMENT = "website_comment"
    GROUP_CHAT = "group_chat"
    DIRECT_MESSAGE = "direct_message"
    GAMING_CHAT = "gaming_chat"
    LIVESTREAM = "livestream"
    FAKE_ACCOUNT = "fake_account"
    AI_IMAGE = "ai_image"
    POLL = "poll"
    SCHOOL_ACCOUNT_COMMENT = "school_account_comment"
    OTHER = "other"


DIRECTION_LABELS: dict[Direction, str] = {
    Direction.PUPIL_TO_PUPIL: "Pupil to pupil",
    Direction.PUPIL_TO_STAFF: "Pupil to a member of staff",
    Direction.PARENT_TO_STAFF: "Parent to staff or the school",
    Direction.PARENT_TO_PARENT: "Parent to parent",
    Direction.PARENT_TO_CHILD: "Parent to another family’s child",
    Direction.STAFF_CONDUCT: "What a member of staff did online",
    Direction.STAFF_TO_STAFF: "Between members of staff",
    Direction.STAFF_CONTACT: "Staff contact with a pupil or a parent",
    Direction.GOVERNOR_OR_VOLUNTEER: "What a governor or volunteer did online",
    Direction.STRANGER_TO_PUPIL: "Stranger to a pupil",
    Direction.COMMENT_ON_SCHOOL_ACCOUNT: "Comment on a school account",
    Direction.SCHOOL_ACCOUNT: "The school’s own account, or consent for a photo",
    Direction.UNKNOWN_AUTHOR: "Nobody knows yet who did it",
}

METHOD_LABELS: dict[Method, str] = {
    Method.TEXT_MESSAGE: "Text message",
    Method.EMAIL: "Email",
    Method.PHONE_CALL: "Phone call",
    Method.INSTANT_MESSENGER: "Instant messenger",
    Method.PHOTOS_OR_VIDEO: "Photos or video clips passed around",
    Method.WEBSITE_COMMENT: "Comment on a website, blog or chat room",
    Method.GROUP_CHAT: "Group chat",
    Method.DIRECT_MESSAGE: "Direct message",
    Method.GAMING_CHAT: "Chat in a game",
    Method.LIVESTREAM: "Livestream",
    Method.FAKE_ACCOUNT: "Fake account, or pretending to be someone",
    Method.AI_IMAGE: "Picture or video made with AI",
    Method.POLL: "Poll or “ship” page",
    Method.SCHOOL_ACCOUNT_COMMENT: "Comment on a school account",
    Method.OTHER: "Something else, or not known",
}
