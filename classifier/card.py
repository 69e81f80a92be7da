"""Writes the model card: what the model is for, what it was made of, how good it is and where it is not. Only tells."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from classifier.corpus import corpus_files, read_corpus, read_rows, split_files, split_hash
from classifier.evaluate import evaluate
from classifier.styles import STYLES, restyled
from models.enums import Kind, Urgency
from models.ports import Classifier
from models.profile import ANY_TOPIC_UNIT, Profile

Row = Mapping[str, Any]
_SHOWN = (
    "topic_macro_f1",
    "topic_accuracy",
    "unit_accuracy",
    "kind_macro_f1",
    "acil_recall",
    "acil_precision",
    "district_accuracy",
    "neighbourhood_accuracy",
    "auto_coverage",
    "auto_precision",
    "ece",
)
_BRIEF = (
    "topic_macro_f1",
    "unit_accuracy",
    "acil_recall",
    "district_accuracy",
    "auto_coverage",
    "auto_precision",
)
_WIDTH = 4

TEXT = """# Model card

Written by `run_bots.py train --card`; do not edit. Model `{version}`.

## What it is for

It proposes kind, topic, unit, urgency and place of a message that a citizen wrote to the city's social media desk, and
says how sure it is. What it is sure of goes through by itself (`auto`); everything else waits for a person, with the
three best guesses. Every answer can be corrected at the desk, and corrections are kept.

## What it must not be used for

- To refuse, delete or delay anything: a message that looks like nothing to act on waits for a person.
- To judge people: it knows messages, not who wrote them. No ranking of citizens, no profiling, no sanctions, no police.
- As the only ear for emergencies: it misses some (`acil_recall` below); people must go on reading what comes.
- For other cities' organisation, other languages, or texts that are not written to a city; topics and units are
  {organisation}'s.
- As a statistic of what citizens want: it counts what was written on these channels.

## Data

| | |
| --- | --- |
| training data (messages, topics, units, places, lexicon) | `{data_hash}` |
| test split | `{split_hash}` |
| desk's corrections | {corrections} |

The messages were written by hand for this project; no real person's message is in them.

{training}

The test split was written by other hands, is never trained on, and shares no message with the training part.

## How it was made

scikit-learn heads over one TF-IDF space with a hand-written lexicon, calibrated on held-out folds
([classifier.md](classifier.md)). Seed {seed}. {versions}.

Held-out folds of the training data (four-fold cross-validation):

{held_out}

## How good it is

On the fixed test split, with 95 % bootstrap intervals. `auto` precision: topic and unit both right.

{figures}

### By channel

{channels}

### By style of writing

The same test split, rewritten.

{styles}

### Worst topics

{worst}

## Limits

- Irony, implied matters without any word for them, and several matters in one message are often wrong; only one topic
  is given.
- Topics that people mix up are listed above; `diger` is what remains and is the least certain.
- Whether a street is the metropolitan city's or the district's is decided from the words alone (`cadde`, `sokak`); a
  small road with a big name is wrong.
- Places come from a gazetteer; nicknames of places that it lacks are not found, ambiguous ones stay open.
- Messages that were collected for being hard, above all from people outside the team, will score lower than this split.
- What changes in the city (new lines, new services, new words) is not known until somebody trains again: the page
  «Sınıflandırıcı» shows confidence, corrections and unknown words per week.
- Personal data is masked before the desk's corrections are trained on; words of a message that was unsent leave with
  the next training, not before.

## To make it again

```
make train
.venv/bin/python run_bots.py evaluate profiles/{profile}/corpus/test/*.jsonl
```

