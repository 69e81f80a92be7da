"""Calls to Facebook's Graph: the Page, its feed, comments and messages. Knows no outbox and no events."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from connectors.facebook.facts import CONVERSATIONS, FEED, TAGS
from connectors.facebook.settings import FacebookSettings
from connectors.meta.conversations import Conversations, accepted_id, repeatable, texts_since, uploaded_id
from connectors.meta.graph import GraphClient
from connectors.meta.reading import Json, count_of, edge, id_of, record, text_of
from connectors.meta.tags import TagWalker
from connectors.meta.walk import Item, Listing, Walker, next_after
from connectors.pieces import OwnText
from models.errors import InputError
from models.messages import AccountIdentity, OutboundFile, Page
from models.ports import Clock

COMMENT_FIELDS = "id,message,from,created_time,parent{id},attachment,permalink_url,is_hidden"
POST_FIELDS = "id,message,from,created_time,permalink_url,attachments{type,media,url,title,subattachments}"
MESSAGE_FIELDS = "id,created_time,from,to,message,attachments,sticker,shares{link}"
POSTS, COMMENTS, THREADS, MESSAGES = 25, 50, 25, 25
MOST_PAGES = 20
"""Read at most when a send is looked up."""


class FacebookClient:
    """One Page over HTTP. Every method raises ChannelError."""

    def __init__(self, settings: FacebookSettings, clock: Clock) -> None:
        self._page_id = settings.page_id
        self._graph = GraphClient(
            base_url=settings.base_url,
            version=settings.version,
            access_token=settings.access_token,
            app_secret=settings.app_secret,
            clock=clock,
        )
        self.messages = Conversations(self._graph, clock, node=settings.page_id, platform="messenger")
        look_back = timedelta(hours=settings.look_back_hours)
        feed = _feed(settings.page_id, timedelta(days=settings.watch_days))
        self._walkers: dict[str, Walker | TagWalker] = {
            FEED: Walker(self._graph, clock, feed, look_back=look_back),
            CONVERSATIONS: Walker(
                self._graph, clock, _conversations(settings.page_id), look_back=look_back, pace=self.messages.pace
            ),
            TAGS: TagWalker(
                self._graph,
                clock,
                path=f"{settings.page_id}/tagged",
                fields=POST_FIELDS,
                time_key="created_time",
                look_back=look_back,
                names_next=True,
            ),
        }

    async def identify(self) -> AccountIdentity:
        """The Page behind the token's access."""
        answer = await self._graph.get(self._page_id, {"fields": "id,name,username,followers_count"})
        page = record(answer.json)
        return AccountIdentity(
            external_id=id_of(page.get("id")),
            name=text_of(page.get("name")),
            handle=text_of(page.get("username")),
            followers=count_of(page.get("followers_count")),
        )

    async def poll(self, stream: str, cursor: str) -> Page:
        """The next page of a stream."""
        walker = self._walkers.get(stream)
        if walker is None:
            raise InputError(f"facebook has no stream {stream!r}")
        return await walker.step(cursor)

    async def comment(self, target_id: str, text: str, *, photo: OutboundFile | None = None) -> str:
        """Write under a post or comment; the new id. No `fields`: Graph would create it and then refuse."""
        shown = {"attachment_id": await self._unpublished(photo)} if photo else {}
        answer = await self._graph.post(f"{target_id}/comments", data={"message": text, **shown})
        return accepted_id(answer.json, "id")

    async def _unpublished(self, photo: OutboundFile) -> str:
        """A photo that stands nowhere yet; its id."""
        form = aiohttp.FormData({"published": "false"})
        form.add_field("source", photo.data, filename=photo.file_name, content_type=photo.mime_type)
        return await uploaded_id(self._graph.post(f"{self._page_id}/photos", data=form), "id")

    async def can_reply_privately(self, comment_id: str) -> bool:
        """False once the comment was answered privately, or after 7 days."""
        answer = await self._graph.get(comment_id, {"fields": "can_reply_privately"})
        return record(answer.json).get("can_reply_privately") is True

    async def own_comments(self, post_id: str, *, below: str, since: datetime) -> list[OwnText]:
        """Our comments since then that stand under `below` (a comment, a reply, or the post itself), oldest first."""
        places = {below} if below == post_id else {below, await self._parent_of(below)}
        params = {"fields": "id,message,from,created_time,parent{id}", **_comment_query(since), "limit": 100}
        found: list[Json] = []
        for _ in range(MOST_PAGES):
            answer = (await self._graph.get(f"{post_id}/comments", params)).json
            found.extend(record(item) for item in edge(answer))
            params["after"] = next_after(answer)
            if not params["after"]:
                break
        own = [item for item in found if _author(item) == self._page_id and (_parent(item) or post_id) in places]
        return texts_since(own, since, text_key="message", time_key="created_time")

    async def _parent_of(self, comment_id: str) -> str:
        """What a reply stands under; replies to a reply are put beside it. Empty for a top-level comment."""
        return _parent(record((await self._graph.get(comment_id, {"fields": "id,parent{id}"})).json))

    async def hide(self, comment_id: str, *, hidden: bool) -> None:
        """Hide a comment under something of ours, or show it again."""
        await repeatable(self._graph.post(comment_id, data={"is_hidden": "true" if hidden else "false"}))

    async def close(self) -> None:
        await self._graph.close()


def _feed(page_id: str, watched: timedelta) -> Listing:
    """Our posts and visitors' posts with their newest comments; `filter(stream)` brings the replies, too."""

    def params(since: datetime) -> Mapping[str, Any]:
        chosen = f"comments.filter(stream).order(reverse_chronological).since({_unix(since)}).limit({COMMENTS})"
        return {"fields": f"{POST_FIELDS},{chosen}{{{COMMENT_FIELDS}}}", "limit": POSTS}

    def inner_params(since: datetime) -> Mapping[str, Any]:
        return {"fields": COMMENT_FIELDS, **_comment_query(since), "limit": COMMENTS}

    def is_visitors(post: Item) -> bool:
        return _author(post) != page_id

    return Listing(
        path=f"{page_id}/feed",
        params=params,
        inner="comments",
        inner_params=inner_params,
        item_time="created_time",
        parent_time="created_time",
        reaches_back=watched,
        kept_of_parent=("id", "permalink_url"),
        is_item=is_visitors,
    )


def _conversations(page_id: str) -> Listing:
    def params(since: datetime) -> Mapping[str, Any]:
        fields = f"id,updated_time,participants,messages.limit({MESSAGES}){{{MESSAGE_FIELDS}}}"
        return {"platform": "messenger", "fields": fields, "limit": THREADS}

    def inner_params(since: datetime) -> Mapping[str, Any]:
        return {"fields": MESSAGE_FIELDS, "limit": MESSAGES}

    return Listing(
        path=f"{page_id}/conversations",
        params=params,
        inner="messages",
        inner_params=inner_params,
        item_time="created_time",
        parent_time="updated_time",
        kept_of_parent=("id", "updated_time"),
    )


def _comment_query(since: datetime) -> dict[str, Any]:
    return {"filter": "stream", "order": "reverse_chronological", "since": _unix(since)}


def _unix(moment: datetime) -> int:
    return int(moment.timestamp())


def _author(item: Json) -> str:
    return id_of(record(item.get("from")).get("id"))


def _parent(item: Json) -> str:
    return id_of(record(item.get("parent")).get("id"))
