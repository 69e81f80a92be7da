"""Recent search of the simulated X: which posts fit a query. Words, phrases, tags, OR, brackets and a few operators.

https://docs.x.com/x-api/posts/search/integrate/operators
"""

import re
from collections.abc import Iterator

from connectors.twitter.simulated_problems import invalid
from connectors.twitter.simulated_records import Record
from connectors.twitter.values import as_object, objects

LONGEST_QUERY = 512
_PART = re.compile(r'-?"[^"]*"|-?\(|\)|[^\s()]+')


def fits(query: str, post: Record) -> bool:
    """Whether X's recent search would find the post. Raises ProblemError (400) for a query that it refuses."""
    if not query or len(query) > LONGEST_QUERY or query.count("(") != query.count(")"):
        raise invalid("query", query, "There were errors processing your request")
    return _Search(_PART.findall(query), post).any_of()


class _Search:
    """Reads a query from left to right: parts side by side must all fit, OR parts such rows."""

    def __init__(self, parts: list[str], post: Record) -> None:
        self._parts: Iterator[str] = iter(parts)
        self._post = post
        self._text = post.raw_text.casefold()

    def any_of(self) -> bool:
        """Up to the closing bracket or the end."""
        rows, row = [], True
        for part in self._parts:
            if part == ")":
                break
            if part == "OR":
                rows.append(row)
                row = True
                continue
            row = self._fits(part) and row
        return any((*rows, row))

    def _fits(self, part: str) -> bool:
        bare = part.removeprefix("-")
        found = self.any_of() if bare == "(" else self._has(bare)
        return found is not part.startswith("-")

    def _has(self, word: str) -> bool:
        if word.startswith("from:"):
            return self._post.author_id == word.removeprefix("from:")
        if word == "is:retweet":
            return bool(self._post.refers("retweeted"))
        if word.startswith("@"):
            named = as_object(self._post.body.get("entities")).get("mentions")
            return any(one.get("username") == word[1:] for one in objects(named))
        wanted = re.escape(word.strip('"').casefold())
        return re.search(rf"(?<!\w){wanted}(?!\w)", self._text) is not None
