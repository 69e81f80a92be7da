"""The X API on loopback, with scripted citizens. Follows X's documentation, not our client.

Imported by `bots.demo` and tests alone.
"""

import base64
import json
import random
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import web

from connectors.simulated_faults import Fault, FaultKind, Faults
from connectors.simulated_files import SimulatedFiles
from connectors.simulation import CitizenPost, Disorder, Ledger, SimulatorServer
from connectors.twitter.simulated_answers import (
    ALWAYS_POST,
    DIRECT_EXPANSIONS,
    DIRECT_PARAMETERS,
    POST_EXPANSIONS,
    SEARCH_PARAMETERS,
    TIMELINE_PARAMETERS,
    Query,
    cut_page,
    directs_answer,
    posts_answer,
    users,
)
from connectors.twitter.simulated_citizens import Citizens
from connectors.twitter.simulated_limits import CallCounter
from connectors.twitter.simulated_problems import (
    HTML_FAULT,
    ProblemError,
    forbidden,
    generic,
    invalid,
    not_found,
    raise_fault,
)
from connectors.twitter.simulated_records import Json, Record, Records
from connectors.twitter.simulated_rules import PublishingRules
from connectors.twitter.simulated_search import fits
from connectors.twitter.simulated_signature import is_signed
from connectors.twitter.simulated_tokens import CLIENT_ID, CLIENT_SECRET, Tokens
from connectors.twitter.values import snowflake_at
from models.enums import ChannelName, Surface
from models.ports import Clock

CONSUMER_KEY = "simulatedConsumerKey00000"
CONSUMER_SECRET = "simulatedConsumerSecret0000000000000000000000000"  # noqa: S105
TOKEN_SECRET = "simulatedTokenSecret00000000000000000000000"  # noqa: S105
USERNAME = "izmirbld"
LARGEST_PICTURE = 5 * 1024 * 1024
TOKEN_CALL = "POST /2/oauth2/token"  # noqa: S105
MENTIONS_REACH = 800
DIRECTS_REACH = timedelta(days=30)
SEARCH_REACH = timedelta(days=7)
REDELIVERED = timedelta(minutes=10)
PHOTO = "3_"
"""Before the id of a picture in its key."""
MIXED_BOUNDS = "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'."

