"""An Instagram account on loopback: media, comments, direct messages, webhooks. Follows Meta's documentation.

Imported by `bots.demo` and tests alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from connectors.meta.simulation import GraphError
from connectors.meta.simulation_account import SimulatedAccount
from connectors.meta.simulation_messages import MessagingRules, iso, missing
from connectors.meta.simulation_notices import Expansion, Ids, Person, asked_for, read_fields
from connectors.simulation import CitizenPost, Disorder, Ledger
from models.enums import ChannelName, Surface
from models.ports import Clock

APP_SECRET = "simulated-instagram-app-secret"  # noqa: S105
ACCESS_TOKEN = "IGAAsimulatedUserToken"  # noqa: S105
VERIFY_TOKEN = "simulated-instagram-verify"  # noqa: S105
ACCOUNT = Person("17841405309211844", "Hemşehri İletişim Merkezi", "him.simulated")
OTHER_LOGINS_ID = "24500123456789"
"""By Instagram Login, which alone knows `user_id`, the account's `id` is another one."""
LONGEST_COMMENT = 2_200
MOST_COMMENTS = 50
OWN_MEDIA_AGE = timedelta(hours=2)


@dataclass(slots=True)
class Comment:
    id: str
    at: datetime
    writer: Person
    text: str
    parent_id: str = ""
    is_hidden: bool = False
    replies: list["Comment"] = field(default_factory=list)


@dataclass(slots=True)
class Media:
    id: str
    at: datetime
    shortcode: str
    comments: list[Comment] = field(default_factory=list)
    """Top-level comments, oldest first."""

    @property
    def all_comments(self) -> list[Comment]:
        return [part for comment in self.comments for part in (comment, *comment.replies)]


