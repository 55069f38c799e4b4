"""The public functions by which people correct what was read and tell how far tasks have come."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..extractors.errors import ZhenglingError
from .tell import note

if TYPE_CHECKING:
    from ..graph.corrections.lines import Correction
    from ..graph.corrections.progress import ProgressLine
    from ..graph.stores.embedded import EmbeddedStore
    from ..graph.stores.outgoing import Outgoing
    from ..graph.workspace.corrected import Listed
    from ..graph.workspace.correcting import Taken
    from ..graph.workspace.library import Library
    from ..graph.workspace.progressing import Reported
    from ..graph.workspace.together import SaidTogether
    from ..graph.workspace.workspace import Workspace
    from ..queries.store import Store
    from ..queries.understanding.names import Understanding
    from .meant import Meant
    from .taking import LedgerRead

#: The setting that names the person who corrects; without it, the name of the account.
PERSON = "ZHENGLING_PERSON"


def person(by: str = "") -> str:
    """Who says it: as given, else the setting, else the name of the account. Raises `ZhenglingError` where none is."""
    try:
        name = by.strip() or os.environ.get(PERSON, "").strip() or getpass.getuser()
    except (OSError, KeyError, ImportError):  # no account
        name = ""
    if not name:
        raise ZhenglingError("no-person", 2, setting=PERSON)
    return name


#: Verb → what it did to what was read.
_COUNTED = {"reject": "rejected", "change": "changed", "confirm": "confirmed", "add": "added", "split": "changed",
            "merge": "changed"}  # fmt: skip


class Correcting:
    """What people say of a workspace's papers, as methods of `Graph`."""

    def _workspace(self) -> Workspace:
        raise NotImplementedError

    def _meant(self, store: EmbeddedStore, library: Library) -> Meant:
        raise NotImplementedError

    @contextmanager
    def _names_meant(self) -> Iterator[Meant]:
        workspace = self._workspace()
        with workspace.store() as store:
            yield self._meant(store, workspace.library(store))

    def _names(self, store: Store) -> Understanding:
        raise NotImplementedError

    def _leaving(self, store: Any) -> Outgoing:
        raise NotImplementedError

    def query(self, name: str, /, **parameters: Any) -> list[dict[str, Any]]:
        raise NotImplementedError

    def cypher(self, text: str, /, **parameters: Any) -> list[dict[str, Any]]:
        raise NotImplementedError

    def correct(
        self,
        verb: str,
        document: str = "",
        *,
        task: str = "",
        unit: str = "",
        role: str = "",
        deadline: str = "",
        citation: str = "",
        field: str = "",
        to: Mapping[str, Any] | None = None,
        parts: Sequence[str] = (),
        tasks: Sequence[str] = (),
        upper: str = "",
        quote: str = "",
        elsewhere: bool = False,
        why: str = "",
        by: str = "",
        dry_run: bool = False,
    ) -> Taken:
        """Say what is right of a fact that was read; it is kept in `corrections/` and the graph is derived with it.

        `verb` is `confirm`, `reject`, `change`, `add`, `split` (into `parts` of the text) or `merge` (with `tasks`).
        `document` (id, number, title or file; a task may tell it), `task` (id, number in the paper or words) and one of
        `unit`, `deadline`, `citation` and `field` tell which fact is meant; none of them: the task, or the paper as a
        whole. Names are understood as questions understand them. `to` has what it ought to be by the names of a
        record's fields (of a field: `value`). An addition has `quote`, words of the paper that show it, or `elsewhere`.
        With `upper`, a task of the superior's paper, `confirm` and `reject` are said of the link between the two. `by`
        is who says it, `dry_run` changes nothing.

        Raises `ZhenglingError` where nothing is meant, or several things.
        """
        from ..graph.corrections.making import Said
        from ..graph.workspace.correcting import correct
        from .meant import written

        new = written(to or {}, field)
        said = Said(verb, task, unit, role, deadline, citation, field, new, parts, tasks, quote, elsewhere, why)
        what, by = said.what, person(by)
        said.role = written({"role": role}, "")["role"]
        with self._names_meant() as meant:
            if document or not task:
                document = meant.document(document)
            if task:
                document, said.task = meant.task(task, document)
            if what in ("unit", "deadline", "citation") and verb != "add":
                fact = meant.fact(what, getattr(said, what), document, said.task)
                setattr(said, what, fact)
            said.tasks = [meant.task(other, document)[1] for other in tasks]
            upper = meant.upper(upper, document) if upper else ""
        return correct(self._workspace(), said, document, by, dry_run=dry_run, other=upper)

    def progress(
        self,
        task: str,
        document: str = "",
        *,
        state: str = "",
        closed: str = "",
        note: str = "",
        milestone: str = "",
        due: str = "",
        met: str = "",
        next_report: str = "",
        day: str = "",
        unit: str = "",
        by: str = "",
        dry_run: bool = False,
    ) -> Reported:
        """Tell how far a task (id, number in its paper, or words) has come; without anything told, what is known of it.

        `state` is `not-started`, `under-way`, `done` or `dropped`; `closed` says with `done` and `dropped` whether it
        was `carried-out` or `not-carried-out`. `milestone` names one, `due` and `met` are its days; `next_report` is
        when the next report is due, `day` when it was so (today, if not given), `unit` who reports. Names and days are
        understood as questions understand them.
        """
        from ..graph.workspace.progressing import report
        from .meant import day as meant_day

        by = person(by)
        due, met = meant_day("due", due), meant_day("met", met)
        next_report, day = meant_day("next-report", next_report), meant_day("day", day)
        with self._names_meant() as meant:
            document, task = meant.task(task, meant.document(document) if document else "")
            unit = meant.unit(unit, document) if unit else ""
        common = {"day": day, "unit": unit}
        said: list[dict[str, Any]] = []
        if state or closed:
            said.append({"verb": "state", "state": state, "closed": closed, "text": note, **common})
        elif note:
            said.append({"verb": "note", "text": note, **common})
        if milestone or due or met:
            said.append({"verb": "milestone", "text": milestone, "day": due, "met": met, "unit": unit})
        if next_report:
            said.append({"verb": "report", "day": next_report, "unit": unit})
        return report(self._workspace(), task, document, by, said, dry_run)

    def undo_progress(self, line: str, *, by: str = "", dry_run: bool = False) -> ProgressLine:
        """Take a line of progress (its id, or the beginning of it) back."""
        from ..graph.workspace.progressing import take_back

        return take_back(self._workspace(), line, person(by), dry_run)

    def progress_lines(self) -> list[tuple[ProgressLine, str]]:
        """All lines of progress in the order of saying, each with the code of the reason why it says nothing now, ''
        of those that do."""
        return self._workspace().people().progress_fates()

    def read_ledger(self, path: str | PathLike[str]) -> LedgerRead:
        """What a ledger that an office has worked on (`xlsx` or `csv`) says otherwise than the graph: its
        `differences`, rows that are `told` since they fit no task, and cells that are `refused`. Nothing is kept."""
        from .taking import read

        return read(self._workspace(), Path(path))

    def take_ledger(self, found: LedgerRead, *, by: str = "") -> tuple[list[Correction], list[ProgressLine]]:
        """Keep the differences of a ledger as corrections and progress; the lines."""
        from .taking import take

        return take(self._workspace(), found, person(by))

    def weekly(self, out: str | PathLike[str], *, today: str = "", region: str = "", language: str = "zh") -> int:
        """Write the report of the week that ends with a day (ISO; today, if not given) as DOCX or HTML, by the suffix
        of `out`: what is overdue, what falls due within seven days, and what was closed, by place; how many tasks."""
        from .files_out import papers
        from .messages import Catalogue
        from .weekly import asking, parts
        from .writing import write

        if Path(out).suffix.lower() not in (".docx", ".html", ".htm"):
            raise ZhenglingError("report-suffix", 2, out=str(out))
        if region.strip():
            with self._names_meant() as meant:
                region = meant.region(region)
        say = Catalogue(language)
        day = self._day(today)
        found = parts(asking(self.query, self.cypher), day, region, say)
        title = say("report-title", day=day.isoformat())
        if Path(out).suffix.lower() == ".docx":
            write(Path(out), papers.report_docx(title, found, say))
        else:
            write(Path(out), papers.report_html(title, found, say).encode())
        return sum(len(rows) for part in found for rows in part.places.values())

    def sheet(
        self, unit: str, out: str | PathLike[str], *, region: str = "", language: str = "zh", today: str = ""
    ) -> int:
        """Write the task sheet of one unit (its id or a name, with `region` where several places have it) as DOCX, with
        the lights of the day `today` (this one, if not given); how many tasks stand in it."""
        from .files_out.papers import write_sheet
        from .messages import Catalogue

        with self._workspace().store() as store:
            found = self._names(store).one_unit(unit, region)
            note(found.understood)
            return write_sheet(self._leaving(store), found.value, Path(out), Catalogue(language), self._day(today))

    @staticmethod
    def _day(text: str) -> date:
        """The day that people mean, this one for ''."""
        from .meant import day

        return date.fromisoformat(day("today", text) or date.today().isoformat())

    def rules_corrected(self) -> list[dict[str, Any]]:
        """Which rules people corrected, the most first: `rule` (or `missed` with what was added), and how often what
        it read was rejected, changed and confirmed."""
        counts: dict[str, dict[str, int]] = {}
        for held in self.corrections():
            outcome, one = held.outcome, held.outcome.correction
            if outcome.status not in ("applied", "settled") or one.verb not in _COUNTED:
                continue
            names = {f"missed {one.what}"} if one.verb == "add" else set(outcome.rules)
            for name in names:
                row = counts.setdefault(name, dict.fromkeys(("rejected", "changed", "confirmed", "added"), 0))
                row[_COUNTED[one.verb]] += 1
        wrong = ("rejected", "changed", "added")
        order = sorted(counts, key=lambda name: (-sum(counts[name][key] for key in wrong), name))
        return [{"rule": name, **counts[name]} for name in order]

    def gold(self, document: str) -> tuple[str, dict[str, Any], bool]:
        """A paper as gold, with what people corrected: the name under which `score` finds its record, the annotation,
        and whether somebody confirmed the paper as a whole."""
        from ..graph.workspace.records import record_name
        from .measure.gold import gold

        workspace = self._workspace()
        with workspace.store() as store:
            library = workspace.library(store)
            identity = self._meant(store, library).document(document)
            record = library.record(identity)
            name = record_name(library.source(identity)).removesuffix(".json")
        return name, gold(record), "review" in record.document.evidence

    def same(
        self,
        one: str,
        other: str,
        *,
        what: str = "units",
        apart: bool = False,
        known: bool = False,
        why: str = "",
        by: str = "",
        dry_run: bool = False,
    ) -> Taken:
        """Say that two names (`what`: `units` or `documents`) mean one thing, whose name is then the first, or with
        `apart` that they mean two; with `known` this is kept also where they do already."""
        from ..graph.workspace.correcting import same

        with self._names_meant() as meant:
            named = meant.named_unit if what == "units" else meant.named_document
            one, other = named(one), named(other)
        verb = "not-same" if apart else "same"
        return same(self._workspace(), verb, what, one, other, person(by), why, dry_run, known)

    def undo(self, correction: str, *, why: str = "", by: str = "", dry_run: bool = False) -> Taken:
        """Take a correction (its id, or the beginning of it) back."""
        from ..graph.workspace.correcting import undo

        return undo(self._workspace(), correction, person(by), why, dry_run=dry_run)

    def correct_together(
        self, verb: str, facts: Sequence[Mapping[str, str]], *, why: str = "", by: str = ""
    ) -> SaidTogether:
        """`confirm` or `reject` many facts at once, each a line of its own: `document` with `task`, `unit`, `role`,
        `deadline`, `citation` or `field` as `correct` names them; `task` and `upper`, ids of tasks; or `one` and
        `other`, ids of units that are one or two. What no line can be made of is counted."""
        from ..graph.workspace.together import correct_together

        if verb not in ("confirm", "reject"):
            raise ZhenglingError("correction-form", 2, reason=verb)
        return correct_together(self._workspace(), verb, facts, person(by), why)

    def undo_together(self, mark: str, *, by: str = "") -> list[Correction]:
        """Take back all lines that were said together (`mark`) and still hold."""
        from ..graph.workspace.together import undo_together

        return undo_together(self._workspace(), mark, person(by))

    def corrections(self, document: str = "") -> list[Listed]:
        """All corrections in the order of saying, each with what became of it: `applied`, `settled` (the reading says
        so itself), `stale` (what it is about is not there), `overruled` by a later one, `undone`."""
        from ..graph.workspace.correcting import listed

        if document:
            with self._names_meant() as meant:
                document = meant.document(document)
        return listed(self._workspace(), document)
