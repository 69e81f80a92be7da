"""Scripted citizens: the profile's scenarios as posts in time. For the demo and tests."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from connectors.simulation import CitizenPost
from models.enums import ChannelName, Surface
from models.errors import InputError
from models.ports import Clock

SURFACES = {
    "mention": Surface.MENTION,
    "dm": Surface.DIRECT,
    "messenger": Surface.DIRECT,
    "private": Surface.DIRECT,
    "comment": Surface.COMMENT,
    "visitor_post": Surface.VISITOR_POST,
}
POSTS_TO_COMMENT_ON = 6
"""Comments spread over so many posts of ours, so that strangers stand under one post."""
Write = Callable[[ChannelName, CitizenPost], Awaitable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that a citizen writes, `after` so many seconds since her last."""

    after: float
    text: str
    photo: bool = False
    voice: bool = False
    sticker: bool = False
    location: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One citizen with one or more lines on one surface of one channel."""

    id: str
    channel: ChannelName
    surface: Surface
    name: str
    handle: str
    lines: tuple[Line, ...]


def read_scenarios(folder: Path) -> list[Scenario]:
    """All scenarios of a folder of `<channel>.yaml` files. Raises InputError naming what cannot be read."""
    scenarios = []
    for path in sorted(folder.glob("*.yaml")):
        channel = ChannelName(path.stem)
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            scenarios.append(_scenario(row, channel, path))
    return scenarios


def _scenario(row: dict[str, Any], channel: ChannelName, path: Path) -> Scenario:
    try:
        return Scenario(
            id=row["id"],
            channel=channel,
            surface=SURFACES[row["surface"]],
            name=row["author"]["name"],
            handle=row["author"]["handle"],
            lines=tuple(_line(line) for line in row["messages"]),
        )
    except (KeyError, TypeError) as error:
        raise InputError(f"{path.name}: scenario {row.get('id', '?')}: {error} is missing or wrong") from error


def _line(row: dict[str, Any]) -> Line:
    place = row.get("location")
    return Line(
        after=float(row.get("after", 0)),
        text=row.get("text", ""),
        photo=bool(row.get("photo")),
        voice=bool(row.get("voice")),
        sticker=bool(row.get("sticker")),
        location=(float(place[0]), float(place[1])) if place else None,
    )


class Director:
    """Lets scripted citizens write `messages` items within `seconds` of the clock, from all channels alike."""

    def __init__(self, scenarios: Sequence[Scenario], *, clock: Clock, write: Write, seed: int = 7) -> None:
        self._scenarios = list(scenarios)
        self._clock = clock
        self._write = write
        self._random = random.Random(seed)
        self.written = 0

    async def play(self, *, messages: int, seconds: float) -> None:
        """Write exactly so many items; later lines come after their pause, squeezed into the time that is left."""
        async with asyncio.TaskGroup() as group:
            for number, (scenario, lines) in enumerate(self._cast(messages)):
                start = self._random.uniform(0, seconds * 0.8)
                group.create_task(self._act(scenario, lines, number, start=start, left=seconds - start))

    def _cast(self, messages: int) -> Iterator[tuple[Scenario, Sequence[Line]]]:
        """Scenarios round by round until the count is reached; the last one is cut."""
        left = messages
        while left > 0:
            for scenario in self._mixed():
                lines = scenario.lines[:left]
                left -= len(lines)
                yield scenario, lines
                if left <= 0:
                    return

    def _mixed(self) -> list[Scenario]:
        """All scenarios, channels taking turns."""
        by_channel: dict[ChannelName, list[Scenario]] = {}
        for scenario in self._random.sample(self._scenarios, len(self._scenarios)):
            by_channel.setdefault(scenario.channel, []).append(scenario)
        longest = max(len(group) for group in by_channel.values())
        return [group[i] for i in range(longest) for group in by_channel.values() if i < len(group)]

    async def _act(self, scenario: Scenario, lines: Sequence[Line], number: int, *, start: float, left: float) -> None:
        await self._clock.sleep(start)
        whole = sum(line.after for line in lines[1:])
        squeeze = min(1.0, left / whole) if whole else 1.0
        for position, line in enumerate(lines):
            if position:
                await self._clock.sleep(line.after * squeeze)
            await self._write(scenario.channel, self._post(scenario, line, number))
            self.written += 1

    def _post(self, scenario: Scenario, line: Line, number: int) -> CitizenPost:
        again = number // len(self._scenarios)
        suffix = f"{again + 1}" if again else ""
        thread = f"post-{number % POSTS_TO_COMMENT_ON}" if scenario.surface is Surface.COMMENT else ""
        return CitizenPost(
            author=f"{scenario.id}{suffix}",
            name=scenario.name,
            handle=f"{scenario.handle}{suffix}",
            surface=scenario.surface,
            text=line.text,
            thread=thread,
            photo=line.photo,
            voice=line.voice,
            sticker=line.sticker,
            location=line.location,
        )
