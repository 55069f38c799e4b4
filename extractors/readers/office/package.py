"""Files of Office Open XML: their parts and how these belong together, also of the strict kind (ISO/IEC 29500).

python-docx and openpyxl refuse a whole file for a picture that is missing, and do not know the strict kind's names.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/"
_HEAD = b"http://purl.oclc.org/ooxml/"


class Package:
    """The parts of a file by their names, from the root of the file. Raises `zipfile.BadZipFile` and `KeyError` where
    one is damaged or missing."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(BytesIO(data))
        self._names = {name.replace("\\", "/").lower(): name for name in self._zip.namelist()}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def names(self) -> list[str]:
        return list(self._names)

    def bytes(self, name: str) -> bytes:
        return self._zip.read(self._names[name.lower()])

    def root(self, name: str) -> Any:
        """The root element of a part of XML."""
        from docx.oxml import parse_xml

        return parse_xml(_STRICT.sub(_TRANSITIONAL, self.bytes(name)))

    def related(self, source: str = "") -> dict[str, tuple[str, str]]:
        """Id → (kind, name) of the parts that a part, or the file itself, refers to and that are there. A kind is
        `styles`, `footnotes`, `officeDocument`, …"""
        folder, name = posixpath.split(source)
        rels = posixpath.join(folder, "_rels", name + ".rels")
        out = {}
        for relation in self.root(rels) if rels in self else ():
            target = unquote(relation.get("Target", "")).replace("\\", "/")
            target = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            if relation.get("TargetMode") != "External" and target in self:
                out[relation.get("Id", "")] = relation.get("Type", "").rpartition("/")[2], target
        return out


def transitional(data: bytes) -> bytes:
    """A file of the strict kind with the names that everyone knows; any other as it is."""
    with zipfile.ZipFile(BytesIO(data)) as source:
        if "_rels/.rels" not in source.namelist() or _HEAD not in source.read("_rels/.rels"):
            return data
    return changed(data, lambda name, content: _STRICT.sub(_TRANSITIONAL, content))


def changed(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A file with its parts of XML changed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            is_xml = info.filename.endswith((".xml", ".rels"))
            target.writestr(info.filename, change(info.filename, content) if is_xml else content)
    return out.getvalue()
