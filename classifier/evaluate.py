"""Measures a classifier on labelled messages. Only counts; it changes no threshold."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from classifier.text import normal_form
from models.enums import Decision, Kind, Urgency
from models.messages import Classification, TextToClassify
from models.ports import Classifier

_FIELDS = ("topic", "unit", "kind", "urgency")
_PLACES = ("district", "neighbourhood")
_RESAMPLES = 300
Row = Mapping[str, Any]


def evaluate(classifier: Classifier, rows: Sequence[Row]) -> dict[str, Any]:
    """Every metric of the rows' labels; a field that a row lacks is left out, a metric without rows is None."""
    texts = [
        TextToClassify(id=str(i), text=row["text"], channel=row.get("channel") or "") for i, row in enumerate(rows)
    ]
    found = classifier.classify(texts)
    columns = _columns(rows, found)
    return {
        "n": len(rows),
        **{name: _rounded(value) for name, value in _metrics(columns).items()},
        "intervals": _intervals(columns),
        "worst_topics": _worst_topics(columns),
    }


def _text(row: Row) -> TextToClassify:
    return TextToClassify(id=str(row.get("id", "")), text=row["text"], channel=row.get("channel") or "")


def _columns(rows: Sequence[Row], found: Sequence[Classification]) -> dict[str, NDArray[Any]]:
    """Labels and answers side by side, as arrays that can be resampled."""
    columns: dict[str, NDArray[Any]] = {}
    for field in (*_FIELDS, *_PLACES):
        columns[f"has_{field}"] = np.array([field in row for row in rows])
        columns[f"true_{field}"] = np.array([_name(row.get(field), field) for row in rows], dtype=object)
        columns[f"found_{field}"] = np.array([_name(getattr(one, field), field) for one in found], dtype=object)
        names = sorted({*columns[f"true_{field}"], *columns[f"found_{field}"]})
        for side in ("true", "found"):
            columns[f"code_{side}_{field}"] = np.array([names.index(name) for name in columns[f"{side}_{field}"]], int)
    columns["auto"] = np.array([one.decision is Decision.AUTO for one in found])
    columns["confidence"] = np.array([one.confidence for one in found])
    return columns


def _name(value: Any, field: str) -> str:
    if value is None:
        return "" if field in _PLACES else Kind.INVALID.value
    text = str(value)
    return "".join(c for c in normal_form(text) if c.isalnum()) if field == "neighbourhood" else text


def _metrics(columns: Mapping[str, NDArray[Any]]) -> dict[str, float | None]:
    result: dict[str, float | None] = {}
    for field in _FIELDS:
        true, found = _pair(columns, field)
        result[f"{field}_accuracy"] = _share(true == found)
        there = columns[f"has_{field}"]
        codes = columns[f"code_true_{field}"][there], columns[f"code_found_{field}"][there]
        result[f"{field}_macro_f1"] = _macro_f1(*codes)
    for field in _PLACES:
        true, found = _pair(columns, field)
        result[f"{field}_accuracy"] = _share(true == found)
    return {**result, **_emergencies(columns), **_trust(columns)}


def _pair(columns: Mapping[str, NDArray[Any]], field: str) -> tuple[NDArray[Any], NDArray[Any]]:
    there = columns[f"has_{field}"]
    return columns[f"true_{field}"][there], columns[f"found_{field}"][there]


def _emergencies(columns: Mapping[str, NDArray[Any]]) -> dict[str, float | None]:
    true, found = _pair(columns, "urgency")
    truly, said = true == Urgency.EMERGENCY.value, found == Urgency.EMERGENCY.value
    return {"acil_recall": _share(said[truly]), "acil_precision": _share(truly[said])}


def _trust(columns: Mapping[str, NDArray[Any]]) -> dict[str, float | None]:
    there = columns["has_topic"] & columns["has_unit"]
    right = (columns["true_topic"] == columns["found_topic"]) & (columns["true_unit"] == columns["found_unit"])
    auto = columns["auto"]
    return {
        "auto_coverage": _share(auto),
        "auto_precision": _share(right[auto & there]),
        "ece": _calibration_error(columns["confidence"][there], right[there]),
    }


def _calibration_error(confidence: NDArray[Any], right: NDArray[Any], *, bins: int = 10) -> float | None:
    """Expected difference between confidence and accuracy, over equal bins of confidence."""
    if not len(right):
        return None
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[place == b].mean() - right[place == b].mean()) * (place == b).mean() for b in set(place)]
    return float(sum(gaps))


def _share(hits: NDArray[Any]) -> float | None:
    return float(np.mean(hits.astype(float))) if len(hits) else None


def _macro_f1(true: NDArray[np.int_], found: NDArray[np.int_]) -> float | None:
    """Of numbered names: the mean F1 of those that are true of a row at least."""
    if not len(true):
        return None
    size = int(max(true.max(), found.max())) + 1
    truly, said, hits = (np.bincount(part, minlength=size) for part in (true, found, true[true == found]))
    there = truly > 0
    return float(np.mean(2 * hits[there] / (truly[there] + said[there])))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _intervals(columns: Mapping[str, NDArray[Any]]) -> dict[str, list[float]]:
    """95 % bootstrap intervals; the seed is fixed, so that the same answers give the same figures."""
    random = np.random.default_rng(7)
    count = len(columns["auto"])
    samples: dict[str, list[float]] = {}
    for _ in range(_RESAMPLES if count else 0):
        chosen = random.integers(0, count, count)
        for name, value in _metrics({key: column[chosen] for key, column in columns.items()}).items():
            if value is not None:
                samples.setdefault(name, []).append(value)
    return {name: [round(float(q), 4) for q in np.quantile(values, [0.025, 0.975])] for name, values in samples.items()}


def _worst_topics(columns: Mapping[str, NDArray[Any]], *, most: int = 10) -> list[dict[str, Any]]:
    true, found = _pair(columns, "topic")
    names = sorted(set(true))
    scores = f1_score(true, found, labels=names, average=None, zero_division=0) if names else []
    worst = sorted(zip(scores, names, strict=True))[:most]
    return [
        {"topic": name, "f1": round(float(f1), 4), "taken_for": _confusions(true, found, name)} for f1, name in worst
    ]


def _confusions(true: NDArray[Any], found: NDArray[Any], name: str) -> dict[str, int]:
    wrong = Counter(map(str, found[(true == name) & (found != name)]))
    return dict(wrong.most_common(4))