Answered = tuple[int, Json, Iterable[Record]]
"""Status, body, and the citizens' items in it."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call that went well, for checks against the specification."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    status: int
    answer: Any


class TwitterSimulator:
    """One account of a city and the citizens who write to it."""

    channel = ChannelName.TWITTER

    def __init__(
        self, clock: Clock, *, ledger: Ledger | None = None, disorder: Disorder | None = None, seed: int = 7
    ) -> None:
        self.clock = clock
        self.ledger = ledger or Ledger(clock)
        self._random = random.Random(seed)
        self._disorder = disorder or Disorder()
        self.records = Records(clock, self._random)
        self.account = self.records.add_person("İzmir Büyükşehir Belediyesi", USERNAME)
        self.citizens = Citizens(self.records, self.account)
        self._rules = PublishingRules(self.records, self.account, clock)
        self.access_token = f"{self.account.id}-simulatedAccessToken"
        self.media: dict[str, str] = {}
        """Categories of the pictures that the account gave, by their ids."""
        self.hidden: set[str] = set()
        """Posts that the account hid."""
        self.blocked: set[str] = set()
        """People whose direct messages the account blocked."""
        self.exchanges: deque[Exchange] = deque(maxlen=200)
        self._calls = CallCounter(clock)
        self.tokens = Tokens(clock)
        self.faults = Faults()
        self._server = SimulatorServer(self._application())
        self._files = SimulatedFiles()

    def _application(self) -> web.Application:
        app = web.Application()
        for endpoint in CALLS:
            method, _, path = endpoint.partition(" ")
            app.router.add_route(method, path, self._serve)
        return app

    async def start(self, *, port: int = 0) -> None:
        await self._server.start(port=port)
        await self._files.start()
        self.records.files_url = self._files.base_url

    async def stop(self) -> None:
        await self._files.stop()
        await self._server.stop()

    def account_settings(self) -> dict[str, Any]:
        return {
            "consumer_key": CONSUMER_KEY,
            "consumer_secret": CONSUMER_SECRET,
            "access_token": self.access_token,
            "access_token_secret": TOKEN_SECRET,
            "user_id": self.account.id,
            "base_url": self._server.base_url,
        }

    def oauth2_settings(self) -> dict[str, Any]:
        """Settings of the same account by OAuth 2.0."""
        return {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "access_token": self.tokens.grant(),
            "refresh_token": self.tokens.refresh_token,
            "user_id": self.account.id,
            "base_url": self._server.base_url,
        }

    def connect_webhook(self, url: str) -> None:
        """Nothing: this account is polled."""

    async def settle(self) -> None:
        """Nothing is pushed."""

    def fault(
        self, kind: FaultKind | str, *, times: int = 1, path: str = "", after: int = 0, seconds: int = 60
    ) -> None:
        """`times` calls whose method and address hold `path` go wrong, once `after` ones went well."""
        self.faults.add(Fault(kind=FaultKind(kind), call=path, after=after, seconds=seconds), times=times)

    async def write(self, post: CitizenPost) -> str:
        """A citizen writes; the item's id as the parser names it. It may become visible a little later."""
        late = self._random.uniform(1, 20) if self._random.random() < self._disorder.delay else 0.0
        self.ledger.disorder["late"] += bool(late)
        record = self.citizens.write(post, late=timedelta(seconds=late))
        facts = {"author": record.author_id, "surface": post.surface.value, "text": record.raw_text}
        self.ledger.record(self.channel, "written", record.id, **facts)
        return record.id

    def edit(self, item: str, text: str) -> str:
        """A citizen changes her post; the new version's id."""
        return self.records.edit_post(self.records.posts[item], text).id

    def delete(self, item: str) -> None:
        self.records.posts[item].gone = True

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        """Signature, limits and faults before the call; headers and records after it."""
        headers: dict[str, str] = {}
        fault = self.faults.take(request.method, request.path)
        try:
            self._check_signature(request)
            headers = self._calls.take(_endpoint(request))
            raise_fault(fault, now=self.clock.now().timestamp())
            status, answer, served = await CALLS[_endpoint(request)](self, request)
        except ProblemError as problem:
            status, answer, served = problem.status, problem.body, ()
            silent = fault is not None and fault.kind is FaultKind.THROTTLED_SILENTLY
            headers = {} if silent else headers | problem.headers
        if fault and fault.kind is FaultKind.HTML:
            return web.Response(status=503, text=HTML_FAULT, content_type="text/html", headers=headers)
        if fault and fault.hangs_up and request.transport:
            request.transport.close()
        elif status < 300:
            await self._note(request, status, answer, served)
        kind = "application/json" if status < 300 else "application/problem+json"
        headers |= {"x-access-level": "read-write-directmessages", "api-version": "2.166"}
        return web.Response(status=status, text=json.dumps(answer), content_type=kind, headers=headers)

    def _check_signature(self, request: web.Request) -> None:
        if _endpoint(request) == TOKEN_CALL or self.tokens.accepts(request):
            return
        secrets = (CONSUMER_KEY, CONSUMER_SECRET, self.access_token, TOKEN_SECRET)
        if not is_signed(request, secrets=secrets):
            raise generic(401, "Unauthorized")

    async def _note(self, request: web.Request, status: int, answer: Any, served: Iterable[Record]) -> None:
        for record in served:
            self.ledger.record(self.channel, "served", _first_id(record), author=record.author_id)
        body = await request.json() if request.content_type == "application/json" and request.can_read_body else None
        self.exchanges.append(Exchange(request.method, _path(request), dict(request.query), body, status, answer))

    async def _renew_token(self, request: web.Request) -> Answered:
        form = {name: str(value) for name, value in (await request.post()).items()}
        return 200, self.tokens.renew(form, request.headers.get("Authorization", "")), ()

    async def _get_me(self, request: web.Request) -> Answered:
        query = Query(request.query)
        query.check(frozenset(("user.fields", "tweet.fields", "post.fields", "expansions")))
        return 200, {"data": users([self.account.id], query, self.records)[0]}, ()

    async def _get_mentions(self, request: web.Request) -> Answered:
        self._check_own(request)
        found = [post for post in self.records.posts.values() if post.names(self.account.id)]
        newest = sorted(self._visible(found), key=lambda post: post.number)[-MENTIONS_REACH:]
        redelivers = self._random.random() < self._disorder.redeliver
        self.ledger.disorder["pages"] += 1
        self.ledger.disorder["pages again"] += redelivers
        return self._timeline(request, newest, kind="m", further_back=REDELIVERED if redelivers else timedelta())

    async def _search(self, request: web.Request) -> Answered:
        """Of the last seven days; an earlier beginning is refused, as are bounds by id beside bounds by time."""
        query = Query(request.query)
        query.check(SEARCH_PARAMETERS, expansions=POST_EXPANSIONS)
        oldest = self.clock.now() - SEARCH_REACH
        start, since = query.moment("start_time"), query.id("since_id")
        if (since or query.id("until_id")) and (start or query.moment("end_time")):
            raise invalid("since_id", str(since), MIXED_BOUNDS)
        if start and start < oldest:
            raise invalid("start_time", request.query["start_time"], "'start_time' must be within the last 7 days")
        if since and since < snowflake_at(oldest):
            least = f"Please use a 'since_id' that is larger than {snowflake_at(oldest)}"
            message = f"'since_id' must be a tweet id created after {oldest:%Y-%m-%dT%H:%MZ}. {least}"
            raise invalid("since_id", str(since), message)
        found = [post for post in self.records.posts.values() if fits(request.query.get("query", ""), post)]
        recent = [post for post in query.within(self._visible(found)) if post.visible_at >= oldest]
        page = cut_page(recent, kind="s", before=query.before("s"), size=query.size(least=10, default=10))
        citizens = [post for post in page.records if post.author_id != self.account.id]
        return 200, posts_answer(page, query, self.records), citizens

    async def _get_own_posts(self, request: web.Request) -> Answered:
        self._check_own(request)
        found = [post for post in self.records.posts.values() if post.author_id == self.account.id]
        return self._timeline(request, self._visible(found), kind="t", further_back=timedelta())

    def _timeline(
        self, request: web.Request, found: Iterable[Record], *, kind: str, further_back: timedelta
    ) -> Answered:
        query = Query(request.query)
        query.check(TIMELINE_PARAMETERS, expansions=POST_EXPANSIONS)
        wanted = query.within(found, further_back=int(further_back.total_seconds() * 1000) << 22)
        page = cut_page(wanted, kind=kind, before=query.before(kind), size=query.size(least=5, default=10))
        citizens = [post for post in page.records if post.author_id != self.account.id]
        return 200, posts_answer(page, query, self.records), citizens

    async def _get_post(self, request: web.Request) -> Answered:
        query = Query(request.query)
        query.check(TIMELINE_PARAMETERS, expansions=POST_EXPANSIONS)
        post = self.records.posts.get(request.match_info["id"])
        if post is None or post.gone:
            return 200, {"errors": [not_found("id", request.match_info["id"], "tweet")]}, ()
        answer = posts_answer(cut_page([post], kind="p", before=0, size=1), query, self.records)
        return 200, answer | {"data": answer["data"][0]}, [post]

    async def _get_directs(self, request: web.Request) -> Answered:
        """Of all conversations, or of the one with a citizen; of the last 30 days."""
        query = Query(request.query)
        query.check(DIRECT_PARAMETERS, expansions=DIRECT_EXPANSIONS)
        other = request.match_info.get("id", "")
        oldest = self.clock.now() - DIRECTS_REACH
        found = [
            one
            for one in self._visible(self.records.directs.values())
            if one.visible_at >= oldest and (not other or other in one.body["dm_conversation_id"].split("-"))
        ]
        page = cut_page(found, kind="directs", before=query.before("directs"), size=query.size(least=1, default=100))
        citizens = [one for one in page.records if one.author_id != self.account.id]
        return 200, directs_answer(page, query, self.records), citizens

    async def _create_post(self, request: web.Request) -> Answered:
        body = await _body(request)
        text = str(body.get("text", ""))
        keys = self._media_keys(body.get("media", {}).get("media_ids", ()), "tweet_image", most=4)
        answered = self._rules.answerable(str(body.get("reply", {}).get("in_reply_to_tweet_id", "")))
        self._rules.check_post(text)
        author = self.records.people[answered.author_id] if answered else None
        shown = f"@{author.username} {text}" if author else text
        post = self.records.add_post(self.account, shown, answers=answered, media_key="".join(keys[:1]))
        post.raw_text = text
        if keys:
            post.body["attachments"] = {"media_keys": keys}
        recipient = answered.author_id if answered else ""
        self._record_sent(post, Surface.MENTION, reply_to=_first_id(answered) if answered else "", recipient=recipient)
        return 201, {"data": {name: post.body[name] for name in sorted(ALWAYS_POST)}}, ()

    async def _delete_post(self, request: web.Request) -> Answered:
        post = self.records.posts.get(request.match_info["id"])
        if post is None or post.author_id != self.account.id:
            raise forbidden("You are not authorized to delete this Tweet.")
        post.gone = True
        return 200, {"data": {"deleted": True}}, ()

    async def _create_direct(self, request: web.Request) -> Answered:
        body = await _body(request)
        text = str(body.get("text", ""))
        shown = [str(one["media_id"]) for one in body.get("attachments", ())]
        keys = self._media_keys(shown, "dm_image", most=1)
        citizen = self._rules.recipient(request.match_info["id"], text)
        direct = self.records.add_direct(self.account, citizen, text, media_key="".join(keys), late=timedelta())
        self._record_sent(direct, Surface.DIRECT, reply_to="", recipient=citizen.id)
        answer = {"dm_conversation_id": direct.body["dm_conversation_id"], "dm_event_id": direct.id}
        return 201, {"data": answer}, ()

    async def _upload(self, request: web.Request) -> Answered:
        """One picture at once, as JSON."""
        body = await _body(request)
        data, category = base64.b64decode(str(body.get("media", ""))), str(body.get("media_category", ""))
        if not 0 < len(data) <= LARGEST_PICTURE or category not in ("tweet_image", "dm_image"):
            raise invalid("media", "", "The media is empty, too large, or of no known category")
        key = self.records.add_media("photo")
        media_id = key.removeprefix(PHOTO)
        self.media[media_id] = category
        answer = {"id": media_id, "media_key": key, "size": len(data), "expires_after_secs": 86_400}
        return 200, {"data": answer}, ()

    def _media_keys(self, given: Iterable[str], category: str, *, most: int) -> list[str]:
        """Keys of pictures that were given for such a text. Raises ProblemError."""
        ids = [str(one) for one in given]
        if len(ids) > most or any(self.media.get(one) != category for one in ids):
            raise invalid("media_ids", ",".join(ids), "Your media IDs are invalid.")
        return [f"{PHOTO}{one}" for one in ids]

    async def _hide_reply(self, request: web.Request) -> Answered:
        """Only replies in a thread that the account began."""
        post = self.records.posts.get(request.match_info["id"])
        began = self.records.posts.get(str(post.body.get("conversation_id", ""))) if post else None
        if post is None or began is None or began.author_id != self.account.id or post is began:
            raise forbidden("You are not permitted to hide this Tweet.")
        hidden = (await _body(request)).get("hidden") is True
        (self.hidden.add if hidden else self.hidden.discard)(post.id)
        return 200, {"data": {"hidden": hidden}}, ()

    async def _block_directs(self, request: web.Request) -> Answered:
        self._check_own(request)
        blocks = _path(request).endswith("/block")
        (self.blocked.add if blocks else self.blocked.discard)(request.match_info["id"])
        return 200, {"data": {"blocked": blocks}}, ()

    def _record_sent(self, record: Record, surface: Surface, *, reply_to: str, recipient: str) -> None:
        facts = {"surface": surface.value, "text": record.raw_text, "reply_to": reply_to, "recipient": recipient}
        self.ledger.record(self.channel, "sent", record.id, author=self.account.id, **facts)

    def _check_own(self, request: web.Request) -> None:
        if request.match_info["id"] not in self.records.people:
            raise invalid("id", request.match_info["id"], "no such user")

    def _visible(self, records: Iterable[Record]) -> list[Record]:
        now = self.clock.now()
        return [record for record in records if not record.gone and record.visible_at <= now]


