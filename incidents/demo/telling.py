"""Puts one story into the book: recorded as its teller wrote it down, with its files, and what was added later."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from incidents import mail
from incidents.access import Role
from incidents.casework.models import Case, Step
from incidents.database import writing
from incidents.demo.cast import Someone
from incidents.demo.files_of import ToSend, files_of
from incidents.demo.setting_up import MadeSchool
from incidents.demo.stories import HEAD_OF_YEAR, DayBack, Later, Story
from incidents.extensions import db
from incidents.files.actions import keep, lay_up
from incidents.files.arriving import ArrivingFile
from incidents.files.queries import store
from incidents.notifications import actions as notifications
from incidents.recording import actions as recording
from incidents.recording.answers import Answers as Recorded
from incidents.recording.answers import Named
from incidents.recording.hours import Happened, WhenKind
from incidents.recording.models import Draft, Incident
from incidents.recording.words import Danger, Intimate, Part

SOON = timedelta(minutes=12)
AT_ONCE = timedelta(seconds=20)
BETWEEN_FILES = timedelta(minutes=1)


@dataclass(frozen=True)
class Act:
    """One thing that somebody does at one moment, in one transaction."""

    of: str  # the story it belongs to
    at: datetime
    do: Callable[[datetime], None]
    file: ToSend | None = None  # what is uploaded
    alone: bool = False  # it opens its transactions itself


class Told:
    """A story on its way into the database: what earlier acts of it left there."""

    def __init__(self, made: MadeSchool, story: Story) -> None:
        self.made, self.story = made, story
        self.number = made.days.last_of_term(story.term) + story.day  # of the school day on which it was recorded
        self.draft_id = uuid.uuid4()
        self.incident_id: uuid.UUID | None = None
        self.case_id: uuid.UUID | None = None

    # --- what is there

    def incident(self) -> Incident:
        if self.incident_id is None:
            raise LookupError(f"{self.story.key} has not been recorded yet")
        return db.session.get_one(Incident, (self.made.school_id, self.incident_id))

    def case(self) -> Case:
        if self.case_id is None:
            raise LookupError(f"{self.story.key} has no case yet")
        return db.session.get_one(Case, (self.made.school_id, self.case_id))

    def step(self, key: str) -> Step:
        return db.session.scalars(select(Step).where(Step.case_id == self.case_id, Step.key == key)).one()

    # --- when

    def moment(self, after: int, clock: time) -> datetime:
        """So many school days after it was recorded."""
        return self.made.days.at(self.number - after, clock)

    def recorded(self) -> date:
        """The day on which it was written down."""
        return self.made.days.day(self.number)

    def _day(self, back: DayBack) -> date:
        recorded = self.recorded()
        if back.unit == "s":
            return self.made.days.before(recorded, back.back)
        return recorded - timedelta(days=back.back)

    def happened(self) -> Happened:
        """When it happened, with dates counted from the day it was recorded."""
        first, last = self.story.when.first, self.story.when.last
        if first is None:
            return Happened(WhenKind.UNKNOWN)
        if last is None:
            return Happened(WhenKind.EXACT, self._day(first), None, first.clock, None)
        return Happened(WhenKind.RANGE, self._day(first), self._day(last), first.clock, last.clock)

    def in_words(self, text: str) -> str:
        """The words of the story with the weekday on which it happened in its place, and the pupil's year and form then."""
        day = self.happened().day_from or self.recorded()
        text = text.replace("{weekday}", f"{day:%A}")
        if "{" in text:
            year, form = self._form()
            text = (
                text.replace("{year}", year)
                .replace("{form}", form)
                .replace("{head_of_year}", self._head_of_year().name)
            )
        return text

    def _form(self) -> tuple[str, str]:
        """The year and form, on the day it was recorded, of the foremost pupil in it."""
        found = (self.made.form_of(key, self.recorded()) for key in self.story.pupils_of)
        return next(pair for pair in found if pair)

    def _head_of_year(self) -> Someone:
        year, _ = self._form()
        return next(each for each in self.made.cast.with_role(Role.HEAD_OF_YEAR) if each.year == year)

    def owner(self) -> str:
        """Who is given the case, by their key of the cast."""
        if self.story.triage is None:
            raise LookupError(f"{self.story.key} has no triage")
        owner = self.story.triage.owner
        return self._head_of_year().key if owner == HEAD_OF_YEAR else owner

    # --- recording

    def acts(self) -> Iterator[Act]:
        """What the teller does, in its order."""
        story = self.story
        sent = self.moment(0, story.at)
        yield Act(story.key, sent - SOON, self._begin)
        if story.shots:  # else it is answered with the rest
            yield Act(story.key, sent - SOON + BETWEEN_FILES, self._answer_intimate)
        files = files_of(story, self.in_words, self.happened().day_from, sent)
        for number, file in enumerate(files, start=2):
            yield Act(story.key, sent - SOON + number * BETWEEN_FILES, self._sending(file), file, alone=True)
        yield Act(story.key, sent, self._send)
        if story.danger is not Danger.NO or story.intimate is not Intimate.NO:
            yield Act(story.key, sent + AT_ONCE, self._tell_of_danger, alone=True)
        for later in story.later:
            yield Act(story.key, self.moment(later.after, later.at), self._adding(later))

    def draft(self) -> Draft:
        return db.session.get_one(Draft, (self.made.school_id, self.draft_id))

    def _begin(self, at: datetime) -> None:
        recording.start_draft(by=self.made.viewer(self.story.by, at), at=at, draft_id=self.draft_id)

    def _answer_intimate(self, at: datetime) -> None:
        recording.answer_intimate(self.draft(), self.story.intimate, by=self.made.viewer(self.story.by, at), at=at)

    def _sending(self, file: ToSend) -> Callable[[datetime], None]:
        """As `files.intake.take` does it, but that the file was opened safely before its turn came."""

        def send(at: datetime) -> None:
            data, decoded = file.take()
            arriving = ArrivingFile(store(), len(data))
            arriving.write(data)
            laid_up = lay_up(arriving, decoded, file.name, store())
            with writing():
                keep(laid_up, by=self.made.viewer(self.story.by, at), at=at, draft_id=self.draft_id)

        return send

    def _send(self, at: datetime) -> None:
        story = self.story
        recorded = Recorded(
            words=self.in_words(story.words), danger=story.danger, happened=self.happened(), control=story.place,
            method=story.method, spoken_to=self.in_words(story.told), intimate=story.intimate, platform=story.platform,
            account_name=story.account, url=story.url, device=story.device,
            people=tuple(self._named(part, key) for part, keys in story.people.items() for key in keys),
        )  # fmt: skip
        by = self.made.viewer(story.by, at)
        self.incident_id = recording.record_incident(self.draft(), recorded, by=by, at=at).id

    def _tell_of_danger(self, at: datetime) -> None:
        """Messages about danger do not wait for the hour."""
        mail.deliver(at, notifications.AT_ONCE)

    def _named(self, part: Part, key: str) -> Named:
        if key.startswith("@"):
            return Named(part, handle_platform=self.story.platform, handle_name=key[1:])
        return Named(part, person_id=self.made.persons[key])

    def _adding(self, later: Later) -> Callable[[datetime], None]:
        def add(at: datetime) -> None:
            by = self.made.viewer(self.story.by, at)
            recording.add_words(self.incident(), later.kind, self.in_words(later.words), by=by, at=at)

        return add
