"""Runs the classifier in a process of its own, so that the event loop never waits for it."""

import asyncio
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from models.messages import Classification, TextToClassify
from models.ports import Classifier
from models.profile import load_profile

_loaded: Classifier | None = None
"""The classifier of the child process."""


class ClassifierProcess:
    """A classifier behind an awaitable call. Raises ArtefactError at `start` where there is no fitting artefact."""

    def __init__(self, folder: Path, *, profile: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_load, initargs=(folder, profile))

    async def start(self) -> None:
        """Load the model now rather than with the first message."""
        await self.classify([TextToClassify(id="start", text="su kesildi")])

    async def classify(self, texts: Sequence[TextToClassify]) -> list[Classification]:
        return await asyncio.get_running_loop().run_in_executor(self._pool, _classify, list(texts))

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def _load(folder: Path, profile: str) -> None:
    from classifier import store

    global _loaded
    _loaded = store.load(folder, load_profile(profile))


def _classify(texts: list[TextToClassify]) -> list[Classification]:
    assert _loaded is not None
    return _loaded.classify(texts)