class InstagramSimulator(SimulatedAccount):
    """Implements connectors.simulation.Simulator."""

    channel = ChannelName.INSTAGRAM

    def __init__(
        self, clock: Clock, *, ledger: Ledger | None = None, disorder: Disorder | None = None, seed: int = 7
    ) -> None:
        rules = MessagingRules(
            channel=self.channel,
            platform="instagram",
            account=ACCOUNT,
            mid_prefix="aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEO",
            closed_subcode=2534022,
            longest=1_000,
            bytes_count=True,
            detailed=20,
            names_delivery=False,
        )
        super().__init__(
            clock,
            rules,
            app_secret=APP_SECRET,
            verify_token=VERIFY_TOKEN,
            access_token=ACCESS_TOKEN,
            usage_type="instagram",
            object_name="instagram",
            people="78",
            ids=Ids(seed + 1),
            ledger=ledger,
            disorder=disorder or Disorder(seed=seed),
        )
        self.messages.written_publicly = self._written_publicly
        self.media: dict[str, Media] = {}
        self.tags: list[dict[str, Any]] = []
        """Media of citizens in which we are tagged, newest first."""
        self.mentions: dict[str, dict[str, Any]] = {}
        """Comments and captions of others that name us, by id: read by Facebook Login alone."""
        self._own_media: dict[str, Media] = {}
        self._add_routes()

    def account_settings(self) -> dict[str, Any]:
        return {
            "instagram_id": ACCOUNT.id,
            "username": ACCOUNT.handle,
            "access_token": ACCESS_TOKEN,
            "app_secret": APP_SECRET,
            "verify_token": VERIFY_TOKEN,
            "base_url": self.server.base_url,
        }

    async def write(self, post: CitizenPost) -> str:
        if post.surface is Surface.DIRECT:
            return self.messages.write(post)
        return self._comment(post)

    def own_media(self, thread: str) -> Media:
        """Our own media for a thread's key, made when it is first asked for."""
        if thread not in self._own_media:
            number = self._ids.number("17")
            made = Media(number, self._clock.now() - OWN_MEDIA_AGE, f"C{number[-9:]}")
            self._own_media[thread] = self.media[made.id] = made
        return self._own_media[thread]

    def _comment(self, post: CitizenPost) -> str:
        """A second comment of the same person under one media is a reply to her first."""
        writer = self._people.of(post.author, post.name, post.handle)
        media = self.own_media(post.thread or "duyuru")
        first = next((comment for comment in media.comments if comment.writer is writer), None)
        made = self._add(media, writer, post.text, first)
        facts = {"author": writer.id, "surface": Surface.COMMENT.value, "text": post.text}
        self.ledger.record(self.channel, "written", made.id, **facts)
        self._push(media, made, lambda: self._record_served(made.id))
        return made.id

    def _add(self, media: Media, writer: Person, text: str, top: Comment | None) -> Comment:
        made = Comment(self._ids.number("18"), self._clock.now(), writer, text, top.id if top else "")
        (top.replies if top else media.comments).append(made)
        return made

    def _push(self, media: Media, made: Comment, on_accepted: Any = None) -> None:
        """Without a time of its own. Comments of the account itself say so by `self_ig_scoped_id`."""
        writer = {"id": made.writer.id, "username": made.writer.handle}
        if made.writer is ACCOUNT:
            writer["self_ig_scoped_id"] = "1022334455667788"
        value = {
            "id": made.id,
            "text": made.text,
            "from": writer,
            "media": {"id": media.id, "media_product_type": "FEED"},
            **({"parent_id": made.parent_id} if made.parent_id else {}),
        }
        self._notices.change("comments", value, on_accepted=on_accepted)

    async def _change_comment(self, request: web.Request) -> web.Response:
        """Only hiding is known."""
        comment = self._find(request.match_info["node"])[1]
        body = await request.post()
        if comment is None or "hide" not in body:
            raise GraphError(100, "(#100) Invalid parameter")
        comment.is_hidden = body["hide"] == "true"
        return self.server.answer({"success": True})

    def _written_publicly(self, item: str) -> tuple[Person, datetime]:
        comment = self._find(item)[1]
        return comment.writer, comment.at

    def _add_routes(self) -> None:
        self.server.route("GET", "/{node}/media", self._list_media)
        self.server.route("GET", "/{node}/tags", self._list_tags)
        self.server.route("POST", "/{node}/mentions", self._answer_mention)
        self.server.route("GET", "/{node}/comments", self._comments)
        self.server.route("GET", "/{node}/replies", self._replies)
        self.server.route("POST", "/{node}/replies", self._reply)
        self.server.route("POST", "/{node}/comments", self._comment_ourselves)
        self.server.route("POST", "/{node}", self._change_comment)
        self.server.route("GET", "/{node}", self._object)

    async def _list_media(self, request: web.Request) -> web.Response:
        if request.match_info["node"] not in (ACCOUNT.id, "me"):
            raise missing(request.match_info["node"])
        newest_first = sorted(self.media.values(), key=lambda media: media.at, reverse=True)
        page = self.server.page_of(newest_first, request)
        fields = request.query.get("fields", "id")
        page["data"] = [self._read_media(media, fields, request) for media in page["data"]]
        return self.server.answer(page)

    def tag(self, author: str, caption: str) -> str:
        """A citizen publishes a picture and tags us in it; its id. No webhook tells it."""
        writer = self._people.of(author, author, author)
        number = self._ids.number("17")
        self.tags.insert(
            0,
            {
                "id": number,
                "caption": caption,
                "timestamp": iso(self._clock.now()),
                "permalink": f"https://www.instagram.com/p/T{number[-9:]}/",
                "username": writer.handle,
                "media_type": "IMAGE",
                "media_url": f"{self.messages.files.base_url}/?asset_id=6",
            },
        )
        self.ledger.record(self.channel, "written", number, author=writer.id, surface=Surface.TAG.value, text=caption)
        return number

    def mention(self, author: str, text: str, *, in_caption: bool = False) -> str:
        """A citizen names us under or in somebody's media; its id. The webhook tells ids alone."""
        writer, media_id = self._people.of(author, author, author), self._ids.number("17")
        item = media_id if in_caption else self._ids.number("18")
        said = text.replace(f"@{ACCOUNT.handle}", ACCOUNT.handle)
        words: dict[str, Any] = {"id": item, "timestamp": iso(self._clock.now()), "username": writer.handle}
        if in_caption:
            words |= {
                "caption": said,
                "media_type": "IMAGE",
                "media_url": f"{self.messages.files.base_url}/?asset_id=7",
            }
        else:
            words |= {"text": said, "media": {"id": media_id}}
        self.mentions[item] = words
        ids = {"media_id": media_id} if in_caption else {"media_id": media_id, "comment_id": item}
        self.ledger.record(self.channel, "written", item, author=writer.id, surface=Surface.TAG.value, text=said)
        self._notices.change("mentions", ids)
        return item

    def _mentioned(self, found: Mapping[str, Expansion]) -> dict[str, Any]:
        """Expansions `mentioned_comment.comment_id(…){…}` and `mentioned_media.media_id(…){…}` of the account."""
        body = {}
        for name, key in (("mentioned_comment", "comment_id"), ("mentioned_media", "media_id")):
            if name not in found:
                continue
            words = self.mentions.get(found[name].options[key])
            if words is None or ("caption" in words) is (key == "comment_id"):
                raise missing(found[name].options[key])
            self._record_served(words["id"], once=True)
            body[name] = asked_for(words, read_fields(found[name].fields))
        return body

    async def _answer_mention(self, request: web.Request) -> web.Response:
        """A comment of ours where we were named."""
        form = await request.post()
        target = str(form.get("comment_id") or form["media_id"])
        if target not in self.mentions:
            raise missing(target)
        made, text = self._ids.number("18"), await self._text(request)
        self.ledger.record(self.channel, "sent", made, surface=Surface.TAG.value, text=text, reply_to=target)
        return self.server.answer({"id": made})

    async def _list_tags(self, request: web.Request) -> web.Response:
        """Cursors alone, no `next`: the query of the next page is the reader's to write."""
        if request.match_info["node"] not in (ACCOUNT.id, "me"):
            raise missing(request.match_info["node"])
        page = self.server.page_of(self.tags, request)
        page.get("paging", {}).pop("next", None)
        wanted = read_fields(request.query.get("fields", "id"))
        for media in page["data"]:
            self._record_served(str(media["id"]))
        page["data"] = [asked_for(one, wanted) for one in page["data"]]
        return self.server.answer(page)

    async def _comments(self, request: web.Request) -> web.Response:
        media = self.media.get(request.match_info["node"])
        if media is None:
            raise missing(request.match_info["node"])
        return self._answer_comments(media.comments[::-1], request)

    async def _replies(self, request: web.Request) -> web.Response:
        _, comment = self._find(request.match_info["node"])
        return self._answer_comments(comment.replies, request)

    def _answer_comments(self, comments: Sequence[Comment], request: web.Request) -> web.Response:
        page = self.server.page_of(comments, request, default=MOST_COMMENTS)
        fields = request.query.get("fields", "id,text,timestamp")
        page["data"] = [self._read(comment, fields, request) for comment in page["data"]]
        return self.server.answer(page)

    async def _reply(self, request: web.Request) -> web.Response:
        """A reply to a reply is put beside it. With `fields` the reply is made, and then refused."""
        target = request.match_info["node"]
        media, answered = self._find(target)
        top = self._find(answered.parent_id)[1] if answered.parent_id else answered
        made = self._add(media, ACCOUNT, await self._text(request), top)
        self._record_sent(media, made, reply_to=target, recipient=answered.writer.id)
        if "fields" in request.query:
            raise GraphError(20, "(#20) Unsupported fields", subcode=1772107)
        return self.server.answer({"id": made.id})

    async def _comment_ourselves(self, request: web.Request) -> web.Response:
        media = self.media.get(request.match_info["node"])
        if media is None:
            raise missing(request.match_info["node"])
        made = self._add(media, ACCOUNT, await self._text(request), None)
        self._record_sent(media, made)
        return self.server.answer({"id": made.id})

    async def _object(self, request: web.Request) -> web.Response:
        wanted, fields = request.match_info["node"], request.query.get("fields", "id,username")
        if wanted in (ACCOUNT.id, "me"):
            found = read_fields(fields)
            own_id = OTHER_LOGINS_ID if "user_id" in found else ACCOUNT.id
            account: dict[str, Any] = {
                "id": own_id,
                "user_id": ACCOUNT.id,
                "username": ACCOUNT.handle,
                "name": ACCOUNT.name,
            }
            account |= {"followers_count": 18_250, "media_count": len(self.media)}
            told = asked_for(account, found, besides=("mentioned_comment", "mentioned_media"))
            return self.server.answer(told | self._mentioned(found))
        if wanted in self.media:
            return self.server.answer(self._read_media(self.media[wanted], fields, request))
        if profile := self._profile(wanted, fields):
            return self.server.answer(profile)
        return self.server.answer(self._read(self._find(wanted)[1], fields, request))

    async def _text(self, request: web.Request) -> str:
        body = await request.post() if request.content_type != "application/json" else await request.json()
        text = str(body["message"])
        if not 0 < len(text) <= LONGEST_COMMENT:
            raise GraphError(100, "(#100) Invalid parameter: message")
        return text

    def _find(self, target: str) -> tuple[Media, Comment]:
        for media in self.media.values():
            for comment in media.all_comments:
                if comment.id == target:
                    return media, comment
        raise missing(target)

    def _read_media(self, media: Media, fields: str, request: web.Request) -> dict[str, Any]:
        wanted = read_fields(fields)
        body: dict[str, Any] = {
            "id": media.id,
            "timestamp": iso(media.at),
            "permalink": f"https://www.instagram.com/p/{media.shortcode}/",
            "media_product_type": "FEED",
            "comments_count": len(media.all_comments),
        }
        if "comments" in wanted:
            newest_first = media.comments[::-1]
            body["comments"] = self._expanded(newest_first, wanted["comments"], request, f"{media.id}/comments")
        return asked_for(body, wanted)

    def _read(self, comment: Comment, fields: str, request: web.Request) -> dict[str, Any]:
        if comment.writer is not ACCOUNT:
            self._record_served(comment.id, once=True)
        wanted = read_fields(fields)
        body: dict[str, Any] = {
            "id": comment.id,
            "text": comment.text,
            "timestamp": iso(comment.at),
            "username": comment.writer.handle,
            "from": {"id": comment.writer.id, "username": comment.writer.handle},
            "hidden": comment.is_hidden,
        }
        if comment.parent_id:
            body["parent_id"] = comment.parent_id
        if "replies" in wanted and comment.replies:
            path = f"{comment.id}/replies"
            body["replies"] = self._expanded(comment.replies, wanted["replies"], request, path)
        return asked_for(body, wanted, besides=("parent_id", "replies"))

    def _expanded(
        self, comments: Sequence[Comment], expansion: Expansion, request: web.Request, path: str
    ) -> dict[str, Any]:
        limit = min(int(expansion.options.get("limit", "25")), MOST_COMMENTS)
        page = self.server.inner_page(comments, request, path=path, limit=limit, fields=expansion.fields)
        return {**page, "data": [self._read(comment, expansion.fields, request) for comment in page["data"]]}

    def _record_sent(self, media: Media, made: Comment, *, reply_to: str = "", recipient: str = "") -> None:
        facts = {"surface": Surface.COMMENT.value, "text": made.text, "reply_to": reply_to, "recipient": recipient}
        self.ledger.record(self.channel, "sent", made.id, **facts)
        self._push(media, made)
