"""The words that units are named and assigned with, as patterns made of `rules/units.toml`; for folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from .needs import AtEnd, one_of
from .parts import tables

#: Marks that begin an item of a list.
BULLETS = "●•·■◆▲★◇○〇※▪▶►➤ \t\n\r"
#: What may stand behind one.
CLOSERS = "●•·■◆◇○〇 \t\n\r.。:"

HAN = r"[\u4e00-\u9fff]"


def known_words() -> dict:
    """The tables of `rules/units.toml`."""
    return tables("units.toml")


def either(words: Iterable[str]) -> str:
    """A group of alternatives, longer ones first."""
    words = list(words)
    if all(word and re.escape(word) == word for word in words):
        return f"(?:{one_of(words)})"
    return "(?:" + "|".join(sorted(dict.fromkeys(words), key=len, reverse=True)) + ")"


@cache
def compiled(name: str) -> re.Pattern[str]:
    """A pattern of the file by its name (`no_name`, `once.first_leads`)."""
    value = known_words()
    for part in name.split("."):
        value = value[part]
    return re.compile(value)  # type: ignore[arg-type]


@cache
def words_of(name: str) -> tuple[str, ...]:
    """A list of the file by its name (`joint.next`)."""
    kind, _, own = name.partition(".")
    return tuple(known_words()[kind][own])


@cache
def sure_ending() -> AtEnd:
    """What ends a word that is a unit's name in any surroundings, with its second name in brackets."""
    return AtEnd(either(known_words()["ending"]["sure"]) + r"(?:\([^()]*\))?")


@cache
def ending() -> AtEnd:
    """What ends a unit's name, with its second name in brackets."""
    words = known_words()["ending"]
    return AtEnd(either([*words["sure"], *words["other"]]) + r"(?:\([^()]*\))?")


@cache
def office_ending() -> AtEnd:
    """What ends the name of an office, with its second name in brackets."""
    return AtEnd(either(known_words()["ending"]["office"]) + r"(?:\([^()]*\))?")


@cache
def inner_ending() -> AtEnd:
    """What ends the name of a part of a unit."""
    return AtEnd(either(known_words()["ending"]["inner"]))


@cache
def glued_ending() -> re.Pattern[str]:
    """What ends a unit that other words stand right beside."""
    return re.compile(either(known_words()["ending"]["glued"]) + "$")


def _joint(name: str) -> str:
    """The pattern of what joins units, by its name."""
    return known_words()["joint"][name]


@cache
def two_units() -> re.Pattern[str]:
    """A joint in a collective that parts it from another unit: 各乡镇人民政府和县财政局."""
    kinds = known_words()["places"]["kinds"]
    sure = either(w for w in known_words()["ending"]["sure"] if w not in kinds)
    return re.compile(f"{sure}(?:{_joint('conjunction')})|{_joint('apart')}")


@cache
def last_characters() -> frozenset[str]:
    """What the endings of units, and of collectives of places, end in."""
    words = known_words()
    return frozenset(w[-1] for w in [*words["ending"]["sure"], *words["ending"]["other"], *words["places"]["kinds"]])


@cache
def hints() -> str:
    """The alternatives of words of which every label and every verb has one."""
    return either(known_words()["hints"])


@cache
def collective() -> re.Pattern[str]:
    """A name that stands for many units, whole."""
    patterns = [f"(?P<{name}>{pattern})" for name, pattern in known_words()["collective"].items()]
    return re.compile("|".join([*patterns, _places()]))


@cache
def whole() -> re.Pattern[str]:
    """A list inside one collective, which is not parted at its 、 or 和."""
    after = f"(?=(?:{_joint('behind')})|$)"
    # 各市、县（市、区）教育局, 各县、区教育局: the offices of places on one level.
    bracket = known_words()["places"]["bracket"]
    level = f"(?:{_joint('two_levels')})|(?:{_joint('level')}){bracket}"
    offices = rf"(?:{_joint('offices')})(?:{level})(?:{HAN}{{2,14}})"
    return re.compile("|".join([*known_words()["whole"].values(), _places(least=1) + after, offices + after]))


