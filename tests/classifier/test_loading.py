"""Who classifies carries no more than she needs."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_only_training_loads_scikit_learn() -> None:
    program = "import sys, classifier.store, classifier.model; print('sklearn' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
