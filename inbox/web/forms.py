"""Reads the fields of a form that the guard has parsed. What does not fit becomes an InputError for the person."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from fastapi import Request

from inbox.services.answer_files import Upload
from inbox.web.rendering import moments_of
from models.enums import Role
from models.errors import InputError

Word = TypeVar("Word", bound=StrEnum)
SNOOZE_HOUR = 9
"""Laid aside until a morning, when the desk opens."""
MOST_SNOOZE_DAYS = 29


def written(request: Request, name: str) -> str:
    """A text; empty where the field is missing."""
    return str(request.state.form.get(name, ""))


def number(request: Request, name: str) -> int:
    value = written(request, name)
    if not value.isdecimal():
        raise InputError("Form eksik geldi; sayfayı yenileyip işlemi yineleyiniz.")
    return int(value)


def optional_number(request: Request, name: str) -> int | None:
    return number(request, name) if written(request, name) else None


def chosen_files(request: Request, *names: str) -> list[Upload]:
    """The files chosen in these fields; none where the form brought none."""
    return [file for name, file in request.state.files if name in names]


def ticked(request: Request, prefix: str) -> list[int]:
    """The numbers behind `prefix` in the names of fields: boxes that were ticked."""
    tails = [name.removeprefix(prefix) for name in request.state.form if name.startswith(prefix)]
    return [int(tail) for tail in tails if tail.isdecimal()]


def sharing(request: Request) -> tuple[bool, Role | None]:
    """`shared`: empty for herself alone, a role's name, or anything else for everybody."""
    value = written(request, "shared")
    return bool(value), next((role for role in Role if role == value), None)


def choice(request: Request, name: str, words: type[Word]) -> Word:
    found = next((word for word in words if word == written(request, name)), None)
    if found is None:
        raise InputError("Listeden bir seçim yapınız. Değişiklik kaydedilmedi.", field=name)
    return found


def snooze_until(request: Request) -> datetime:
    """The morning of the day that is so many `days` ahead."""
    days = optional_number(request, "days") or 1
    if not 1 <= days <= MOST_SNOOZE_DAYS:
        raise InputError(f"Erteleme 1 ile {MOST_SNOOZE_DAYS} gün arasında olabilir.")
    moments = moments_of(request)
    day = moments.now.astimezone(moments.zone).replace(hour=SNOOZE_HOUR, minute=0, second=0, microsecond=0)
    return day + timedelta(days=days)
