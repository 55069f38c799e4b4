"""Which documents there are: those that were read and those that they cite, each once, whatever name it goes by."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ...extractors import rules
from ...extractors.model import Citation, Record
from ...extractors.words.fold import fold, squeeze
from ...extractors.words.forms import ABOUT, AN_ORDER
from ...extractors.words.levels import level_of_ending
from ...extractors.words.lexicon import ROOT
from ...extractors.words.parts import listed, rule
from .identity import Place, Places, digest, inner_title, normal_number, task_text, title_key

_titled = partial(rule, file="identity.toml")
_named = partial(rule, file="names.toml")

_NAMELESS = 2  # `inner` of a title without the issuer that it begins with
_NOTED = 50_000  # citations that are known to say nothing new
#: More than there are records: citations by title alone come behind all that have a number.
TURNS = 1 << 40

_TABLES = """
CREATE TABLE document(
    id TEXT PRIMARY KEY, number TEXT, title TEXT, kind TEXT, level TEXT, issuer TEXT, region TEXT, date TEXT,
    year INTEGER, loaded INTEGER, source TEXT, n INTEGER);
CREATE INDEX by_number ON document(number);
CREATE TABLE name(key TEXT, id TEXT, inner INTEGER, PRIMARY KEY(key, id)) WITHOUT ROWID;
CREATE TABLE alias(id TEXT, alias TEXT, PRIMARY KEY(id, alias)) WITHOUT ROWID;
CREATE TABLE content(hash TEXT PRIMARY KEY, id TEXT, source TEXT) WITHOUT ROWID;
CREATE TABLE cited(n INTEGER, i INTEGER, id TEXT, PRIMARY KEY(n, i)) WITHOUT ROWID;
CREATE TABLE noted(id TEXT PRIMARY KEY, kind INTEGER, title INTEGER, level INTEGER, issuer INTEGER, region INTEGER);
"""
NOTED = ("title", "level", "issuer", "region")  # what a citation says of its document
COLUMNS = ("id", "number", "title", "kind", "level", "issuer", "region", "date", "year", "loaded", "source", "n")


@dataclass(frozen=True, slots=True)
class Twin:
    """Another file of a document that was read from `source` before."""

    id: str
    source: str


class Documents:
    """First every loaded document is added, then every numbered citation, then those by title alone."""

    def __init__(self, base: sqlite3.Connection, places: Places, fresh: bool = True) -> None:
        """`fresh`: the base has no tables yet."""
        self.base, self.places = base, places
        self._noted: set[tuple[str | None, ...]] = set()
        #: Keys of titles by which documents were looked for; those that got a document by a citation without number.
        self.asked: set[str] = set()
        self.late: set[str] = set()
        if fresh:
            base.executescript(_TABLES)

    def turn(self, n: int, late: bool) -> float:
        """Where what the `n`th record says of the documents that it cites stands in the order of all that is said."""
        return late * TURNS + n

    # --- what was read

    def add(self, n: int, record: Record, place: Place, content: str, apart: bool = False) -> str | Twin:
        """The id of the `n`th record's document; `Twin` where an earlier record is the same one, or of the same
        `content`, unless people know it to be a document `apart`."""
        document = record.document
        twin = self.base.execute("SELECT id, source FROM content WHERE hash = ?", (content,)).fetchone()
        if twin and not apart:
            return Twin(*twin)
        number = self.complete(normal_number(document.number), document.title, place)
        key, place_name, source = title_key(document.title), place.path or "", record.source.get("path", "")
        if number:
            identity = number
            other = self._row(identity)
            if other and other["region"] != place.path and title_key(other["title"]) != key and place.path:
                # Two counties may number their papers alike: they are not one document.
                identity = f"{number}（{place.path}）"
        elif key and document.issuer:
            identity = f"《{key}》{squeeze(document.issuer)}"
        elif key:
            identity = f"《{key}》" + "/".join(filter(None, (place_name, str(document.year or ""))))
        else:
            behind = "/".join(filter(None, (place_name, str(document.year or "")))) or Path(source).name
            identity = " ".join(filter(None, (f"《》{behind}", content)))
        other = self._row(identity)
        if other and apart:
            identity = f"{identity} ({source})"
        elif other:
            return Twin(identity, other["source"])
        row = (
            *(identity, number, document.title, _kind(document.title, number), document.level, document.issuer),
            *(place.path, document.date, document.year, 1, source, n),
        )
        self.base.execute(f"INSERT INTO document VALUES ({','.join('?' * len(COLUMNS))})", row)
        self.base.execute("INSERT OR IGNORE INTO content VALUES (?, ?, ?)", (content, identity, source))
        for alias in (document.number, number, document.title):
            self._alias(identity, alias)
        self._named(identity, document.title)
        before, about, behind = squeeze(document.title or "").partition(ABOUT)
        if before and behind and not number:
            nameless = title_key(about + behind)
            self.base.execute("INSERT OR IGNORE INTO name VALUES (?, ?, ?)", (nameless, identity, _NAMELESS))
        return identity

    def complete(self, number: str | None, title: str | None, place: Place) -> str | None:
        """A number as all papers would write it: an order of 省政府 gets the name of the province."""
        found = _titled("order").match(number or "")
        if not found or not number or _named("of_nation").match(number):
            return number
        before, level, rest = found["place"], found["level"], found["rest"]
        if before and not level:
            return number  # a ministry's
        if before:
            return _order(before + level, rest)
        wanted = level_of_ending(level or "")
        named = self.places.names(title)
        name = next((n for n, lv in named if wanted in (None, lv)), None) if named else None
        if name is None:
            path = place.chain.get(wanted) if wanted else place.path
            if level in listed("city", "names.toml") and path is None:
                path = next((p for p in place.chain.values() if self.places.known[p][0].endswith(level)), None)
            name = self.places.known[path][0] if path else f"{place.path or ''}/{level or ''}"
        return _order(name, rest)

    def join(self, gone: str, kept: str) -> None:
        """Make one document, by its id, the other one: what cites it cites that; its names are that one's."""
        row, other = self._row(gone), self._row(kept)
        if other is None or (row is not None and row["loaded"]):
            return
        self.base.execute("UPDATE cited SET id = ? WHERE id = ?", (kept, gone))
        self.base.execute("INSERT OR IGNORE INTO alias SELECT ?, alias FROM alias WHERE id = ?", (kept, gone))
        self.base.execute("DELETE FROM document WHERE id = ?", (gone,))

    # --- what is cited

    def cite(self, n: int, citations: list[Citation], place: Place) -> None:
        """Note the `n`th record's citations that have a number."""
        for i, citation in enumerate(citations):
            number = self.complete(normal_number(citation.number), citation.title, place)
            if not number:
                continue
            identity = self._numbered(number, citation)
            self.base.execute("INSERT INTO cited VALUES (?, ?, ?)", (n, i, identity))
            self._note(identity, number, citation, place, self.turn(n, late=False))

    def _numbered(self, number: str, citation: Citation) -> str:
        key = title_key(citation.title)
        alike = self.base.execute(
            "SELECT id, title FROM document WHERE number = ? AND loaded ORDER BY id", (number,)
        ).fetchall()
        same = [i for i, title in alike if title_key(title) == key]
        if same:
            return same[0]
        if not alike and key:
            # The paper itself was read, without its number.
            bare = self._unnumbered(key, number, bool(self.places.names(citation.title)))
            if len(bare) == 1:
                return bare[0]
        return number

    def _unnumbered(self, key: str, number: str, placed: bool) -> list[str]:
        """The papers without a number that bear a title. One that names no place must be that of the issuer and the
        year which the number tells."""
        self.asked.add(key)
        found = self.base.execute(
            "SELECT d.id, d.issuer, d.year FROM name JOIN document d ON d.id = name.id "
            "WHERE key = ? AND inner = ? AND loaded AND number IS NULL",
            (key, 0 if placed else _NAMELESS),
        ).fetchall()
        if placed:
            return [i for i, _, _ in found]
        issuer, year = self.places.lexicon.issuer_of_number(fold(number))[0], _year(number)
        return [i for i, of, at in found if issuer and issuer in squeeze(of or "") and at in (None, year)]

    def _note(self, identity: str, number: str | None, citation: Citation, place: Place, turn: float) -> None:
        told = identity, number, citation.number, citation.title, citation.kind, place.path, place.level
        if told in self._noted:
            return  # another paper of the place has said just that
        if len(self._noted) == _NOTED:
            self._noted.clear()
        self._noted.add(told)
        facts = (citation.title, *self._facts(number, citation, place))
        row = self._row(identity)
        if row is None:
            self.base.execute(
                f"INSERT INTO document VALUES ({','.join('?' * len(COLUMNS))})",
                (identity, number, citation.title, citation.kind, *facts[1:], None, _year(number), 0, "", None),
            )
            turns = (None if fact is None else turn for fact in facts)
            self.base.execute("INSERT INTO noted VALUES (?, ?, ?, ?, ?, ?)", (identity, turn, *turns))
        elif not row["loaded"]:
            self._fill(row, citation, facts, turn)
        for alias in (citation.number, number, citation.title):
            self._alias(identity, alias)
        if row is None or not row["loaded"] or not row["title"]:
            # What is called so by then is found by those alone that come behind.
            is_found = row is not None and (row["loaded"] or row["number"])
            self._named(identity, citation.title, bool(is_found and turn >= TURNS))

    def _fill(self, row: dict[str, Any], citation: Citation, facts: tuple[str | None, ...], turn: float) -> None:
        """Take from a citation what earlier ones left open."""
        for name, fact in zip(NOTED, facts, strict=True):
            if fact is not None and row[name] is None:
                self.base.execute(f"UPDATE document SET {name} = ? WHERE id = ?", (fact, row["id"]))
                self.base.execute(f"UPDATE noted SET {name} = ? WHERE id = ?", (turn, row["id"]))

    def _facts(self, number: str | None, citation: Citation, place: Place) -> tuple[str | None, str | None, str | None]:
        """(level, issuer, region) that a citation tells."""
        title = re.sub(r"[《》〈〉]", "", squeeze(citation.title or ""))
        issuer = title.partition(ABOUT)[0] if ABOUT in title else ""
        known, level, province = self.places.lexicon.issuer_of_number(fold(number)) if number else (None, None, None)
        if _named("national").match(title) or citation.kind == "law":
            return "national", issuer or known, ROOT
        named = self.places.names(title)
        if named:
            size = sum(len(name) for name, _ in named)
            return named[-1][1], issuer if len(issuer) > size else known, self.places.named(named, place)
        if _titled("ministry").match(title):
            return "national", issuer, ROOT
        if level:
            above: list[tuple[str, str | None]] = [(province, "province")] if province else self.places.names(known)
            path = ROOT if level == "national" else self.places.named(above, place)
            return level, issuer or known, path
        if number and _titled("national_standard").match(number):
            return "national", issuer or None, ROOT
        return None, issuer or None, None

    def resolve(self, n: int, citations: list[Citation], place: Place) -> list[Citation]:
        """Find the documents that the `n`th record cites by title alone; gives those that fit several documents."""
        unclear = []
        for i, citation in enumerate(citations):
            key = title_key(citation.title)
            if normal_number(citation.number) or not key:
                continue
            found = self._titled(key, place, citation)
            identity = found[0] if len(found) == 1 else f"《{key}》"
            if len(found) > 1:
                unclear.append(citation)
            self.base.execute("INSERT INTO cited VALUES (?, ?, ?)", (n, i, identity))
            self._note(identity, None, citation, place, self.turn(n, late=True))
        return unclear

    def _titled(self, key: str, place: Place, citation: Citation) -> list[str]:
        placed = bool(self.places.names(citation.title)) or bool(_named("national").match(citation.title or ""))
        around = {None, ROOT, *place.chain.values()}
        self.asked.add(key)
        for inner in (0, 1):
            found = self.base.execute(
                "SELECT d.id, d.region, d.loaded FROM name JOIN document d ON d.id = name.id "
                "WHERE key = ? AND inner = ? AND (loaded OR number IS NOT NULL) ORDER BY d.id",
                (key, inner),
            ).fetchall()
            # A title that names no place (2021年政务公开工作要点) means the paper of here or above.
            near = [i for i, region, _ in found if placed or region in around]
            if near:
                return near
        return []

    # --- what came of it

    def cited(self, n: int) -> dict[int, str]:
        """Place of a citation in its record → id of the document."""
        return dict(self.base.execute("SELECT i, id FROM cited WHERE n = ?", (n,)))

    def all_cited(self, first: int = 0) -> Iterator[tuple[int, int, str]]:
        """(record, place of a citation in it, id of the document) of all citations, from the record `first` on."""
        yield from self.base.execute("SELECT n, i, id FROM cited WHERE n >= ? ORDER BY n, i", (first,))

    def row(self, identity: str) -> dict[str, Any]:
        """The facts of a document by column."""
        row = self._row(identity)
        if row is None:
            raise KeyError(identity)
        return row

    def rows(self) -> list[str]:
        return [i for (i,) in self.base.execute("SELECT id FROM document ORDER BY id")]

    def aliases(self, identity: str) -> list[str]:
        """The numbers and titles under which a document goes, sorted by code point."""
        found = self.base.execute("SELECT alias FROM alias WHERE id = ?", (identity,))
        return sorted(alias for (alias,) in found)

    def _row(self, identity: str) -> dict[str, Any] | None:
        row = self.base.execute("SELECT * FROM document WHERE id = ?", (identity,)).fetchone()
        return dict(zip(COLUMNS, row, strict=True)) if row else None

    def _alias(self, identity: str, alias: str | None) -> None:
        if alias:
            self.base.execute("INSERT OR IGNORE INTO alias VALUES (?, ?)", (identity, alias))

    def _named(self, identity: str, title: str | None, late: bool = False) -> None:
        key = title_key(title)
        if not key:
            return
        if late:
            known = dict(self.base.execute("SELECT key, inner FROM name WHERE id = ?", (identity,)))
            inner = inner_title(title)[0]
            self.late |= {key} if known.get(key) != 0 else {inner} if inner not in known else set()
        self.base.execute("INSERT OR REPLACE INTO name VALUES (?, ?, 0)", (key, identity))
        self._alias(identity, key)
        inner, marked = inner_title(title)
        if inner and (marked or self.places.names(inner)):
            self.base.execute("INSERT OR IGNORE INTO name VALUES (?, ?, 1)", (inner, identity))
        if inner:
            self._alias(identity, inner)


