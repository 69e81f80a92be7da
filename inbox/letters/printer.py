"""Run as a module: reads an HTML page from its input, writes the PDF to its output. Fetches nothing."""

import sys
from typing import Any, NoReturn

from weasyprint import HTML


def main() -> int:
    page = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(HTML(string=page, url_fetcher=_refuse).write_pdf() or b"")
    return 0


def _refuse(url: str, *_args: Any, **_options: Any) -> NoReturn:
    raise ValueError(f"a letter fetches nothing: {url[:80]}")


if __name__ == "__main__":
    sys.exit(main())
