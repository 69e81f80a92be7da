"""Has what happens in an account pushed to the app: Graph's edge `subscribed_apps`. Calls only.

Page: https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps,
Instagram: https://developers.facebook.com/docs/instagram-platform/webhooks,
WhatsApp: https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/subscribed_apps
"""

from collections.abc import Collection

from connectors.meta.graph import GraphClient
from connectors.meta.reading import UNREADABLE, edge, record, sequence, text_of
from models.errors import OutcomeUnknownError, TransientError


async def subscribe(graph: GraphClient, node: str, *, fields: Collection[str] = ()) -> None:
    """Subscribe the app to a node, where it is not. Raises ChannelError.

    A call replaces the fields of an earlier one, and a Page may serve Facebook and Instagram: fields that are there
    stay. Without `fields` the account is subscribed as a whole.
    """
    present = await _subscribed(graph, node)
    if present is not None and present >= set(fields):
        return
    wanted = sorted({*fields, *(present or ())})
    try:
        await graph.post(f"{node}/subscribed_apps", data={"subscribed_fields": ",".join(wanted)} if wanted else None)
    except OutcomeUnknownError as error:
        raise TransientError(error.detail, code=error.code) from error


async def _subscribed(graph: GraphClient, node: str) -> set[str] | None:
    """The fields of our app's subscription; None where there is none."""
    answer = await graph.get(f"{node}/subscribed_apps")
    try:
        apps = [record(app) for app in edge(answer.json)]
        return {text_of(name) for app in apps for name in sequence(app.get("subscribed_fields"))} if apps else None
    except UNREADABLE as error:
        raise TransientError(f"answer cannot be read ({type(error).__name__})") from error
