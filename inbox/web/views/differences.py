"""A text beside the one that it came from, word by word, with remarks at their places. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\S+|\n|[^\S\n]+")


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is said of `text[start:end]`."""

    start: int
    end: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A run of text. `said` stands at the end of a marked run, once."""

    text: str
    change: Change = Change.SAME
    marked: bool = False
    said: str = ""


def parts_of(text: str, *, before: str, remarks: Sequence[Remark]) -> tuple[list[Part], list[str]]:
    """The text in parts, with what was taken out of `before` (where there is one); and what is said of the whole.

    Of remarks that overlap the first keeps the place, the others are said of the whole.
    """
    placed, loose = _places(remarks, len(text))
    runs = list(_runs(before, text)) if before.strip() else [(text, Change.SAME)]
    parts: list[Part] = []
    at = 0
    for run, change in runs:
        if change is Change.REMOVED:
            parts.append(Part(text=run, change=change))
            continue
        parts += _marked(run, at, change, placed)
        at += len(run)
    return parts, loose


def _places(remarks: Sequence[Remark], length: int) -> tuple[list[Remark], list[str]]:
    placed: list[Remark] = []
    loose = []
    for one in sorted(remarks, key=lambda remark: (remark.start, remark.end)):
        free = not placed or one.start >= placed[-1].end
        if free and one.start < one.end <= length:
            placed.append(one)
        else:
            loose.append(one.said)
    return placed, loose


def _runs(before: str, text: str) -> Iterator[tuple[str, Change]]:
    """What was taken out stands before what came in its place."""
    old, new = _WORD.findall(before), _WORD.findall(text)
    for kind, i1, i2, j1, j2 in SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "".join(new[j1:j2]), Change.SAME
            continue
        if i1 < i2:
            yield "".join(old[i1:i2]), Change.REMOVED
        if j1 < j2:
            yield "".join(new[j1:j2]), Change.ADDED


def _marked(run: str, at: int, change: Change, placed: Sequence[Remark]) -> Iterator[Part]:
    """The run, which begins at `at`, cut where a remark begins or ends."""
    end = at + len(run)
    for one in placed:
        if one.end <= at or one.start >= end:
            continue
        if one.start > at:
            yield Part(text=run[: one.start - at], change=change)
            run, at = run[one.start - at :], one.start
        stop = min(one.end, end)
        yield Part(text=run[: stop - at], change=change, marked=True, said=one.said if stop == one.end else "")
        run, at = run[stop - at :], stop
    if run:
        yield Part(text=run, change=change)
