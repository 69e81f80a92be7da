"""The line about the accounts: trouble first, and only what the comparisons bear out."""

from datetime import timedelta

from inbox.web.views.health import health_line
from inbox.web.views.moments import Moments, Tone
from models.enums import AccountState, ChannelName, ReconciliationState
from models.profile import Profile
from models.tables import Account, ReconciliationRun
from tests.conftest import NOW


def account(number: int, **changes: object) -> Account:
    fields = {"id": number, "channel": ChannelName.TWITTER, "external_id": str(number), "name": f"hesap {number}"}
    return Account(**{**fields, "created_at": NOW, **changes})


def run(number: int, **changes: object) -> ReconciliationRun:
    fields = {"account_id": number, "state": ReconciliationState.LISTED, "since": NOW, "started_at": NOW}
    return ReconciliationRun(**{**fields, "finished_at": NOW, **changes})


def test_without_accounts_there_is_no_line(profile: Profile) -> None:
    moments = Moments(NOW, profile.time_zone)
    assert health_line([], [], moments=moments) is None
    assert health_line([account(1, enabled=False)], [], moments=moments) is None


def test_all_is_well_as_of_the_oldest_comparison(profile: Profile) -> None:
    runs = [run(1), run(2, finished_at=NOW - timedelta(minutes=20), missing=3)]
    line = health_line([account(1), account(2)], runs, moments=Moments(NOW, profile.time_zone))
    assert line
    assert line.text == "2 hesap açık · kayıp mesaj yok (11.40)"


def test_nothing_is_claimed_that_was_not_compared(profile: Profile) -> None:
    moments = Moments(NOW, profile.time_zone)
    plain = health_line([account(1)], [], moments=moments)
    failed = health_line([account(1)], [run(1, state=ReconciliationState.FAILED)], moments=moments)
    signs = health_line([account(1)], [run(1, signs={"without_receipt": 2})], moments=moments)
    assert plain
    assert failed
    assert signs
    assert plain.text == "1 hesap açık"
    assert failed.text == "1 hesap açık · denetim tamamlanamadı"
    assert signs.text == "1 hesap açık · kayıp belirtisi var"
    quiet = health_line([account(1)], [run(1, state=ReconciliationState.SIGNS)], moments=moments)
    assert quiet
    assert quiet.text == "1 hesap açık · kayıp belirtisi yok (12.00)"


def test_trouble_comes_first(profile: Profile) -> None:
    sick = account(2, state=AccountState.REAUTHORISE, state_detail="belirteç geçersiz")
    line = health_line([account(1), sick], [], moments=Moments(NOW, profile.time_zone))
    assert line
    assert (line.text, line.detail, line.tone) == ("1 hesapta sorun var", "hesap 2: belirteç geçersiz", Tone.LATE)
