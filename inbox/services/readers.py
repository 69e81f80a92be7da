"""Which connector reads what: of a push each account its own part, of a polled page the account that was polled."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from inbox.services.intake import WEBHOOK
from models.enums import EventKind
from models.messages import ChannelEvent, Parsed
from models.ports import Connector
from models.tables import Delivery


def read_push(connectors: Iterable[Connector], body: bytes, *, signer: Connector | None) -> Parsed:
    """What a push to one channel holds, each event as the connector of the account that it names reads it.

    What names no account is the signer's, the only one whose secret fits. Without one it is nobody's: it stays with
    the raw bytes and is told, unless nobody would act on it.
    """
    views = {one.account_id: one.parse(body) for one in connectors}
    named = set.intersection(*({_named(event) for event in view.events} for view in views.values()))
    spokesman = signer.account_id if signer else next(iter(views))
    events = []
    for name, view in views.items():
        for event in view.events:
            if _named(event) not in named and name == spokesman:
                is_certain = signer is not None or event.kind is EventKind.IGNORED
                events.append(event if is_certain else replace(event, account_id=""))
            elif _named(event) in named and name == (event.account_id if event.account_id in views else spokesman):
                events.append(event)
    return Parsed(events=tuple(events), problems=views[spokesman].problems)


def read_stored(connectors: Mapping[int, Connector], delivery: Delivery) -> Parsed | None:
    """What stored bytes hold; None where the connector that must read them is not there."""
    own, body = connectors.get(delivery.account_id or 0), delivery.body or b""
    if delivery.source != WEBHOOK:
        return own.parse(body, stream=delivery.source.partition(":")[2]) if own else None
    able = [one for one in connectors.values() if one.facts.channel is delivery.channel]
    if not able or (delivery.account_id and own is None):
        return None
    return read_push(able, body, signer=own)


def _named(event: ChannelEvent) -> tuple[str, str]:
    """Every connector says the same of an event whose account stands in the body; of others each says its own."""
    return event.account_id, event.external_id
