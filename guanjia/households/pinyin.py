"""How names are read: every reading of a surname, sort keys, initials. Pure."""

from __future__ import annotations

import itertools
from functools import lru_cache
from typing import Any

from pypinyin import Style, pinyin

# Surnames whose reading differs from the character's usual one; the usual one stays a key, because people type it.
SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "曾": "zeng", "任": "ren", "朴": "piao", "盖": "ge",
    "葛": "ge", "华": "hua", "尹": "yin", "翟": "zhai", "覃": "qin", "冼": "xian", "洗": "xian", "乐": "yue", "缪": "miao",
    "宓": "mi", "种": "chong", "折": "she", "员": "yun", "繁": "po", "黑": "he", "秘": "bi", "逄": "pang", "召": "shao",
    "燕": "yan", "应": "ying", "牟": "mu", "令": "ling", "钭": "tou", "晟": "cheng", "阚": "kan", "隗": "wei", "郇": "xun",
    "曲": "qu", "都": "du", "哈": "ha", "那": "na", "能": "nai", "万": "wan", "纪": "ji", "祭": "zhai", "车": "che",
    "柏": "bai", "薄": "bo", "卜": "bu", "谌": "chen", "适": "kuo", "靓": "jing", "鲜": "xian", "相": "xiang", "於": "yu",
    "尉迟": "yuchi", "万俟": "moqi", "长孙": "zhangsun", "澹台": "tantai", "夏侯": "xiahou", "宰父": "zaifu", "单于": "chanyu",
    "令狐": "linghu", "欧阳": "ouyang", "司马": "sima", "上官": "shangguan", "诸葛": "zhuge", "东方": "dongfang",
    "皇甫": "huangfu", "公孙": "gongsun", "慕容": "murong", "端木": "duanmu", "司徒": "situ", "轩辕": "xuanyuan",
    "呼延": "huyan", "南宫": "nangong", "独孤": "dugu", "宇文": "yuwen", "鲜于": "xianyu", "闻人": "wenren", "尔朱": "erzhu",
}  # fmt: skip
MOST_READINGS = 8  # of a whole name: two doubtful characters of three readings each are rarely both needed


def surname_of(name: str) -> str:
    """The surname: two characters when it is one of the long ones."""
    return name[:2] if len(name) > 2 and name[:2] in SURNAMES else name[:1]


@lru_cache(maxsize=40_000)
def readings(sign: str) -> tuple[str, ...]:
    """Every reading of a character, without tones, ü as v; a letter or digit reads as itself."""
    as_it_is: Any = lambda signs: [signs.lower()]  # noqa: E731  pypinyin takes lists, its types do not say so
    found = pinyin(sign, style=Style.NORMAL, heteronym=True, errors=as_it_is)
    return tuple(dict.fromkeys(reading for options in found for reading in options if reading.isalnum()))[:3] or ("",)


@lru_cache(maxsize=20_000)
def spellings(name: str) -> tuple[tuple[str, ...], ...]:
    """Every way to read a name, as syllables; the likeliest first."""
    surname = surname_of(name)
    rest = [_likely(sign) for sign in name[len(surname) :]]
    ways: list[tuple[str, ...]] = []
    if len(surname) == 2:
        ways.append(_cut(SURNAMES[surname], surname))
    first = [(SURNAMES[surname],)] if len(surname) == 1 and surname in SURNAMES else []
    usual = itertools.product(*(readings(sign) for sign in surname))
    heads = list(dict.fromkeys([*ways, *first, *usual]))
    whole = (head + tail for head in heads for tail in itertools.product(*rest))
    return tuple(dict.fromkeys(tuple(part for part in way if part) for way in itertools.islice(whole, MOST_READINGS)))


def _likely(sign: str) -> tuple[str, ...]:
    """The readings of a given name's character: two at most, else a common name has dozens of keys."""
    return readings(sign)[:2]


def _cut(joined: str, surname: str) -> tuple[str, ...]:
    """`yuchi` → (`yu`, `chi`), by the last syllable's usual reading."""
    for last in readings(surname[1]):
        if joined.endswith(last):
            return joined[: -len(last)], last
    return (joined,)


@lru_cache(maxsize=20_000)
def sort_key(name: str) -> str:
    """By what a name sorts: its likeliest reading, syllables apart. At most 120 characters."""
    return " ".join(spellings(name.strip())[0])[:120] if name.strip() else ""
