"""Recommendations of the Page, which come by a webhook field of their own. Pure."""

from typing import Any

from connectors.facebook.changes import Change, sender_of
from connectors.meta.media import UNKNOWN
from connectors.meta.reading import facts, id_of, required_id, text_of
from models.enums import EventKind, Surface
from models.messages import ChannelEvent

RATINGS = {"POSITIVE": "Sayfayı tavsiye ediyor.", "NEGATIVE": "Sayfayı tavsiye etmiyor."}
"""What stands for a recommendation without words."""


def rated(change: Change) -> ChannelEvent:
    """A recommendation of the Page is a visitor's post; what others add below it is not ours to answer.

    https://developers.facebook.com/docs/graph-api/webhooks/reference/page/#ratings
    """
    value = change.value
    if change.item != "rating":
        return change.ignored(f"ratings/{change.item or 'item missing'}")
    story = required_id(value.get("open_graph_story_id"), "open_graph_story_id")
    writer = {"id": value.get("reviewer_id"), "name": value.get("reviewer_name")}
    rating = RATINGS.get(text_of(value.get("recommendation_type")).upper(), "")
    text = text_of(value.get("review_text"))
    seen: dict[str, Any] = {
        "external_id": story,
        "thread_id": story,
        "surface": Surface.VISITOR_POST,
        "sender": sender_of(writer, change.entry.account_id),
        "extra": facts(rating=rating or id_of(value.get("rating"))),
    }
    if change.verb in ("remove", "delete"):
        return change.event(EventKind.DELETE, f"delete:{story}", **seen)
    words = text or rating
    shown = () if words else (UNKNOWN,)
    if change.verb in ("edit", "edited"):
        key = f"edit:{story}:{change.version(words)}"
        return change.event(EventKind.EDIT, key, text=words, attachments=shown, **seen)
    return change.event(EventKind.MESSAGE, f"message:{story}", text=words, attachments=shown, **seen)
