"""What Akıl Kutusu lacks, told by what became of drafts."""

from inbox.rules.gaps import Try, gaps
from models.tables import Draft

WORDS = "Sokağınızdaki arıza giderilene kadar su tankeri gönderilir."


def sought(key: int, topic: str | None, *, article: str = "su", answers: tuple[str, ...] = ()) -> Try:
    draft = Draft(application_id=key, article_id=article, short_text=WORDS if article else "", long_text="")
    return Try(application_id=key, topic=topic, draft=draft, answers=answers)


def test_gaps_are_counted_by_topic_the_greatest_first() -> None:
    """[İ17j, İ18l] No article, or a draft that nobody used; what is not answered yet is no gap."""
    tries = [
        sought(1, "park", article=""),
        sought(2, "su_kesintisi", article=""),
        sought(3, "su_kesintisi", answers=("Konu başka bir kurumun yetkisindedir.",)),
        sought(4, "su_kesintisi", answers=(f"Merhaba. {WORDS.upper()} İyi günler.",)),
        sought(5, "su_kesintisi"),
        sought(6, None, article=""),
    ]
    water, park = gaps(tries)
    assert (water.topic, water.without, water.unused, water.examples) == ("su_kesintisi", 1, 1, [2, 3])
    assert (park.topic, park.size) == ("park", 1)


def test_few_examples_are_enough_and_an_application_counts_once() -> None:
    (only,) = gaps(sought(key // 2, "park", article="") for key in range(40))
    assert (only.without, only.examples) == (20, [0, 1, 2, 3, 4])
