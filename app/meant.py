"""What people name who correct and report: by what papers and tasks are called exactly, else as questions understand.

How a name was understood is said beside the result. Errors are those of `queries/understanding`: the nearest names with
status 2, several readings with status 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ..extractors.errors import ZhenglingError, notice
from ..graph.corrections.anchors import plain
from ..graph.corrections.making import facts_of, is_named, named_task
from ..graph.deriving.identity import task_ids
from ..graph.workspace.correcting import meant_document
from ..graph.workspace.superiors import superiors
from ..queries.understanding import values
from ..queries.understanding.understood import Understood
from .tell import note

if TYPE_CHECKING:
    from ..graph.stores.embedded import EmbeddedStore
    from ..graph.workspace.library import Library
    from ..queries.understanding.names import Understanding

_CODED, _DAYS = frozenset({"role", "level"}), frozenset({"start", "end", "date"})
_UNITS = "MATCH (u:Unit)-[]->(:Task {id: $task}) WHERE u.id IN $units RETURN u.name AS name, u.aliases AS aliases"
_CITED = "MATCH (d:Document) WHERE d.id IN $ids RETURN d.id AS id, d.number AS number, d.title AS title, d.aliases AS a"
_NAMED_UNITS = "MATCH (u:Unit) WHERE u.id = $name OR u.name = $name OR $name IN u.aliases RETURN count(*) AS units"


class Meant:
    """The names of a workspace's graph, as people write them."""

    def __init__(self, store: EmbeddedStore, library: Library, names: Understanding) -> None:
        self._store, self._library, self._names = store, library, names

    def document(self, text: str) -> str:
        """The id of the loaded document that an id, number, title or file, or what is like one, means."""
        try:
            return self._library.loaded(text)
        except ZhenglingError as error:
            if error.code != "no-such-document" or not text.strip():
                raise
        found = self._names.document(text, loaded=True)
        note(found.understood)
        return found.value

    def task(self, text: str, document: str = "") -> tuple[str, str]:
        """(document, task): the ids of the task that an id, its number in the paper or words mean, in the document of
        that id or ('') in any."""
        try:
            identity = meant_document(self._store, self._library, document, text)
            record = self._library.record(identity)
            return identity, task_ids(identity, record.tasks)[named_task(text, record, identity)]
        except ZhenglingError as error:
            if error.code != "no-such-task" or not text.strip():
                raise
        found = self._names.task(text, document)
        note(found.understood)
        return meant_document(self._store, self._library, document, found.value), found.value

    def upper(self, text: str, document: str) -> str:
        """The id of the task of a superior's paper that is meant: of the one in the nearest loaded superiors, else of
        any."""
        found = []
        for above in superiors(self._store, document):
            try:
                found.append(self.task(text, above)[1])
            except ZhenglingError as error:
                if error.code != "no-such-task":
                    raise
        return found[0] if len(found) == 1 else self.task(text)[1]

    def fact(self, what: str, text: str, document: str, task: str) -> str:
        """What the paper calls a fact (`unit`, `deadline`, `citation`) of a task, or ('') of the paper itself; the text
        as it is where it means none."""
        record = self._library.record(document)
        place = named_task(task, record, document) if task else None
        there = list(facts_of(what, record, place))
        if any(is_named(one, what, text) for one in there):
            return text
        if what == "deadline":
            return day("deadline", text, strict=False)
        alike = self._units(text, task) if what == "unit" else self._papers(text)
        found = sorted({one for one in alike if any(is_named(fact, what, one) for fact in there)})
        if len({plain(one) for one in found}) > 1:
            raise ZhenglingError(f"several-{what}s", 1, unit=text, document=text, count=len(found), hits=found)
        if found:
            note(Understood(what, text, (found[0],)))
        return found[0] if found else text

    def _units(self, text: str, task: str) -> set[str]:
        """What the units of a task are called that a name may mean."""
        ids = [unit.id for unit in self._names.units(text)]
        rows = self._store.rows(_UNITS, {"task": task, "units": ids})[1] if ids else ()
        return {one for name, aliases in rows for one in (name, *(aliases or ()))}

    def _papers(self, text: str) -> set[str]:
        rows = self._store.rows(_CITED, {"ids": self._names.documents(text)})[1]
        return {one for row in rows for one in (*row[:3], *(row[3] or ())) if one}

    def region(self, text: str) -> str:
        """The path of a place, or the name that all places meant bear."""
        found = self._names.region(text)
        note(found.understood)
        return found.value

    def unit(self, text: str, document: str = "") -> str:
        """The canonical name of the unit that a name means; of several, those of the document's place. One that stands
        in no paper is called as it is written, and that is said; a name that no words know and that is like one that
        is there is taken for a slip."""
        found = self._names.units(text)
        if not found and self._names.is_like_a_unit(text):
            notice("unit-elsewhere", unit=text)
            return text
        if not found:
            self._names.unit(text)  # says which are nearest
        region = document and self._region(document)
        own = [unit for unit in found if unit.region == region]
        names = sorted({unit.name for unit in own or found})
        if len(names) > 1:
            raise ZhenglingError("several-units", 1, unit=text, count=len(names), hits=names)
        note(Understood("unit", text, (names[0],)))
        return names[0]

    def _region(self, document: str) -> str:
        question = "MATCH (d:Document {id: $id}) RETURN d.region AS region"
        return next((row[0] for row in self._store.rows(question, {"id": document})[1]), "")

    def named_document(self, text: str) -> str:
        """The name of a document, loaded or only cited, as it is where one bears it; else the id of the one meant."""
        for bearing in (self._library.loaded, self._library.cited):
            try:
                bearing(text)
            except ZhenglingError as error:
                if error.code != "no-such-document" or not text.strip():
                    raise
            else:
                return text
        found = self._names.document(text)
        note(found.understood)
        return found.value

    def named_unit(self, text: str) -> str:
        """A unit's id, canonical name or a name that was read as it is; else the id of the one unit that is meant."""
        if self._store.rows(_NAMED_UNITS, {"name": text})[1][0][0]:
            return text
        found = self._names.one_unit(text)
        note(found.understood)
        return found.value


def day(name: str, text: str, *, last: bool = True, strict: bool = True) -> str:
    """A day as people write it, in ISO form; '' for ''. Where it is none, `ZhenglingError` (status 2) or, if not
    `strict`, the text."""
    try:
        found = values.day(text.strip(), date.today(), last)
    except (ValueError, OverflowError):
        if not strict:
            return text
        raise ZhenglingError("parameter-date", 2, name=name, value=text) from None
    shown = found.isoformat() if found else ""
    if shown and shown != text.strip():
        note(Understood("date", text, (shown,)))
    return shown


def written(to: Mapping[str, Any], field: str) -> dict[str, Any]:
    """What a fact ought to be, in the words and days of a record: 牵头 is lead, 2021/12/31 a day. `field` is that of
    the paper whose `value` is told."""
    found = dict(to)
    for name, value in to.items():
        meant = field if name == "value" else name
        if not isinstance(value, str) or not value:
            continue
        if meant in _CODED:
            found[name] = values.word(value)
        elif meant in _DAYS:
            found[name] = day(name, value, last=name != "start")
    return found