CALLS: dict[str, Callable[[TwitterSimulator, web.Request], Awaitable[Answered]]] = {
    TOKEN_CALL: TwitterSimulator._renew_token,
    "GET /2/users/me": TwitterSimulator._get_me,
    "GET /2/users/{id}/mentions": TwitterSimulator._get_mentions,
    "GET /2/users/{id}/tweets": TwitterSimulator._get_own_posts,
    "GET /2/tweets/search/recent": TwitterSimulator._search,
    "GET /2/tweets/{id}": TwitterSimulator._get_post,
    "POST /2/media/upload": TwitterSimulator._upload,
    "POST /2/tweets": TwitterSimulator._create_post,
    "DELETE /2/tweets/{id}": TwitterSimulator._delete_post,
    "PUT /2/tweets/{id}/hidden": TwitterSimulator._hide_reply,
    "POST /2/users/{id}/dm/block": TwitterSimulator._block_directs,
    "POST /2/users/{id}/dm/unblock": TwitterSimulator._block_directs,
    "GET /2/dm_events": TwitterSimulator._get_directs,
    "GET /2/dm_conversations/with/{id}/dm_events": TwitterSimulator._get_directs,
    "POST /2/dm_conversations/with/{id}/messages": TwitterSimulator._create_direct,
}


async def _body(request: web.Request) -> Json:
    try:
        found = await request.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise invalid("body", "", "The body is no JSON object")
    return found


def _first_id(record: Record) -> str:
    """The first version's id: the parser names posts so."""
    return str(record.body.get("edit_history_tweet_ids", [record.id])[0])


def _path(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else request.path


def _endpoint(request: web.Request) -> str:
    return f"{request.method} {_path(request)}"
