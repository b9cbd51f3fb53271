"""What the log's words for a file mean to a reader, and for what an original may be handed out."""

from enum import StrEnum


class Purpose(StrEnum):
    """Why somebody takes the sealed original out of the product."""

    PLATFORM = "platform"
    POLICE = "police"
    SOCIAL_CARE = "social_care"
    HEARING = "hearing"
    SUBJECT_ACCESS = "subject_access"


PURPOSE_LABELS: dict[Purpose, str] = {
    Purpose.PLATFORM: "Report to the platform",
    Purpose.POLICE: "For the police",
    Purpose.SOCIAL_CARE: "For social care or the LADO",
    Purpose.HEARING: "For a hearing or a panel",
    Purpose.SUBJECT_ACCESS: "For a request by a person for their own data",
}

# The log's verbs that are a file's custody, in the words of the page.
CUSTODY_WORDS: dict[str, str] = {
    "arrived": "Received and sealed",
    "came with": "Sent with the record",
    "numbered": "Put with the evidence",
    "said where it is from": "Said where it comes from",
    "looked": "Looked at",
    "handed out": "Original handed out",
    "blanked": "Blanked for everyone",
    "took out": "Taken out and destroyed",
}
# Whoever did one of these has had the picture before their eyes.
SAW: frozenset[str] = frozenset({"arrived", "looked", "handed out"})
