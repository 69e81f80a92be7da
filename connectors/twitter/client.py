"""Calls to X through tweepy, which signs them. Raises our errors alone; knows no cursor and no domain words."""

import base64
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from tweepy.asynchronous import AsyncClient
from yarl import URL

from connectors.http import open_session, translated_faults
from connectors.twitter.errors import Refusal, error_from
from connectors.twitter.limits import Limits, endpoint_of
from connectors.twitter.settings import TwitterSettings
from connectors.twitter.values import Json, as_object
from models.errors import OutcomeUnknownError, TransientError
from models.messages import OutboundFile
from models.ports import Clock

POST_FIELDS = (
    "author_id,created_at,conversation_id,in_reply_to_user_id,referenced_tweets,entities,attachments,geo,lang,"
    "note_tweet,edit_history_tweet_ids,edit_controls"
)
USER_FIELDS = "username,name,profile_image_url,protected,verified_type,public_metrics,receives_your_dm"
MEDIA_FIELDS = "media_key,type,url,preview_image_url,variants,width,height,alt_text"
PLACE_FIELDS = "full_name,geo,place_type"
POST_EXPANSIONS = "author_id,attachments.media_keys,referenced_tweets.id,geo.place_id"
DIRECT_FIELDS = "id,event_type,text,created_at,sender_id,dm_conversation_id,attachments,referenced_tweets,entities"
DIRECT_EXPANSIONS = "sender_id,attachments.media_keys"
DIRECT_EVENTS = "MessageCreate"
TALKATIVE = ("tweepy", "oauthlib")
"""Their debug lines hold signatures and keys."""


@dataclass(frozen=True, slots=True)
class _Received:
    """A good answer as tweepy expects it; aiohttp's own cannot be read any more once it is given back."""

    status: int
    reason: str | None
    headers: Mapping[str, str]
    body: bytes

    async def read(self) -> bytes:
        return self.body


class _Seam:
    """Stands in for tweepy's HTTP session: leads requests to our host, keeps to the limits, raises refusals.

    tweepy reads neither HTML pages nor some of X's own error bodies; no failed answer reaches it.
    """

    def __init__(self, base_url: str, limits: Limits) -> None:
        self._base = URL(base_url)
        self._limits = limits
        self._session: aiohttp.ClientSession | None = None

    def request(self, method: str, url: str | URL, **options: Any) -> AbstractAsyncContextManager[_Received]:
        return self._exchange(method, url if isinstance(url, URL) else URL(url), options)

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    @asynccontextmanager
    async def _exchange(self, method: str, url: URL, options: dict[str, Any]) -> AsyncIterator[_Received]:
        if self._session is None:
            self._session = open_session()
        endpoint = endpoint_of(method, url.path)
        self._limits.check(endpoint)
        async with self._session.request(method, self._ours(url), **options) as response:
            body = await response.read()
            self._limits.note(endpoint, response.headers)
            if response.status >= 300:
                raise Refusal(response.status, response.headers, body)
            yield _Received(response.status, response.reason, response.headers, body)

    def _ours(self, url: URL) -> URL:
        """The same request on our host; the query stays as it was signed."""
        return URL.build(
            scheme=self._base.scheme,
            authority=self._base.raw_authority,
            path=self._base.raw_path.rstrip("/") + url.raw_path,
            query_string=url.raw_query_string,
            encoded=True,
        )


Request = Callable[..., Awaitable[_Received]]


