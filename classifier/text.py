"""Reads a citizen's text into tokens: spaCy's blank Turkish pipeline on the project's fold. Knows no labels."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import spacy
from spacy.attrs import IDX, LENGTH, NORM
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from models.turkish import clean, skeleton

READ_CHARACTERS = 4000
"""What stands behind this many characters is not read."""

_REMEMBERED_WORDS = 100_000
"""When the vocabulary has grown so far, it is begun anew: strangers' texts cannot fill the memory."""
_PIECES = re.compile(r"((?:https?://|www\.)\S+|\w+@\w+\.\w+|[@#]\w+|[^\W\d_]+|\d+|\S)( ?)")
"""A piece, and the blank behind it if there is one."""
_APOSTROPHES = frozenset("'’‘ʼ`´′")
_LENGTHENED = re.compile(r"(\w)\1{2,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Token(NamedTuple):
    """`norm` is the normal form; `start` and `end` count characters of the reading's text."""

    norm: str
    start: int
    end: int
    is_suffix: bool = False
    """Stands behind an apostrophe: the `da` of Karşıyaka'da."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the classifier sees it: invisible characters gone, white space single, at most READ_CHARACTERS."""

    text: str
    tokens: tuple[Token, ...]

    def original(self, first: int, last: int) -> str:
        """The citizen's own spelling of tokens `first` to `last`, both included."""
        return self.text[self.tokens[first].start : self.tokens[last].end]


class Reader:
    """Turns texts into readings. One per process: the vocabulary is not shared between threads."""

    def __init__(self) -> None:
        self._nlp = _pipeline()
        self._norms: dict[int, str] = {}

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """A reading per text, in order; never raises because of a text."""
        if len(self._nlp.vocab) > _REMEMBERED_WORDS:
            self._nlp, self._norms = _pipeline(), {}
        return [self._reading(_readable(text)) for text in texts]

    def _reading(self, text: str) -> Reading:
        """Three numbers of each token are asked for at once: a token object each would cost more than all the rest."""
        doc, norms = self._nlp.make_doc(text), self._norms
        tokens: list[Token] = []
        apostrophe = end = -1
        for norm, start, length in doc.to_array([NORM, IDX, LENGTH]).tolist():
            if length == 1 and text[start] in _APOSTROPHES:
                apostrophe = start + 1 if tokens and end == start else -1
                continue
            end = start + length
            word = norms.get(norm)
            if word is None:
                word = norms[norm] = self._nlp.vocab.strings[norm]
            tokens.append(Token(word, start, end, apostrophe == start))
        return Reading(text, tuple(tokens))


@lru_cache(maxsize=100_000)
def normal_form(word: str) -> str:
    """The key under which words are equal: skeleton, foreign marks gone, lengthened letters shortened to one.

    Never empty: a word of nothing but marks stays as it is.
    """
    folded = skeleton(word)
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return _LENGTHENED.sub(r"\1", folded) or word


def _readable(text: str) -> str:
    return clean(_CONTROL.sub(" ", text[:READ_CHARACTERS]))


def _pipeline() -> Language:
    nlp = spacy.blank("tr")
    nlp.vocab.lex_attr_getters = {NORM: normal_form}  # type: ignore[attr-defined]
    nlp.tokenizer = _Tokenizer(nlp.vocab)
    return nlp


class _Tokenizer:
    """One pass over the text: addresses, mentions and hashtags whole, words apart from digits and apostrophes."""

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        pieces = _PIECES.findall(text)
        return Doc(self._vocab, words=[piece for piece, _ in pieces], spaces=[bool(blank) for _, blank in pieces])
