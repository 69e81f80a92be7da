"""What the simulated X refuses to publish: too long, twice the same, answers to people who did not summon us."""

from datetime import timedelta

from connectors.twitter.simulated_problems import duplicate, forbidden, invalid
from connectors.twitter.simulated_records import Person, Record, Records
from connectors.twitter.weight import weighted_length
from models.ports import Clock

POST_LIMIT = 280
DIRECT_LIMIT = 10_000
NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author "
    "of the post you are replying to."
)
DUPLICATES_WITHIN = timedelta(hours=24)


class PublishingRules:
    """The rules for one account. All raise ProblemError."""

    def __init__(self, records: Records, account: Person, clock: Clock) -> None:
        self._records = records
        self._account = account
        self._clock = clock

    def check_post(self, text: str) -> None:
        if not text.strip():
            raise invalid("text", text, "The text of a post must not be empty")
        if weighted_length(text) > POST_LIMIT:
            raise forbidden("Your Tweet text is too long. For more information on how Twitter determines text length.")
        since = self._clock.now() - DUPLICATES_WITHIN
        for post in self._records.posts.values():
            if post.author_id == self._account.id and post.raw_text == text and post.visible_at >= since:
                raise duplicate()

    def answerable(self, post_id: str) -> Record | None:
        """The post to answer; None where none is named.

        Since February 2026 only authors who named us, or quoted us, may be answered; and ourselves. Whether X takes an
        edited post's earlier id is not documented; here it means the newest version.
        """
        if not post_id:
            return None
        post = self._records.current(post_id)
        if post is None:
            raise forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
        quoted = self._records.posts.get(post.refers("quoted"))
        quotes_us = quoted is not None and quoted.author_id == self._account.id
        if post.author_id == self._account.id or post.names(self._account.id) or quotes_us:
            return post
        raise forbidden(NOT_SUMMONED)

    def recipient(self, person_id: str, text: str) -> Person:
        """The citizen to write to."""
        if not text.strip() or len(text) > DIRECT_LIMIT:
            raise invalid("text", text[:20], f"The text of a message must have 1 to {DIRECT_LIMIT} characters")
        citizen = self._records.people.get(person_id)
        if citizen is None or not citizen.accepts_directs:
            raise forbidden("You do not have permission to DM one or more participants.")
        return citizen
