"""X behind the connector port: polled mentions and messages, Activity webhooks, replies in kind. Glue only."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from connectors.base import Platform, require_mode
from connectors.outgoing_files import require_files
from connectors.pieces import PieceSender
from connectors.twitter.activity import SIGNATURE_HEADER, answer_challenge, is_signed
from connectors.twitter.client import TwitterClient
from connectors.twitter.errors import DUPLICATE
from connectors.twitter.facts import (
    DIRECTS,
    DIRECTS_PAUSE,
    FACTS,
    FIRST_DIRECTS_PAGE,
    LISTENING,
    LISTENING_PAUSE,
    LONGEST_WALK,
    MENTIONS,
    MENTIONS_LISTED,
    OVERLAP,
    PAGE_SIZE,
    SEARCH_REACH,
)
from connectors.twitter.files import TwitterFiles
from connectors.twitter.lookup import comparable, own_texts
from connectors.twitter.parse import parse, with_gap
from connectors.twitter.settings import TwitterSettings
from connectors.twitter.values import as_count, as_number, as_object, as_text, snowflake_at, time_of
from connectors.twitter.walks import Answer, Cursor, read_answer, read_cursor
from models.enums import ChannelName, SendMode, Surface
from models.errors import OutcomeUnknownError, RequestRefusedError, TransientError
from models.messages import AccountIdentity, Attachment, ChannelEvent, OutboundMessage, Page, Parsed, SendResult
from models.ports import Clock, PieceAccepted
from models.splitting import split_text

EMPTY = b'{"meta":{"result_count":0}}'
CLOCK_SKEW = timedelta(minutes=1)
DUPLICATES_REFUSED = timedelta(hours=24)
"""About as long X remembers what it refuses to take again."""
MOST_LOOKUP_PAGES = 5
BAD_TOKEN = ("400", "invalid-request")


class TwitterConnector:
    """One account. Messages are asked for at most once a minute, so that a walk over their pages stays possible."""

    facts = FACTS

    def __init__(self, settings: TwitterSettings, clock: Clock) -> None:
        self._settings = settings
        self.account_id = settings.user_id
        self._clock = clock
        self._client = TwitterClient(settings, clock)
        self._files = TwitterFiles(settings)
        self._directs_due = self._listening_due = clock.now()
        self._handle = ""
        self._pieces = PieceSender()

    def handshake(self, query: Mapping[str, str]) -> str | None:
        token, secret = query.get("crc_token"), self._settings.consumer_secret
        return answer_challenge(token, secret=secret) if token and secret else None

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        signature, secret = headers.get(SIGNATURE_HEADER, ""), self._settings.consumer_secret
        return bool(secret) and is_signed(body, signature=signature, secret=secret)

    def parse(self, payload: bytes, *, stream: str = "") -> Parsed:
        return parse(payload, account_id=self._settings.user_id, stream=stream)

    async def identify(self) -> AccountIdentity:
        me = await self._client.me()
        metrics = as_object(me.get("public_metrics"))
        return AccountIdentity(
            external_id=as_text(me.get("id")),
            name=as_text(me.get("name")),
            handle=as_text(me.get("username")),
            followers=as_count(metrics.get("followers_count")),
            posts=as_count(metrics.get("tweet_count")),
        )

    async def poll(self, stream: str, cursor: str) -> Page:
        """A page, newest first. What is asked for too early, or is not wanted, gives an empty one without a request."""
        if stream == LISTENING and not self._query:
            return Page(payload=EMPTY, cursor=cursor, empty=True)
        known = self._begun(read_cursor(cursor))
        try:
            if stream == MENTIONS:
                return await self._poll_mentions(known)
            if stream == DIRECTS:
                return await self._poll_directs(known)
            if stream == LISTENING:
                return await self._poll_listening(known)
        except RequestRefusedError as error:
            if known.walks and error.code in BAD_TOKEN:
                return Page(payload=EMPTY, cursor=known.restarted().as_text(), empty=True)
            raise
        raise RequestRefusedError(f"no stream {stream!r}")

    async def send(self, message: OutboundMessage, *, on_accepted: PieceAccepted | None = None) -> SendResult:
        """What X refuses as said already may be an earlier try, which came to light after it was looked up."""
        require_mode(message, SendMode.REPLY)
        require_files(message, FACTS.surfaces.get(message.surface))
        pieces = _pieces(message)

        async def send_one(piece: str) -> str:
            media = () if self._pieces.accepted(message) else await self._uploaded(message)
            return await self._send_piece(message, piece, media)

        try:
            return await self._pieces.send(message, pieces, send_one, on_accepted=on_accepted)
        except RequestRefusedError as error:
            since = self._clock.now() - DUPLICATES_REFUSED
            told = await self._look_up(message, since=since, recipient="") if error.code == DUPLICATE else None
            if told is None:
                raise
            return told

    async def check(self, message: OutboundMessage, *, since: datetime) -> SendResult | None:
        """Search what the account wrote. Where only the first pieces arrived, the next send goes on behind them."""
        return await self._look_up(message, since=since - CLOCK_SKEW, recipient=message.recipient_id)

    async def _look_up(self, message: OutboundMessage, *, since: datetime, recipient: str) -> SendResult | None:
        """The text where it answers the very post, or goes to `recipient`."""
        answered = "" if message.surface is Surface.DIRECT else _answered(message)
        found = own_texts(await self._written(message, since=since), answered=answered, recipient=recipient)
        return self._pieces.settle(message, [comparable(piece) for piece in _pieces(message)], found)

    async def hide(self, external_id: str, *, hidden: bool) -> None:
        """Only replies in threads that the account began can be hidden."""
        await self._client.hide(external_id, hidden=hidden)

    async def block(self, person_id: str, *, blocked: bool) -> None:
        """X lets its interface block direct messages alone."""
        await self._client.block_directs(person_id, blocked=blocked)

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        return await self._files.fetch(attachment, most=most)

    async def close(self) -> None:
        await self._client.close()
        await self._files.close()

    async def _poll_mentions(self, known: Cursor) -> Page:
        if known.searches:
            return await self._search_mentions(known)
        if known.token and as_number(known.horizon) < snowflake_at(self._clock.now() - LONGEST_WALK):
            known = known.restarted()
        body = await self._client.mentions(
            max_results=PAGE_SIZE,
            since_id=known.since,
            start_time="" if known.since else known.start,
            pagination_token=known.token,
        )
        return self._page(body, known, ends_at_known=False, may_be_cut=True)

    async def _search_mentions(self, known: Cursor) -> Page:
        """What X does not list any more, as far as recent search reaches; older than that is told as a gap."""
        begun = known if known.token else known.raised_to(min(as_number(known.lowest), self._search_floor))
        body = EMPTY
        if as_number(known.lowest) > begun.floor:
            body = await self._client.search(
                f"@{await self._own_handle()} -is:retweet",
                max_results=PAGE_SIZE,
                since_id=begun.since,
                until_id=known.lowest,
                next_token=known.token,
            )
        page = self._page(body, replace(begun, searches=False), ends_at_known=False)
        if page.more:
            cursor = replace(read_cursor(page.cursor), searches=True, lowest=known.lowest)
            page = replace(page, cursor=cursor.as_text())
        since, until = time_of(str(known.floor)), time_of(str(begun.floor))
        if since is None or until is None or since == until:
            return page
        return replace(page, payload=with_gap(body, since, until), empty=False)

    @property
    def _search_floor(self) -> int:
        """Recent search refuses an earlier beginning, and one by time beside an id that ends it: all are ids."""
        return snowflake_at(self._clock.now() - SEARCH_REACH)

    async def _own_handle(self) -> str:
        if not self._handle:
            self._handle = (await self.identify()).handle
        return self._handle

    async def _poll_directs(self, known: Cursor) -> Page:
        now = self._clock.now()
        if not known.walks and now < self._directs_due:
            return Page(payload=EMPTY, cursor=known.as_text(), empty=True)
        size = PAGE_SIZE if known.walks or not known.since else FIRST_DIRECTS_PAGE
        body = await self._client.directs(max_results=size, pagination_token=known.token)
        self._directs_due = now + DIRECTS_PAUSE
        return self._page(body, known, ends_at_known=True)

    async def _poll_listening(self, known: Cursor) -> Page:
        """X refuses a beginning of more than seven days ago: after so long a stop, the last seven days are read."""
        now = self._clock.now()
        if not known.walks and now < self._listening_due:
            return Page(payload=EMPTY, cursor=known.as_text(), empty=True)
        begun = known if known.token else known.raised_to(self._search_floor)
        body = await self._client.search(
            self._query, max_results=PAGE_SIZE, since_id=begun.since, next_token=known.token
        )
        self._listening_due = now + LISTENING_PAUSE
        page = self._page(body, begun, ends_at_known=False)
        is_quiet = page.empty and not page.more and begun.floor > known.floor
        return replace(page, cursor=known.as_text()) if is_quiet else page

    @property
    def _query(self) -> str:
        """Without reposts and without what the account wrote itself."""
        wanted = self._settings.listening_query.strip()
        return f"({wanted}) -is:retweet -from:{self._settings.user_id}" if wanted else ""

    def _page(self, body: bytes, known: Cursor, *, ends_at_known: bool, may_be_cut: bool = False) -> Page:
        answer = _answer(body)
        horizon = snowflake_at(self._clock.now() - OVERLAP)
        if may_be_cut and not answer.next_token and known.passed(answer).count >= MENTIONS_LISTED:
            cursor = known.searching(answer, horizon=horizon)
        else:
            cursor = known.after(answer, horizon=horizon, ended=ends_at_known and known.reaches(answer))
        return Page(payload=body, cursor=cursor.as_text(), more=cursor.walks, empty=not known.has_new(answer))

    def _begun(self, known: Cursor) -> Cursor:
        """At the very first poll: from when on."""
        if known.since or known.start:
            return known
        start = self._clock.now() - timedelta(hours=self._settings.first_hours)
        return replace(known, start=_iso(start))

    async def _uploaded(self, message: OutboundMessage) -> Sequence[str]:
        """Media ids of the pictures, which the first piece shows."""
        category = "dm_image" if message.surface is Surface.DIRECT else "tweet_image"
        return [await self._client.upload(picture, category=category) for picture in message.attachments]

    async def _send_piece(self, message: OutboundMessage, piece: str, media: Sequence[str]) -> str:
        """Each piece answers the citizen's own post: X allows that one for sure."""
        if message.surface is Surface.DIRECT:
            return await self._client.write_direct(message.recipient_id, piece, media=media)
        return await self._client.reply(_answered(message), piece, media=media)

    async def _written(self, message: OutboundMessage, *, since: datetime) -> list[ChannelEvent]:
        """What the account wrote to this citizen, or posted, since then; oldest first."""
        floor, token, found = snowflake_at(since), "", list[ChannelEvent]()
        for _ in range(MOST_LOOKUP_PAGES):
            body = await self._own_page(message, floor=floor, token=token)
            events = self.parse(body, stream=_stream(message)).events
            found = [*(one for one in events if as_number(one.external_id) >= floor), *found]
            answer = _answer(body)
            token = answer.next_token
            if not token or any(as_number(one) < floor for one in answer.ids):
                return found
        raise OutcomeUnknownError("too much was written since then to find a single text")

    async def _own_page(self, message: OutboundMessage, *, floor: int, token: str) -> bytes:
        if message.surface is Surface.DIRECT:
            return await self._client.directs(
                participant_id=message.recipient_id, max_results=PAGE_SIZE, pagination_token=token
            )
        return await self._client.own_posts(max_results=PAGE_SIZE, since_id=str(floor), pagination_token=token)


def _pieces(message: OutboundMessage) -> Sequence[str]:
    """Raises RequestRefusedError where nothing can be answered."""
    facts = FACTS.surfaces.get(message.surface)
    if facts is None or not (message.recipient_id if message.surface is Surface.DIRECT else _answered(message)):
        raise RequestRefusedError("nothing on X that could be answered")
    return split_text(message.text, limit=facts.limit, measure=facts.measure)


def _answered(message: OutboundMessage) -> str:
    """The post to answer: the citizen's, else the one that began the thread."""
    return message.reply_to or message.thread_id


def _stream(message: OutboundMessage) -> str:
    return DIRECTS if message.surface is Surface.DIRECT else MENTIONS


def _answer(body: bytes) -> Answer:
    """Raises TransientError where it is none."""
    try:
        return read_answer(body)
    except (ValueError, RecursionError) as error:
        raise TransientError("X's answer cannot be read") from error


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _build(settings: Any, clock: Clock) -> TwitterConnector:
    return TwitterConnector(settings, clock)


PLATFORM = Platform(channel=ChannelName.TWITTER, facts=FACTS, settings=TwitterSettings, parse=parse, build=_build)
