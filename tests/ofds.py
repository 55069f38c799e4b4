"""Papers laid out as OFD (GB/T 33190), characters and ruling lines placed by us."""

from __future__ import annotations

import zipfile
from html import escape
from pathlib import Path

from zhengling.extractors.readers.content import Sheet, Text

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
WIDE, HIGH, LEFT, TOP, BOTTOM = 210.0, 297.0, 28.0, 37.0, 262.0  # millimetres
SIZE, SMALL, PITCH = 5.6, 3.6, 9.8
ACROSS = 27  # characters of a line


class Pages:
    """Objects of pages, a new one where the last is full."""

    def __init__(self) -> None:
        self.objects: list[list[str]] = []
        self.id = 100
        self.new()

    def new(self) -> None:
        self.objects.append([])
        self.down = TOP
        if len(self.objects) > 1:
            self.show(f"— {len(self.objects)} —", 100.0, 275.0, SMALL)

    def show(self, text: str, x: float, y: float, size: float) -> None:
        """One line; `y` is its base line. The steps of equal characters are given in the short form."""
        self.id += 1
        steps, run = [], 0
        for character in text[:-1]:
            if ord(character) > 0x2000:
                run += 1
            else:
                steps += [f"g {run} {size}"] * bool(run) + [f"{size / 2}"]
                run = 0
        steps += [f"g {run} {size}"] * bool(run)
        self.objects[-1].append(
            f'<ofd:TextObject ID="{self.id}" Boundary="{x} {y - size} {len(text) * size + 1} {size + 2}" Font="2" '
            f'Size="{size}"><ofd:TextCode X="0" Y="{size}" DeltaX="{" ".join(steps)}">{escape(text)}</ofd:TextCode>'
            "</ofd:TextObject>"
        )

    def rule(self, x: float, y: float, x2: float, y2: float) -> None:
        self.id += 1
        self.objects[-1].append(
            f'<ofd:PathObject ID="{self.id}" Boundary="{x} {y} {x2 - x + 0.1} {y2 - y + 0.1}" LineWidth="0.35">'
            f"<ofd:AbbreviatedData>M 0 0 L {x2 - x} {y2 - y}</ofd:AbbreviatedData></ofd:PathObject>"
        )


def ofd(items: list[Text | Sheet], path: Path) -> Path:
    pages = Pages()
    for item in items:
        if isinstance(item, Sheet):
            _table(pages, item)
        else:
            for text in item.text.split("\n"):
                _paragraph(pages, text)
    write(path, ["".join(objects) for objects in pages.objects])
    return path


def _paragraph(pages: Pages, text: str) -> None:
    centred = len(text) <= 2 * ACROSS and not any(c in text for c in "。；：，")
    left = text if centred else "　　" + text
    while left:
        line, left = left[:ACROSS], left[ACROSS:]
        while left and left[0] in "，。、；：）》”":  # can not begin a line
            line, left = line + left[0], left[1:]
        if pages.down + PITCH > BOTTOM:
            pages.new()
        pages.down += PITCH
        indent = (ACROSS - len(line)) * SIZE / 2 if centred else (len(line) - len(line.lstrip("　"))) * SIZE
        pages.show(line.lstrip("　"), LEFT + max(indent, 0.0), pages.down, SIZE)


def _table(pages: Pages, sheet: Sheet) -> None:
    """Columns as wide as their texts need; a row that does not fit goes to the next page whole."""
    height = max(b.row + b.rows for b in sheet.boxes)
    needs = [
        max((len(b.text) for b in sheet.boxes if b.column == c and b.columns == 1), default=1)
        for c in range(sheet.width)
    ]
    shares = [min(max(n, 3), 60) ** 0.6 for n in needs]
    edges = [LEFT]
    for share in shares:
        edges.append(edges[-1] + (WIDE - 2 * LEFT) * share / sum(shares))
    lines = {
        id(b): _wrapped(b.text, int((edges[b.column + b.columns] - edges[b.column] - 1) / SMALL)) for b in sheet.boxes
    }
    highs = [6.0] * height
    for box in sheet.boxes:
        more = len(lines[id(box)]) * SMALL * 1.4 + 2 - sum(highs[box.row : box.row + box.rows])
        if more > 0:
            highs[box.row + box.rows - 1] += more
    pages.down += 3
    row = 0
    while row < height:
        last = row
        room = BOTTOM - pages.down
        while last < height and (sum(highs[row : last + 1]) <= room or last == row):
            last += 1
        tops = [pages.down + sum(highs[row:n]) for n in range(row, last + 1)]
        for box in sheet.boxes:
            start, stop = max(box.row, row), min(box.row + box.rows, last)
            if start >= stop:
                continue
            x, x2, y, y2 = edges[box.column], edges[box.column + box.columns], tops[start - row], tops[stop - row]
            for ends in ((x, y, x2, y), (x, y2, x2, y2), (x, y, x, y2), (x2, y, x2, y2)):
                pages.rule(*ends)
            if box.row >= row:
                for n, line in enumerate(lines[id(box)]):
                    pages.show(line, x + 0.5, y + 1 + SMALL * (1 + 1.4 * n), SMALL)
        pages.down = tops[-1]
        row = last
        if row < height:
            pages.new()


def _wrapped(text: str, most: int) -> list[str]:
    most = max(most, 1)
    return [part[n : n + most] for part in text.split("\n") for n in range(0, len(part), most)]


def write(path: Path, contents: list[str], **more: str) -> None:
    """An OFD of pages with these objects; `more` files replace those of the same name (dots as `__`)."""
    files = {
        "OFD.xml": f'{HEAD}<ofd:OFD {SPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        "<ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"{HEAD}<ofd:Document {SPACE}><ofd:CommonData><ofd:PageArea>"
        f"<ofd:PhysicalBox>0 0 {WIDE} {HIGH}</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>"
        + "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(contents)))
        + "</ofd:Pages></ofd:Document>",
    }
    for n, content in enumerate(contents):
        files[f"Doc_0/Pages/Page_{n}/Content.xml"] = (
            f"{HEAD}<ofd:Page {SPACE}><ofd:Content><ofd:Layer ID='5'>{content}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    files |= {name.replace("__", "."): text for name, text in more.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