class TwitterClient:
    """One account in user context. Reads give the raw bytes; all calls raise ChannelError."""

    def __init__(self, settings: TwitterSettings, clock: Clock) -> None:
        self._clock = clock
        self._user_id = settings.user_id
        self._seam = _Seam(settings.base_url, Limits(clock))
        self._signs = not settings.by_oauth2
        self._tweepy = AsyncClient(
            bearer_token=None if self._signs else settings.access_token,
            consumer_key=settings.consumer_key,
            consumer_secret=settings.consumer_secret,
            access_token=settings.access_token,
            access_token_secret=settings.access_token_secret,
            return_type=aiohttp.ClientResponse,
        )
        self._tweepy.session = self._seam
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.INFO)

    async def close(self) -> None:
        await self._seam.close()

    async def me(self) -> Json:
        body = await self._call(self._tweepy.get_me, user_fields=USER_FIELDS)
        return as_object(_decoded(body, writes=False).get("data"))

    async def mentions(self, **where: Any) -> bytes:
        """A page of posts that mention us, newest first."""
        return await self._posts(self._tweepy.get_users_mentions, **where)

    async def own_posts(self, **where: Any) -> bytes:
        """A page of our own posts, newest first."""
        return await self._posts(self._tweepy.get_users_tweets, **where)

    async def directs(self, **where: Any) -> bytes:
        """A page of direct messages of all conversations, or of the one with `participant_id`, newest first."""
        return await self._call(
            self._tweepy.get_direct_message_events,
            dm_event_fields=DIRECT_FIELDS,
            expansions=DIRECT_EXPANSIONS,
            user_fields=USER_FIELDS,
            media_fields=MEDIA_FIELDS,
            event_types=DIRECT_EVENTS,
            **_given(where),
        )

    async def search(self, query: str, **where: Any) -> bytes:
        """A page of posts of the last seven days that fit, newest first."""
        return await self._call(
            self._tweepy.search_recent_tweets,
            query=query,
            tweet_fields=POST_FIELDS,
            expansions=POST_EXPANSIONS,
            user_fields=USER_FIELDS,
            media_fields=MEDIA_FIELDS,
            place_fields=PLACE_FIELDS,
            **_given(where),
        )

    async def upload(self, picture: OutboundFile, *, category: str) -> str:
        """Give a picture to X for a post (`tweet_image`) or a message (`dm_image`); its media id.

        Nobody sees it yet: what broke off may simply be tried again. tweepy does not know this request.
        """
        media = {
            "media": base64.b64encode(picture.data).decode(),
            "media_category": category,
            "media_type": picture.mime_type,
        }

        async def request(*, user_auth: bool) -> _Received:
            route = "/2/media/upload"
            answer: _Received = await self._tweepy.request("POST", route, params={}, json=media, user_auth=user_auth)
            return answer

        found = as_object(_decoded(await self._call(request), writes=False).get("data")).get("id")
        if not isinstance(found, str | int):
            raise TransientError("X took the picture without naming it")
        return str(found)

    async def reply(self, post_id: str, text: str, *, media: Sequence[str] = ()) -> str:
        """Answer a post; the new post's id."""
        shown: dict[str, Any] = {"media_ids": list(media)} if media else {}
        body = await self._call(
            self._tweepy.create_tweet, writes=True, text=text, in_reply_to_tweet_id=post_id, **shown
        )
        return _new_id(body, "id")

    async def write_direct(self, user_id: str, text: str, *, media: Sequence[str] = ()) -> str:
        """Write to a citizen; the new message's id. A message shows one picture."""
        send, shown = self._tweepy.create_direct_message, {"media_id": media[0]} if media else {}
        body = await self._call(send, writes=True, is_direct=True, participant_id=user_id, text=text, **shown)
        return _new_id(body, "dm_event_id")

    async def hide(self, post_id: str, *, hidden: bool) -> None:
        """Hide a reply to a post of ours, or show it again."""
        await self._call(self._tweepy.hide_reply if hidden else self._tweepy.unhide_reply, id=post_id)

    async def block_directs(self, user_id: str, *, blocked: bool) -> None:
        """Take no direct messages of this user, or take them again. tweepy does not know this request."""
        route = f"/2/users/{user_id}/dm/{'block' if blocked else 'unblock'}"

        async def request(*, user_auth: bool) -> _Received:
            answer: _Received = await self._tweepy.request("POST", route, params={}, user_auth=user_auth)
            return answer

        await self._call(request)

    async def _posts(self, request: Request, **where: Any) -> bytes:
        return await self._call(
            request,
            id=self._user_id,
            tweet_fields=POST_FIELDS,
            expansions=POST_EXPANSIONS,
            user_fields=USER_FIELDS,
            media_fields=MEDIA_FIELDS,
            place_fields=PLACE_FIELDS,
            **_given(where),
        )

    async def _call(
        self, request: Request, *, writes: bool = False, is_direct: bool = False, **parameters: Any
    ) -> bytes:
        try:
            async with translated_faults(writes=writes):
                response = await request(user_auth=self._signs, **parameters)
                return await response.read()
        except Refusal as refusal:
            raise error_from(refusal, writes=writes, is_direct=is_direct, now=self._clock.now()) from None


def _given(parameters: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if value not in (None, "")}


def _new_id(body: bytes, name: str) -> str:
    """The id in the answer to a write. Raises OutcomeUnknownError where it cannot be read."""
    found = as_object(_decoded(body, writes=True).get("data")).get(name)
    if not isinstance(found, str | int):
        raise OutcomeUnknownError("X took the text without naming it")
    return str(found)


def _decoded(body: bytes, *, writes: bool) -> Json:
    try:
        return as_object(json.loads(body))
    except (ValueError, RecursionError) as error:
        fault = OutcomeUnknownError if writes else TransientError
        raise fault("X's answer cannot be read") from error
