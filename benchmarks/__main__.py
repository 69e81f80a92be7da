"""`python -m benchmarks [NAME …]`: run the benchmarks named, or all of them. Options go to them."""

import importlib
import sys
from itertools import takewhile

BY_DEFAULT = ("classification", "pipeline", "startup", "webhooks")
NAMES = (*BY_DEFAULT, "pages", "faults", "year")


def main(arguments: list[str]) -> int:
    names = list(takewhile(lambda one: not one.startswith("--"), arguments))
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"unknown benchmark {', '.join(unknown)}; known: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    for name in names or BY_DEFAULT:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
