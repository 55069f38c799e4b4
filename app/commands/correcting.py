"""What people know better: correct, corrections."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...extractors.errors import ZhenglingError
from ..answers import able, give, listing_tasks, utf8
from ..api import Graph
from ..messages import Catalogue
from ..tables import tables
from ..tell import tell
from ..writing import write
from .making import Making

if TYPE_CHECKING:
    from ...graph.corrections.lines import Correction
    from ...graph.workspace.correcting import Taken

_VERBS = ("confirm", "reject", "change", "add", "split", "merge", "same", "not-same", "undo")
_COLUMNS = ("id", "at", "by", "verb", "what", "document", "task", "was", "to", "status", "reason", "why")
#: What fields that are no texts are made of.
_READ: dict[str, Callable[[str], Any]] = {
    "collective": lambda text: text == "true",
    "open": lambda text: text == "true",
    "section": lambda text: [part for part in text.split("|") if part],
}
_STATES = ("applied", "settled", "stale", "overruled", "undone")
_FACTS = {"task": "TASK", "unit": "UNIT", "role": "ROLE", "deadline": "WORDS", "citation": "DOCUMENT", "field": "NAME"}


_CODED = re.compile(r"(?P<before>^| \| )(?P<code>[a-z_]+): ")


def commands(make: Making) -> list[click.Command]:
    verb = click.Argument(["verb"], metavar="|".join(_VERBS), type=click.Choice(_VERBS))
    name = click.Argument(["name"], metavar="[DOCUMENT|ID|NAME]", required=False, default="")
    second = click.Argument(["second"], metavar="[NAME]", required=False, default="")
    facts = [
        make.option("--" + fact, text=f"help-correct-{fact}", metavar=metavar, default="")
        for fact, metavar in _FACTS.items()
    ]
    more = [
        make.option("--to", text="help-correct-to", metavar="KEY=VALUE", multiple=True),
        make.option("--part", "parts", text="help-correct-part", metavar="TEXT", multiple=True),
        make.option("--with", "others", text="help-correct-with", metavar="TASK", multiple=True),
        make.option("--upper", text="help-correct-upper", metavar="TASK", default=""),
        make.option("--quote", text="help-correct-quote", metavar="WORDS", default=""),
        make.choice("kind", ("units", "documents"), text="help-correct-kind", default="units"),
        make.option("--elsewhere", text="help-correct-elsewhere", is_flag=True),
        *said(make),
    ]
    rules = make.option("--rules", text="help-corrections-rules", is_flag=True)
    papers = click.Argument(["documents"], metavar="DOCUMENT...", nargs=-1, required=True)
    folder = make.option("--out", text="help-gold-out", metavar="DIR", default="gold")
    document = click.Argument(["document"], metavar="[DOCUMENT]", required=False, default="")
    return [
        make.command(correct, "correct", verb, name, second, *facts, *more, make.workspace()),
        make.command(corrections, "corrections", document, rules, make.form(), make.out(), make.workspace()),
        make.command(gold, "gold", papers, folder, make.workspace()),
    ]


def said(make: Making) -> list[click.Option]:
    """Who says something, why, and whether it is only tried."""
    return [
        make.option("--why", text="help-correct-why", metavar="TEXT", default=""),
        make.option("--by", text="help-correct-by", metavar="NAME", default=""),
        make.option("--dry-run", "dry_run", is_flag=True),
    ]


def correct(
    say: Catalogue,
    verb: str,
    name: str,
    second: str,
    kind: str,
    to: Sequence[str],
    parts: Sequence[str],
    others: Sequence[str],
    workspace: str,
    **more: Any,
) -> int:
    graph = Graph(workspace)
    if verb in ("same", "not-same"):
        about = {key: more[key] for key in ("why", "by", "dry_run")}
        taken = graph.same(name, second, what=kind, apart=verb == "not-same", **about)
    elif second:
        raise ZhenglingError("correction-form", 2, reason=second)
    elif verb == "undo":
        taken = graph.undo(name, why=more["why"], by=more["by"], dry_run=more["dry_run"])
    else:
        with listing_tasks(say, more["task"] or name):
            taken = graph.correct(verb, name, to=_fields(to), parts=parts, tasks=others, **more)
    _tell(say, taken)
    return 0


def _fields(settings: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key:
            raise ZhenglingError("bad-setting", 2, setting=setting)
        found[key] = _READ.get(key, str)(value) if value else None
    return found


def _tell(say: Catalogue, taken: Taken) -> None:
    """What a line changes, and whom it contradicts."""
    for sign, facts in (("-", taken.before), ("+", taken.after)):
        for fact in facts:
            print(f"{sign} {_in_words(say, fact)}")
    sys.stdout.flush()
    for other in taken.against:
        tell(say("correction-against", by=other.by, at=other.at.date().isoformat(), id=other.id))
    if taken.outcome.status == "settled":
        tell(say("correction-settled"))
    elif taken.kept:
        tell(say("correction-kept", id=taken.correction.id, by=taken.correction.by))
    else:
        tell(say("correction-dry-run"))


def _in_words(say: Catalogue, fact: str) -> str:
    """A fact with the roles and fields of a record in words of the language: `lead: …`, `date: …`."""

    def word(found: re.Match[str]) -> str:
        code = found["code"]
        text = say.text(f"role-{code}") or say.text(f"view-fact-{code}")
        return found["before"] + say("noted-as", name=text) if text else found[0]

    return _CODED.sub(word, fact)


def gold(say: Catalogue, documents: Sequence[str], out: str, workspace: str) -> int:
    graph = Graph(workspace)
    folder = Path(out)
    for document in documents:
        name, annotation, reviewed = graph.gold(document)
        folder.mkdir(parents=True, exist_ok=True)
        write(folder / f"{name}.json", utf8(tables.as_json(annotation)))
        tell(say("gold-written", out=folder / f"{name}.json", tasks=len(annotation["tasks"])))
        if not reviewed:
            tell(say("gold-unreviewed", document=document))
    return 0


def corrections(say: Catalogue, document: str, rules: bool, form: str | None, out: str | None, workspace: str) -> int:
    form = able(form, out)
    if rules:
        counted = Graph(workspace).rules_corrected()
        columns = ["rule", "rejected", "changed", "added", "confirmed"]
        if form == "table":
            for row in counted:
                missed = row["rule"].partition("missed ")[2]
                row["rule"] = say("rule-missed", what=say(f"what-{missed}")) if missed else row["rule"]
        return give(say, columns, [[row[c] for c in columns] for row in counted], form, out, "rules")
    found = Graph(workspace).corrections(document)
    rows = []
    for held in found:
        one, outcome = held.outcome.correction, held.outcome
        reason = outcome.by or outcome.reason or ("near" if outcome.near else "")
        meant = _meant(one, partial(_shown, say) if form == "table" else _value)
        rows.append([one.id, one.at.date(), one.by, one.verb, one.what, *meant, outcome.status, reason, one.why])
    if form == "table":
        for row in rows:
            row[9] = say(f"correction-{row[9]}")
            row[10] = say(f"reason-{row[10]}") if say.text(f"reason-{row[10]}") else row[10]
    status = give(say, _COLUMNS, rows, form, out, "corrections")
    states = [held.outcome.status for held in found]
    tell(say("correction-counts", **{state: states.count(state) for state in _STATES}))
    for held in found:
        for other in held.outcome.against:
            tell(say("correction-conflict", id=held.outcome.correction.id, by=held.outcome.correction.by, other=other))
    return status


def _meant(one: Correction, value: Callable[[tuple[str, Any]], str]) -> tuple[str, str, str, str]:
    """Document, task, what it was and what it is to be, each in short; `value` writes a field."""
    paper = one.paper
    document = (paper.number or paper.title or paper.source) if paper else " ".join(n.name or n.id for n in one.names)
    task = "" if one.task is None else one.task.title or one.task.text[:30]
    new = [*map(value, one.to.items()), *(part.text[:20] for part in one.parts), one.of]
    return document, task, "; ".join(map(value, one.was.items())), "; ".join(part for part in new if part)


def _shown(say: Catalogue, pair: tuple[str, Any]) -> str:
    """A field as people read it: the role in words, a name as it is, others behind what they are called."""
    field, value = pair[0], "" if pair[1] is None else str(pair[1])
    if field == "name":
        return value
    if field == "role":
        return say.text(f"role-{value}") or value
    called = say.text(f"view-fact-{field}")
    return say("noted-as", name=called) + value if called else _value(pair)


def _value(pair: tuple[str, Any]) -> str:
    return f"{pair[0]}={'' if pair[1] is None else pair[1]}"
