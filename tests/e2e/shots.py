"""A picture to be taken: of which page, as whom, in which window. Data only."""

from collections.abc import Sequence
from dataclasses import dataclass

DESKTOP, OFFICE, PHONE = (1440, 860), (1366, 768), (360, 740)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture's file name, address, and how the page is looked at.

    `login`: whose page it is, empty for a stranger. `press` are keys pressed first.
    """

    name: str
    address: str
    login: str = "elif"
    size: tuple[int, int] = DESKTOP
    dark: bool = False
    press: Sequence[str] = ()
