"""The table of rules is made from the tests and is up to date."""

import pytest

from tests.rule_table import PROCESS, ROOT, main, rules, table, unproven


def test_the_table_is_up_to_date() -> None:
    """After a change of rules run `python -m tests.rule_table docs/rules.md`."""
    assert (ROOT / "docs/rules.md").read_text(encoding="utf-8") == table(rules())


def test_a_docstring_names_rule_and_articles() -> None:
    found = rules()
    assert all(rule.text and rule.articles for rule in found)
    assert [rule for rule in found if rule.text.startswith("A unit returns") and rule.articles == ("İ20a",)]


def test_articles_stand_in_turkish_order() -> None:
    found = [rule.articles[0] for rule in rules()]
    assert found.index("İ7b3") < found.index("İ7ç2") < found.index("İ20a") < found.index("S4l") < found.index("İYUK 10")


def test_what_no_test_names_is_told() -> None:
    text = "x [İ20a, İ99b] y [İ7b2-4, ISO 10002] [not one] [İ8b] [İ98c8-9] [İ2]"
    assert unproven(rules(), text) == ["İ2", "İ98c8", "İ98c9", "İ99b"]


@pytest.mark.skipif(not PROCESS.is_file(), reason="the description of the process is not here")
def test_every_article_that_the_process_names_has_a_test() -> None:
    assert unproven(rules(), PROCESS.read_text(encoding="utf-8")) == []


def test_a_wrong_call_is_explained() -> None:
    assert main([]) == 2
