"""A Chinese name in pinyin, proposed as GB/T 28039-2011 writes it; a person has the last word.

Family name first; the syllables of the given name joined, with an apostrophe before a vowel; capital initials; ü
where it is heard (a passport may write YU for it). Characters read otherwise in family names than elsewhere
(单 is Shan, 曾 is Zeng) come from the table below; so do family names of two characters.
"""

from dataclasses import dataclass

#: Family names of two characters, each with its reading.
COMPOUND = {
    "欧阳": "Ouyang", "司马": "Sima", "上官": "Shangguan", "诸葛": "Zhuge", "司徒": "Situ", "东方": "Dongfang",
    "独孤": "Dugu", "南宫": "Nangong", "万俟": "Moqi", "闻人": "Wenren", "夏侯": "Xiahou", "尉迟": "Yuchi",
    "公羊": "Gongyang", "赫连": "Helian", "澹台": "Tantai", "皇甫": "Huangfu", "宗政": "Zongzheng", "濮阳": "Puyang",
    "公冶": "Gongye", "太叔": "Taishu", "申屠": "Shentu", "公孙": "Gongsun", "慕容": "Murong", "仲孙": "Zhongsun",
    "钟离": "Zhongli", "长孙": "Zhangsun", "宇文": "Yuwen", "司空": "Sikong", "鲜于": "Xianyu", "令狐": "Linghu",
    "轩辕": "Xuanyuan", "百里": "Baili", "呼延": "Huyan", "端木": "Duanmu", "东郭": "Dongguo", "南门": "Nanmen",
    "西门": "Ximen", "拓跋": "Tuoba", "淳于": "Chunyu", "单于": "Chanyu", "公西": "Gongxi", "乐正": "Yuezheng",
    "漆雕": "Qidiao", "第五": "Diwu", "纳兰": "Nalan", "完颜": "Wanyan", "左丘": "Zuoqiu", "梁丘": "Liangqiu",
    "羊舌": "Yangshe", "巫马": "Wuma",
}  # fmt: skip

#: Characters that are read otherwise in a family name than they mostly are.
AS_FAMILY_NAME = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "朴": "piao", "盖": "ge",
    "乐": "yue", "翟": "zhai", "缪": "miao", "覃": "qin", "洗": "xian", "折": "she", "种": "chong",
    "繁": "po", "员": "yun", "召": "shao", "秘": "bi", "黑": "he", "祭": "zhai", "能": "nai", "句": "gou",
    "薄": "bo", "隗": "wei", "阚": "kan", "牟": "mu", "都": "du", "卜": "bu", "藏": "zang", "参": "shen",
    "佴": "nai", "长": "chang", "重": "chong",
}  # fmt: skip


@dataclass(frozen=True)
class Pinyin:
    """``Wang`` and ``Weimin``; both empty where nothing can be proposed."""

    family: str = ""
    given: str = ""

    def __str__(self) -> str:
        return f"{self.family} {self.given}".strip()


def is_hanzi(text: str) -> bool:
    """Whether all of the text is Chinese characters."""
    return bool(text) and all("\u3400" <= c <= "\u9fff" or c >= "\U00020000" for c in text)


def family_length(name: str) -> int:
    """How many characters of the name are the family name: 2 for 欧阳文, 1 for 王为民."""
    return 2 if len(name) > 2 and name[:2] in COMPOUND else 1


def propose(name: str, length: int | None = None) -> Pinyin:
    """The pinyin of a Chinese name whose family name has ``length`` characters, by default those of a known one.

    Two family names side by side, those of both parents, are joined by a hyphen. Nothing is proposed for what is
    not written as a Chinese name (买买提·吐尔逊 is Uyghur): its bearer writes it.
    """
    if not is_hanzi(name):
        return Pinyin()
    length = family_length(name) if length is None else min(max(length, 1), len(name))
    return Pinyin(_family(name[:length]), _joined(_syllables(name[length:])))


def _family(name: str) -> str:
    if name in COMPOUND:
        return COMPOUND[name]
    return "-".join(AS_FAMILY_NAME.get(c, _syllables(c)[0]).capitalize() for c in name)


def _joined(syllables: list[str]) -> str:
    written = "".join(f"’{s}" if n and s[0] in "aeo" else s for n, s in enumerate(syllables))
    return written.capitalize()


def _syllables(text: str) -> list[str]:
    from pypinyin import lazy_pinyin  # loads a large dictionary

    return list(lazy_pinyin(text, v_to_u=True))
