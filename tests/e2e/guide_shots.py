"""The pictures of the user guide, role by role; docs/guide names no others. Data only."""

from tests.e2e.guide_scene import Places
from tests.e2e.shots import Shot
from tests.factories import City

WIDE, NARROW = (1280, 800), (390, 844)


def guide_shots(city: City, places: Places) -> list[Shot]:
    """In the order of the chapters."""
    return [
        *_everybody(),
        *_agent(city, places),
        *_process(places),
        *_duties(),
        *_leads(places),
        *_administrator(places),
    ]


def _shot(name: str, login: str, address: str, *, dark: bool = False, narrow: bool = False, press: str = "") -> Shot:
    size = NARROW if narrow else WIDE
    return Shot(name=f"guide-{name}", login=login, address=address, size=size, dark=dark, press=list(press))


def _everybody() -> list[Shot]:
    return [
        _shot("login", "", "/login"),
        _shot("keys", "elif", "/inbox", press="?"),
        _shot("profile", "elif", "/profile"),
        _shot("second-factor", "elif", "/profile/second-factor"),
    ]


def _agent(city: City, places: Places) -> list[Shot]:
    water = f"/applications/{city.applications['deniz.kaya35']}?view=all"
    doubt = f"/applications/{city.applications['Mehmet Akın']}?view=review"
    return [
        _shot("agent-home", "elif", "/inbox"),
        _shot("agent-application", "elif", water),
        _shot("agent-correct", "elif", doubt, press="c"),
        _shot("agent-check", "elif", f"/checks/{city.checks['kriptokazan']}?view=review"),
        _shot("agent-steps", "elif", f"/applications/{places.draft}/steps"),
        _shot("agent-answer-review", "elif", f"/applications/{places.answered_by_unit}/steps"),
        _shot("agent-register", "elif", "/register"),
        _shot("agent-incident", "elif", f"/incidents/{places.incident}"),
        _shot("agent-documents", "elif", "/documents"),
        _shot("agent-reminders", "elif", "/reminders"),
        _shot("agent-texts", "elif", "/texts"),
        _shot("agent-phone", "elif", water, narrow=True),
        _shot("agent-dark", "elif", water, dark=True),
    ]


def _process(places: Places) -> list[Shot]:
    return [
        _shot("approver-approvals", "onay", "/approvals"),
        _shot("approver-inbox", "onay", "/inbox"),
        _shot("unit-list", "izsu", "/unit"),
        _shot("unit-inbox", "izsu", "/inbox"),
        _shot("unit-steps", "izsu", f"/applications/{places.routed}/steps"),
        _shot("unit-phone", "izsu", "/unit", narrow=True),
    ]


def _duties() -> list[Shot]:
    return [
        _shot("survey-talks", "anket", "/surveys"),
        _shot("survey-inbox", "anket", "/inbox"),
        _shot("field-checks", "saha", "/field-checks", narrow=True),
        _shot("duty-home", "nobet", "/inbox"),
        _shot("duty-emergencies", "nobet", "/emergencies"),
        _shot("duty-dark", "nobet", "/inbox", dark=True, narrow=True),
    ]


def _leads(places: Places) -> list[Shot]:
    return [
        _shot("lead-home", "burcu", "/inbox"),
        _shot("lead-roster", "burcu", "/roster"),
        _shot("lead-late", "burcu", "/late"),
        _shot("lead-wall", "burcu", "/wall"),
        _shot("quality-home", "kalite", "/people"),
        _shot("quality-person", "kalite", f"/people/{places.invited}"),
        _shot("chief-home", "mudur", "/inbox"),
        _shot("chief-confidentiality", "mudur", f"/applications/{places.confidential}/privacy"),
        _shot("chief-requests", "mudur", "/privacy"),
    ]


def _administrator(places: Places) -> list[Shot]:
    return [
        _shot("admin-accounts", "yonetici", "/accounts"),
        _shot("admin-costs", "yonetici", "/accounts/costs"),
        _shot("admin-people", "yonetici", "/people"),
        _shot("admin-person", "yonetici", f"/people/{places.invited}"),
        _shot("admin-security", "yonetici", "/security"),
        _shot("admin-rules", "yonetici", "/rules"),
    ]
