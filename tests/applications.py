"""Applications written straight into the database, where a test needs no way of a message."""

from typing import Any

from models.enums import ApplicationState, ChannelName, Kind
from models.tables import Application
from tests.conftest import NOW


def plain_application(number: int, **changes: Any) -> Application:
    """A draft of a complaint about water; `changes` replace any field."""
    state = changes.get("state", ApplicationState.DRAFT)
    fields: dict[str, Any] = {
        "number": f"HİM-2026-{number:07d}",
        "citizen_id": 1,
        "channel": ChannelName.PHONE,
        "state": state,
        "is_open": state.is_open,
        "kind": Kind.COMPLAINT,
        "topic": "su_kesintisi",
        "unit": "izsu",
        "received_at": NOW,
        "due_at": NOW,
        "last_message_at": NOW,
        "created_at": changes.get("received_at", NOW),
    }
    return Application(**{**fields, **changes})
