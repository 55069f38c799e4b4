"""What people have said of links between tasks, found again in the records as they are today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..corrections.anchors import plain
from ..corrections.applying import Corrected
from ..corrections.lines import Correction, IdentityAnchor, TaskAnchor
from ..deriving.judged import Judged
from ..lineage.fingerprints import fingerprint, fingerprint_of
from ..lineage.verdicts import Verdict, verdict
from .corrected import People
from .records import record_name


def verdicts(people: People, names: Sequence[str]) -> Iterator[Verdict]:
    """One for each pair of tasks that a line is about, the last one said; `names` are those of the records in the order
    in which they are derived; of others nothing is told. A line whose paper or lower task is not there (any more) says
    nothing; a confirmed link whose superior's task is gone says so (`Verdict.gone`)."""
    if not people.lines:
        return
    numbers = {name: n for n, name in enumerate(names)}
    said: dict[Any, Verdict] = {}
    for name in (name for name in people.linked() if name in numbers):
        found = people.corrected(name)
        for outcome, place in found.links:
            line = outcome.correction
            lower = (numbers[name], place + 1, found.record.tasks[place])
            gone = _gone(people, line, numbers)
            if gone is not None:
                words = (line.tasks[0].title or "", line.tasks[0].text)
                texts = (fingerprint(lower[2]), fingerprint_of(*words))
                key = lower[:2], gone, texts[1]
                said.pop(key, None)
                if line.verb == "confirm":
                    said[key] = Verdict(lower[:2], (gone, 0), True, texts, False, words)
                continue
            for upper, above, at in _superiors(people, line):
                if upper not in numbers:
                    continue
                there = (numbers[upper], at + 1, above.record.tasks[at])
                seen = [_seen(line.task), _seen(line.tasks[0])]
                said[lower[:2], there[:2]] = verdict(lower, there, line.verb == "confirm", seen)
    yield from said.values()


def said_of(people: People, lower: str, upper: str) -> list[Verdict]:
    """What people have said of links between two papers, by their sources; places are those in each."""
    names = [record_name(lower), record_name(upper)]
    return [one for one in verdicts(people, names) if (one.lower[0], one.upper[0]) == (0, 1)]


def _gone(people: People, line: Correction, numbers: dict[str, int]) -> int | None:
    """The number of the superior that a line means, where it is there and has the task that it means no more."""
    papers = [numbers[name] for name in people.superiors(line) if name in numbers]
    return papers[0] if papers and people.lost(line) == "superior-task-gone" else None


def _superiors(people: People, line: Correction) -> Iterator[tuple[str, Corrected, int]]:
    """The records of the superior that a line means, each with the place of the task that it means."""
    for name in people.superiors(line):
        found = people.corrected(name)
        for at in found.places(line.tasks[0])[0]:
            yield name, found, at


def _seen(anchor: TaskAnchor | None) -> str:
    return fingerprint_of(anchor.title, anchor.text) if anchor is not None else ""


def judged(people: People, names: Sequence[str]) -> Judged:
    """What people said of names; `names` are the records in the order in which they are derived. The later line holds,
    and one that says the contrary of an earlier one takes it back."""
    found = Judged()
    if not people.identities:
        return found
    numbers = {name: n for n, name in enumerate(names)}
    for one in people.identities:
        kept, gone = one.names
        if one.what == "units":
            _judge_units(found, one.verb, kept, gone)
        else:
            _judge_documents(found, one.verb, kept, gone, people, numbers)
    return found


def _judge_units(found: Judged, verb: str, kept: IdentityAnchor, gone: IdentityAnchor) -> None:
    where = gone.id.rpartition("|")[0]
    if verb == "same":
        found.names.discard((where, plain(gone.name)))
        found.units.pop(kept.id, None)
        found.units[gone.id] = kept.id, kept.id.rpartition("|")[2], kept.region
    else:
        found.units.pop(gone.id, None)
        found.names.add((where, plain(gone.name)))


def _judge_documents(
    found: Judged, verb: str, kept: IdentityAnchor, gone: IdentityAnchor, people: People, numbers: dict[str, int]
) -> None:
    one = [numbers[name] for name in people.of_paper(kept.paper) if name in numbers]
    two = [numbers[name] for name in people.of_paper(gone.paper) if name in numbers]
    if verb == "not-same":
        found.documents.pop(gone.id, None)
        for n in two:
            found.copies.pop(n, None)
        found.apart |= {n for n in two if n not in one}
        return
    found.apart -= {*two}
    found.documents.pop(kept.id, None)
    for n in one:
        found.copies.pop(n, None)
    found.documents[gone.id] = kept.id
    for n in two:
        if one and n not in one:
            found.copies[n] = one[0]
