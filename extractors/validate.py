"""Whether JSON is a record: the one validator, by a JSON Schema that is made from the model (`record.schema.json` in
docs/), and the first field that is not as it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from .errors import ZhenglingError
from .model import Citation, Deadline, Document, Record, Remark, Task, UnitRole

Schema = dict[str, Any]

_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer", "minimum": -(2**53), "maximum": 2**53},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    Any: {},
}
_DATE: Schema = {"type": ["string", "null"], "format": "date"}
#: What a field is beside its type.
_NARROWER: dict[tuple[type, str], Schema] = {
    (Document, "date"): _DATE,
    (Deadline, "start"): _DATE,
    (Deadline, "end"): _DATE,
    (Deadline, "kind"): {"enum": ["date", "ongoing", "recurring", "relative"]},
    (UnitRole, "role"): {"enum": ["lead", "responsible", "support"]},
    (Citation, "role"): {"enum": ["basis", "mention"]},
    (Record, "source"): {
        "type": "object",
        "properties": {
            "path": {"type": "string"},
            "sha256": {"type": "string"},
            "titles": {"type": "array", "items": {"type": "string"}},
            "announces": {"type": "array", "items": {"type": "string"}},
            "attachments": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "path": {"type": "string"},
                        "sha256": {"type": "string"},
                        "titles": {"type": "array", "items": {"type": "string"}},
                        "given": {"type": "boolean"},
                    },
                    "required": ["path", "sha256"],
                    "additionalProperties": False,
                },
            },
            "record": {"type": "object"},
        },
    },
}
_NEEDED: dict[type, tuple[str, ...]] = {Record: ("document",), Citation: ("in", "kind", "role"), Task: ("id",)}
_REMARK: Schema = {
    "type": "object",
    "properties": {
        "code": {"type": "string"},
        "values": {"type": "object"},
        "evidence": {
            "type": "array",
            "maxItems": 2,
            "items": {
                "type": "object",
                "properties": {"quote": {"type": "string"}, "place": {"type": "object"}},
                "required": ["quote", "place"],
            },
        },
    },
    "required": ["code"],
}


def schema() -> Schema:
    """The form of a record as JSON Schema (2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Record of a paper (docs/records.md)",
        **_of(Record),
    }


def _of(kind: Any) -> Schema:
    """The schema of a type of the model."""
    if kind is Remark:
        return _REMARK
    if is_dataclass(kind):
        return _of_class(kind)  # type: ignore[arg-type]
    inner = get_args(kind)
    match get_origin(kind):
        case origin if origin is list:
            return {"type": "array", "items": _of(inner[0])}
        case origin if origin is dict:
            return {"type": "object", **({} if inner[1] is Any else {"additionalProperties": _of(inner[1])})}
        case origin if origin in (UnionType, Union):
            kinds = [_of(one) for one in inner]
            first = dict(kinds[0])
            return first | {"type": [one["type"] for one in kinds]}
    return dict(_PLAIN[kind])


def _of_class(kind: type) -> Schema:
    hints = get_type_hints(kind)
    properties: Schema = {}
    required: list[str] = []
    for one in fields(kind):  # type: ignore[arg-type]
        name = "in" if one.name == "in_" else one.name
        properties[name] = _NARROWER.get((kind, one.name)) or _of(hints[one.name])
        if one.default is MISSING and one.default_factory is MISSING:
            required.append(name)
    required = list(_NEEDED.get(kind, required))
    return {"type": "object", "properties": properties, "required": required}


_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": NoneType,
    "array": list,
    "object": dict,
}
_SCHEMA = schema()


class FaultError(ValueError):
    """`field` (`tasks[3].units[0].role`) is not what it should be: `wanted`."""

    def __init__(self, field: str, wanted: str) -> None:
        super().__init__(f"{field or 'the whole'}: {wanted}")
        self.field, self.wanted = field, wanted


def load_record(path: str, text: str) -> Record:
    """The record in a text of JSON. Raises `ZhenglingError` (`record-unreadable`, `record-invalid`) naming `path`, and
    the field."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ZhenglingError("record-unreadable", 1, path=path, reason=str(error)) from error
    try:
        check_record(data)
        return Record.from_json(data)
    except FaultError as fault:
        raise ZhenglingError("record-invalid", 1, path=path, field=fault.field or "$", wanted=fault.wanted) from fault
    except ValueError as error:
        raise ZhenglingError("record-unreadable", 1, path=path, reason=str(error)) from error


def check_record(data: Any) -> None:
    """Raises `FaultError` with the first field that is not as the schema says, or does not fit the others."""
    for field, wanted in _faults(data, _SCHEMA, ""):
        raise FaultError(field, wanted)
    ids = [task["id"] for task in data.get("tasks", [])]
    for at, task in enumerate(data.get("tasks", [])):
        if task["id"] in ids[:at]:
            raise FaultError(f"tasks[{at}].id", "unique")
        if task.get("part_of") is not None and task["part_of"] not in ids:
            raise FaultError(f"tasks[{at}].part_of", "id of a task")
    known = {"document", *ids}
    for at, citation in enumerate(data.get("citations", [])):
        if citation["in"] not in known:
            raise FaultError(f"citations[{at}].in", "document, or id of a task")


def _faults(value: Any, form: Schema, field: str) -> Iterator[tuple[str, str]]:
    wanted = form.get("type")
    kinds = [wanted] if isinstance(wanted, str) else wanted or []
    if kinds and not any(_is(value, kind) for kind in kinds):
        yield field, " | ".join(kinds)
        return
    if "enum" in form and value not in form["enum"]:
        yield field, " | ".join(form["enum"])
    if isinstance(value, str):
        if not _is_text(value):
            yield field, "text"
        elif form.get("format") == "date" and not _is_date(value):
            yield field, "date (YYYY-MM-DD)"
    elif isinstance(value, int) and "maximum" in form and not form["minimum"] <= value <= form["maximum"]:
        yield field, "integer below 2^53"
    elif isinstance(value, dict):
        yield from _faults_of_map(value, form, field)
    elif isinstance(value, list):
        if len(value) > form.get("maxItems", len(value)):
            yield field, f"at most {form['maxItems']}"
        for at, one in enumerate(value):
            yield from _faults(one, form.get("items", {}), f"{field}[{at}]")


def _faults_of_map(value: dict[str, Any], form: Schema, field: str) -> Iterator[tuple[str, str]]:
    properties, others = form.get("properties", {}), form.get("additionalProperties", {})
    before = f"{field}." if field else ""
    for name in form.get("required", ()):
        if name not in value:
            yield before + name, "present"
    for name, inner in value.items():
        if name not in properties and others is False:
            yield before + name, "absent"
        else:
            yield from _faults(inner, properties.get(name, others), before + name)


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _is_text(value: str) -> bool:
    """Without half of a pair: what no file can hold."""
    return re.search("[\ud800-\udfff]", value) is None


def _is_date(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII)) and bool(date.fromisoformat(value))
    except ValueError:
        return False
