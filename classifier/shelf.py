"""The folders of the trained models: the champion that works, its challenger, the one before. Never trains.

Loads neither spaCy nor scikit-learn: the pages ask it, too.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from models.errors import ArtefactError, ConflictError
from models.learning import ModelFacts

MANIFEST = "manifest.json"
CHAMPION, CHALLENGER, EARLIER = "model", "model-challenger", "model-earlier"
_ASIDE = "model-aside"
_GROUND = ("layout", "versions", "data_hash")


class ModelFolders:
    """The models of one DATA_DIR. Implements models.learning.ModelShelf."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    @property
    def champion(self) -> ModelFacts | None:
        """The model that workers use."""
        return self._facts(CHAMPION)

    @property
    def challenger(self) -> ModelFacts | None:
        """A model that wants to become champion."""
        return self._facts(CHALLENGER)

    @property
    def earlier(self) -> ModelFacts | None:
        """The champion before this one, to go back to."""
        return self._facts(EARLIER)

    def promote(self, version: str) -> None:
        """The challenger becomes champion, the champion is kept as the earlier one. Raises ConflictError."""
        self._mend()
        if self.challenger is None or self.challenger.version != version:
            raise ConflictError("Aday model bu arada değişti; sayfayı yenileyip karşılaştırmaya yeniden bakınız.")
        self._require_same_ground(CHALLENGER)
        _remove(self._path(EARLIER))
        os.rename(self._path(CHAMPION), self._path(EARLIER))
        os.rename(self._path(CHALLENGER), self._path(CHAMPION))

    def back(self, version: str) -> None:
        """Champion and earlier champion change places, so that this can be undone as well. Raises ConflictError."""
        self._mend()
        if self.earlier is None or self.earlier.version != version:
            raise ConflictError("Geri dönülecek önceki model bulunamadı.")
        self._require_same_ground(EARLIER)
        os.rename(self._path(CHAMPION), self._path(_ASIDE))
        os.rename(self._path(EARLIER), self._path(CHAMPION))
        os.rename(self._path(_ASIDE), self._path(EARLIER))

    def _require_same_ground(self, name: str) -> None:
        """A model of other code or another corpus than the champion's would be refused at the next start."""
        other, champion = (read_manifest(self._path(one)) for one in (name, CHAMPION))
        if any(other.get(fact) != champion.get(fact) for fact in _GROUND):
            raise ConflictError("Bu model yazılımın ya da derlemin başka bir sürümüyle eğitilmiş; çalıştırılamaz.")

    def _mend(self) -> None:
        """A move that was cut short left no champion: the one that worked last comes back."""
        if self._path(CHAMPION).exists():
            if self._path(_ASIDE).exists() and not self._path(EARLIER).exists():
                os.rename(self._path(_ASIDE), self._path(EARLIER))
            return
        for name in (_ASIDE, EARLIER):
            if self._path(name).exists():
                os.rename(self._path(name), self._path(CHAMPION))
                return
        raise ConflictError("Çalışan bir model yok; önce `python run_bots.py train` komutu çalıştırılmalıdır.")

    def _facts(self, name: str) -> ModelFacts | None:
        try:
            return facts_of(read_manifest(self._path(name)))
        except ArtefactError:
            return None

    def _path(self, name: str) -> Path:
        return self._data_dir / name


def read_manifest(folder: Path) -> dict[str, Any]:
    """Raises ArtefactError."""
    mend = "run `python run_bots.py train`"
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise ArtefactError(f"the classifier is not trained yet: {mend}") from error
    except ValueError as error:
        raise ArtefactError(f"the classifier's manifest is damaged: {mend}") from error
    if not isinstance(found, dict):
        raise ArtefactError(f"the classifier's manifest is damaged: {mend}")
    return found


def facts_of(manifest: dict[str, Any]) -> ModelFacts:
    """What pages and commands tell of a model."""
    corrections = manifest.get("corrections") or {}
    return ModelFacts(
        version=str(manifest.get("version", "")),
        texts=int(manifest.get("metrics", {}).get("n", 0)),
        corrections=int(corrections.get("n", 0)),
        corrections_until=corrections.get("until"),
        trained_at=manifest.get("trained_at"),
    )


def _remove(path: Path) -> None:
    """A folder, or a link to one."""
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)
