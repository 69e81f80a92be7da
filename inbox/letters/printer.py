"""Run as a module: reads an HTML page from its input, writes the PDF to its output. Fetches nothing."""

import sys
from typing import Any, NoReturn

from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetchingError


class NoFetcher(URLFetcher):
    """Whatever address stands in a letter is left out of it."""

    def fetch(self, url: str, *_args: Any, **_options: Any) -> NoReturn:
        raise URLFetchingError(f"a letter fetches nothing: {url[:80]}")


def main() -> int:
    page = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(HTML(string=page, url_fetcher=NoFetcher()).write_pdf() or b"")
    return 0


if __name__ == "__main__":
    sys.exit(main())