def content(record: Record) -> str:
    """What two files of one text share: all that was read but where it stands."""
    document = record.document
    if not record.tasks and not document.title:
        return record.source.get("sha256") or digest(record.source.get("path", ""))
    parts = [document.number or "", document.title or "", document.issuer or "", document.date or ""]
    for task in record.tasks:
        parts += ["\x1e", *task.section, task.title or "", squeeze(task_text(task))]
        parts += [f"{unit.role} {unit.name}" for unit in task.units]
        parts += [limit.text for limit in task.deadlines]
    parts += ["\x1e", *(f"{c.in_} {c.number} {c.title} {c.role}" for c in record.citations)]
    return digest(*parts)


def _kind(title: str | None, number: str | None) -> str:
    """What kind of paper a loaded one is, by its title: most are directives."""
    bare = re.sub(r"[(（][^()（）]*[)）]$", "", squeeze(title or ""))
    if number and AN_ORDER in number:
        return "regulation"
    if ABOUT in bare:
        return "directive"
    if _titled("regulation_end").search(bare) and not (number and "〔" in number):
        return "regulation"
    return "law" if _titled("law_end").search(bare) and not number else "directive"


def _order(place: str, rest: str) -> str:
    """The number of an order of a place's government, as all papers would write it."""
    return rules.words("identity.toml")["order"]["written"].format(place=place, rest=rest)


def _year(number: str | None) -> int | None:
    found = re.search(r"〔(\d{4})〕", number or "")
    return int(found[1]) if found else None
