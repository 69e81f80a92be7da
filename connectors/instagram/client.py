"""Calls to Instagram's Graph: the account, its media, comments and messages. Knows no outbox and no events."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.instagram.facts import COMMENTS, CONVERSATIONS, TAGS
from connectors.instagram.settings import InstagramSettings
from connectors.meta.conversations import Conversations, accepted_id, repeatable, texts_since
from connectors.meta.graph import GraphClient
from connectors.meta.reading import Json, count_of, edge, id_of, record, text_of
from connectors.meta.tags import TagWalker
from connectors.meta.walk import Item, Listing, Walker, next_after
from connectors.pieces import OwnText
from models.errors import InputError
from models.messages import AccountIdentity, Page
from models.ports import Clock

REPLY_FIELDS = "id,text,timestamp,username,from,parent_id"
COMMENT_FIELDS = f"{REPLY_FIELDS},hidden,replies.limit(50){{{REPLY_FIELDS}}}"
MEDIA_FIELDS = "id,timestamp,permalink,media_product_type"
MESSAGE_FIELDS = "id,created_time,from,to,message,attachments,story,is_unsupported"
TAG_FIELDS = "id,caption,timestamp,permalink,username,media_type,media_url"
MENTIONED_COMMENT_FIELDS = "id,text,timestamp,username,media{id}"
MENTIONED_MEDIA_FIELDS = "id,caption,timestamp,username,media_type,media_url"
MEDIA, MEDIA_COMMENTS, THREADS = 25, 50, 25
MESSAGES = 20
"""Older messages of a conversation have no details."""
MOST_PAGES = 20
"""Read at most when a send is looked up."""


class InstagramClient:
    """One account over HTTP. Every method raises ChannelError."""

    def __init__(self, settings: InstagramSettings, clock: Clock) -> None:
        self._account_id = settings.account_id
        self._names_user_id = not settings.page_id
        self._graph = _graph(settings, settings.user_token or settings.access_token, clock)
        self._private = _graph(settings, settings.access_token, clock)
        """By Facebook Login messages need the Page's token, everything public a User's."""
        self.messages = Conversations(self._private, clock, node=settings.messaging_node, platform="instagram")
        look_back = timedelta(hours=settings.look_back_hours)
        comments = _comments(settings.account_id, timedelta(days=settings.watch_days))
        conversations = _conversations(settings.messaging_node)
        pace = self.messages.pace
        self._walkers: dict[str, Walker | TagWalker] = {
            COMMENTS: Walker(self._graph, clock, comments, look_back=look_back),
            CONVERSATIONS: Walker(self._private, clock, conversations, look_back=look_back, pace=pace),
            TAGS: TagWalker(
                self._graph,
                clock,
                path=f"{settings.account_id}/tags",
                fields=TAG_FIELDS,
                time_key="timestamp",
                look_back=look_back,
                names_next=False,
            ),
        }

    async def identify(self) -> AccountIdentity:
        """The account behind the token. Instagram Login calls the id that webhooks use `user_id`."""
        id_name = "user_id" if self._names_user_id else "id"
        fields = f"{id_name},username,name,followers_count,media_count"
        account = record((await self._graph.get(self._account_id, {"fields": fields})).json)
        return AccountIdentity(
            external_id=id_of(account.get(id_name)) or self._account_id,
            name=text_of(account.get("name")) or text_of(account.get("username")),
            handle=text_of(account.get("username")),
            followers=count_of(account.get("followers_count")),
            posts=count_of(account.get("media_count")),
        )

    async def poll(self, stream: str, cursor: str) -> Page:
        """The next page of a stream."""
        walker = self._walkers.get(stream)
        if walker is None:
            raise InputError(f"instagram has no stream {stream!r}")
        return await walker.step(cursor)

    async def mention(self, pointer: Mapping[str, Any]) -> Json:
        """The comment or caption that names us outside our own media; Facebook Login alone lets it be read."""
        if comment_id := id_of(pointer.get("comment_id")):
            fields = f"mentioned_comment.comment_id({comment_id}){{{MENTIONED_COMMENT_FIELDS}}}"
        else:
            fields = f"mentioned_media.media_id({id_of(pointer.get('media_id'))}){{{MENTIONED_MEDIA_FIELDS}}}"
        return record((await self._graph.get(self._account_id, {"fields": fields})).json)

    async def reply(self, comment_id: str, text: str) -> str:
        """Answer a comment publicly; the new id. No `fields`: Graph would create it and then refuse."""
        return accepted_id((await self._graph.post(f"{comment_id}/replies", data={"message": text})).json, "id")

    async def answer_mention(self, media_id: str, comment_id: str, text: str) -> str:
        """Answer where we were named outside our own media: a comment, or without one a caption; the new id."""
        target = {"media_id": media_id, **({"comment_id": comment_id} if comment_id else {})}
        answer = await self._graph.post(f"{self._account_id}/mentions", data={**target, "message": text})
        return accepted_id(answer.json, "id")

    async def comment(self, media_id: str, text: str) -> str:
        """Write under one of our media; the new id."""
        return accepted_id((await self._graph.post(f"{media_id}/comments", data={"message": text})).json, "id")

    async def replies_since(self, comment_id: str, *, not_by: str, since: datetime) -> list[OwnText]:
        """Replies since then beside or below a comment, but for that citizen's, oldest first."""
        comment = record((await self._graph.get(comment_id, {"fields": "id,parent_id"})).json)
        top = id_of(comment.get("parent_id")) or comment_id
        return await self._texts(f"{top}/replies", not_by=not_by, since=since)

    async def comments_since(self, media_id: str, *, not_by: str, since: datetime) -> list[OwnText]:
        """Top-level comments under one of our media since then, but for that citizen's, oldest first."""
        return await self._texts(f"{media_id}/comments", not_by=not_by, since=since)

    async def hide(self, comment_id: str, *, hidden: bool) -> None:
        """Hide a comment under something of ours, or show it again."""
        await repeatable(self._graph.post(comment_id, data={"hide": "true" if hidden else "false"}))

    async def close(self) -> None:
        await self._graph.close()
        await self._private.close()

    async def _texts(self, path: str, *, not_by: str, since: datetime) -> list[OwnText]:
        params = {"fields": "id,text,timestamp,username,from", "limit": str(MEDIA_COMMENTS)}
        found: list[Json] = []
        for _ in range(MOST_PAGES):
            answer = (await self._graph.get(path, params)).json
            found.extend(record(item) for item in edge(answer))
            params["after"] = next_after(answer)
            if not params["after"]:
                break
        others = [item for item in found if id_of(record(item.get("from")).get("id")) != not_by]
        return texts_since(others, since, text_key="text", time_key="timestamp")


