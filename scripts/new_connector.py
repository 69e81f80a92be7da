"""`make connector NAME=…`: writes a platform's folder, its tests and its quality sheet. What is written imports, passes
the linter and says in each file what it owns; the rest is docs/adding-a-platform.md."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FACTS = '''"""Declared facts of {title}. No code that acts on them."""

from models.channel_facts import ChannelFacts, SurfaceFacts
from models.enums import ChannelName, Surface

UPDATES = "updates"
TEXT_LIMIT = 1_000

FACTS = ChannelFacts(
    channel=ChannelName.{upper},
    title="{title}",
    glyph="{glyph}",
    surfaces={{Surface.DIRECT: SurfaceFacts(limit=TEXT_LIMIT, measure=len)}},
    streams=(UPDATES,),
    documentation=("https://example.org/",),
)
'''
SETTINGS = '''"""What must be known of one {title} account. Titles and descriptions make the set-up page."""

from typing import ClassVar

from pydantic import Field

from connectors.base import AccountSettings
from models.enums import ChannelName


class {camel}Settings(AccountSettings):
    """One account."""

    channel: ClassVar[ChannelName] = ChannelName.{upper}

    user_id: str = Field(min_length=1, title="Hesap numarası", description="Platformdaki hesabın numarası.")
    access_token: str = Field(
        min_length=1,
        title="Erişim anahtarı",
        description="Platformun geliştirici sayfasından.",
        json_schema_extra={{"secret": True}},
        repr=False,
    )
    base_url: str = Field(default="https://example.org", title="Sunucu adresi", description="Değiştirmeyin.")

    @property
    def account_id(self) -> str:
        """The platform's id of our account."""
        return self.user_id
'''
PARSE = '''"""{title}'s JSON as events. Pure: one bad item never loses the rest, nothing raises."""

import json

from models.messages import Parsed, ParseProblem


def parse(payload: bytes, *, account_id: str = "", stream: str = "") -> Parsed:
    """Events of a webhook body or of a polled page of `stream`."""
    try:
        json.loads(payload)
    except (ValueError, RecursionError) as error:
        return Parsed(problems=(ParseProblem(where="$", why=f"no JSON ({{type(error).__name__}})"),))
    return Parsed(problems=(ParseProblem(where="$", why="{title} cannot be read yet"),))
'''
CONNECTOR = '''"""{title} behind the connector port. Glue only."""

from collections.abc import Mapping
from datetime import datetime

from connectors.base import Platform
from connectors.{name}.facts import FACTS
from connectors.{name}.parse import parse
from connectors.{name}.settings import {camel}Settings
from models.errors import OutcomeUnknownError, RequestRefusedError
from models.messages import AccountIdentity, OutboundMessage, Page, Parsed, SendResult
from models.ports import Clock, PieceAccepted


class {camel}Connector:
    """Implements models.ports.Connector for one account."""

    facts = FACTS

    def __init__(self, settings: {camel}Settings, clock: Clock) -> None:
        self._settings = settings
        self.account_id = settings.account_id
        self._clock = clock

    def handshake(self, query: Mapping[str, str]) -> str | None:
        return None

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        return False

    def parse(self, payload: bytes, *, stream: str = "") -> Parsed:
        return parse(payload, account_id=self.account_id, stream=stream)

    async def identify(self) -> AccountIdentity:
        raise RequestRefusedError("{title} is not connected yet")

    async def poll(self, stream: str, cursor: str) -> Page:
        raise RequestRefusedError(f"no stream {{stream!r}}")

    async def send(self, message: OutboundMessage, *, on_accepted: PieceAccepted | None = None) -> SendResult:
        raise RequestRefusedError("{title} is not connected yet")

    async def check(self, message: OutboundMessage, *, since: datetime) -> SendResult | None:
        raise OutcomeUnknownError("{title} lets nobody look a text up")

    async def close(self) -> None:
        """Nothing is open."""


PLATFORM = Platform(channel=FACTS.channel, facts=FACTS, settings={camel}Settings, parse=parse, build={camel}Connector)
'''
QUALITY = """# What the platform's documentation asks of this connector. `proof` names the test of a `done`.
platform: {name}
rules:
  - rule: nothing raises, whatever comes
    state: done
    proof: test_{name}_parse.py::test_rubbish_becomes_a_problem
  - rule: a signature over the raw bytes is checked in constant time
    state: todo
"""
README = """# {title}

What is received, how it is answered, how an account is set up. Samples of real payloads stand in `samples/`.
"""
TEST = """import pytest

from connectors.{name}.parse import parse


@pytest.mark.parametrize("payload", [b"", b"[", b"null", b"{{}}"])
def test_rubbish_becomes_a_problem(payload):
    assert parse(payload).problems
"""
FILES = {
    "connectors/{name}/__init__.py": "",
    "connectors/{name}/facts.py": FACTS,
    "connectors/{name}/settings.py": SETTINGS,
    "connectors/{name}/parse.py": PARSE,
    "connectors/{name}/connector.py": CONNECTOR,
    "connectors/{name}/quality.yaml": QUALITY,
    "connectors/{name}/README.md": README,
    "connectors/{name}/samples/.gitkeep": "",
    "tests/connectors/{name}/test_{name}_parse.py": TEST,
}
NEXT = """Next: ChannelName.{upper} in models/enums.py, the platform's line in connectors/registry.py, a simulator and
its case in tests/contracts/connector_bench.py. docs/adding-a-platform.md goes through it."""


def write(name: str, *, root: Path = ROOT) -> list[Path]:
    """Write the files of a new platform. Raises ValueError where the name is no word or the folder is there."""
    if not re.fullmatch(r"[a-z][a-z0-9]{1,20}", name):
        raise ValueError("NAME must be one word of small letters and digits, such as mastodon")
    if (root / "connectors" / name).exists():
        raise ValueError(f"connectors/{name} is there already")
    words = {"name": name, "upper": name.upper(), "camel": name.capitalize(), "title": name.capitalize()}
    written = []
    for path, template in FILES.items():
        target = root / path.format(**words)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(template.format(**words, glyph=name[0].upper()), encoding="utf-8")
        written.append(target)
    return written


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("usage: make connector NAME=mastodon" + "\n")
        return 2
    try:
        written = write(arguments[0])
    except ValueError as error:
        sys.stderr.write(f"make connector: {error}" + "\n")
        return 2
    for path in written:
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    sys.stdout.write(f"{NEXT.format(upper=arguments[0].upper())}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
