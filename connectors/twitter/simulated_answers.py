"""What the simulated X answers: checked query parameters, pages, and only the fields that were asked for."""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.twitter.simulated_problems import invalid, not_found
from connectors.twitter.simulated_records import Json, Record, Records

POST_FIELDS = frozenset(
    "attachments author_id context_annotations conversation_id created_at display_text_range edit_controls "
    "edit_history_tweet_ids entities geo id in_reply_to_user_id lang note_tweet possibly_sensitive public_metrics "
    "referenced_tweets reply_settings source text withheld".split()
)
USER_FIELDS = frozenset(
    "created_at description entities id location name pinned_tweet_id profile_image_url protected public_metrics "
    "receives_your_dm url username verified verified_type withheld".split()
)
MEDIA_FIELDS = frozenset("alt_text duration_ms height media_key preview_image_url type url variants width".split())
PLACE_FIELDS = frozenset("contained_within country country_code full_name geo id name place_type".split())
DIRECT_FIELDS = frozenset(
    "attachments created_at dm_conversation_id entities event_type id participant_ids referenced_tweets sender_id "
    "text".split()
)
POST_EXPANSIONS = frozenset(
    "author_id attachments.media_keys attachments.poll_ids edit_history_tweet_ids entities.mentions.username "
    "geo.place_id in_reply_to_user_id referenced_tweets.id referenced_tweets.id.author_id".split()
)
DIRECT_EXPANSIONS = frozenset("attachments.media_keys participant_ids referenced_tweets.id sender_id".split())
LISTED = {
    "tweet.fields": POST_FIELDS,
    "post.fields": POST_FIELDS,
    "user.fields": USER_FIELDS,
    "media.fields": MEDIA_FIELDS,
    "place.fields": PLACE_FIELDS,
    "dm_event.fields": DIRECT_FIELDS,
    "event_types": frozenset(("MessageCreate", "ParticipantsJoin", "ParticipantsLeave")),
}
TIMELINE_PARAMETERS = frozenset(
    "max_results since_id until_id start_time end_time pagination_token expansions tweet.fields post.fields "
    "user.fields media.fields place.fields poll.fields".split()
)
SEARCH_PARAMETERS = TIMELINE_PARAMETERS | {"query", "next_token", "sort_order"}
DIRECT_PARAMETERS = frozenset(
    "max_results pagination_token expansions event_types dm_event.fields user.fields media.fields tweet.fields "
    "post.fields".split()
)
ALWAYS_POST = frozenset(("id", "text", "edit_history_tweet_ids"))
ALWAYS_DIRECT = frozenset(("id", "event_type", "text"))
ALWAYS_USER = frozenset(("id", "name", "username"))
ALWAYS_MEDIA = frozenset(("media_key", "type"))
ALWAYS_PLACE = frozenset(("id", "full_name"))


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of a call, checked on reading. Raises ProblemError (400)."""

    given: Mapping[str, str]

    def check(self, known: frozenset[str], *, expansions: frozenset[str] = frozenset()) -> None:
        for name, value in self.given.items():
            if name not in known:
                raise invalid(name, value, f"The query parameter [{name}] is not one of [{','.join(sorted(known))}]")
        for name, values in (LISTED | {"expansions": expansions}).items():
            for one in self.listed(name) - values:
                raise invalid(name, one, f"The `{name}` query parameter value [{one}] is not valid")

    def listed(self, name: str) -> frozenset[str]:
        return frozenset(filter(None, self.given.get(name, "").split(",")))

    def fields(self, *names: str) -> frozenset[str]:
        return frozenset().union(*(self.listed(name) for name in names))

    def size(self, *, least: int, default: int) -> int:
        value = self.given.get("max_results", str(default))
        if not value.isdigit() or not least <= int(value) <= 100:
            raise invalid(
                "max_results",
                value,
                f"The `max_results` query parameter value [{value}] is not between {least} and 100",
            )
        return int(value)

    def id(self, name: str) -> int:
        value = self.given.get(name, "0")
        if not value.isdigit() or len(value) > 19:
            raise invalid(name, value, f"The `{name}` query parameter value [{value}] does not match ^[0-9]{{1,19}}$")
        return int(value)

    def moment(self, name: str) -> datetime | None:
        value = self.given.get(name, "")
        try:
            return datetime.fromisoformat(value) if value else None
        except ValueError:
            raise invalid(name, value, f"Invalid '{name}':'{value}'. RFC3339 is expected") from None

    def within(self, records: Iterable[Record], *, further_back: int = 0) -> list[Record]:
        """Those between the bounds, of which an id outranks a time; `further_back` lowers the least id."""
        since, until = self.id("since_id"), self.id("until_id")
        start = None if since else self.moment("start_time")
        end = None if until else self.moment("end_time")
        return [
            one
            for one in records
            if one.number > since - further_back
            and (not until or one.number < until)
            and (not start or one.visible_at >= start)
            and (not end or one.visible_at < end)
        ]

    def before(self, kind: str) -> int:
        """The id below which a page begins, out of its token; 0 for the first page."""
        token = self.given.get("pagination_token") or self.given.get("next_token", "")
        if not token:
            return 0
        try:
            name, number = base64.b32decode(token.upper()).decode().strip().split(".")
        except (binascii.Error, ValueError):
            name, number = "", "0"
        if name != kind or not number.isdigit():
            raise invalid("pagination_token", token, f"The `pagination_token` value [{token}] is not valid")
        return int(number)


@dataclass(frozen=True, slots=True)
class Slice:
    """Records of a page, newest first, and the token of the next one."""

    records: Sequence[Record]
    next_token: str


def cut_page(records: Iterable[Record], *, kind: str, before: int, size: int) -> Slice:
    """The newest ones below `before`."""
    ordered = sorted(records, key=lambda record: record.number, reverse=True)
    wanted = [record for record in ordered if not before or record.number < before]
    page = wanted[:size]
    more = len(wanted) > size
    return Slice(page, _token(kind, page[-1].number) if more else "")


def posts_answer(page: Slice, query: Query, records: Records) -> Json:
    """`data` is missing where nothing was found."""
    fields = query.fields("tweet.fields", "post.fields") | ALWAYS_POST
    answer: Json = {}
    if page.records:
        answer["data"] = [_select(record.body, fields) for record in page.records]
    includes, missing = _post_includes(page.records, query, records, fields)
    if includes:
        answer["includes"] = includes
    if missing:
        answer["errors"] = [not_found("referenced_tweets.id", one, "tweet") for one in missing]
    return answer | {"meta": _meta(page, with_ids=True)}


def directs_answer(page: Slice, query: Query, records: Records) -> Json:
    fields = query.listed("dm_event.fields") | ALWAYS_DIRECT
    answer: Json = {}
    if page.records:
        answer["data"] = [_select(_direct_body(record.body, fields), fields | {"urls"}) for record in page.records]
    expansions = query.listed("expansions")
    includes: Json = {}
    if "sender_id" in expansions:
        includes["users"] = users(dict.fromkeys(record.author_id for record in page.records), query, records)
    if "attachments.media_keys" in expansions:
        includes["media"] = _media(page.records, query, records)
    if filled := {name: items for name, items in includes.items() if items}:
        answer["includes"] = filled
    return answer | {"meta": _meta(page, with_ids=False)}


def users(wanted: Iterable[str], query: Query, records: Records) -> list[Json]:
    fields = query.listed("user.fields") | ALWAYS_USER
    return [_select(records.people[one].body, fields) for one in wanted if one in records.people]


def _post_includes(
    page: Sequence[Record], query: Query, records: Records, fields: frozenset[str]
) -> tuple[Json, list[str]]:
    """(includes, ids of referenced posts that are gone)"""
    expansions = query.listed("expansions")
    referenced = dict.fromkeys(str(one["id"]) for record in page for one in record.body.get("referenced_tweets", ()))
    there = [one for one in referenced if one in records.posts and not records.posts[one].gone]
    makers: dict[str, tuple[str, Callable[[], list[Json]]]] = {
        "author_id": ("users", lambda: users(dict.fromkeys(one.author_id for one in page), query, records)),
        "attachments.media_keys": ("media", lambda: _media(page, query, records)),
        "geo.place_id": ("places", lambda: _places(page, query, records)),
        "referenced_tweets.id": ("tweets", lambda: [_select(records.posts[one].body, fields) for one in there]),
    }
    includes = {name: items for key, (name, make) in makers.items() if key in expansions and (items := make())}
    missing = [one for one in referenced if one not in there] if "referenced_tweets.id" in expansions else []
    return includes, missing


def _media(page: Sequence[Record], query: Query, records: Records) -> list[Json]:
    keys = [key for record in page for key in record.body.get("attachments", {}).get("media_keys", ())]
    fields = query.listed("media.fields") | ALWAYS_MEDIA
    return [_select(records.media[key], fields) for key in dict.fromkeys(keys)]


def _places(page: Sequence[Record], query: Query, records: Records) -> list[Json]:
    keys = dict.fromkeys(record.body["geo"]["place_id"] for record in page if "geo" in record.body)
    fields = query.listed("place.fields") | ALWAYS_PLACE
    return [_select(records.places[key], fields) for key in keys]


def _direct_body(body: Json, fields: frozenset[str]) -> Json:
    """Messages have their links at the top."""
    links = body.get("entities", {}).get("urls")
    return body | {"urls": links} if links and "entities" in fields else body


def _select(body: Json, fields: Iterable[str]) -> Json:
    wanted = set(fields) - ({"entities"} if "event_type" in body else set())
    return {name: value for name, value in body.items() if name in wanted}


def _meta(page: Slice, *, with_ids: bool) -> Json:
    meta: Json = {"result_count": len(page.records)}
    if page.records and with_ids:
        meta |= {"newest_id": page.records[0].id, "oldest_id": page.records[-1].id}
    return meta | ({"next_token": page.next_token} if page.next_token else {})


def _token(kind: str, number: int) -> str:
    """Opaque; padded with blanks so that no `=` is needed."""
    text = f"{kind}.{number}"
    return base64.b32encode(text.ljust(-(-len(text) // 5) * 5).encode()).decode().lower()