def _places(least: int = 0) -> str:
    """Kinds of places after one 各, and who sits there; at least so many after the first."""
    words = known_words()["places"]
    kind = rf"{either(words['kinds'])}(?:{words['bracket']})?"
    return (
        rf"(?:{_joint('many')}){kind}(?:(?:{_joint('kinds_joint')}){kind}){{{least},6}}"
        rf"(?:{words['seats']})?(?:\([^()]{{1,12}}\))?"
    )


@cache
def places() -> re.Pattern[str]:
    """A collective of places: 各县（市、区）, 各州、市人民政府."""
    return re.compile(_places())


@cache
def open_tail() -> re.Pattern[str]:
    """等, 等有关部门（单位）, 等部门和单位 at the end of a list."""
    words = known_words()["open"]
    between, noun = f"{either(words['between'])}*", either(words["nouns"])
    second = f"(?:{_joint('second_noun')})?"
    return re.compile(rf"{_joint('left_open')}(?:{between}{noun}(?:\({noun}\))?{second})?$")


@cache
def place_seat() -> re.Pattern[str]:
    """望溪市人民政府, 高新区党工委和管委会: groups `place` and `seat`."""
    words = known_words()["places"]
    return re.compile(rf"(?P<place>{_joint('place')})(?P<seat>{words['seats']})")


@cache
def place() -> re.Pattern[str]:
    """What looks like the name of a place."""
    return compiled("joint.place")


@cache
def seat() -> re.Pattern[str]:
    """人民政府, 管委会: who sits at a place, without it."""
    return re.compile(known_words()["places"]["seats"])


@cache
def zone() -> re.Pattern[str]:
    """What ends the name of a place that has a 管委会 and no government."""
    return re.compile(either(known_words()["places"]["zones"]) + "$")


@cache
def labels() -> re.Pattern[str]:
    """The labels of unit lists (责任单位：), of times and of persons; the group that matched is the id of its row."""
    alternatives = "|".join(f"(?P<{r['id'].replace('.', '_')}>{r['pattern']})" for r in known_words()["label"])
    # 责任单位；县住建局 is a slip that people make; behind a verb (各镇（街道）配合；…) it is none.
    slip = f"(?<={known_words()['label_ends']});"
    return re.compile(rf"(?<!{HAN})(?:{alternatives})(?:\([^()]{{0,12}}\))?\s*(?::|{slip})\s*")


@cache
def label_of(*roles: str) -> str:
    """The alternatives of the labels of some roles."""
    return "(?:" + "|".join(r["pattern"] for r in known_words()["label"] if r["role"] in roles) + ")"


#: No verb with what belongs to it is longer: the search for one is bounded.
_LONGEST_VERB = 30


def closing_verb(word: str) -> re.Match[str] | None:
    """The verb that closes an item, which says in which role the units before it stand; its group is the id."""
    return _verbs().search(word, max(0, len(word) - _LONGEST_VERB))


@cache
def _verbs() -> AtEnd:
    return AtEnd("|".join(f"(?P<{r['id'].replace('.', '_')}>{r['pattern']})" for r in known_words()["verb"]))


@cache
def roles() -> dict[str, str]:
    """The role of each label and verb, by the name of its group."""
    return {r["id"].replace(".", "_"): r["role"] for r in known_words()["label"] + known_words()["verb"]}


@cache
def lead_in() -> re.Pattern[str]:
    return re.compile(f"(?:{known_words()['lead_in']})(?=.)")


@cache
def titled_person() -> re.Pattern[str]:
    """A name with a title before or behind it: 李四副县长, 局长李四; groups `before` and `name`."""
    titles = known_words()["titles"]
    return re.compile(rf"(?P<before>{HAN}{{0,14}}{titles})?(?P<name>{HAN}{{2,4}}?)(?P<after>{titles})?")
