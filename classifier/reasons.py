"""Why a text was understood so: the words that weighed most, and its places, as the citizen wrote them."""

from array import array
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.features import Vectoriser
from classifier.places import Found
from classifier.text import Reading

Floats = NDArray[np.floating]
_MOST_WORDS = 4
_LEAST_SHARE = 0.3
"""Of the heaviest word's weight: what weighs less explains nothing."""
_SHORTEST, _LONGEST = 2, 60
_SAY_NOTHING = frozenset(
    """ve veya ya da de ki mi mu bu su o bir bi ben biz siz sen bana bize size sana beni bizi sizi bizim sizin benim
    onun onlar bunu bunlar sunu boyle oyle ama fakat ancak cunku icin ile gibi kadar daha en cok hic her hep artik
    yine gene hala simdi sonra once var yok olarak olan oldu olmus oluyor olsun olur olmaz ise bile diye nasil
    nerede nereye neden niye ne zaman kim kac hangi acaba lutfen merhaba merhabalar selam slm iyi gunler aksamlar
    sabahlar geceler gun gunu gunluk sayin saygilar saygilarimla tesekkurler tsk abi abla hocam kardesim arkadaslar
    izmir izmirde izmirin belediye belediyesi belediyenin buyuksehir yetkililer bey hanim allah askina rica ederim
    ediyorum ediyoruz istiyorum istiyoruz bekliyoruz bakin yapin yapiyor ettim etti eder dedi dediler nin nun in un
    ta te dan den tan ten""".split()
)
"""Normal forms that say nothing to an agent by themselves, whatever they weigh. A text of them alone shows them."""
_FORMALITIES = ("yapilma", "yaptir", "konulma", "acilma", "istiyor", "istiyo", "rica", "talep", "gorunuyor", "oturuyor")
"""What words of politeness and of the form of a wish begin with."""


def reasons(
    readings: Sequence[Reading], classes: NDArray[np.int_], weights: Floats, vectoriser: Vectoriser
) -> list[tuple[str, ...]]:
    """At most four words per reading, heaviest first. `weights`: a column per class; `classes`: each reading's."""
    groups = [vectoriser.columns_of(token.norm) for reading in readings for token in reading.tokens]
    sizes = np.array([len(reading.tokens) for reading in readings], dtype=np.intp)
    sums = _sums(groups, np.repeat(classes, sizes), weights)
    ends = np.cumsum(sizes).tolist()
    return [
        tuple(_heaviest(reading, sums[end - len(reading.tokens) : end]))
        for reading, end in zip(readings, ends, strict=True)
    ]


def with_places(words: Sequence[str], reading: Reading, place: Found) -> tuple[str, ...]:
    """The words, then the names of places; a word that is part of a name is not said twice."""
    names = [reading.original(first, last) for first, last in place.spans]
    said = {part for name in names for part in name.split()}
    return tuple(dict.fromkeys([*(word for word in words if word not in said), *names]))


def _sums(groups: Sequence["array[int]"], classes: NDArray[np.int_], weights: Floats) -> list[float]:
    """What the columns of each group weigh for its class."""
    lengths = np.fromiter(map(len, groups), dtype=np.intp, count=len(groups))
    flat = array("i")
    for group in groups:
        flat.extend(group)
    found = weights[np.array(flat, dtype=np.intp), np.repeat(classes, lengths)].astype(np.float64)
    running = np.concatenate([[0.0], np.cumsum(found)])
    ends = np.cumsum(lengths)
    return (running[ends] - running[ends - lengths]).tolist()


def _heaviest(reading: Reading, sums: Sequence[float]) -> Iterator[str]:
    order = sorted((i for i in range(len(sums)) if sums[i] > 0), key=lambda i: -sums[i])
    telling = [i for i in order if _is_telling(reading.tokens[i].norm)]
    shown: list[str] = []
    for i in telling or order:
        word = reading.original(i, i)[:_LONGEST]
        if sums[i] >= _LEAST_SHARE * sums[(telling or order)[0]] and word not in shown:
            shown.append(word)
    return iter(shown[:_MOST_WORDS])


def _is_telling(norm: str) -> bool:
    word = norm.lstrip("#")
    if len(word) < _SHORTEST or not word.isalpha() or word in _SAY_NOTHING:
        return False
    return not word.startswith(_FORMALITIES)
