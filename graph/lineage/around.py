"""What stands around two tasks: whose work they are, and the sections that they stand in.

Both say little alone. They say something of a task that few words lead to, where the lower paper follows its superior.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from ...extractors.model import Task
from ...extractors.words.fold import fold, squeeze
from ...extractors.words.lexicon import Lexicon
from .matter import Matter
from .matter import rows as words_of
from .terms import weight

#: What two tasks of other units are worth, beside 1 for two of the same.
OTHERS = -0.4
_SUPPORTS = 0.6  # how much a unit that supports counts beside one that leads


def fields_of(task: Task, lexicon: Lexicon) -> frozenset[str]:
    """The fields of work of a task's units."""
    return frozenset(field for unit in task.units for field in fields_of_unit(unit.name, lexicon))


def fields_of_unit(name: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The fields of work of a unit's name, none where the lexicon has none."""
    return lexicon.fields(fold(squeeze(name)))


def work_of(task: Task, lexicon: Lexicon) -> dict[str, float]:
    """Whose work a task is: the fields of its units and the units themselves, whatever their level, by how much each
    has to do with it. Those named together (各部门) say nothing."""
    found: dict[str, float] = {}
    for unit in task.units:
        name = "" if unit.collective else fold(squeeze(unit.name))
        department = lexicon.canonical(name, None)[2] if name else None
        for one in (*lexicon.fields(name), *([f"={department}"] if department else [])) if name else ():
            found[one] = max(found.get(one, 0.0), _SUPPORTS if unit.role == "support" else 1.0)
    return found


def lead_of(task: Task, lexicon: Lexicon) -> frozenset[str]:
    """The fields of work of who leads: of the units that are said to, else of the first whose field is known. None
    where those lead who stand for a whole place: they have all fields."""
    own = [unit for unit in task.units if not unit.collective and unit.role != "support"]
    for units in ([unit for unit in own if unit.role == "lead"], *([unit] for unit in own)):
        found = frozenset(field for unit in units for field in fields_of_unit(unit.name, lexicon))
        if found:
            return frozenset() if found & set(words_of("whole")) else found
    return frozenset()


def others_lead(upper: Sequence[Matter], lower: Sequence[Matter]) -> np.ndarray:
    """A row for a lower and a column for a superior's task: whether others lead the lower one, and who leads the
    superior's has no part in it, by fields of work; of a bureau's own work, whether the superior's task is other
    people's. Not so where either is not known."""
    leads = sorted({task.lead for task in upper if task.lead}, key=sorted)
    columns = {lead: [n for n, task in enumerate(upper) if task.lead == lead] for lead in leads}
    out = np.zeros((len(lower), len(upper)), dtype=bool)
    for row, task in enumerate(lower):
        for lead in leads if task.lead else ():
            out[row, columns[lead]] = not lead & (task.lead | task.work.keys())
        if task.bureau:
            mine = task.bureau | set(words_of("whole"))
            out[row] = [bool(other.work) and not mine & other.work.keys() for other in upper]
    return out


def same_work(upper: Sequence[Matter], lower: Sequence[Matter]) -> np.ndarray:
    """A row for a lower and a column for a superior's task: how far both are the same units' work (cosine of both by
    the rarity of each unit and field), as far as what they have in common is rare; `OTHERS` where both have units and
    none in common, 0 where one of them has none."""
    tasks = [task for task in (*upper, *lower) if task.work]
    having = Counter(one for task in tasks for one in task.work)
    out, rarest = np.zeros((len(lower), len(upper))), np.zeros((len(lower), len(upper)))
    lengths = [[_length(task, having, len(tasks)) for task in some] for some in (lower, upper)]
    for one in sorted(having):
        (rows, below), (columns, above) = (
            _shares(some, one, own) for some, own in zip((lower, upper), lengths, strict=True)
        )
        if rows and columns:
            rare, there = weight(having[one], len(tasks)), np.ix_(rows, columns)
            out[there] += np.outer(below, above) * rare * rare
            rarest[there] = np.maximum(rarest[there], rare / math.log(len(tasks) + 1))
    known = np.outer([bool(task.work) for task in lower], [bool(task.work) for task in upper])
    return np.where(known & (rarest == 0), OTHERS, out * np.minimum(rarest, 1.0))


def _shares(tasks: Sequence[Matter], one: str, lengths: Sequence[float]) -> tuple[list[int], list[float]]:
    """The places of the tasks that are a unit's or a field's work, and what share of each it is."""
    places = [place for place, task in enumerate(tasks) if one in task.work]
    return places, [tasks[place].work[one] / lengths[place] for place in places]


def _length(task: Matter, having: Mapping[str, int], tasks: int) -> float:
    return math.sqrt(math.fsum((share * weight(having[one], tasks)) ** 2 for one, share in task.work.items())) or 1.0


def same_section(upper: Sequence[Matter], lower: Sequence[Matter], anchors: np.ndarray) -> np.ndarray:
    """How many of the pairs in `anchors` lead from the other tasks of the lower one's section into the section of the
    superior's, as a share that is below 1: the more there are, the nearer to it. 0 in a paper without sections."""
    above, below = ([task.task.section[:1] for task in tasks] for tasks in (upper, lower))
    out = np.zeros((len(lower), len(upper)))
    columns, n_above = _numbered(above)
    rows, n_below = _numbered(below)
    if min(n_above, n_below) > 1 and len(anchors):
        led = np.zeros((len(lower), n_above))
        np.add.at(led, (anchors[:, 0], columns[anchors[:, 1]]), 1)
        others = np.array([led[rows == n].sum(axis=0) for n in range(n_below)])[rows] - led
        out = (others / (others.sum(axis=1, keepdims=True) + 1))[:, columns]
    return out


def _numbered(sections: Sequence[Sequence[str]]) -> tuple[np.ndarray, int]:
    """The number of each section, in the order of the first of each, and how many there are."""
    numbers: dict[tuple[str, ...], int] = {}
    return np.array([numbers.setdefault(tuple(one), len(numbers)) for one in sections], dtype=np.int64), len(numbers)
