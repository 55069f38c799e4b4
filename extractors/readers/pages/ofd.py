"""The reader of OFD (GB/T 33190-2016), the state's own format of laid-out pages: a ZIP of XML.

Characters and ruling lines are taken from where the pages draw them; lines and tables are then found as in a PDF.
Lengths in the file are millimetres, here points.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from ...errors import PaperError
from ...files.kinds import check_list
from ...model import Remark
from ...words.lexicon import Lexicon
from ...words.unit_shapes import UnitShapes, shapes_of
from ..content import Content
from ..registry import needs
from .characters import SLANT, fill, plain
from .drawn_lines import drawn
from .model import Glyph, PrintedPage
from .pdf import _items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...limits import Settings
    from .model import Stroke

_POINT = 72 / 25.4
#: More pages, and more characters or paths of one page, than any paper has.
_MOST_PAGES, _MOST = 5000, 100_000
_DEEPEST = 16
_NUMBER = re.compile(r"[-+]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][-+]?\d++)?")
_STEP = re.compile(r"[A-Za-z]|" + _NUMBER.pattern)
_WIDE = re.compile(
    r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6“”‘’…—]"
)

Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read(path: str, data: bytes, settings: Settings, words: UnitShapes | None = None) -> Content:
    """The paper in an OFD. `words` tell the units of a cell; without them those of the built-in lexicon.

    Raises `PaperError` for a file that is damaged (`paper-damaged`), encrypted (`paper-locked`) or holds more than the
    limit (`paper-too-large`), and for pages without text (`ofd-no-text`).
    """
    file = _OfdFiles(path, data, settings.max_bytes * 5)
    pages: list[PrintedPage] = []
    pictures = 0
    for number, (root, templates, box) in enumerate(_pages(file), 1):
        if number > _MOST_PAGES:
            raise PaperError("paper-damaged", path=path, reason=f"{number} pages")
        drawing = _Drawing()
        for element in [*templates, root]:
            drawing.take(element, _SAME, 0)
        pictures += drawing.pictures
        x, y, wide, high = box
        page = PrintedPage(number, x * _POINT, (x + wide) * _POINT, y * _POINT, (y + high) * _POINT)
        page.count = len(drawing.glyphs)
        pages.append(fill(page, drawing.glyphs, drawing.rules))
    if pictures and not any(page.lines or page.grids for page in pages):
        raise PaperError("ofd-no-text", path=path, pages=len(pages))
    warnings = [Remark("ofd-part-missing", values={"name": name}) for name in sorted(file.missing)[:20]]
    return Content(list(_items(pages, words or shapes_of(Lexicon.load()))), warnings)


class _OfdFiles:
    """The XML files in an OFD; `missing` are those that are named and not there. No more than `limit` bytes are ever
    unpacked."""

    def __init__(self, path: str, data: bytes, limit: int) -> None:
        with needs("ofd", "lxml"):
            from lxml import etree
        self.path, self.limit, self._left = path, limit, limit
        self.missing: set[str] = set()
        self._etree = etree
        try:
            check_list(io.BytesIO(data))
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (ValueError, zipfile.BadZipFile, NotImplementedError, EOFError) as error:
            raise PaperError("paper-damaged", path=path, reason="ZIP") from error
        self._names = {posixpath.normpath(n.replace("\\", "/")).lstrip("/").lower(): n for n in self._zip.namelist()}
        self.locked = "encryptions.xml" in self._names

    def root(self, name: str, needed: bool = False) -> Any:
        """The root element of a file in the OFD, or None. No entity is resolved and nothing is fetched."""
        held = self._names.get(name.lower())
        if held is None:
            self.missing.add(name)
            data = b""
        else:
            data = self._unpacked(held)
        parser = self._etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=not needed)
        try:
            root = self._etree.fromstring(data, parser) if data.strip() else None
        except (self._etree.XMLSyntaxError, ValueError) as error:
            raise PaperError("paper-locked" if self.locked else "paper-damaged", path=self.path, reason=name) from error
        if root is None and needed:
            raise PaperError("paper-locked" if self.locked else "paper-damaged", path=self.path, reason=name)
        return root

    def _unpacked(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as member:
                data = member.read(self._left + 1)
        except RuntimeError as error:  # a password
            raise PaperError("paper-locked", path=self.path) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
            raise PaperError("paper-damaged", path=self.path, reason=name) from error
        self._left -= len(data)
        if self._left < 0:
            raise PaperError("paper-too-large", path=self.path, size=self.limit - self._left, limit=self.limit)
        return data


def _pages(file: _OfdFiles) -> Iterator[tuple[Any, list[Any], tuple[float, ...]]]:
    """Each page: its root, the roots of the templates under it, its box (left, top, width, height)."""
    for body in _all(file.root("OFD.xml", needed=True), "DocRoot"):
        name = _joined("", body.text or "")
        document = file.root(name, needed=True)
        folder = posixpath.dirname(name)
        area = next((_box(e) for e in _all(document, "PhysicalBox")), None)
        templates = {e.get("ID"): _joined(folder, e.get("BaseLoc") or "") for e in _all(document, "TemplatePage")}
        read: dict[str, Any] = {}
        for pages in _all(document, "Pages"):
            for page in _all(pages, "Page"):
                root = file.root(_joined(folder, page.get("BaseLoc") or ""))
                if root is None:
                    continue
                under = []
                for use in _all(root, "Template"):
                    place = templates.get(use.get("TemplateID"), "")
                    if place and place not in read:
                        read[place] = file.root(place)
                    if read.get(place) is not None:
                        under.append(read[place])
                own = next((_box(e) for e in _all(root, "PhysicalBox")), None)
                yield root, under[:8], own or area or (0.0, 0.0, 210.0, 297.0)


class _Drawing:
    """What a page draws. `pictures` counts its images."""

    def __init__(self) -> None:
        self.glyphs: list[Glyph] = []
        self.rules: list[Stroke] = []
        self.pictures = 0

    def take(self, element: Any, outer: Matrix, depth: int) -> None:
        """Everything in an element, in the order of the file; `outer` leads from its space to the page's."""
        if depth > _DEEPEST:
            return
        for child in element:
            name = _name(child)
            if child.get("Visible") in ("false", "0"):
                continue
            if name == "TextObject":
                self._text(child, outer)
            elif name == "PathObject":
                self._path(child, outer)
            elif name == "ImageObject":
                self.pictures += 1
            elif name in ("Content", "Layer", "PageBlock"):
                self.take(child, outer, depth + 1)

    def _text(self, item: Any, outer: Matrix) -> None:
        left, top, *_ = _box_of(item.get("Boundary"))
        space = _times(_matrix(item.get("CTM")), _times((1, 0, 0, 1, left, top), outer))
        size = _float(item.get("Size"), 3.5)
        scale = _float(item.get("HScale"), 1.0)
        x = y = 0.0
        for code in item:
            if _name(code) != "TextCode":
                continue
            x, y = _float(code.get("X"), x), _float(code.get("Y"), y)
            text = "".join(code.itertext())
            across, down = _deltas(code.get("DeltaX"), len(text)), _deltas(code.get("DeltaY"), len(text))
            here, there = x, y
            for at, character in enumerate(text):
                if len(self.glyphs) >= _MOST:
                    return
                step = size * scale * (1.0 if _WIDE.match(character) else 0.5)
                self._glyph(character, here, there, step, size, space)
                if at < len(across) or not down:
                    here += across[at] if at < len(across) else step
                there += down[at] if at < len(down) else 0.0

    def _glyph(self, character: str, x: float, y: float, step: float, size: float, space: Matrix) -> None:
        left, base = _apply(space, x, y)
        right, slope = _apply(space, x + step, y)
        _, top = _apply(space, x, y - size)
        slanted = abs(slope - base) > 2 * SLANT * abs(right - left)
        if character.isspace() or slanted:  # blanks part words; turned text is no line
            if not character.isspace():
                return
            character = " "
        for n, each in enumerate(plain(character) or character):
            if n == 0:
                start, end = sorted((left * _POINT, right * _POINT))
                self.glyphs.append(Glyph(each, start, end, base * _POINT, abs(base - top) * _POINT))
            else:
                self.glyphs[-1].text += each

    def _path(self, item: Any, outer: Matrix) -> None:
        if len(self.rules) >= _MOST:
            return
        left, top, *_ = _box_of(item.get("Boundary"))
        space = _times(_matrix(item.get("CTM")), _times((1, 0, 0, 1, left, top), outer))
        stroked = item.get("Stroke") not in ("false", "0")
        data = next((e.text or "" for e in item if _name(e) == "AbbreviatedData"), "")
        for points, closed in _outlines(data[:200_000]):
            points = [_apply(space, x, y) for x, y in points]
            self.rules += drawn([(x * _POINT, y * _POINT) for x, y in points], closed, stroked)


