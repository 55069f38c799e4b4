"""What a list of units is parted into before it is known which of its pieces are units."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from .unit_words import compiled, place, place_seat, roles, words_of, zone

Span = tuple[int, int]


class ItemPiece(Struct, frozen=True, gc=False):
    """A piece of an item, its span counted from there; `text` is empty where it names nobody. `first`: the item begins
    with it; `said`: the role that a mark behind it tells, "" where the mark tells none, None where there is none."""

    start: int
    end: int
    text: str
    first: bool
    said: str | None


class ItemPieces(Struct, frozen=True):
    """What an item of a list is made of; spans count from its start."""

    units: tuple[ItemPiece, ...]
    open: bool
    hidden: tuple[Span, ...]
    persons: tuple[Span, ...]


class ListPart(Struct, gc=False):
    """A piece of a list that may be a unit; `joined`: only 、 or 和 stands before it."""

    start: int
    end: int
    role: str
    rule: str
    text: str
    joined: bool
    ending: str = ""


def give(parts: list[ListPart], kind: str) -> None:
    """Gives parts the role of a kind of verb, but for those whose mark tells theirs."""
    for part in parts:
        if part.rule != "units.marked":
            part.role, part.rule = roles()[kind], "units." + kind.replace("_", ".")


def reach_back(parts: list[ListPart]) -> None:
    """Gives the mark of those who support to all before it that have none, back to the mark before:
    甲局（主办），乙局、丙局（协办）."""
    marked = -1
    for n, part in enumerate(parts):
        if part.rule != "units.marked":
            continue
        if marked >= 0 and part.role == "support":
            for before in parts[marked + 1 : n]:
                before.role, before.rule = part.role, part.rule
        marked = n


def restore_endings(
    parts: list[ListPart], is_bare: Callable[[str], bool], office: Callable[[str], tuple[str, str]]
) -> None:
    """甲市、乙市人民政府: those before the last take its ending, where they are places of a like kind; so do bare names
    (`is_bare`) before a place of the lowest level (东关、北门街道办事处), and places before the department of another
    (`office`): 甲市、乙市教育局."""
    last = kind = level = ""
    lowest = None
    for n in range(len(parts) - 1, -1, -1):
        part = parts[n]
        whole_name = place_seat().fullmatch(part.text)
        if whole_name:
            last, level = whole_name["seat"], ""
            lowest = compiled("joint.lowest").search(whole_name["place"])
            middle = None if lowest else compiled("joint.middle").search(whole_name["place"])
            found = lowest or middle
            kind = found.group() if found else ""
        elif last and kind and is_bare(part.text) and (lowest or not place().fullmatch(part.text)):
            part.ending = kind + last
        elif last and place().fullmatch(part.text) and part.text.endswith(level):
            seated = any(word in last for word in words_of("joint.committee"))
            town = last in words_of("joint.street_seat") and not compiled("joint.street").search(part.text)
            if not town and (zone().search(part.text) is None or (seated and not level)):
                part.ending = last
        else:
            level, last = office(part.text) if part.joined and n else ("", "")
            kind = ""
        if not part.joined:
            last = ""
