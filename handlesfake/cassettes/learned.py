"""What was learned from earlier messages: real texts, and what stands for each wherever it appears again."""

from __future__ import annotations

import re

SHORTEST = 8
"""Characters of a secret that is looked for elsewhere, too: a shorter one would be found in innocent words."""

_TOKEN = re.compile(r"[A-Za-z0-9_+/.-]+={0,2}")
_PART = re.compile(r"[A-Za-z0-9_-]+")
_NUMBER = re.compile(r"\d{10,20}")


class Learned:
    """Texts and their stand-ins. To look costs the same however much was learned: most are found as whole words."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}
        self._starts: set[str] = set()
        self._phrases: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    def learn(self, text: str, instead: str) -> None:
        """From now on ``instead`` stands for ``text``; one who was learned first stays."""
        if len(text) < SHORTEST and not text.isdigit():
            return
        if _TOKEN.fullmatch(text) and not text.startswith(("/", ".", "+")):
            self._words.setdefault(text, instead)
            self._starts.update(_PART.findall(text)[:1])
        elif text not in self._phrases:
            self._phrases[text] = instead
            parts = sorted(self._phrases, key=len, reverse=True)
            self._pattern = re.compile("|".join(rf"(?<!\w){re.escape(part)}(?!\w)" for part in parts))

    def __contains__(self, text: str) -> bool:
        return text in self._words or text in self._phrases

    def may_be_in(self, text: str) -> bool:
        """Whether :meth:`replaced` may find something in ``text``; far faster, because mostly it does not."""
        if any(phrase in text for phrase in self._phrases):
            return True
        return not (self._starts.isdisjoint(_PART.findall(text)) and self._starts.isdisjoint(_NUMBER.findall(text)))

    def replaced(self, text: str) -> str:
        """``text`` with the stand-ins."""
        if self._pattern is not None:
            text = self._pattern.sub(lambda found: self._phrases[found[0]], text)
        return _TOKEN.sub(self._word, text) if self._words else text

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        whole = self._words.get(word)
        if whole is not None:
            return whole
        bare = word.rstrip("=")
        if bare in self._words:
            return self._words[bare] + word[len(bare) :]
        return _PART.sub(self._part, word)

    def _part(self, found: re.Match[str]) -> str:
        part = found[0]
        return self._words.get(part) or _NUMBER.sub(lambda number: self._words.get(number[0], number[0]), part)
