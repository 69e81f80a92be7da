"""Agents' performance, for leads and managers alone: what each registered, answered and ended [İ17, İ18]."""

from collections.abc import Mapping

from inbox.reports.counts import What, by_owner, median, nine_of_ten
from inbox.reports.daybook import Compared, Days
from inbox.reports.document import Cell, Row, Section, count, hours

COLUMNS = (
    "Elle kaydettiği",
    "Gönderdiği metin",
    "İlk cevabı verdiği",
    "İlk cevap süresi",
    "On cevaptan dokuzu",
    "Sonuçlandırdığı",
)
UNITS = ("", "", "", "saat", "saat", "")
SECTIONS = (What.AGENT_REGISTERED, What.AGENT_TEXTS, What.AGENT_CLOSED)


def headline(compared: Compared) -> str:
    texts = compared.now.total(What.AGENT_TEXTS)
    if not people_of(compared.now):
        return "Bu dönemde personelin kaydı ya da cevabı yok."
    return f"{count(len(people_of(compared.now))).shown} kişi çalıştı, {count(texts).shown} metin gönderildi."


def people_of(days: Days) -> set[str]:
    """Ids of everybody who did something."""
    return {user for what in SECTIONS for user in days[what] if user.isdecimal()}


def sections(compared: Compared, *, names: Mapping[int, str]) -> list[Section]:
    """A line for each person."""
    days = compared.now
    first_answers = by_owner(days[What.AGENT_FIRST_ANSWER])
    rows = [
        Row(label=names.get(int(user), user), cells=_cells(days, user, first_answers.get(user, {})))
        for user in sorted(people_of(days), key=lambda user: (-days[What.AGENT_TEXTS].get(user, 0), int(user)))
    ]
    note = "İlk cevap süresi, başvurunun gelişinden vatandaşa giden ilk cevaba dek geçen sürenin ortancasıdır."
    return [Section(title="Personel", first="Ad", columns=COLUMNS, units=UNITS, rows=rows, note=note)] if rows else []


def _cells(days: Days, user: str, first_answers: Mapping[str, int]) -> list[Cell]:
    return [
        count(days[What.AGENT_REGISTERED].get(user, 0)),
        count(days[What.AGENT_TEXTS].get(user, 0)),
        count(sum(first_answers.values())),
        hours(median(first_answers)),
        hours(nine_of_ten(first_answers)),
        count(days[What.AGENT_CLOSED].get(user, 0)),
    ]
