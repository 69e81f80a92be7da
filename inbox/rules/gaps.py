"""What Akıl Kutusu lacks (directive 004, 17j, 18l): drafts that could not be made, and those that nobody used. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from models.turkish import skeleton

MOST_EXAMPLES = 5
USED = 0.5
"""Share of a draft's words that an answer keeps where it was made of the draft."""


class Suggestion(Protocol):
    """What of a draft tells whether it was of use."""

    @property
    def article_id(self) -> str: ...

    @property
    def short_text(self) -> str: ...

    @property
    def long_text(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One message for which a draft was sought; `answers` are the texts that the citizen got."""

    application_id: int
    topic: str | None
    draft: Suggestion
    answers: Sequence[str] = ()


@dataclass(slots=True, kw_only=True)
class Gap:
    """Of one topic: messages without an article, drafts that were thrown away, the newest of both as examples."""

    topic: str
    without: int = 0
    unused: int = 0
    examples: list[int] = field(default_factory=list)
    """Ids of applications."""

    @property
    def size(self) -> int:
        return self.without + self.unused


def gaps(tries: Iterable[Try]) -> list[Gap]:
    """The greatest first. `tries` come the newest first, which alone counts of an application.

    Those that were of use, or not answered yet, are no gap.
    """
    seen: set[int] = set()
    found: defaultdict[str, Gap] = defaultdict(lambda: Gap(topic=""))
    for one in tries:
        is_without = not one.draft.article_id
        if one.application_id in seen:
            continue
        seen.add(one.application_id)
        if one.topic is None or not (is_without or _is_unused(one)):
            continue
        gap = found[one.topic]
        gap.topic = one.topic
        gap.without += is_without
        gap.unused += not is_without
        if len(gap.examples) < MOST_EXAMPLES:
            gap.examples.append(one.application_id)
    return sorted(found.values(), key=lambda gap: (-gap.size, gap.topic))


def _is_unused(one: Try) -> bool:
    drafts = [_words(one.draft.short_text), _words(one.draft.long_text)]
    answers = [_words(text) for text in one.answers]
    return bool(answers) and not any(_is_made_of(answer, draft) for answer in answers for draft in drafts if draft)


def _is_made_of(answer: set[str], draft: set[str]) -> bool:
    return len(answer & draft) >= USED * len(draft)


def _words(text: str) -> set[str]:
    return set(skeleton(text).split())
