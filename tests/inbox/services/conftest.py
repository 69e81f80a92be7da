"""The filled desk of the pages' tests, for services too."""

from tests.inbox.web.conftest import city, city_template

__all__ = ["city", "city_template"]
