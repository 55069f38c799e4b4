"""Names that people give a question: which units, places, documents, tasks and fields of work of a graph they mean.

What a name means is asked of the store by its names and forms, never looked for among all tasks. Only where nothing is
found are all names of a kind read, to say which are nearest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from ...extractors.errors import ZhenglingError
from ...extractors.words.fold import fold, squeeze
from ...extractors.words.forms import document_number
from ...extractors.words.forms import number as written_number
from ...extractors.words.levels import level_of_ending
from ...extractors.words.lexicon import Department, Lexicon
from ...extractors.words.parts import listed
from ...graph.deriving.identity import LEVELS, normal_number, title_key
from ..store import Store
from .english import in_english
from .likeness import nearest
from .places import KnownPlaces, bare
from .understood import Understood
from .values import data

_NEAR = 5  # names that are nearest, at most
_SLIP = 0.75  # names that are so alike are one name, written wrongly
_SHOWN = 20  # things of several that fit
_NAMES = "names.toml"
_HEXADECIMAL = re.compile("[0-9a-f]{6,16}")  # a task's id, or its first characters as tables show them
_NAMED, _READ = "u.name IN $names", "any(x IN $names WHERE x IN u.aliases)"


class Meaning(NamedTuple):
    """What goes to the store for a name, and how it was understood."""

    value: str
    understood: Understood


class _Unit(NamedTuple):
    id: str
    name: str
    region: str


class Understanding:
    """The names of a graph. What was asked is kept; a graph that changed needs new ones."""

    def __init__(self, store: Store, lexicon: Lexicon) -> None:
        self._store, self._lexicon = store, lexicon

    def meaning(self, kind: str, text: str) -> Meaning:
        """What a text means as the name of a kind: `unit`, `region`, `document`, `task` or `function`.

        Raises `ZhenglingError`: with status 2 and the nearest names where it means nothing, with status 1 and what it
        may mean where a question can only be asked of one.
        """
        return {
            "unit": self.unit,
            "region": self.region,
            "document": self.document,
            "task": self.task,
            "function": self.function,
        }[kind](text)

    # --- places

    @cached_property
    def places(self) -> KnownPlaces:
        return KnownPlaces(
            self._rows("MATCH (r:Region) RETURN r.id AS id, r.name AS name ORDER BY r.id"), self._lexicon
        )

    def region(self, text: str) -> Meaning:
        """A path, or a name that all places meant bear."""
        found = self.places.meant(text)
        if not found:
            raise unknown("no-such-region", self.places.nearest(text), region=text)
        name = self.places.name(found[0])
        if len(found) == 1:
            alone = len(self.places.all_named(name)) == 1
            return Meaning(found[0], Understood("region", text, (name if alone else found[0],), (found[0],)))
        if any(self.places.name(one) != name for one in found) or len(found) < len(self.places.all_named(name)):
            raise ZhenglingError("several-regions", 1, region=text, count=len(found), hits=_few(found))
        return Meaning(name, Understood("region", text, (name,), tuple(found)))

    # --- units

    def unit(self, text: str) -> Meaning:
        """The ids of the units, or the canonical names that all units of that name are meant by, one a line."""
        units = self.units(text)
        if not units:
            raise unknown("no-such-unit", self._nearest_units(text), unit=text)
        names = tuple(dict.fromkeys(unit.name for unit in units))
        places = tuple(sorted({unit.region for unit in units}))
        whole = self._all_of(names)
        lines: list[str] = []
        for name in names:
            own = [unit.id for unit in units if unit.name == name]
            lines += [name] if len(own) == whole.get(name, 0) else own
        return Meaning("\n".join(lines), Understood("unit", text, names, places))

    def one_unit(self, text: str, region: str = "") -> Meaning:
        """The id of the one unit that a name means, of a region and all below it."""
        units, inside = self.units(text), self.region(region).value if region else ""
        if not units:
            raise unknown("no-such-unit", self._nearest_units(text), unit=text)
        units = [unit for unit in units if not inside or f"/{inside}/" in f"/{unit.region}/"]
        if not units:
            raise ZhenglingError("no-unit-there", 2, unit=text, region=inside)
        if len(units) > 1:
            hits = _few([unit.id for unit in units])
            raise ZhenglingError("several-units", 1, unit=text, count=len(units), hits=hits)
        return Meaning(units[0].id, Understood("unit", text, (units[0].name,), (units[0].region,)))

    def units(self, text: str) -> list[_Unit]:
        """The units that a name may mean, sorted by id: with its place, with its level, or of all places."""
        words = squeeze(fold(text))
        if "|" in text:
            found = self._units_of([text], "u.id IN $names")
            if found:
                return found
        for name, place in self._readings(words):
            found = self._units_named(name, place)
            if found:
                return found
        for name, place in self._readings(words):
            followed = {unit.id: unit for one in self._successors(name) for unit in self._units_named(one, place)}
            if followed:
                return [followed[identity] for identity in sorted(followed)]
        functions, levels = in_english(text)
        question = (
            "MATCH (u:Unit) WHERE u.function IN $functions AND u.collective = false "
            "AND (size($levels) = 0 OR u.level IN $levels) RETURN u.id AS id, u.name AS name, u.region AS region "
            "ORDER BY u.id"
        )
        rows = self._rows(question, functions=functions, levels=levels) if functions else []
        return [_Unit(*row) for row in rows]

    def _successors(self, name: str) -> list[str]:
        """What a unit may be called by now whose department was made into another."""
        split = self._lexicon.split_unit(name)
        own = self._department(split.base)
        found: list[str] = []
        for row in data()["successor"]:
            for old in row["words"]:
                known = self._lexicon.department(old)
                if own is None and name.endswith(old):
                    found += [name.removesuffix(old) + new for new in row["by"] if new != old]
                elif own and known and known.id == own.id:
                    found += [split.prefix + new for new in row["by"] if new != old]
        return list(dict.fromkeys(found))

    def is_like_a_unit(self, text: str) -> bool:
        """Whether a name that no unit has is that of one all the same and no slip: the words know its department,
        behind its level or a place that is known, or no unit's name is like it."""
        words, known = squeeze(fold(text)), ("", *listed("signs", _NAMES))
        for name in (words, *(rest for rest, _ in self.places.begins(words))):
            split = self._lexicon.split_unit(name)
            if split.department and split.prefix in known:
                return True
        return bool(words) and not nearest(words, self._all_units(), 1, _SLIP)

    def _readings(self, words: str) -> Iterable[tuple[str, list[str] | None]]:
        """(name, places): the name as it is, and what is left of it behind each place that it begins with; places are
        None for all, and none where the name begins with one that is not known."""
        split = self._lexicon.split_unit(words)
        signs = listed("signs", _NAMES)
        if not split.prefix or split.prefix in signs:
            yield words, None
        yield from self.places.begins(words)
        if split.prefix and split.prefix not in signs:
            yield words, []

    def called(self, name: str, region: str) -> list[str]:
        """The other names of a unit: every form of its department, with its level and with its place in full and
        short."""
        split = self._lexicon.split_unit(squeeze(fold(name)))
        forms = self._lexicon.forms_of(split.department) if split.department else []
        place = region.rpartition("/")[2]
        heads = dict.fromkeys(filter(None, (split.prefix, place, bare(place))))
        return [_wide(head + form) for form in dict.fromkeys((split.base, *forms)) for head in heads]

    def _units_named(self, name: str, places: list[str] | None) -> list[_Unit]:
        if places == []:  # a place that is not known: what papers call so themselves
            return self._units_of([_wide(name)], f"{_NAMED} OR {_READ}")
        every = list(self._forms(name, places))
        # Canonical names first: they are looked up, where forms that were read are looked through.
        for where, forms in ((_NAMED, every), (_READ, every[:1])):
            for some in forms:
                found = self._units_of(some, where)
                if places is not None:
                    found = [unit for unit in found if unit.region in places]
                if found:
                    return found
        return []

    def _forms(self, name: str, places: list[str] | None) -> Iterable[list[str]]:
        """What the units of a name are called, with the signs of their levels: first by the name itself, then by the
        department whose it is."""
        split = self._lexicon.split_unit(name)
        signs = listed("signs", _NAMES)
        if split.prefix in signs:
            signs = (split.prefix,)
        elif self._is_national(name):
            signs = ()
        elif places is not None:
            signs = tuple(sign for sign in signs if any(self.places.name(one).endswith(sign) for one in places))
        base = name.removeprefix(split.prefix) if split.prefix in signs else name
        by_name, by_department = {name, base, *(sign + base for sign in signs)}, set()
        department, everywhere = self._department(base), places is None and not split.prefix
        for sign in (*signs, "") if not split.prefix else signs:
            level = level_of_ending(sign) if sign else "national"
            for full, found in (
                (self._lexicon.canonical(base, level)[0], by_name),
                (department.name(level) if department else "", by_department),
            ):
                if full and not (everywhere and _of_another_level(base, full)):
                    found.update((sign + full, full))
        yield sorted(map(_wide, by_name))
        yield sorted(map(_wide, by_department))

    def _is_national(self, name: str) -> bool:
        """Whether only the department of the whole country is called so."""
        found = self._lexicon.department(name)
        return bool(found) and [level for level in LEVELS if found.name(level) == name] == ["national"]

    def _department(self, base: str) -> Department | None:
        """The department of a name, also where its ending is left out."""
        endings = ("", *listed("office_end", _NAMES))
        return next(filter(None, (self._lexicon.department(base + ending) for ending in endings)), None)

    def _units_of(self, names: Sequence[str], where: str) -> list[_Unit]:
        question = f"MATCH (u:Unit) WHERE {where} RETURN u.id AS id, u.name AS name, u.region AS region ORDER BY u.id"
        return [_Unit(*row) for row in self._rows(question, names=list(names))] if names else []

    def _all_of(self, names: Sequence[str]) -> dict[str, int]:
        question = "MATCH (u:Unit) WHERE u.name IN $names RETURN u.name AS name, count(*) AS units"
        return {str(row[0]): row[1] for row in self._rows(question, names=list(names))}

    def _nearest_units(self, text: str) -> list[str]:
        """Names of units that are written alike, and those of the same field of work in the place that is named."""
        words = squeeze(fold(text))
        split = self._lexicon.split_unit(words)
        near: list[str] = []
        if split.prefix and split.prefix not in listed("signs", _NAMES) and not self.places.meant(split.prefix):
            near = [place + split.base for place in self.places.nearest(split.prefix) if self.units(place + split.base)]
        for rest, places in self.places.begins(words):
            function = self._lexicon.canonical(rest, None)[1]
            question = (
                "MATCH (u:Unit) WHERE u.function = $function AND u.region IN $places AND $function <> '' "
                "RETURN DISTINCT u.name AS name ORDER BY name"
            )
            near += [name for (name,) in self._rows(question, function=function, places=places)]
            words = rest
        near += nearest(words, self._all_units(), _NEAR, 0.5)
        return list(dict.fromkeys(near))[:_NEAR]

    def _all_units(self) -> list[str]:
        return [name for (name,) in self._rows("MATCH (u:Unit) RETURN DISTINCT u.name AS name ORDER BY name")]

    # --- documents

    def document(self, text: str, loaded: bool | None = None) -> Meaning:
        """The id of the one document that an id, a number, a title, a part of one or a file means; only of those that
        are `loaded`, or only of those that are not."""
        found = self.documents(text, loaded)
        if not found:
            code = "no-such-document" if loaded else "no-document"
            raise unknown(code, self._nearest_documents(text, loaded), document=text)
        if len(found) > 1:
            raise ZhenglingError("several-documents", 1, document=text, count=len(found), hits=_few(found))
        return Meaning(found[0], Understood("document", text, (found[0],)))

    def documents(self, text: str, loaded: bool | None = None) -> list[str]:
        """The ids of the documents that a text may mean, sorted: by its id, number, title or alias; else by what its
        title holds, loaded ones before those that are only cited; else by its file."""
        name = text.strip().removeprefix("《").removesuffix("》")
        number = as_number(text)
        question = (
            "MATCH (d:Document) WHERE d.id IN $names OR d.number IN $names OR d.title IN $names "
            "OR any(x IN $names WHERE x IN d.aliases) "
            "RETURN d.id AS id, d.number AS number, d.title AS title, d.loaded AS loaded ORDER BY d.id"
        )
        names = list(dict.fromkeys([text.strip(), name, *([number] if number else [])]))
        rows = [row for row in self._rows(question, names=names) if loaded in (None, row[3])]
        for fits in (lambda row: row[0] in names, lambda row: row[1] in names, lambda row: row[2] in names):
            exact = [row[0] for row in rows if fits(row)]
            if exact:
                return exact
        return [row[0] for row in rows] or self._documents_like(name, loaded)

    def _documents_like(self, name: str, wanted: bool | None) -> list[str]:
        words = [title_key(word) for word in name.split() if title_key(word)]
        path = Path(name.strip()).as_posix()
        loaded: list[str] = []
        cited: list[str] = []
        files: list[str] = []
        for identity, number, title, source, there in self._all_documents if name.strip() else ():
            if wanted not in (None, there):
                continue
            held = title_key(title) + title_key(number) + bare_number(number)
            if words and all(word in held for word in words):
                (loaded if there else cited).append(identity)
            if there and path in (source, Path(source or "").name, Path(source or "").stem):
                files.append(identity)
        return files or loaded or cited

    @cached_property
    def _all_documents(self) -> list[Sequence[Any]]:
        question = (
            "MATCH (d:Document) RETURN d.id AS id, d.number AS number, d.title AS title, d.source AS source, "
            "d.loaded AS loaded ORDER BY d.id"
        )
        return self._rows(question)

    def _nearest_documents(self, text: str, loaded: bool | None) -> list[str]:
        number = as_number(text) or text
        rows = [row for row in self._all_documents if loaded in (None, row[4])]
        by_number = {row[1]: row[0] for row in rows if row[1]}
        by_title = {row[2]: row[0] for row in rows if row[2]}
        near = [by_number[one] for one in nearest(number, by_number, _NEAR, 0.6)]
        near += [by_title[one] for one in nearest(text, by_title, _NEAR, 0.3)]
        if not near:  # a place, for its paper
            places = self.places.nearest(text)
            near = [row[0] for row in rows if row[4] and any(place in (row[2] or "") for place in places)]
        return list(dict.fromkeys(near))[:_NEAR]

    # --- tasks

    def task(self, text: str, document: str = "") -> Meaning:
        """The id of the one task that bears this id, number or title, or that alone holds these words; only of the
        tasks of the document of that id, if it is given. A number may stand behind the name of its paper.

        Raises `ZhenglingError` (`several-tasks`) with the `hits`, a map each, where several do.
        """
        words, paper = text.split(), " {id: $document}" if document else ""
        inside = {"document": document} if document else {}
        alike = "STARTS WITH" if _HEXADECIMAL.fullmatch(text.strip()) else "="
        question = (
            f"MATCH (d:Document{paper})-[:CONTAINS]->(t:Task) WHERE t.id {alike} $id "
            "RETURN t.id AS id ORDER BY t.id LIMIT 2"
        )
        found = self._rows(question, id=text.strip(), **inside)
        if len(found) == 1:
            return Meaning(found[0][0], Understood("task", text, (text,)))
        rows = self._numbered(text, document)
        question = (
            f"MATCH (d:Document{paper})-[:CONTAINS]->(t:Task) "
            "WHERE all(x IN $words WHERE t.text CONTAINS x OR t.title CONTAINS x) "
            "RETURN t.id AS task, t.title AS title, t.text AS text, d.id AS document ORDER BY d.id, t.`order`, t.id"
        )
        rows = rows or (self._rows(question, words=words, **inside) if words else [])
        own = [row for row in rows if title_key(row[1]) == title_key(text)]
        rows = own if len(own) == 1 else rows
        if not rows:
            raise unknown("no-such-task", self._nearest_tasks(text, paper, inside), task=text)
        if len(rows) > 1:
            hits = [{"task": task, "title": title, "text": body, "document": at} for task, title, body, at in rows]
            raise ZhenglingError("several-tasks", 1, task=text, count=len(hits), hits=hits)
        return Meaning(rows[0][0], Understood("task", text, (rows[0][1] or rows[0][0],)))

    def _numbered(self, text: str, document: str) -> list[Sequence[Any]]:
        """The tasks that bear a number in their papers, or in those whose name stands before it."""
        found = re.fullmatch(data()["task_number"]["pattern"], text.strip())
        if not found or (document and found["paper"]):
            return []
        papers = [document] if document else self.documents(found["paper"], loaded=True) if found["paper"] else []
        if found["paper"] and not papers:
            return []
        question = (
            "MATCH (d:Document)-[:CONTAINS]->(t:Task) WHERE t.name = $name AND (size($papers) = 0 OR d.id IN $papers) "
            "RETURN t.id AS task, t.title AS title, t.text AS text, d.id AS document ORDER BY d.id, t.`order`, t.id"
        )
        n = int(found["n"]) if found["n"] else written_number(found["nth"])
        return self._rows(question, name=f"T{n or 0:02}", papers=papers)

    def _nearest_tasks(self, text: str, paper: str, inside: dict[str, str]) -> list[str]:
        """Titles that are written alike."""
        question = (
            f"MATCH (d:Document{paper})-[:CONTAINS]->(t:Task) WHERE t.title <> '' "
            "RETURN DISTINCT t.title AS title ORDER BY title"
        )
        return nearest(text.strip(), [title for (title,) in self._rows(question, **inside)], _NEAR, 0.4)

    # --- fields of work

    def function(self, text: str) -> Meaning:
        """A field of work, by its name or by that of a department that works in it."""
        words = squeeze(fold(text))
        question = "MATCH (u:Unit) WHERE u.function <> '' RETURN DISTINCT u.function AS function ORDER BY function"
        known = [function for (function,) in self._rows(question)]
        found = words if words in known else self._lexicon.canonical(words, None)[1]
        if found not in known and len(english := in_english(text)[0]) == 1:
            found = english[0]
        if found not in known:
            part = [one for one in known if words and words in one]
            if len(part) != 1:
                near = part or nearest(words, known, _NEAR, 0.3) or known
                raise unknown("no-such-function", near, function=text)
            found = part[0]
        return Meaning(found, Understood("function", text, (found,)))

    def _rows(self, question: str, **parameters: Any) -> list[Sequence[Any]]:
        return list(self._store.rows(question, parameters)[1])


def unknown(code: str, names: Sequence[str], **values: Any) -> ZhenglingError:
    """That a name means nothing, with the nearest ones where there are some."""
    return (
        ZhenglingError(code + "-near", 2, **values, names=list(names)) if names else ZhenglingError(code, 2, **values)
    )


def _few(found: Sequence[str]) -> list[str]:
    return [*found[:_SHOWN], *(["…"] if len(found) > _SHOWN else [])]


def as_number(text: str) -> str:
    """A document's number in its normal form, also one without brackets or 号; '' where it is none."""
    found = re.fullmatch(data()["number"]["pattern"], squeeze(fold(text)))
    if found:
        return document_number(found["letters"], found["year"], found["n"])
    return normal_number(text) or ""


def bare_number(number: str | None) -> str:
    """A document's number as people type it who leave out brackets and 号."""
    return re.sub(data()["number"]["left_out"], "", squeeze(fold(number or "")))


def _of_another_level(base: str, full: str) -> bool:
    """Whether the endings of two names tell two levels: a 财政局 is no 财政厅."""
    endings = data()["telling"]["words"]
    return base[-1:] in endings and full[-1:] in endings and base[-1] != full[-1]


def _wide(name: str) -> str:
    return name.replace("(", "（").replace(")", "）")