The same data, code and seed give the same model.
"""


def write_card(path: Path, *, classifier: Classifier, profile: Profile, manifest: Mapping[str, Any]) -> None:
    """Measure the model on the test split and write what it is to `path`."""
    path.write_text(card(classifier, profile, manifest), encoding="utf-8")


def card(classifier: Classifier, profile: Profile, manifest: Mapping[str, Any]) -> str:
    """The whole card, as Markdown. The same model and data give the same text."""
    splits = {path.stem: read_rows(path) for path in split_files(profile)}
    rows = [row for part in splits.values() for row in part]
    whole = evaluate(classifier, rows)
    parts = {f"hand {name}": evaluate(classifier, part) for name, part in splits.items()}
    return TEXT.format(
        version=manifest["version"],
        organisation=profile.name,
        data_hash=manifest["data_hash"],
        split_hash=split_hash(profile),
        corrections=_corrections(manifest.get("corrections") or {}),
        training=_counts(profile, rows),
        seed=manifest["seed"],
        versions=", ".join(f"{name} {version}" for name, version in manifest["versions"].items()),
        held_out=_held_out(manifest["metrics"]),
        figures=_figures({"whole split": whole, **parts}, _SHOWN),
        channels=_rows_of({name: evaluate(classifier, part) for name, part in _by_channel(rows).items()}, _BRIEF),
        styles=_rows_of({"as written": whole, **_styled(classifier, rows)}, _BRIEF),
        worst=_worst(whole["worst_topics"]),
        profile=profile.folder.name,
    )


def _corrections(facts: Mapping[str, Any]) -> str:
    if not facts:
        return "none"
    return f"{facts['n']} messages received before {facts['until']}, `{facts['hash']}`"


def _counts(profile: Profile, test: Sequence[Row]) -> str:
    train = read_corpus(profile)
    before, after = _counted(train), _counted(test)
    table = _table(["", "training", "test"], [[name, str(before[name]), str(after[name])] for name in before])
    topics = Counter(row["topic"] for row in train if row["topic"])
    fewest = ", ".join(f"`{name}` {count}" for name, count in topics.most_common()[: -_WIDTH - 1 : -1])
    files = ", ".join(f"`{path.name}`" for path in corpus_files(profile))
    return f"{table}\n\nTopics with the fewest training messages: {fewest}. Files: {files}."


def _counted(rows: Sequence[Row]) -> Counter[str]:
    """How many rows there are, by what matters."""
    counts = Counter(messages=len(rows))
    for kind in Kind:
        counts[f"kind `{kind}`"] = sum(row["kind"] == kind for row in rows)
    counts[f"urgency `{Urgency.EMERGENCY}`"] = sum(row["urgency"] == Urgency.EMERGENCY for row in rows)
    counts[f"unit `{ANY_TOPIC_UNIT}`"] = sum(row["unit"] == ANY_TOPIC_UNIT for row in rows)
    for channel, part in _by_channel(rows).items():
        counts[channel] = len(part)
    return counts


def _held_out(metrics: Mapping[str, Any]) -> str:
    groups = {name: found for name, found in metrics.items() if isinstance(found, Mapping)}
    names = sorted({key for found in groups.values() for key in found})
    return _table(["", *names], [[name, *(_number(found.get(key)) for key in names)] for name, found in groups.items()])


def _figures(found: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> str:
    """A row per metric, a column per part of the split."""
    rows = [[name, *(_with_interval(one, name) for one in found.values())] for name in names]
    counts = ["messages", *(str(one["n"]) for one in found.values())]
    return _table(["", *found], [counts, *rows])


def _rows_of(found: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> str:
    """A row per part of the split, a column per metric."""
    rows = [[part, str(one["n"]), *(_with_interval(one, name) for name in names)] for part, one in found.items()]
    return _table(["", "n", *names], rows)


def _styled(classifier: Classifier, rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    return {
        name.replace("_", " "): evaluate(classifier, [restyled(row, style) for row in rows])
        for name, style in STYLES.items()
    }


def _by_channel(rows: Sequence[Row]) -> dict[str, list[Row]]:
    parts: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row["channel"]):
        parts.setdefault(row["channel"], []).append(row)
    return parts


def _worst(topics: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        [f"`{one['topic']}`", _number(one["f1"]), ", ".join(f"`{name}` {n}" for name, n in one["taken_for"].items())]
        for one in topics
    ]
    return _table(["topic", "F1", "taken for"], rows)


def _with_interval(figures: Mapping[str, Any], name: str) -> str:
    interval = figures["intervals"].get(name)
    shown = _number(figures.get(name))
    return f"{shown} ({_number(interval[0])}–{_number(interval[1])})" if interval else shown


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
