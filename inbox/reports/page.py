"""A report as a page that is read on paper too: a headline in words, then figures, charts and pictures."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from inbox.reports.document import Report

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


def render(report: Report, *, pictures: Mapping[int, str]) -> str:
    """The whole page as HTML without anything from outside; `pictures` as data addresses by attachment."""
    return _templates.get_template("report.html").render(report=report, pictures=pictures, link_of="")


def render_body(report: Report, *, pictures: Mapping[int, str], link_of: str = "") -> Markup:
    """What stands on the page, for a page that brings its own head and looks.

    `link_of` begins the address of a row's own report.
    """
    made = _templates.get_template("_report_body.html").render(report=report, pictures=pictures, link_of=link_of)
    return Markup(made)  # noqa: S704  (made by an escaping template)
