"""How far a record has got, as the person who wrote it and those it concerns are told: neutral, and the same for everyone."""

from enum import StrEnum

from incidents.recording.lifecycle import IncidentState


class Progress(StrEnum):
    """The four stages of a record, in order."""

    RECEIVED = "received"
    LOOKED_AT = "looked_at"
    ACTION_TAKEN = "action_taken"
    CLOSED = "closed"


PROGRESS_LABELS: dict[Progress, str] = {
    Progress.RECEIVED: "Received",
    Progress.LOOKED_AT: "Being looked at",
    Progress.ACTION_TAKEN: "Action taken",
    Progress.CLOSED: "Closed",
}
PROGRESS_SENTENCES: dict[Progress, str] = {
    Progress.RECEIVED: "Your record was received",
    Progress.LOOKED_AT: "It is being looked at",
    Progress.ACTION_TAKEN: "Action has been taken",
    Progress.CLOSED: "It has been closed",
}


def progress_of(state: str, case_state: str | None = None, case_outcome: str | None = None) -> Progress:
    """The stage, from where the incident stands and, if it is in a case, where that stands."""
    if state == IncidentState.NO_FURTHER_ACTION or case_state == "closed":
        return Progress.CLOSED
    if state == IncidentState.RECORDED:
        return Progress.RECEIVED
    return Progress.ACTION_TAKEN if case_outcome else Progress.LOOKED_AT


def stages(now: Progress) -> list[tuple[str, str]]:
    """(words, "done" or "now" or "") for each stage, for the track."""
    order = list(Progress)
    at = order.index(now)
    return [
        (PROGRESS_LABELS[stage], "done" if place < at or now is Progress.CLOSED else "now" if place == at else "")
        for place, stage in enumerate(order)
        if not (now is Progress.CLOSED and stage is Progress.ACTION_TAKEN)
    ]
