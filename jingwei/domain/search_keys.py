"""Keys under which a name is found and sorted: its even text, its pairs of characters, its pinyin.

The same functions make the stored keys and read what somebody types, so that both always agree.
Everything is looked up character by character in tables that fill themselves: a million names take
seconds.
"""

import unicodedata
from functools import lru_cache

from opencc import OpenCC
from pypinyin import phrases_dict, pinyin_dict
from pypinyin.contrib.tone_convert import to_normal

PINYIN_LENGTH = 120
INITIALS_LENGTH = 60

# In the names of firms these stand for their less usual sound, unless a known pair says otherwise.
_IN_NAMES = {"长": "chang"}


class _Table(dict[str, str]):
    """A dictionary that computes an absent character once."""

    def __missing__(self, character: str) -> str:
        value = self[character] = self.compute(character)
        return value

    def compute(self, character: str) -> str:
        raise NotImplementedError


class _Evened(_Table):
    """Half width, simplified and lower case; what is neither letter nor digit disappears."""

    def __init__(self) -> None:
        super().__init__()
        self._simplify = OpenCC("t2s").convert

    def compute(self, character: str) -> str:
        folded = self._simplify(unicodedata.normalize("NFKC", character)).lower()
        return "".join(part for part in folded if part.isalnum())


class _Sounds(_Table):
    """The usual sound of a character without its tone; other letters and digits stand for themselves."""

    def compute(self, character: str) -> str:
        if character in _IN_NAMES:
            return _IN_NAMES[character]
        toned = pinyin_dict.pinyin_dict.get(ord(character), "").split(",")[0]
        return to_normal(toned) if toned else character


@lru_cache(maxsize=1)
def _evened() -> _Evened:
    return _Evened()


@lru_cache(maxsize=1)
def _sounds() -> _Sounds:
    return _Sounds()


@lru_cache(maxsize=1)
def _pairs() -> dict[str, tuple[str, str]]:
    """Pairs of characters that sound other than their parts: 银行, 重庆."""
    known = pinyin_dict.pinyin_dict
    found: dict[str, tuple[str, str]] = {}
    for pair, toned in phrases_dict.phrases_dict.items():
        if len(pair) != 2:
            continue
        parts = [known.get(ord(character), "").split(",")[0] for character in pair]
        if [syllable[0] for syllable in toned] != parts:
            found[pair] = (to_normal(toned[0][0]), to_normal(toned[1][0]))
    return found


def search_text(name: str) -> str:
    """The text that is searched: half width, simplified, lower case, letters and digits only.

    Blanks, brackets and punctuation go, because people leave them out or write them in other widths.
    """
    evened = _evened()
    return "".join([evened[character] for character in name])


def bigrams(text: str) -> list[str]:
    """The distinct pairs of neighbouring characters of a searched text, ascending; of one character none."""
    return sorted({text[index : index + 2] for index in range(len(text) - 1)})


def pinyin_key(name: str) -> str:
    """Key that sorts names as a Chinese reader expects, at most 120 characters."""
    return " ".join(_syllables(search_text(name)))[:PINYIN_LENGTH]


def initials(name: str) -> str:
    """First letters of the syllables, digits and Latin letters as they are, at most 60 characters."""
    return "".join([syllable[0] for syllable in _syllables(search_text(name))])[:INITIALS_LENGTH]


def _syllables(text: str) -> list[str]:
    sounds, pairs = _sounds(), _pairs()
    syllables: list[str] = []
    index = 0
    while index < len(text):
        pair = pairs.get(text[index : index + 2])
        if pair:
            syllables.extend(pair)
            index += 2
        else:
            syllables.append(sounds[text[index]])
            index += 1
    return syllables
