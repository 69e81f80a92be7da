"""Long texts in pieces, by a platform's own measure: as they leave, and as a preview shows them. Knows no platform."""

from collections.abc import Callable

Measure = Callable[[str], int]
NUMBERING_ROOM = len(" (10/10)")


def split_text(text: str, *, limit: int, measure: Measure) -> list[str]:
    """Cut `text` into pieces of at most `limit` by `measure`, at word ends, numbered `(1/3)` where there are several.

    A single word longer than the limit is cut inside. An empty text gives one empty piece.
    """
    if measure(text) <= limit:
        return [text]
    room = limit - measure(" " * NUMBERING_ROOM)
    pieces = _pack(_words(text, room=room, measure=measure), room=room, measure=measure)
    return [f"{piece} ({index}/{len(pieces)})" for index, piece in enumerate(pieces, start=1)]


def _words(text: str, *, room: int, measure: Measure) -> list[str]:
    words: list[str] = []
    for word in text.split(" "):
        while measure(word) > room:
            head = _head(word, room=room, measure=measure)
            words.append(head)
            word = word[len(head) :]
        words.append(word)
    return words


def _head(word: str, *, room: int, measure: Measure) -> str:
    """The longest beginning that fits, at least one character."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(word[:middle]) <= room else (low, middle - 1)
    return word[:low]


def _pack(words: list[str], *, room: int, measure: Measure) -> list[str]:
    pieces, piece = [], ""
    for word in words:
        longer = f"{piece} {word}" if piece else word
        if piece and measure(longer) > room:
            pieces.append(piece.strip())
            longer = word
        piece = longer
    pieces.append(piece.strip())
    return [piece for piece in pieces if piece]