# --- the words of the format ---------------------------------------------------------------------------------------


def _outlines(data: str) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The outlines of a path's short form: M and S begin, L draws, Q B A bend, C closes."""
    points: list[tuple[float, float]] = []
    step, values = "", []
    needed = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
    for word in _STEP.findall(data):
        if word.isalpha():
            step, values = word.upper(), []
            if step == "C":
                if len(points) > 1:
                    yield points, True
                points = points[:1]
            continue
        if step not in needed:
            continue
        values.append(float(word))
        if len(values) < needed[step]:
            continue
        if step in ("M", "S"):
            if len(points) > 1:
                yield points, False
            points = []
        points.append((values[-2], values[-1]))
        values = []
    if len(points) > 1:
        yield points, False


def _deltas(words: str | None, most: int) -> list[float]:
    """The steps between characters: numbers, where `g N V` stands for N times V."""
    out: list[float] = []
    items = (words or "").split()
    at = 0
    while at < len(items) and len(out) < most:
        if items[at] == "g" and at + 2 < len(items):
            count = int(_float(items[at + 1], 0))
            out += [_float(items[at + 2], 0)] * min(max(count, 0), most)
            at += 3
        else:
            out.append(_float(items[at], 0))
            at += 1
    return out


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _all(element: Any, name: str) -> Iterator[Any]:
    return (e for e in element.iter() if _name(e) == name)


def _joined(folder: str, place: str) -> str:
    place = place.strip().replace("\\", "/")
    return posixpath.normpath(place if place.startswith("/") else posixpath.join(folder, place)).lstrip("/")


def _float(word: str | None, default: float) -> float:
    match = _NUMBER.match((word or "").strip())
    value = float(match.group()) if match else default
    return value if abs(value) < 1e6 else default


def _box_of(words: str | None) -> tuple[float, ...]:
    values = [_float(w, 0.0) for w in (words or "").split()[:4]]
    return tuple(values + [0.0] * (4 - len(values)))


def _box(element: Any) -> tuple[float, ...] | None:
    box = _box_of(element.text)
    return box if box[2] > 0 and box[3] > 0 else None


def _matrix(words: str | None) -> Matrix:
    values = [_float(w, 0.0) for w in (words or "").split()]
    return (values[0], values[1], values[2], values[3], values[4], values[5]) if len(values) == 6 else _SAME


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