def _graph(settings: InstagramSettings, access_token: str, clock: Clock) -> GraphClient:
    return GraphClient(
        base_url=settings.base_url,
        version=settings.version,
        access_token=access_token,
        app_secret=settings.app_secret,
        clock=clock,
    )


def _comments(account_id: str, watched: timedelta) -> Listing:
    """Our media with their newest comments and the replies to these. Instagram knows no `since`."""

    def params(since: datetime) -> Mapping[str, Any]:
        return {"fields": f"{MEDIA_FIELDS},comments.limit({MEDIA_COMMENTS}){{{COMMENT_FIELDS}}}", "limit": MEDIA}

    def inner_params(since: datetime) -> Mapping[str, Any]:
        return {"fields": COMMENT_FIELDS, "limit": MEDIA_COMMENTS}

    return Listing(
        path=f"{account_id}/media",
        params=params,
        inner="comments",
        inner_params=inner_params,
        item_time="timestamp",
        parent_time="timestamp",
        reaches_back=watched,
        kept_of_parent=("id", "permalink", "media_product_type"),
        unfold=_unfold,
        below="replies",
    )


def _unfold(comment: Item) -> list[Item]:
    """The comment without its replies, and each of these beside it."""
    alone = {name: value for name, value in comment.items() if name != "replies"}
    replies = [dict(reply) for reply in edge(comment.get("replies")) if isinstance(reply, Mapping)]
    return [alone, *({"parent_id": comment.get("id"), **reply} for reply in replies)]


def _conversations(node: str) -> Listing:
    def params(since: datetime) -> Mapping[str, Any]:
        fields = f"id,updated_time,messages.limit({MESSAGES}){{{MESSAGE_FIELDS}}}"
        return {"platform": "instagram", "fields": fields, "limit": THREADS}

    def inner_params(since: datetime) -> Mapping[str, Any]:
        return {"fields": MESSAGE_FIELDS, "limit": MESSAGES}

    return Listing(
        path=f"{node}/conversations",
        params=params,
        inner="messages",
        inner_params=inner_params,
        item_time="created_time",
        parent_time="updated_time",
        inner_pages=False,
        kept_of_parent=("id", "updated_time"),
    )
