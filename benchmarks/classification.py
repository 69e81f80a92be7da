"""Our classifier beside three others trained on the same corpus in the same run: accuracy and speed side by side.

References: the bare `predict_proba` of a scikit-learn pipeline, fastText, and spaCy's bag-of-words textcat. All learn
topics from the training part and are asked about the test split; ours answers kind, unit, urgency and place besides.
"""

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import fasttext
import psutil
import spacy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from spacy.training import Example

from bots.settings import load_settings
from classifier import store
from models.messages import TextToClassify
from models.profile import load_profile
from models.turkish import skeleton

NOTHING = "gecersiz"
SINGLE = 400
TEXTCAT_ROUNDS = 3
HOSTILE = {
    "20,000 letters": "a" * 20_000,
    "20,000 emoji": "🙂" * 20_000,
    "20,000 characters of hashtags": "#su" * 6_666,
    "one hashtag of 20,000 letters": "#" + "suyok" * 4_000,
    "a thousand words that nobody knows": " ".join(f"{chr(97 + i % 26)}{i:x}qz" for i in range(1_000)),
    "20,000 apostrophes": "'" * 20_000,
    "20,000 digits": "1234567890" * 2_000,
    "control characters": "\x00\x01\u202e" * 1_000,
    "Arabic": "الماء مقطوع " * 300,
    "empty": "",
}
Predict = Callable[[Sequence[str]], list[str]]


def main() -> None:
    settings = load_settings()
    profile = load_profile(settings.profile)
    train, test = _rows(profile.corpus_folder), _rows(profile.corpus_folder / "test")
    started, before = time.perf_counter(), psutil.Process().memory_info().rss
    ours = store.load(settings.data_dir / "model", profile)
    ours.classify([TextToClassify(id="warm", text="su yok")])
    loaded, memory = time.perf_counter() - started, psutil.Process().memory_info().rss - before
    print(f"load {loaded:.2f} s, {memory / 1024**2:.0f} MB; {len(train)} messages to learn, {len(test)} to answer")
    print(f"{'':24} {'topic accuracy':>14} {'one, p50':>10} {'one, p95':>10} {'first batch':>12} {'again':>12}")
    bare = _measure("scikit-learn, bare", _bare(train), test)
    mine = _measure("ours, all fields", _ours(ours), test)
    _measure("fastText", _fasttext(train), test)
    _measure("spaCy textcat, BOW", _textcat(train), test)
    print(
        f"ours to bare predict_proba: one message {mine[0] / bare[0]:.2f}, batch {mine[1] / bare[1]:.2f} (time ratio)"
    )
    _hostile(_ours(ours))


def _rows(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]


def _label(row: dict[str, Any]) -> str:
    return row["topic"] or NOTHING


def _measure(name: str, predict: Predict, rows: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """(median seconds of one message, seconds per message in a batch); prints a line.

    The first batch meets new words; again, it meets words that a process at work has long seen.
    """
    texts = [row["text"] for row in rows]
    started = time.perf_counter()
    found = predict(texts)
    first = (time.perf_counter() - started) / len(texts)
    started = time.perf_counter()
    predict(texts)
    batch = (time.perf_counter() - started) / len(texts)
    right = sum(label == _label(row) for label, row in zip(found, rows, strict=True))
    singles = []
    for text in texts[:SINGLE]:
        started = time.perf_counter()
        predict([text])
        singles.append(time.perf_counter() - started)
    quantiles = statistics.quantiles(singles, n=20)
    print(
        f"{name:24} {right / len(rows):>14.4f} {quantiles[9] * 1000:>7.2f} ms {quantiles[18] * 1000:>7.2f} ms "
        f"{1 / first:>10.0f}/s {1 / batch:>10.0f}/s",
        flush=True,
    )
    return quantiles[9], batch


def _ours(classifier: Any) -> Predict:
    def predict(texts: Sequence[str]) -> list[str]:
        found = classifier.classify([TextToClassify(id="", text=text) for text in texts])
        return [one.topic or NOTHING for one in found]

    return predict


def _bare(rows: Sequence[dict[str, Any]]) -> Predict:
    model: Pipeline = make_pipeline(
        TfidfVectorizer(preprocessor=skeleton, analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True),
        SGDClassifier(loss="log_loss", alpha=1e-6, random_state=7),
    )
    model.fit([row["text"] for row in rows], [_label(row) for row in rows])
    names = list(model.classes_)
    return lambda texts: [names[index] for index in model.predict_proba(list(texts)).argmax(axis=1)]


def _fasttext(rows: Sequence[dict[str, Any]]) -> Predict:
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.writelines(f"__label__{_label(row)} {_line(row['text'])}\n" for row in rows)
        file.flush()
        model = fasttext.train_supervised(
            file.name, epoch=40, lr=0.5, wordNgrams=2, minn=3, maxn=5, dim=100, thread=1, seed=7, verbose=0
        )
    return lambda texts: [label[0].removeprefix("__label__") for label in model.predict([_line(t) for t in texts])[0]]


def _line(text: str) -> str:
    return " ".join(skeleton(text).split())


def _textcat(rows: Sequence[dict[str, Any]]) -> Predict:
    language = spacy.blank("tr")
    model = {
        "@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": True, "ngram_size": 2, "no_output_layer": False,
    }  # fmt: skip
    textcat = language.add_pipe("textcat", config={"model": model})
    labels = sorted({_label(row) for row in rows})
    for label in labels:
        textcat.add_label(label)  # type: ignore[attr-defined]
    examples = [
        Example.from_dict(
            language.make_doc(_line(row["text"])), {"cats": {label: label == _label(row) for label in labels}}
        )
        for row in rows
    ]
    spacy.util.fix_random_seed(7)
    language.initialize(lambda: examples[:500])
    shuffle = random.Random(7)
    for _ in range(TEXTCAT_ROUNDS):
        shuffle.shuffle(examples)
        for batch in spacy.util.minibatch(examples, size=64):
            language.update(batch)
    return lambda texts: [max(doc.cats, key=doc.cats.get) for doc in language.pipe([_line(text) for text in texts])]


def _hostile(predict: Predict) -> None:
    """The slowest of the texts that somebody might send to hurt us."""
    taken = {}
    for name, text in HOSTILE.items():
        started = time.perf_counter()
        predict([text])
        taken[name] = time.perf_counter() - started
    worst = max(taken, key=lambda name: taken[name])
    print(f"hostile texts: slowest is {worst}, {taken[worst] * 1000:.1f} ms")


if __name__ == "__main__":
    main()
