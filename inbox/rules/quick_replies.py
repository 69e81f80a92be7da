"""Which answers a text to a citizen offers as buttons. Pure."""

import re

YES_OR_NO = ("Evet", "Hayır")
_SENTENCE_END = re.compile(r"[.!?…\n]+")
_PARTICLE = re.compile(r"\bm[ıiuü](?:y[dm]\w*|s[ıiuü]n\w*|y[ıiuü][mz]\w*)?\b", re.IGNORECASE)
"""The particle that makes a Turkish sentence a question, with its endings."""
_ABOUT_A_FACT = re.compile(r"\bm[ıiuü](?:yd[ıiuü]|ym[ıi]ş)?$", re.IGNORECASE)
"""Ends with it and names no «you»: «…yazar mısınız» asks for more than yes or no."""


def offered(text: str) -> tuple[str, ...]:
    """Yes and no where the text ends with a question that these words answer; nothing elsewhere.

    Not with a choice («bugün mü, yarın mı»), nor with a request put as a question («adresinizi yazar mısınız»).
    """
    said = text.rstrip()
    last = _SENTENCE_END.split(said.rstrip("?"))[-1].strip()
    is_question = said.endswith("?") and _ABOUT_A_FACT.search(last) and "yoksa" not in last.lower()
    return YES_OR_NO if is_question and len(_PARTICLE.findall(last)) == 1 else ()
