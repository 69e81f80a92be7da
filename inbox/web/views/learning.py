"""The classifier for its page: models, their comparison, promotions, weeks. Numbers become words and lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inbox.rules.drift import LEAST_JUDGED, DriftSign
from inbox.services.drift import figures_of, signs_of
from inbox.services.learning import REFUSALS
from inbox.web.views.moments import Moments
from models.learning import ModelFacts, ReplayVerdict
from models.tables import ModelComparison, ModelPromotion, ModelWeek

SIGN_NAMES = {
    DriftSign.CONFIDENCE: "Ortalama güven",
    DriftSign.AUTO: "Kendiliğinden yönlendirme",
    DriftSign.UNKNOWN_WORDS: "Bilinmeyen sözcük",
    DriftSign.TOPIC_CORRECTED: "Konu düzeltmesi",
    DriftSign.UNIT_CORRECTED: "Birim düzeltmesi",
}
FIGURE_NAMES = {
    "topic_accuracy": "Konu doğru",
    "unit_accuracy": "Birim doğru",
    "both_accuracy": "İkisi de doğru",
    "auto_coverage": "Kendiliğinden yönlendirme",
    "auto_precision": "Kendiliğinden yönlendirilenlerde isabet",
    "acil_recall": "Acil mesajları bulma",
}
BETTER = "Aday, geçmiş mesajlarda çalışan modelden belirgin biçimde iyi."
WIDTH, HEIGHT = 160, 32
"""Of a line of weeks, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    version: str
    made_of: str
    trained: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """`rows`: name, champion, challenger. `weeks`: day, messages, champion, challenger."""

    summary: str
    verdict: str
    is_better: bool
    rows: Sequence[tuple[str, str, str]]
    weeks: Sequence[tuple[str, int, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftView:
    """`rows`: week, turns, whether it still runs, a (text, alarming) for each figure. `lines`: a drawing per figure."""

    names: Sequence[str]
    rows: Sequence[tuple[str, int, bool, Sequence[tuple[str, bool]]]]
    lines: Sequence[tuple[str, str]]
    alarms: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionView:
    who: str
    when: str
    what: str
    why: str


def model_view(facts: ModelFacts | None, *, moments: Moments) -> ModelView | None:
    if facts is None:
        return None
    learned = f", bunların {number(facts.corrections)} tanesi ekibin düzeltmesi" if facts.corrections else ""
    trained = moments.exact(datetime.fromisoformat(facts.trained_at)) if facts.trained_at else ""
    return ModelView(version=facts.version, made_of=f"{number(facts.texts)} mesajla eğitildi{learned}", trained=trained)


def comparison_view(found: ModelComparison | None, *, moments: Moments) -> ComparisonView | None:
    if found is None:
        return None
    figures = found.figures
    return ComparisonView(
        summary=(
            f"{moments.day(found.since)} – {moments.day(found.until)} arasında "
            f"sonuçlanan {number(figures['n'])} mesaj; yalnız adayın bildiği {figures['gained']}, "
            f"yalnız çalışan modelin bildiği {figures['lost']}."
        ),
        verdict=BETTER if found.verdict is ReplayVerdict.BETTER else REFUSALS[found.verdict],
        is_better=found.verdict is ReplayVerdict.BETTER,
        rows=[
            (name, percent(figures["champion"][key]), percent(figures["challenger"][key]))
            for key, name in FIGURE_NAMES.items()
        ],
        weeks=[_compared_week(week) for week in figures["weeks"]],
    )


def _compared_week(week: Mapping[str, Any]) -> tuple[str, int, str, str]:
    day = datetime.fromisoformat(week["week"])
    both = (percent(week[name]["both_accuracy"]) for name in ("champion", "challenger"))
    return (f"{day:%d.%m.%Y}", week["n"], *both)


def drift_view(weeks: Sequence[ModelWeek], *, moments: Moments) -> DriftView:
    """The newest week stands on top of the table, and at the right end of the lines."""
    rows = [
        (moments.day(week.began_at), week.turns, week is weeks[-1], [_cell(week, sign) for sign in DriftSign])
        for week in reversed(weeks)
    ]
    lines = [(SIGN_NAMES[sign], polyline([figures_of(week).value(sign) for week in weeks])) for sign in DriftSign]
    alarms = [
        f"{moments.day(week.began_at)} haftası: {', '.join(SIGN_NAMES[sign] for sign in signs_of(week))}"
        for week in weeks[-2:]
        if week.alarms
    ]
    return DriftView(names=list(SIGN_NAMES.values()), rows=rows, lines=lines, alarms=alarms)


def _cell(week: ModelWeek, sign: DriftSign) -> tuple[str, bool]:
    if sign in (DriftSign.TOPIC_CORRECTED, DriftSign.UNIT_CORRECTED):
        count = getattr(week, sign)
        share = f" ({percent(count / week.judged)})" if week.judged >= LEAST_JUDGED else ""
        return f"{count} / {week.judged}{share}", sign in week.alarms
    return (percent(getattr(week, sign)) if week.turns else "–"), sign in week.alarms


def polyline(values: Sequence[float | None]) -> str:
    """Points of an SVG line over the weeks; the scale is that of the values; empty where there are fewer than two."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, span = min(known), max(max(known) - min(known), 0.01)
    step = WIDTH / (len(values) - 1)
    points = [
        (place * step, HEIGHT - 2 - (value - low) / span * (HEIGHT - 4))
        for place, value in enumerate(values)
        if value is not None
    ]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def promotion_view(
    promotion: ModelPromotion, comparison: ModelComparison | None, *, who: str, moments: Moments
) -> PromotionView:
    why = "Önceki modele dönüldü."
    if comparison is not None:
        both = [percent(comparison.figures[name]["both_accuracy"]) for name in ("champion", "challenger")]
        why = f"{number(comparison.figures['n'])} mesajda konu ve birim doğru: {both[0]} yerine {both[1]}."
    return PromotionView(
        who=who,
        when=moments.exact(promotion.created_at),
        what=f"{promotion.from_version} → {promotion.to_version}",
        why=why,
    )


def percent(share: float | None) -> str:
    """`%93,4`."""
    return "–" if share is None else f"%{share * 100:.1f}".replace(".", ",")


def number(count: int) -> str:
    """`12.989`."""
    return f"{count:,}".replace(",", ".")
