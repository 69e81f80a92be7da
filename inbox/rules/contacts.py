"""How a contact that somebody gave is kept, so that the same one is found again. Pure."""

import re

from models.errors import InputError
from models.turkish import fold

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
_LOCAL_DIGITS = 10
COUNTRY = "90"


def phone_key(written: str) -> str:
    """Digits with the country's code, as WhatsApp has them too. Empty where nothing was given."""
    digits = re.sub(r"\D", "", written).removeprefix("00").removeprefix("0")
    if not digits:
        return ""
    if len(digits) == _LOCAL_DIGITS:
        digits = COUNTRY + digits
    if not 11 <= len(digits) <= 15:
        raise InputError("Telefon numarasını alan koduyla yazınız; örneğin 0532 123 45 67.")
    return digits


def email_key(written: str) -> str:
    """Empty where nothing was given."""
    address = fold(written.strip())
    if address and not _MAIL.fullmatch(address):
        raise InputError("E-posta adresi eksik görünüyor; örneğin ad@ornek.com.")
    return address
