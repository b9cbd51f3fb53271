"""What somebody who records an incident has answered, once it can be read."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from incidents.errors import Refused
from incidents.files.origins import Origin
from incidents.recording.hours import Control, Happened
from incidents.recording.searches import Searched
from incidents.recording.words import Danger, Intimate, Method, Part, PersonKind


@dataclass(frozen=True)
class Named:
    """Somebody in the incident and their part: a person on record, one added by hand, or an account nobody knows."""

    part: Part
    person_id: uuid.UUID | None = None
    given_name: str = ""
    family_name: str = ""
    kind: PersonKind = PersonKind.UNKNOWN
    handle_platform: str = ""
    handle_name: str = ""

    def __post_init__(self) -> None:
        by_hand = bool(self.given_name.strip() or self.family_name.strip())
        if [self.person_id is not None, by_hand, bool(self.handle_name.strip())].count(True) != 1:
            raise Refused("Name one person, or one account.", "people")

    @property
    def account(self) -> tuple[str, ...]:
        """The words that an account is found by, where it is one."""
        return (self.handle_platform, self.handle_name) if self.handle_name.strip() else ()


@dataclass(frozen=True)
class Answers:
    """All that is needed to record an incident, and what is known beyond it."""

    words: str
    danger: Danger
    happened: Happened
    control: Control
    method: Method
    spoken_to: str
    intimate: Intimate
    platform: str = ""
    account_name: str = ""
    url: str = ""
    device: str = ""
    people: tuple[Named, ...] = ()
    search: Searched | None = None
    origin: Origin = field(default_factory=Origin)  # of all its files
    origins: Mapping[uuid.UUID, Origin] = field(default_factory=dict)  # of those that differ
    paper_by: str = ""  # what was written on paper first: by whom, and when
    paper_on: date | None = None
    paper_at: time | None = None

    def __post_init__(self) -> None:
        if not self.words.strip():
            raise Refused("Say what happened, in your own words.", "words")
        if not self.spoken_to.strip():
            raise Refused("Say whom you have spoken to.", "spoken_to")
        if self.intimate is not Intimate.NO and not self.device.strip():
            raise Refused("Say where the device or the picture is now. Don’t open it, copy it or send it on.", "device")
