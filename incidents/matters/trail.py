"""What an entry of the audit log says about a matter, in words and without a name of anybody in it."""

from collections.abc import Mapping

# The tables' names in the words of the pages. What is missing here is said as the table's own name.
KINDS: Mapping[str, str] = {
    "case": "the case",
    "case_incident": "an incident in the case",
    "conflict": "who may not decide it",
    "decision": "a decision",
    "draft": "a draft",
    "evidence": "a piece of evidence",
    "file": "a file",
    "grant": "who works on it",
    "identification": "who is behind an account",
    "incident": "the incident",
    "involvement": "who is in it",
    "likeness": "the viewing copy of a file",
    "need_to_know": "what somebody on the staff needs to know",
    "note": "a note",
    "particulars": "the particulars",
    "register_link": "an entry of a register",
    "sight": "who had seen a file",
    "statement": "the account of what happened",
    "step": "a step",
    "told": "what somebody was told",
}


def said(verb: str, kind: str) -> str:
    """One act: "Looked: a piece of evidence"."""
    return f"{verb[:1].upper()}{verb[1:]}: {KINDS.get(kind, kind.replace('_', ' '))}"
