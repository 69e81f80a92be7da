"""`python -m benchmarks [NAME …]`: run the benchmarks named, or all of them."""

import importlib
import sys

BY_DEFAULT = ("classification", "pipeline", "startup", "webhooks")
NAMES = (*BY_DEFAULT, "pages", "faults")


def main(names: list[str]) -> int:
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
