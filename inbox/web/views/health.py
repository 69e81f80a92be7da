"""How the accounts fare, in one line for the bar: open, in trouble, and whether anything was lost."""

from collections.abc import Sequence
from dataclasses import dataclass

from inbox.web.views.moments import Moments, Tone
from models.enums import AccountState, ReconciliationState
from models.tables import Account, ReconciliationRun


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthLine:
    """`detail` names the accounts in trouble."""

    text: str
    detail: str
    tone: Tone


def health_line(
    accounts: Sequence[Account], runs: Sequence[ReconciliationRun], *, moments: Moments
) -> HealthLine | None:
    """None where no account is set up. `runs` are the last comparisons, at most one per account."""
    enabled = [account for account in accounts if account.enabled]
    if not enabled:
        return None
    troubled = [account for account in enabled if account.state is not AccountState.OK]
    if troubled:
        text = f"{len(troubled)} hesapta sorun var"
        detail = "; ".join(f"{one.name}: {one.state_detail}".rstrip(": ") for one in troubled)
        return HealthLine(text=text, detail=detail, tone=Tone.LATE)
    compared = _comparison(runs, moments)
    return HealthLine(
        text=f"{len(enabled)} hesap açık{f' · {compared}' if compared else ''}", detail="", tone=Tone.PLAIN
    )


def _comparison(runs: Sequence[ReconciliationRun], moments: Moments) -> str:
    """Only what the last comparison of every account bears out: some platforms give signs instead of a list."""
    if not runs:
        return ""
    if any(run.state is ReconciliationState.FAILED for run in runs):
        return "denetim tamamlanamadı"
    if any(run.signs for run in runs):
        return "kayıp belirtisi var"
    found = "kayıp mesaj" if all(run.state is ReconciliationState.LISTED for run in runs) else "kayıp belirtisi"
    return f"{found} yok ({moments.clock(min(run.finished_at for run in runs))})"
