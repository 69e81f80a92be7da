"""Runs the classifier in a process of its own, so that the event loop never waits for it.

A process that dies is followed by another one. Where another artefact stands in the folder (trained anew, promoted),
the next call loads it; one that does not fit is left alone and the old one works on.
"""

import logging
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from bots.child_process import ChildProcess
from classifier.shelf import MANIFEST
from models.errors import ArtefactError
from models.messages import Classification, TextToClassify
from models.ports import Classifier
from models.profile import load_profile

log = logging.getLogger(__name__)

_loaded: Classifier | None = None
"""The classifier of the child process."""
_refusal = ""
"""Why the child has none."""
_seen: tuple[int, int] | None = None
"""Which manifest was looked at last."""


class ClassifierProcess:
    """A classifier behind an awaitable call. Raises ArtefactError at `start` where there is no fitting artefact."""

    def __init__(self, folder: Path, *, profile: str) -> None:
        self._where = (folder, profile)
        self._child = ChildProcess(_load, folder, profile)

    async def start(self) -> None:
        """Load the model now rather than with the first message."""
        await self.classify([TextToClassify(id="start", text="su kesildi")])

    async def classify(self, texts: Sequence[TextToClassify]) -> list[Classification]:
        """Tried twice where the process dies: it may have died of other texts, or for want of memory."""
        try:
            return await self._child.run(_classify, *self._where, list(texts))
        except BrokenProcessPool:
            log.warning("the classifier's process has died; another one takes its place")
            return await self._child.run(_classify, *self._where, list(texts))

    def close(self) -> None:
        self._child.close()


def _load(folder: Path, profile: str) -> None:
    """Runs in the child, where an exception would only break the pool: what is wrong is kept for the first call."""
    from classifier import store  # spaCy and scikit-learn stay out of the parent

    global _loaded, _refusal, _seen
    _seen = _manifest(folder)
    try:
        _loaded = store.load(folder, load_profile(profile))
        _refusal = ""
    except ArtefactError as error:
        _refusal = str(error)


def _manifest(folder: Path) -> tuple[int, int] | None:
    """Another one for each artefact; None while there is none, such as in the midst of a promotion."""
    try:
        found = (folder / MANIFEST).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _classify(folder: Path, profile: str, texts: list[TextToClassify]) -> list[Classification]:
    if _manifest(folder) not in (None, _seen):
        _load(folder, profile)
        if _refusal:
            log.error("the new model is left alone: %s", _refusal)
    if _loaded is None:
        raise ArtefactError(_refusal)
    return _loaded.classify(texts)
