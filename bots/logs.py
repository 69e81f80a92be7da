"""The log: what happened, never what a citizen wrote; numbers and addresses that slip in are masked."""

import logging
import re
from types import TracebackType

from models.personal_data import mask

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
ExceptionFacts = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


_VALUES = re.compile(r"DETAIL:.*?(?=\n\[SQL|\n\s*File |\n\nThe above|\nTraceback|\Z)", re.DOTALL)
"""PostgreSQL tells the values of a row that it refused."""


class MaskedFormatter(logging.Formatter):
    """Masks phones, identity numbers, IBANs, cards, plates, e-mail and addresses in messages and traces."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # what another handler has kept of the trace is not masked
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = _masked(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: ExceptionFacts) -> str:
        return _masked(super().formatException(ei))


def _masked(text: str) -> str:
    return mask(_VALUES.sub("DETAIL: …", text))


def set_up(*, verbose: bool) -> None:
    """Log to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(MaskedFormatter(FORMAT))
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler])
