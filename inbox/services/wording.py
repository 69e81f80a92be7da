"""The libraries behind the checks of wording: Hunspell with the Turkish dictionary, a classifier of tone.

They are loaded where they are first used: no process pays for them at its start.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from inbox.rules.findings.tone import Unfit
from models.errors import InputError
from models.turkish import fold

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

DICTIONARY = Path(__file__).parents[1] / "dictionary"
"""Where the set-up puts `tr.aff` and `tr.dic` of the package dictionary-tr."""
_TOKEN = re.compile(r"\w+|[?!…]")
SURE = 0.7
"""From this probability on a sentence is named: false alarms cost the check its readers."""


@lru_cache(maxsize=1)
def turkish_dictionary() -> Callable[[str], bool]:
    """Whether the dictionary has a word. Reads nine megabytes, once a process; raises InputError where they lack."""
    from hunspell import Hunspell

    if not (DICTIONARY / "tr.dic").is_file():
        raise InputError("The Turkish dictionary is missing: `make demo` and `make test` bring it.")
    return Hunspell("tr", hunspell_data_dir=str(DICTIONARY)).spell


def tone_judge(folder: Path) -> Unfit:
    """Learns from the sentences of `tone.yaml`, in about a second; raises InputError where there are none."""
    file = folder / "tone.yaml"
    if not file.is_file():
        raise InputError(f"{file.name} is missing in the profile {folder.name!r}")
    known = yaml.safe_load(file.read_text(encoding="utf-8"))
    model = _model().fit([*known["unfit"], *known["fit"]], [1] * len(known["unfit"]) + [0] * len(known["fit"]))

    def unfit(sentences: Sequence[str]) -> Sequence[bool]:
        return [bool(one >= SURE) for one in model.predict_proba(sentences)[:, 1]] if sentences else []

    return unfit


def _model() -> "Pipeline":
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import FeatureUnion, Pipeline

    words = TfidfVectorizer(
        preprocessor=fold, ngram_range=(1, 3), tokenizer=_TOKEN.findall, sublinear_tf=True, token_pattern=None
    )
    letters = TfidfVectorizer(preprocessor=fold, analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    features = FeatureUnion([("words", words), ("letters", letters)])
    return Pipeline([("features", features), ("judge", LogisticRegression(C=10, class_weight="balanced"))])
