"""What looks like a list of units: 县财政局、民政局, X牵头，Y配合, 各乡镇人民政府.

Everything here takes folded text (`fold.fold`) and gives spans in it; names are taken from the unfolded text by
`Item.name`. What depends on the words that are known is asked of a `UnitShapes`, which holds a lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from .collectives import is_collective, is_of_places, names_nobody
from .fold import squeeze
from .list_parts import ItemPiece, ItemPieces, ListPart, give, reach_back, restore_endings
from .once import blanked, said_once
from .parts import rule
from .times import is_time, times_in
from .unit_list import LABEL_END, Item, Parsed, lead_beside_support, shift, stretches
from .unit_names import KEPT, LONGEST, UnitNames
from .unit_words import (
    BULLETS,
    CLOSERS,
    HAN,
    closing_verb,
    compiled,
    ending,
    lead_in,
    open_tail,
    place,
    roles,
    seat,
    two_units,
    whole,
    words_of,
)

if TYPE_CHECKING:
    from .lexicon import Lexicon

Span = tuple[int, int]

#: Characters of most persons' names; the names of places have mostly fewer.
_WHOLE_PERSON = 3
_WHOLE_NAME = 4  # characters of the name of a unit with its place


_BARE = (2, 3)  # characters of the name of a place without its kind

#: More characters without a mark than any name has.
_TOO_LONG = re.compile(rf"[^、,;。|●•■◆\s()]{{{LONGEST + 1}}}")


_FIRST_STOP = re.compile(r"[、,;:]")


def _time(word: str) -> bool:
    return len(word) <= LONGEST and bool(compiled("assignment.timely").search(word)) and bool(times_in(word))


def _strip_tail(word: str) -> str:
    return open_tail().sub("", word)


def _ends_unit(word: str) -> bool:
    ends = len(word) > 1 and bool(ending().search(word) or place().fullmatch(word))
    return ends and not rule("trap", "names.toml").fullmatch(word)  # 市场与信息处 is one


def _begins_unit(word: str) -> bool:
    """Whether what stands behind 和 is a unit of its own: in 县委和县政府 it is, in 高新区党工委和管委会 it is not."""
    word = _strip_tail(word)
    return bool(ending().search(word) or is_collective(word)) and not seat().fullmatch(word)


_FIRST_PIECE = re.compile(r"[、,;()。●•■◆▲|/\s]")
_FIRST_WORD = re.compile(r"[、,;。●•■◆▲|/\s]")


@cache
def _item_marks() -> re.Pattern[str]:
    """The characters at which items may be parted; all between them is passed over."""
    return re.compile(rf"[(“)”、,;。●•■◆|/ \n\t{''.join(words_of('joint.collective'))}]")


@cache
def _unit_marks() -> re.Pattern[str]:
    """The characters at which the units of one item may be parted."""
    return re.compile(f"[(){''.join((*words_of('joint.first'), *words_of('joint.next')))}]")


_SHORT_PLACE = 2  # characters of a place's name that may end as a unit's does: 南站


@cache
def _heads() -> re.Pattern[str]:
    """The end of words for those who head many units."""
    return re.compile(f"{compiled('titles').pattern}$")


@cache
def _joint_end() -> re.Pattern[str]:
    return re.compile(f"{compiled('joint.between').pattern}$")


_IN_BRACKET = re.compile(rf"\(({HAN}{{2,14}})\)$")


_EACH_ONE = 2  # characters of 各 and one more


class UnitShapes(UnitNames):
    """What looks like a unit to those who know the words of a lexicon. Answers are kept, so one is made for a lexicon
    (`shapes_of`); several threads may ask it."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__(lexicon)
        self._pieces: Callable[[str, bool], ItemPieces] = lru_cache(KEPT)(self._pieces_of)
        self._parsed: Callable[[str, str, bool], Parsed] = lru_cache(KEPT)(self._parse)
        self.all_units: Callable[[str], bool] = lru_cache(KEPT)(self._are_all_units)
        self._has_rest: Callable[[str], bool] = lru_cache(KEPT)(self._shows_rest)
        self._is_rest: Callable[[str], bool] = lru_cache(KEPT)(self._stands_in_no_list)

    def parse_list(self, text: str, role: str = "responsible", column: bool = False) -> Parsed:
        """What a folded unit list says; spans count from the start of `text`.

        `role` is that of units with neither label nor verb. In a `column` every item is a unit unless it names nobody.
        What is returned is kept and must not be changed.
        """
        return self._parsed(text, role, column)

    def _are_all_units(self, text: str) -> bool:
        """Whether a folded text is units and nothing else, in brackets or not."""
        return self.may_be_units(text) and self._is_list(text.strip("()"))

    def may_be_units(self, text: str) -> bool:
        """Whether a folded text begins as a list of units does, is no long sentence and has nothing that stands in no
        list."""
        if _TOO_LONG.search(text):
            return False
        text = text.strip("()")
        return self._begins_list(text) and not self._has_rest(text)

    def _begins_list(self, text: str) -> bool:
        """Whether a list may begin so: most sentences are told by their first words. A place may wait for the ending
        that a later one has."""
        stop = _FIRST_STOP.search(text)
        first = text[: stop.start()] if stop else ""
        if stop is None or stop.group() == ":" or not first or "(" in first or place().search(first):
            return True
        return self._names_units(first)

    def _names_units(self, text: str) -> bool:
        return not self._has_rest(text) and self._is_list(text)

    def _is_list(self, text: str) -> bool:
        parsed = self.parse_list(text)
        return bool(parsed.items) and not parsed.rest and not any(i.doubtful for i in parsed.items)

    def _shows_rest(self, text: str) -> bool:
        """Whether an item of a list is surely no unit, whatever stands beside it: told without the list being read to
        its end, as most of what is asked is a sentence. A list with labels is read."""
        if LABEL_END.search(text) or said_once(text):
            return False
        for start, end, _ in self._items(text, 0, len(text)):
            word = text[start:end].rstrip()
            if compiled("assignment.timely").search(word) and is_time(word):
                continue
            verb = closing_verb(word)
            if verb:
                word = word[: verb.start()]
            if word and any(self._is_rest(piece.text) for piece in self._pieces(word, True).units):
                return True
        return False

    def _stands_in_no_list(self, piece: str) -> bool:
        """Whether a piece of an item without label is no unit, nor a place that waits for an ending, a person or a
        time."""
        return bool(piece) and not (
            is_collective(piece)
            or self.is_unit(piece)
            or self.is_person(piece)
            or place().fullmatch(piece)
            or self._is_bare_place(piece)
            or _time(piece)
        )

    def _parse(self, text: str, role: str, column: bool) -> Parsed:
        out = Parsed()
        text = blanked(text)
        found: list[Item] = []
        prefix = ""
        for start, end, kind in stretches(text):
            what = roles()[kind] if kind else role
            if what == "deadline":
                time = self._before_units(text, start, end, role, found, out)
                out.deadlines.append((start, time))
            elif what == "person":
                out.hidden.append((start, start + len(text[start:end].rstrip("、,;。 \n"))))
            elif what != "other":
                rule = "units." + (kind.replace("_", ".") if kind else "column" if column else "list")
                out.labelled = out.labelled or bool(kind)
                items, prefix = self._stretch(text, start, end, what, rule, prefix, out)
                found += items
        out.items = lead_beside_support(found)
        return out

    def _before_units(self, text: str, start: int, end: int, role: str, found: list[Item], out: Parsed) -> int:
        """Where a time ends that units stand behind (完成时限：6月底前；X牵头); these are found."""
        stop = text.find(";", start, end)
        if stop < 0:
            return end
        behind = shift(self._parse(text[stop + 1 : end], role, False), stop + 1)
        told = behind.verbs or all(self.sure(text[i.start : i.end]) for i in behind.items)
        if not behind.items or not told or behind.rest or behind.hidden:
            return end
        found += behind.items
        out.open, out.verbs = out.open or behind.open, out.verbs or behind.verbs
        return stop

    def _stretch(
        self, text: str, start: int, end: int, role: str, rule: str, prefix: str, out: Parsed
    ) -> tuple[list[Item], str]:
        """The units of one labelled stretch; returns them with the place prefix that goes on."""
        parts = self._roles_of(text, start, end, role, rule, out)
        reach_back(parts)
        restore_endings(parts, self._is_bare_place, self._office_of)
        # Below 工作职责： may stand duties as well.
        explicit = rule == "units.column" or (rule.startswith("units.label") and rule != "units.label.division")
        items = []
        for part in parts:
            item = self._item(part, explicit, prefix, out)
            if item is None:
                continue
            if not item.collective and not item.prefix:
                prefix = self.passed_on(part.text) or prefix
            items.append(item)
        return items, prefix

    def _roles_of(self, text: str, start: int, end: int, role: str, rule: str, out: Parsed) -> list[ListPart]:
        """The parts of a stretch, each with the role that the verb behind it gives it, else with that of the
        stretch."""
        done: list[ListPart] = []
        waiting: list[ListPart] = []
        for a, b, comma in self._items(text, start, end):
            word = text[a:b].rstrip()
            b = a + len(word)
            if compiled("assignment.timely").search(word) and is_time(word):
                out.deadlines.append((a, b))
                continue
            verb = closing_verb(word)
            supports = verb is not None and roles()[verb.lastgroup or ""] == "support"
            if comma and (rule.startswith("units.label") or (supports and not done)):
                # Under a label a verb reaches back to the last comma only (责任单位：A、B，C配合); so does one of
                # support where nobody was named with a verb before (A、B；C配合).
                done += waiting
                waiting = []
            if verb and len(verb.group()) == len(word) and not waiting:
                verb = None
            if verb:
                b = a + verb.start()
                out.verbs = True
            waiting += self._said_by(text, a, b, role, rule, comma, out)
            if verb:
                give(waiting, verb.lastgroup or "")
                done += waiting
                waiting = []
        return [part for part in done + waiting if part.text]

    def _said_by(
        self, text: str, start: int, end: int, role: str, rule: str, comma: bool, out: Parsed
    ) -> list[ListPart]:
        """The parts of one item, with the role that a mark beside each tells, else with that of the stretch."""
        pieces = self._pieces(text[start:end], rule == "units.list")
        out.open = out.open or pieces.open
        out.hidden += [(start + c, start + d) for c, d in pieces.hidden]
        out.persons += [(start + c, start + d) for c, d in pieces.persons]
        parts = []
        for piece in pieces.units:
            said = (role, rule) if piece.said is None else (piece.said or role, "units.marked")
            joined = not comma or not piece.first
            parts.append(ListPart(start + piece.start, start + piece.end, *said, piece.text, joined))
        return parts

    def _pieces_of(self, item: str, bare: bool) -> ItemPieces:
        """The pieces of an item that may be units; `bare`: of a list without label."""
        out = Parsed()
        found = [self._tidied(item, a, b, n == 0, bare, out) for n, (a, b) in enumerate(self._parts(item, out))]
        return ItemPieces(tuple(found), out.open, tuple(out.hidden), tuple(out.persons))

    def _tidied(self, text: str, start: int, end: int, first: bool, bare: bool, out: Parsed) -> ItemPiece:
        """A part without what is no part of a name: 等有关部门, 由, bullets, a person in brackets, (牵头), *."""
        part = text[start:end]
        tail = open_tail().search(part)
        if tail and (not bare or self._may_stand_open(part[: tail.start()])):
            out.open = True
            end = start + tail.start()
        while start < end and text[start] in BULLETS + "*":
            start += 1
        if text[start:end].startswith("(") and ")" not in text[start:end]:
            start += 1  # what a page's end cut off closes it
        lead = lead_in().match(text, start, end)
        if lead:
            start = lead.end()
        while start < end and text[end - 1] in CLOSERS:
            end -= 1
        start, end = self._without_person(text, start, end, not bare, out)
        mark, said = compiled("assignment.marked").search(text[start:end]), None
        if mark:
            # 县教育局（牵头）, or 县教育局* where the paper says what the mark means.
            end, word = start + mark.start(), mark["word"]
            said = ("support" if compiled("assignment.marked_support").search(word) else "lead") if word else ""
        name = text[start:end]
        return ItemPiece(start, end, "" if names_nobody(name) else name, first, said)

    def _office_of(self, name: str) -> tuple[str, str]:
        """The last character of the place that a department's name begins with, and what stands behind the place; two
        empty ones where it begins with no place's own name."""
        split = self.lexicon.split_unit(name)
        own = split.prefix if split.department is not None else ""
        whole = len(own) >= _WHOLE_PERSON and name.startswith(own) and place().fullmatch(own) is not None
        return (own[-1], name[len(own) :]) if whole else ("", "")

    def _is_bare_place(self, name: str) -> bool:
        """Whether a word may be the name of a place without what kind it is: no unit, nor short for one."""
        may_be = len(name) <= _SHORT_PLACE and self.lexicon.department(name) is None
        bare = len(name) in _BARE and not names_nobody(name) and (may_be or not ending().search(name))
        return bare and not is_collective(name) and not self.is_short_form(name) and not self.is_person(name)

    def _item(self, part: ListPart, explicit: bool, prefix: str, out: Parsed) -> Item | None:
        """The unit that a part is; what it is instead goes into `out`."""
        text, span = part.text, (part.start, part.end)
        where = (part.start, part.end, part.role, part.rule)
        if is_collective(text):
            if _heads().search(text):
                out.hidden.append(span)  # 各街道主任
                return None
            return Item(*where, collective=True, ending=part.ending)
        if self.is_person(text) and (explicit or part.rule != "units.list"):
            out.hidden.append(span)
            out.persons.append(span)
            return None
        if part.ending:
            return Item(*where, ending=part.ending)
        if self.is_unit(text):
            restored = prefix and not self.prefix_of(text) and self.restorable_behind(squeeze(text), prefix)
            # 乡村镇建设办公室 behind 乡政府 has its place.
            restored = restored and not self._has_level(squeeze(text), prefix)
            return Item(*where, prefix if restored else "")
        if _time(text):
            out.deadlines.append(span)
        elif explicit and (self.like_a_name(text) or self.is_short_form(squeeze(text))):
            return Item(*where, doubtful=True)
        else:
            out.rest.append(span)
        return None

    def _may_stand_open(self, name: str) -> bool:
        """Whether a name, or nothing, may have 等有关部门 behind it."""
        if not name or ending().search(name) or is_collective(name):
            return True
        return self.lexicon.department(squeeze(name)) is not None

    def _has_level(self, name: str, prefix: str) -> bool:
        """Whether a name that is no department's is one behind its level (乡, 镇)."""
        rest = name.removeprefix(prefix)
        known = self.lexicon
        return rest != name and known.department(name) is None and known.department(rest) is not None

    def _items(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """Splits at punctuation and white space outside brackets; a name that a line break cut is one item. The
        third value says that a comma or semicolon stands before the item."""
        depth, at, i, comma = 0, start, start, False
        while (mark := _item_marks().search(text, i, end)) is not None:
            i, c = mark.start(), mark.group()
            if c in "(“":
                depth += 1
            elif c in ")”":
                depth = max(0, depth - 1)
            elif c in words_of("joint.collective") and depth == 0 and (_only_led_in(text[at:i]) or _joins(text[at:i])):
                many = whole().match(text, i, end)
                if many:
                    i = many.end()
                    continue
            elif depth == 0 and c in "、,;。●•■◆|/ \n\t":
                if c in " \n\t" and i > at and not self._complete(text[at:i], text[i + 1 : end]):
                    i += 1
                    continue
                if i > at:
                    yield at, i, comma
                    comma = False
                comma = comma or c in ",;"
                at = i + 1
            i += 1
        if end > at:
            yield at, end, comma

    def _complete(self, left: str, right: str) -> bool:
        """Whether white space between `left` and `right` parts two units, and is no break in mid-name."""
        left = squeeze(left)
        right = right.lstrip(BULLETS + "*")
        if right[:1] in ("、", ",", ";", ")", "(", ""):
            return False
        if not left.strip(BULLETS + "*"):
            return True
        if self._is_broken(left.strip(BULLETS + "*"), _FIRST_PIECE.split(right, maxsplit=1)[0]):
            return False
        if not (ending().search(left) or is_of_places(left) or closing_verb(left)):
            return False
        first = _FIRST_WORD.split(right, maxsplit=1)[0]
        if self._goes_on(left, first):
            return False
        if self.is_person(first):
            return True
        if self.prefix_of(left) and not is_collective(left):
            return self._begins_another(left, first)
        return len(first) >= 2

    def _goes_on(self, left: str, first: str) -> bool:
        """Whether a word behind white space belongs to the unit before it: the seat of a place, the rest of many."""
        places = is_of_places(left)
        if seat().fullmatch(first) and (places or place().fullmatch(left)):
            return True
        if not is_collective(left) or not is_collective(left + first):
            return False
        if len(first) < _WHOLE_PERSON and self.lexicon.department(first) is None and not is_collective(first):
            return True  # 街道办 / 事处
        if places:
            return False
        noun = compiled("collective.plain").fullmatch(first) is not None  # 各市场开办 / 单位
        return noun or len(left) == _EACH_ONE  # 各社 / 区居委会

    def _begins_another(self, left: str, first: str) -> bool:
        """Whether a word behind a unit with a place is a unit of its own. 县政府办 / 公室: the rest of a name does not
        begin with a place and is none."""
        if self.prefix_of(first) or is_collective(first) or compiled("joint.each").match(first):
            return True
        if (len(first) >= _WHOLE_NAME and self.is_unit(first)) or self._two(left, first):
            return True
        return place().fullmatch(first) is not None and self.lexicon.split_unit(left).department is not None

    def _is_broken(self, left: str, right: str) -> bool:
        """Whether two pieces are a department that is known, and the first of them is none."""
        known = self.lexicon
        left = left[len(self.prefix_of(left)) :]
        return bool(left) and known.department(left + right) is not None and known.department(left) is None

    def _two(self, left: str, right: str) -> bool:
        """Whether two words beside each other are each a department, and not one of both (县委 宣传部)."""
        known = self.lexicon
        return known.department(right) is not None and known.split_unit(left + right).department is None

    def _parts(self, item: str, out: Parsed) -> list[Span]:
        """Splits an item at 和, 及, 与 between two units, and where two units stand without anything between them."""
        word = _strip_tail(item)  # 等有关部门和单位 is no unit
        if is_collective(word) and not two_units().search(word):
            return [(0, len(item))]
        cuts: list[Span] = []
        depth = 0
        at = 0
        i = 1
        while (mark := _unit_marks().search(word, i, max(i, len(word) - 1))) is not None:
            i, c = mark.start(), mark.group()
            if c == "(":
                depth += 1
            elif c == ")":
                depth -= 1
            if depth == 0:
                joint = compiled("joint.between").match(word, i) if c in words_of("joint.first") else None
                if joint and joint.end() < len(word) and _ends_unit(word[at:i]) and _begins_unit(word[joint.end() :]):
                    out.open = out.open or compiled("joint.left_open").match(joint.group()) is not None
                    cuts.append((i, joint.end()))
                    at = i = joint.end()
                    continue
                if (
                    i - at >= 3
                    and c in words_of("joint.next")
                    and _ends_unit(word[at:i])
                    and self._next_unit(word[at:i], word[i:])
                ):
                    cuts.append((i, i))
                    at = i
            i += 1
        if not cuts:
            return [(0, len(item))]
        parts, at = [], 0
        for a, b in cuts:
            parts.append((at, a))
            at = b
        parts.append((at, len(item)))
        return [(a, b) for a, b in parts if b > a]

    def _next_unit(self, left: str, right: str) -> bool:
        """县教育局县财政局 are two; 县委县政府督查局, 县政府各部门, 市生态环境局某县分局 are one."""
        if compiled("joint.each").match(right):
            return not compiled("joint.own_each").search(left)
        if is_of_places(left):
            return len(right) >= _WHOLE_NAME and bool(ending().search(_strip_tail(right)))
        if len(left) < _WHOLE_NAME:
            return False
        if left[0] != right[0]:
            # 区水务局市生态环境局…: of different levels, but both known.
            known = self.lexicon
            one, other = known.split_unit(left), known.split_unit(_strip_tail(right))
            branch = compiled("joint.branch").search(left) is not None
            left_known = branch or (one.prefix and one.department and not one.branch)
            return bool(left_known and other.prefix and other.department)
        return len(right) > 2 and bool(ending().search(_strip_tail(right)))

    def _without_person(self, text: str, start: int, end: int, explicit: bool, out: Parsed) -> Span:
        """A part without the person beside its unit: 县民政局（李四）; in an assignment also 县民政局李四 and
        李小四民政局."""
        part = text[start:end]
        bracket = _IN_BRACKET.search(part)
        if bracket:
            if self.is_person(bracket.group(1)):
                out.hidden.append((start + bracket.start(), end))
                return start, start + bracket.start()
            return start, end
        if not explicit:
            return start, end
        leader, unit = part[:_WHOLE_PERSON], part[_WHOLE_PERSON:]
        office = unit.endswith(words_of("joint.office")) and self.lexicon.department(unit) is not None
        office = office and not compiled("own_place").search(unit)
        if office and self.is_person(leader) and not self.prefix_of(part):
            out.hidden.append((start, start + _WHOLE_PERSON))
            out.persons.append((start, start + _WHOLE_PERSON))
            return start + _WHOLE_PERSON, end
        if self.is_unit(part):
            return start, end
        for size in (2, 3, 4):
            head, tail = part[:-size], part[-size:]
            if len(head) > 2 and self.is_person(tail) and self.is_unit(head):
                out.hidden.append((end - size, end))
                out.persons.append((end - size, end))
                return start, end - size
        return start, end


def _only_led_in(text: str) -> bool:
    """Whether nothing but bullets and a word like 由 stands before a unit."""
    bare = text.strip(BULLETS)
    led = lead_in().match(bare + "_") if bare else None
    return not bare or (led is not None and led.end() == len(bare))


def _joins(text: str) -> bool:
    """Whether a text ends with a unit and the word that joins it to the next (省教育厅及)."""
    joint = _joint_end().search(text)
    return joint is not None and _ends_unit(text[: joint.start()])


@lru_cache(maxsize=16)
def shapes_of(lexicon: Lexicon) -> UnitShapes:
    """The shapes of a lexicon: one object for each, so that its caches serve every paper."""
    return UnitShapes(lexicon)
