"""A Facebook Page on loopback: feed, comments, Messenger, webhooks. Follows Meta's documentation, not our client.

Imported by `bots.demo` and tests alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from connectors.meta.simulation import GraphError
from connectors.meta.simulation_account import SimulatedAccount
from connectors.meta.simulation_messages import MessagingRules, iso, missing
from connectors.meta.simulation_notices import Expansion, Ids, Person, asked_for, read_fields
from connectors.simulation import CitizenPost, Disorder, Ledger
from models.enums import ChannelName, Surface
from models.ports import Clock

APP_SECRET = "simulated-page-app-secret"  # noqa: S105
ACCESS_TOKEN = "EAAGsimulatedPageToken"  # noqa: S105
VERIFY_TOKEN = "simulated-page-verify"  # noqa: S105
PAGE = Person("104523678901234", "Hemşehri İletişim Merkezi", "him.simulated")
LONGEST_COMMENT = 8_000
OWN_POST_AGE = timedelta(hours=2)


@dataclass(slots=True)
class Comment:
    id: str
    at: datetime
    writer: Person
    text: str
    parent_id: str = ""
    is_hidden: bool = False
    photo: str = ""


@dataclass(slots=True)
class Post:
    id: str
    at: datetime
    writer: Person
    text: str
    photo: str = ""
    comments: list[Comment] = field(default_factory=list)


class FacebookSimulator(SimulatedAccount):
    """Implements connectors.simulation.Simulator."""

    channel = ChannelName.FACEBOOK

    def __init__(
        self, clock: Clock, *, ledger: Ledger | None = None, disorder: Disorder | None = None, seed: int = 7
    ) -> None:
        rules = MessagingRules(
            channel=self.channel,
            platform="messenger",
            account=PAGE,
            mid_prefix="m_",
            closed_subcode=2018278,
            longest=2_000,
            bytes_count=False,
            detailed=10_000,
            names_delivery=True,
        )
        super().__init__(
            clock,
            rules,
            app_secret=APP_SECRET,
            verify_token=VERIFY_TOKEN,
            access_token=ACCESS_TOKEN,
            usage_type="pages",
            object_name="page",
            people="61",
            ids=Ids(seed),
            ledger=ledger,
            disorder=disorder or Disorder(seed=seed),
        )
        self.messages.written_publicly = self._written_publicly
        self.posts: dict[str, Post] = {}
        self.photos: set[str] = set()
        """Unpublished photos of the Page."""
        self.tagged: list[Post] = []
        """Citizens' posts on their own walls that tag the Page, newest first."""
        self._own_posts: dict[str, Post] = {}
        self._add_routes()

    def account_settings(self) -> dict[str, Any]:
        return {
            "page_id": PAGE.id,
            "access_token": ACCESS_TOKEN,
            "app_secret": APP_SECRET,
            "verify_token": VERIFY_TOKEN,
            "base_url": self.server.base_url,
        }

    async def write(self, post: CitizenPost) -> str:
        if post.surface is Surface.DIRECT:
            return self.messages.write(post)
        if post.surface is Surface.VISITOR_POST:
            return self._visit(post)
        return self._comment(post)

    def own_post(self, thread: str) -> Post:
        """Our own post for a thread's key, made when it is first asked for."""
        if thread not in self._own_posts:
            at = self._clock.now() - OWN_POST_AGE
            self._own_posts[thread] = self._keep(Post(self._post_id(), at, PAGE, "Bugünkü çalışmalarımız"))
        return self._own_posts[thread]

    def _visit(self, post: CitizenPost) -> str:
        writer = self._people.of(post.author, post.name, post.handle)
        photo = f"{self.messages.files.base_url}/?asset_id=4" if post.photo else ""
        made = self._keep(Post(self._post_id(), self._clock.now(), writer, post.text, photo))
        self._record_written(made.id, writer, Surface.VISITOR_POST, post.text)
        value = {
            **_change(made.writer, made.at, made.text),
            "item": "photo" if photo else "status",
            "post_id": made.id,
            "published": 1,
            **({"link": photo} if photo else {}),
        }
        self._notices.change("feed", value, on_accepted=lambda: self._record_served(made.id))
        return made.id

    def _comment(self, post: CitizenPost) -> str:
        """A second comment of the same person under one post stands below her first."""
        writer = self._people.of(post.author, post.name, post.handle)
        target = self.own_post(post.thread or "duyuru")
        first = next((comment.id for comment in target.comments if comment.writer is writer), "")
        photo = f"{self.messages.files.base_url}/?asset_id=5" if post.photo or post.sticker else ""
        made = self._add_comment(target, writer, post.text, first, photo)
        self._record_written(made.id, writer, Surface.COMMENT, post.text)
        self._push_comment(target, made, lambda: self._record_served(made.id))
        return made.id

    def _add_comment(self, post: Post, writer: Person, text: str, parent_id: str, photo: str = "") -> Comment:
        number = post.id.partition("_")[2]
        made = Comment(f"{number}_{self._ids.number()}", self._clock.now(), writer, text, parent_id, photo=photo)
        post.comments.append(made)
        return made

    def _push_comment(self, post: Post, made: Comment, on_accepted: Any = None) -> None:
        value = {
            **_change(made.writer, made.at, made.text),
            "item": "comment",
            "comment_id": made.id,
            "post_id": post.id,
            "parent_id": made.parent_id or post.id,
            "post": {"id": post.id, "permalink_url": _link(post.id), "is_published": True},
            **({"photo": made.photo} if made.photo else {}),
        }
        self._notices.change("feed", value, on_accepted=on_accepted)

    async def _change_comment(self, request: web.Request) -> web.Response:
        """Only hiding is known."""
        comment = self._find(request.match_info["node"])[1]
        body = await request.post()
        if comment is None or "is_hidden" not in body:
            raise GraphError(100, "(#100) Invalid parameter")
        comment.is_hidden = body["is_hidden"] == "true"
        return self.server.answer({"success": True})

    def _written_publicly(self, item: str) -> tuple[Person, datetime]:
        post, comment = self._find(item)
        return (comment.writer, comment.at) if comment else (post.writer, post.at)

    def _add_routes(self) -> None:
        self.server.route("GET", "/{node}/feed", self._feed)
        self.server.route("GET", "/{node}/tagged", self._tagged)
        self.server.route("GET", "/{node}/comments", self._comments)
        self.server.route("POST", "/{node}/comments", self._reply)
        self.server.route("POST", "/{node}/photos", self._photo)
        self.server.route("POST", "/{node}", self._change_comment)
        self.server.route("GET", "/{node}", self._object)

    async def _feed(self, request: web.Request) -> web.Response:
        if request.match_info["node"] not in (PAGE.id, "me"):
            raise missing(request.match_info["node"])
        newest_first = sorted(self.posts.values(), key=lambda post: post.at, reverse=True)
        page = self.server.page_of(newest_first, request)
        fields = request.query.get("fields", "id,message,created_time")
        page["data"] = [self._read_post(post, fields, request) for post in page["data"]]
        return self.server.answer(page)

    def tag(self, author: str, text: str) -> str:
        """A citizen writes on her own wall and tags the Page; the post's id."""
        writer = self._people.of(author, author, author)
        post = Post(f"{writer.id}_{self._ids.number('12')}", self._clock.now(), writer, text)
        self.tagged.insert(0, post)
        self._record_written(post.id, writer, Surface.TAG, text)
        return post.id

    async def _tagged(self, request: web.Request) -> web.Response:
        if request.match_info["node"] not in (PAGE.id, "me"):
            raise missing(request.match_info["node"])
        page = self.server.page_of(self.tagged, request)
        fields = request.query.get("fields", "id,message,tagged_time")
        page["data"] = [self._read_post(post, fields, request) for post in page["data"]]
        return self.server.answer(page)

    async def _comments(self, request: web.Request) -> web.Response:
        query = request.query
        chosen = _ordered(self._below(request.match_info["node"]), query)
        page = self.server.page_of(chosen, request)
        page["data"] = [self._read_comment(comment, query.get("fields", "id,message")) for comment in page["data"]]
        return self.server.answer(page)

    async def _reply(self, request: web.Request) -> web.Response:
        """A reply to a reply is put below the same top-level comment."""
        target = request.match_info["node"]
        body = await request.post() if request.content_type != "application/json" else await request.json()
        text = str(body["message"])
        if not 0 < len(text) <= LONGEST_COMMENT:
            raise GraphError(100, "(#100) Invalid parameter: message")
        photo = str(body.get("attachment_id", ""))
        if photo and photo not in self.photos:
            raise GraphError(100, "(#100) Invalid parameter: attachment_id")
        post, answered = self._find(target)
        below, link = (answered.parent_id or answered.id) if answered else "", f"https://scontent.example/{photo}"
        made = self._add_comment(post, PAGE, text, below, link if photo else "")
        recipient = answered.writer if answered else post.writer
        surface = Surface.COMMENT if answered else Surface.VISITOR_POST
        facts = {"surface": surface.value, "text": text, "reply_to": target, "recipient": recipient.id}
        self.ledger.record(self.channel, "sent", made.id, **facts)
        self._push_comment(post, made)
        return self.server.answer({"id": made.id})

    async def _photo(self, request: web.Request) -> web.Response:
        """A photo of the Page that is shown nowhere yet."""
        form = await request.post()
        file = form["source"]
        if isinstance(file, str | bytes | bytearray) or form.get("published") != "false" or not file.file.read():
            raise GraphError(100, "(#100) Invalid parameter")
        self.photos.add(photo := self._ids.number("12"))
        return self.server.answer({"id": photo})

    async def _object(self, request: web.Request) -> web.Response:
        wanted, fields = request.match_info["node"], request.query.get("fields", "id,name")
        if wanted in (PAGE.id, "me"):
            page = {"id": PAGE.id, "name": PAGE.name, "username": PAGE.handle, "followers_count": 12_480}
            return self.server.answer(asked_for(page, read_fields(fields)))
        if profile := self._profile(wanted, fields):
            return self.server.answer(profile)
        post, comment = self._find(wanted)
        return self.server.answer(
            self._read_comment(comment, fields) if comment else self._read_post(post, fields, request)
        )

    def _below(self, target: str) -> Sequence[Comment]:
        post, comment = self._find(target)
        if comment is None:
            return post.comments
        return [other for other in post.comments if other.parent_id == comment.id]

    def _find(self, target: str) -> tuple[Post, Comment | None]:
        if target in self.posts:
            return self.posts[target], None
        for post in self.posts.values():
            for comment in post.comments:
                if comment.id == target:
                    return post, comment
        raise missing(target)

    def _read_post(self, post: Post, fields: str, request: web.Request) -> dict[str, Any]:
        if post.writer is not PAGE:
            self._record_served(post.id, once=True)
        wanted = read_fields(fields)
        body: dict[str, Any] = {
            "id": post.id,
            "message": post.text,
            "from": {"name": post.writer.name, "id": post.writer.id},
            "created_time": iso(post.at),
            "permalink_url": _link(post.id),
        }
        if post.photo:
            media = {"image": {"src": post.photo, "width": 720, "height": 540}}
            body["attachments"] = {"data": [{"type": "photo", "media": media, "url": _link(post.id)}]}
        if "comments" in wanted:
            body["comments"] = self._expanded(post, wanted["comments"], request)
        return asked_for(body, wanted, besides=("attachments",))

    def _expanded(self, post: Post, expansion: Expansion, request: web.Request) -> dict[str, Any]:
        options = dict(expansion.options)
        limit = int(options.pop("limit", "25"))
        chosen = _ordered(post.comments, options)
        path = f"{post.id}/comments"
        page = self.server.inner_page(chosen, request, path=path, limit=limit, fields=expansion.fields, **options)
        return {**page, "data": [self._read_comment(comment, expansion.fields) for comment in page["data"]]}

    def _read_comment(self, comment: Comment, fields: str) -> dict[str, Any]:
        if comment.writer is not PAGE:
            self._record_served(comment.id, once=True)
        body: dict[str, Any] = {
            "id": comment.id,
            "message": comment.text,
            "from": {"name": comment.writer.name, "id": comment.writer.id},
            "created_time": iso(comment.at),
            "permalink_url": _link(comment.id),
            "is_hidden": comment.is_hidden,
            "can_reply_privately": self.messages.takes_private_reply(comment.id, comment.at),
        }
        if comment.parent_id:
            body["parent"] = {"id": comment.parent_id}
        if comment.photo:
            body["attachment"] = {"type": "photo", "media": {"image": {"src": comment.photo}}, "url": _link(comment.id)}
        return asked_for(body, read_fields(fields), besides=("parent", "attachment"))

    def _keep(self, post: Post) -> Post:
        self.posts[post.id] = post
        return post

    def _post_id(self) -> str:
        return f"{PAGE.id}_{self._ids.number()}"

    def _record_written(self, item: str, writer: Person, surface: Surface, text: str) -> None:
        self.ledger.record(self.channel, "written", item, author=writer.id, surface=surface.value, text=text)


def _change(writer: Person, at: datetime, text: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "from": {"id": writer.id, "name": writer.name},
        "verb": "add",
        "created_time": int(at.timestamp()),
    }
    return {**body, "message": text} if text else body


def _ordered(comments: Sequence[Comment], options: Any) -> list[Comment]:
    """By `filter`, `since` and `order`."""
    since = datetime.fromtimestamp(int(options.get("since") or 0), UTC)
    everything = options.get("filter") == "stream"
    chosen = [item for item in comments if item.at >= since and (everything or not item.parent_id)]
    return chosen[::-1] if options.get("order") == "reverse_chronological" else chosen


def _link(object_id: str) -> str:
    return f"https://www.facebook.com/{object_id}"
