"""The report as a page that is read on paper too: a headline in words, then figures, then charts."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from inbox.reports.charts import Bar, bars_of
from inbox.reports.figures import ReportFigures
from inbox.reports.names import Names

MOST_BARS = 12
CHARTS = (
    ("channel", "Başvurular hangi kanaldan geldi"),
    ("topic", "En çok hangi konular yazıldı"),
    ("unit", "Hangi birimlere iş düştü"),
    ("kind", "Ne istendi"),
    ("district", "Nereden yazıldı"),
)
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


def render(figures: ReportFigures, *, names: Names) -> str:
    """The whole page as HTML without anything from outside."""
    return _templates.get_template("channel_report.html").render(_content(figures, names))


def render_body(figures: ReportFigures, *, names: Names) -> Markup:
    """What stands on the page, for a page that brings its own head and looks."""
    made = _templates.get_template("_channel_report_body.html").render(_content(figures, names))
    return Markup(made)  # noqa: S704  (made by an escaping template)


def _content(figures: ReportFigures, names: Names) -> dict[str, Any]:
    return {
        "organisation": names.organisation,
        "period": figures.period,
        "now": figures.now,
        "before": figures.before,
        "headline": headline(figures, names=names),
        "charts": [
            (title, _bars(figures, grouping, names))
            for grouping, title in CHARTS
            if figures.now.applications_by[grouping]
        ],
        "channels": [
            (name, figures.now.messages_by_channel.get(channel, 0), figures.before.messages_by_channel.get(channel, 0))
            for channel, name in names.words["channel"].items()
            if channel in figures.now.messages_by_channel or channel in figures.before.messages_by_channel
        ],
    }


def headline(figures: ReportFigures, *, names: Names) -> str:
    """The week in one or two sentences."""
    now, before = figures.now, figures.before
    if not now.applications:
        return "Bu dönemde başvuru kaydedilmedi."
    topics = now.applications_by["topic"]
    top = max(topics, key=lambda topic: topics[topic])
    change = now.applications - before.applications
    direction = "fazla" if change > 0 else "eksik"
    trend = f"önceki dönemden {abs(change)} {direction}" if change else "önceki dönemle aynı"
    return (
        f"{now.applications} başvuru kaydedildi, {trend}. "
        f"En çok yazılan konu {topics[top]} başvuruyla {names.of('topic', top)}."
    )


def _bars(figures: ReportFigures, grouping: str, names: Names) -> list[Bar]:
    now, before = figures.now.applications_by[grouping], figures.before.applications_by[grouping]
    shown = sorted(now, key=lambda name: (-now[name], name))[:MOST_BARS]
    return bars_of([(names.of(grouping, name), now[name], before.get(name, 0)) for name in shown])
