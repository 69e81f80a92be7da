"""The platforms' documented refusals of a send, and what each must lead to. One table; sources in platforms.md."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from models.enums import ChannelName, Surface

X, INSTAGRAM, FACEBOOK = ChannelName.TWITTER, ChannelName.INSTAGRAM, ChannelName.FACEBOOK
WHATSAPP, TELEGRAM = ChannelName.WHATSAPP, ChannelName.TELEGRAM
HTML = "<!DOCTYPE html><html><body>Over capacity</body></html>"


class Outcome(StrEnum):
    """What becomes of the text and of its account."""

    RETRY = "retry with growing pauses"
    WAIT = "wait for the stated time"
    WAIT_ALONE = "the same, but others may be written to"
    WINDOW = "the window is closed"
    GONE = "the contact is gone"
    REAUTHORISE = "a person renews the credentials"
    PAUSED = "billing or policy holds the account back"
    OUR_BUG = "never repeated"
    UNKNOWN = "looked up first, or left to a person"


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An answer of the platform. `waits`: for how long the account's texts stay where the platform says it."""

    channel: ChannelName
    name: str
    status: int
    outcome: Outcome
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    surface: Surface = Surface.DIRECT
    waits: timedelta | None = None

    @property
    def text(self) -> str:
        return self.body if isinstance(self.body, str) else json.dumps(self.body)

    def __str__(self) -> str:
        return f"{self.channel}-{self.surface}-{self.name}".replace(" ", "_")


def _problem(status: int, detail: str, kind: str = "about:blank", **more: Any) -> dict[str, Any]:
    return {"title": "Refused", "detail": detail, "type": kind, "status": status, **more}


def _x(name: str, status: int, outcome: Outcome, body: Any = None, **more: Any) -> Refusal:
    return Refusal(channel=X, name=name, status=status, outcome=outcome, body=body or _problem(status, name), **more)


def _x_problem(kind: str, host: str = "api.x.com") -> dict[str, Any]:
    return _problem(403, "refused", f"https://{host}/2/problems/{kind}")


def _graph(
    channel: ChannelName, code: int, outcome: Outcome, *, subcode: int = 0, status: int = 400, **more: Any
) -> Refusal:
    told = {
        "message": "said",
        "type": "OAuthException",
        "code": code,
        **({"error_subcode": subcode} if subcode else {}),
    }
    told |= more.pop("error", {})
    name = f"{code}/{subcode}" if subcode else str(code)
    return Refusal(channel=channel, name=name, status=status, outcome=outcome, body={"error": told}, **more)


def _bot(
    status: int, said: str, outcome: Outcome, *, parameters: Mapping[str, Any] | None = None, **more: Any
) -> Refusal:
    body = {
        "ok": False,
        "error_code": status,
        "description": said,
        **({"parameters": parameters} if parameters else {}),
    }
    return Refusal(channel=TELEGRAM, name=said, status=status, outcome=outcome, body=body, **more)


_IN_TEN = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": "{in_600}"}
_FIVE_MINUTES = json.dumps({"1": [{"type": "messenger", "call_count": 100, "estimated_time_to_regain_access": 5}]})
_MENTION = {"surface": Surface.MENTION}

