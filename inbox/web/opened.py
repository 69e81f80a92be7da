"""An opened application as its page shows it: head, conversation, composer, side panel. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inbox.knowledge.articles import Article
from inbox.knowledge.shelf import article_now
from inbox.repositories import process
from inbox.rules import workflow
from inbox.rules.permissions import Action
from inbox.rules.workflow import Step
from inbox.services import writing_aids
from inbox.services.moderation import HIDEABLE
from inbox.services.reading import ApplicationFile
from inbox.services.reply_options import ReplyOption, ReplyOptions, reply_options
from inbox.services.staff_files import is_unsent
from inbox.web.pages import Context, PageBuilder
from inbox.web.rendering import desk_of, moments_of, today_of
from inbox.web.views.chips import Chip, file_chip
from inbox.web.views.citizen import citizen_view
from inbox.web.views.composer import (
    NO_ARTICLE,
    OUT_OF_USE,
    Composer,
    OtherWay,
    Place,
    Preview,
    composer,
    measure,
    preview,
    price_words,
    private_way,
    takes,
)
from inbox.web.views.conversation import Material, days_of
from inbox.web.views.labels import GLYPHS
from inbox.web.views.looks import look_views
from inbox.web.views.moments import Moments
from inbox.web.views.next_step import next_step_view
from inbox.web.views.side import classification_view, note_views, timeline, way
from models.channel_facts import SurfaceFacts
from models.enums import OutboxState, Outcome, SendMode, SubmissionKind, Surface, Urgency
from models.ports import Connector, Hides
from models.tables import ReadyText


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One application for one request."""

    builder: PageBuilder
    file: ApplicationFile

    @property
    def facts(self) -> SurfaceFacts | None:
        """What the account's connector declares of the surface; None while it is not connected."""
        return self.facts_of(self.file.surface)

    def facts_of(self, surface: Surface) -> SurfaceFacts | None:
        connector = self._connector
        return connector.facts.surfaces.get(surface) if connector else None

    @property
    def _connector(self) -> Connector | None:
        return desk_of(self.builder.request).connectors.get(self.file.application.account_id or 0)

    @property
    def _moments(self) -> Moments:
        return moments_of(self.builder.request)

    async def work(self, *, revealed: bool = False) -> Context:
        """An opened application: conversation, composer, side panel."""
        return {
            **await self.builder.filters(colleagues=self.builder.actor.may(Action.ASSIGN)),
            **self.head(),
            **self.talk(revealed=revealed),
            **self.side(revealed=revealed),
            "state": self.builder.state,
            "composer": await self.composer(),
            "ready_texts": await self.ready_texts(),
            "outcomes": {outcome: self.builder.labels.outcome(outcome) for outcome in Outcome},
        }

    def head(self) -> Context:
        one = self.file.application
        account = self.file.account
        handle = f"@{account.handle.lstrip('@')}" if account and account.handle else (account.name if account else "")
        return {
            "application": one,
            "glyph": GLYPHS[one.channel],
            "channel_name": self.builder.labels.channel(one.channel),
            "place_name": self.builder.labels.place(self.file.surface),
            "public": self.file.surface.is_public,
            "account_name": handle,
            "topic_name": self.builder.labels.short_topic(one.topic),
            "state_name": self.builder.labels.state(one.state),
            "assignee": self.file.people.get(one.assignee_id or 0, ""),
            "mine": one.assignee_id == self.builder.actor.user_id,
            "emergency": one.urgency is Urgency.EMERGENCY,
            "may_take": self.builder.actor.may(Action.TAKE) and workflow.fits(Step.WORK, one.state),
            "may_assign": self.builder.actor.may(Action.ASSIGN) and workflow.fits(Step.WORK, one.state),
            "may_answer": self.builder.actor.may(Action.ANSWER) and workflow.fits(Step.ANSWER, one.state),
            "may_close": self.builder.actor.may(Action.CLOSE) and workflow.fits(Step.CLOSE, one.state),
            "may_reopen": self.builder.actor.may(Action.REOPEN) and workflow.fits(Step.REOPEN, one.state),
        }

    @property
    def _snoozed(self) -> str:
        """Until when it is laid aside; empty where it is not."""
        until = self.file.application.snoozed_until
        return self._moments.exact(until) if until and until > self._moments.now else ""

    def talk(self, *, revealed: bool = False) -> Context:
        one = self.file.application
        material = Material(
            messages=self.file.messages,
            attachments=self.file.attachments,
            outbox=self.file.outbox,
            people=self.file.people,
            reasons=self.file.classification.details.get("reasons", []) if self.file.classification else (),
            application_id=one.id,
            confidential=one.confidential and not revealed,
            hideable=self._may_hide,
        )
        days = days_of(material, actor=self.builder.actor, moments=self._moments)
        pending = any(bubble.undo_item for day in days for bubble in day.bubbles)
        may_undo = self.builder.actor.may(Action.ANSWER)
        may_place = self.builder.actor.may(Action.CORRECT) and workflow.fits(Step.WORK, one.state)
        return {
            "application": one,
            "state": self.builder.state,
            "days": days,
            "pending": pending,
            "may_undo": may_undo,
            "may_place": may_place,
        }

    @property
    def _may_hide(self) -> bool:
        can = isinstance(self._connector, Hides) and self.file.surface in HIDEABLE
        return can and self.builder.actor.may(Action.HIDE)

    def side(self, *, revealed: bool = False) -> Context:
        one, file, moments = self.file.application, self.file, self._moments
        actor, labels = self.builder.actor, self.builder.labels
        return {
            "application": one,
            "state": self.builder.state,
            "found": classification_view(one, file.classification, labels=labels, people=file.people),
            "may_correct": actor.may(Action.CORRECT) and workflow.fits(Step.WORK, one.state),
            "next_step": next_step_view(file, labels=labels, moments=moments),
            "due": moments.left(one.due_at) if one.is_open else None,
            "snoozed": self._snoozed,
            "may_snooze": actor.may(Action.TAKE)
            and workflow.fits(Step.WORK, one.state)
            and one.urgency is not Urgency.EMERGENCY,
            "due_date": moments.exact(one.due_at),
            "received": moments.exact(one.received_at),
            "answered": moments.exact(one.first_answer_at) if one.first_answer_at else "",
            "way": way(one, labels),
            "outcome_name": labels.outcome(one.outcome) if one.outcome else "",
            "citizen": citizen_view(file, actor=actor, labels=labels, moments=moments, revealed=revealed),
            "notes": note_views(
                file.notes, people=file.people, actor=actor, confidential=one.confidential, moments=moments
            ),
            "looks": look_views(
                file.looks, file.files, people=file.people, actor=actor, confidential=one.confidential, moments=moments
            ),
            "may_place": actor.may(Action.CORRECT) and workflow.fits(Step.WORK, one.state),
            "steps": timeline(file.history, labels=labels, people=file.people, moments=moments),
        }

    async def ready_texts(self) -> Sequence[ReadyText]:
        """What can be put into an answer by its short name."""
        if not self.builder.actor.may(Action.ANSWER):
            return []
        return await writing_aids.ready_texts(self.builder.session, self.builder.actor)

    async def composer(self) -> Composer:
        """With the files she has chosen; where `preview` is asked for in the address, as the citizen will see it."""
        found = await self._written()
        shown = self.preview(found.text) if self.builder.request.query_params.get("preview") else None
        return replace(found, takes=takes(self.facts), files=self._chosen, preview=shown)

    def preview(self, text: str) -> Preview:
        return preview(text, self.facts, files=self._chosen)

    @property
    def _chosen(self) -> list[Chip]:
        """Her own, not sent yet."""
        return [file_chip(one) for one in self.file.files if is_unsent(one)]

    async def _written(self) -> Composer:
        """What she had written before, or a ready-made text that she has chosen, stands before the draft."""
        found = await self._composer()
        chosen = self.builder.request.query_params.get("ready", "")
        for ready in await self.ready_texts() if chosen else []:
            if str(ready.id) == chosen:
                return replace(found, text=ready.text, source="", remark=f"Hazır metin: {ready.title}")
        key = self.file.application.id or 0
        kept = await writing_aids.unsent(self.builder.session, key, self.builder.actor)
        if kept is None or kept.text == found.text:
            return found
        remark = f"Gönderilmemiş metniniz ({self._moments.age(kept.saved_at).text})"
        return replace(found, text=kept.text, source="", remark=remark, count=measure(kept.text, self.facts))

    async def _composer(self) -> Composer:
        options = await self._options()
        place = Place(
            channel=self.file.application.channel,
            surface=self.file.surface,
            facts=self.facts,
            option=options.here if options else None,
        )
        privately = options.privately if options else None
        private = private_way(
            privately,
            facts=self.facts_of(Surface.DIRECT),
            text=await self._private_text() if privately else "",
            moments=self._moments,
        )
        return composer(
            place,
            suggested=await self._suggested(),
            outbox=self.file.outbox,
            channel_name=self.builder.labels.channel(self.file.application.channel),
            moments=self._moments,
            private=private,
            elsewhere=[self._elsewhere(option) for option in options.elsewhere] if options else [],
        )

    async def _suggested(self) -> Article | str:
        """The draft's article in its present words; what was changed or ended since it was drafted is not said."""
        draft = self.file.draft
        if draft is None or not draft.article_id:
            return NO_ARTICLE
        folder = desk_of(self.builder.request).profile.knowledge_folder
        article = await article_now(self.builder.session, folder, draft.article_id)
        return article if article and article.valid_until >= today_of(self.builder.request) else OUT_OF_USE

    async def _private_text(self) -> str:
        """What was last written privately, where it came back: taken back, or not approved."""
        earlier = [item for item in self.file.outbox if item.mode is SendMode.PRIVATE_REPLY]
        if earlier and earlier[-1].state is OutboxState.CANCELLED:
            return earlier[-1].text
        key = self.file.application.id or 0
        last = await process.last_submission(self.builder.session, key, SubmissionKind.PRIVATE_REPLY)
        return last.text if last and last.state.came_back else ""

    def _elsewhere(self, option: ReplyOption) -> OtherWay:
        """Another thread of the citizen, with her newest application in it."""
        labels = self.builder.labels
        found = next((one for one in self.file.others if one.conversation_id == option.conversation_id), None)
        name = f"{labels.channel(option.channel)} · {labels.place(option.surface)}"
        return OtherWay(
            name=f"{name} · {found.number}" if found else name,
            href=f"/applications/{found.id}" if found else "",
            window=self._moments.left(option.until) if option.until else None,
            price=price_words(option),
        )

    async def _options(self) -> ReplyOptions | None:
        """Whether and how a person may answer here, now."""
        if self.file.conversation is None:
            return None
        facts = desk_of(self.builder.request).facts
        return await reply_options(
            self.builder.session, self.file.conversation.id or 0, facts=facts, now=self._moments.now
        )