TWITTER_CASES = (
    _x("429 with reset", 429, Outcome.WAIT, headers=_IN_TEN, waits=timedelta(minutes=10)),
    _x("429 without reset", 429, Outcome.WAIT, {"errors": [{"code": 88}]}, waits=timedelta(minutes=1)),
    _x("500", 500, Outcome.UNKNOWN),
    _x("503 page", 503, Outcome.UNKNOWN, HTML, **_MENTION),
    _x("401", 401, Outcome.REAUTHORISE),
    _x("402 no credits", 402, Outcome.PAUSED),
    _x("403 usage capped", 403, Outcome.PAUSED, _x_problem("usage-capped")),
    _x("429 usage capped", 429, Outcome.PAUSED, _x_problem("usage-capped"), headers={"x-rate-limit-remaining": "99"}),
    _x("403 client forbidden", 403, Outcome.PAUSED, _x_problem("client-forbidden", "api.twitter.com")),
    _x("403 no access", 403, Outcome.PAUSED, _problem(403, "Your account is not permitted to access this feature")),
    _x(
        "403 suspended",
        403,
        Outcome.PAUSED,
        _problem(403, "Your account is suspended and is not permitted to access this feature."),
    ),
    _x(
        "403 locked",
        403,
        Outcome.PAUSED,
        _problem(
            403, "Your account is temporarily locked. Please log in to https://twitter.com to unlock your account."
        ),
    ),
    _x("403 no right to messages", 403, Outcome.PAUSED, _problem(403, "Forbidden")),
    _x("403 page", 403, Outcome.RETRY, HTML),
    _x("403 page", 403, Outcome.RETRY, HTML, **_MENTION),
    _x("403 messages closed", 403, Outcome.GONE),
    _x("403 not summoned", 403, Outcome.OUR_BUG, **_MENTION),
    _x("403 duplicate", 403, Outcome.OUR_BUG, _problem(403, "duplicate content"), **_MENTION),
    _x("400", 400, Outcome.OUR_BUG, {"errors": [{"message": "bad"}], "title": "Invalid Request"}),
    _x("404", 404, Outcome.OUR_BUG),
)
_BOTH_OF_META = tuple(
    case
    for channel in (INSTAGRAM, FACEBOOK)
    for case in (
        *(_graph(channel, code, Outcome.RETRY) for code in (1, 2)),
        _graph(channel, 999_999, Outcome.RETRY, error={"is_transient": True}),
        *(_graph(channel, code, Outcome.WAIT) for code in (4, 17, 32, 613)),
        _graph(
            channel,
            80006,
            Outcome.WAIT,
            headers={"X-Business-Use-Case-Usage": _FIVE_MINUTES},
            waits=timedelta(minutes=5),
        ),
        *(_graph(channel, 190, Outcome.REAUTHORISE, subcode=subcode, status=401) for subcode in (0, 458, 460, 463)),
        *(_graph(channel, code, Outcome.REAUTHORISE) for code in (3, 102, 200, 230)),
        *(_graph(channel, 10, Outcome.WINDOW, subcode=subcode) for subcode in (2018278, 2534022)),
        _graph(channel, 10, Outcome.PAUSED, subcode=1893063),
        _graph(channel, 368, Outcome.PAUSED),
        _graph(channel, 551, Outcome.GONE),
        _graph(channel, 100, Outcome.GONE, subcode=2018001),
        *(_graph(channel, code, Outcome.OUR_BUG) for code in (100, 506)),
        Refusal(channel=channel, name="page", status=502, outcome=Outcome.UNKNOWN, body=HTML),
        Refusal(channel=channel, name="success without id", status=200, outcome=Outcome.UNKNOWN, body={}),
    )
)
WHATSAPP_CASES = (
    *(_graph(WHATSAPP, code, Outcome.REAUTHORISE) for code in (0, 3, 10, 190, 200, 131005)),
    *(_graph(WHATSAPP, code, Outcome.WAIT) for code in (4, 80007, 130429, 133016, 131064)),
    _graph(WHATSAPP, 131056, Outcome.WAIT_ALONE, waits=timedelta(seconds=4)),
    _graph(WHATSAPP, 131048, Outcome.WAIT, waits=timedelta(hours=1)),
    *(_graph(WHATSAPP, code, Outcome.RETRY) for code in (1, 2, 131000, 131016, 131057, 133004)),
    *(_graph(WHATSAPP, code, Outcome.WINDOW) for code in (131047, 131049, 131050, 130472)),
    _graph(WHATSAPP, 131026, Outcome.GONE),
    *(_graph(WHATSAPP, code, Outcome.PAUSED) for code in (368, 131031, 130497, 131042, 131045, 131037)),
    *(
        _graph(WHATSAPP, code, Outcome.OUR_BUG)
        for code in (100, 131008, 131009, 131021, 131030, 131051, 132000, 132016, 130501, 131062, 135000, 137000)
    ),
    Refusal(channel=WHATSAPP, name="page", status=502, outcome=Outcome.UNKNOWN, body=HTML),
)
TELEGRAM_CASES = (
    _bot(
        429,
        "Too Many Requests: retry after 7",
        Outcome.WAIT,
        parameters={"retry_after": 7},
        waits=timedelta(seconds=7),
    ),
    _bot(401, "Unauthorized", Outcome.REAUTHORISE),
    _bot(404, "Not Found", Outcome.REAUTHORISE),
    _bot(403, "Forbidden: bot was blocked by the user", Outcome.GONE),
    _bot(403, "Forbidden: user is deactivated", Outcome.GONE),
    _bot(403, "Forbidden: bot can't initiate conversation with a user", Outcome.GONE),
    _bot(400, "Bad Request: chat not found", Outcome.GONE),
    _bot(400, "Bad Request: message is too long", Outcome.OUR_BUG),
    _bot(400, "Bad Request: can't parse entities", Outcome.OUR_BUG),
    _bot(409, "Conflict: terminated by other getUpdates request", Outcome.RETRY),
    _bot(500, "Internal Server Error", Outcome.RETRY),
    Refusal(channel=TELEGRAM, name="502 page", status=502, outcome=Outcome.RETRY, body=HTML),
    Refusal(channel=TELEGRAM, name="504 page", status=504, outcome=Outcome.UNKNOWN, body=HTML),
    Refusal(channel=TELEGRAM, name="success without message", status=200, outcome=Outcome.UNKNOWN, body={"ok": True}),
)
CASES = (*TWITTER_CASES, *_BOTH_OF_META, *WHATSAPP_CASES, *TELEGRAM_CASES)
TYPICAL = tuple({(case.channel, case.outcome, case.waits): case for case in CASES}.values())
"""One case for each thing that may become of a text, where the whole way is played."""
NEVER_SAID = {
    X: {Outcome.WAIT_ALONE, Outcome.WINDOW},
    TELEGRAM: {Outcome.WAIT_ALONE, Outcome.WINDOW, Outcome.PAUSED},
    FACEBOOK: {Outcome.WAIT_ALONE},
    INSTAGRAM: {Outcome.WAIT_ALONE},
}
"""X and Telegram have no window; Telegram asks no money; WhatsApp alone tells of a limit for one citizen."""
