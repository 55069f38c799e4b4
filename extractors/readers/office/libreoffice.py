"""The reader of what LibreOffice reads: DOC, WPS, ODT, RTF and their spreadsheets, turned into DOCX or XLSX first.

It runs without a screen, in a profile of its own that is thrown away, without macros and cut off from the network.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
import subprocess
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import PaperError
from ...files.kinds import suffix_of
from ..content import Content
from ..registry import reader_of
from .doc_repair import ended

if TYPE_CHECKING:
    from ...limits import Settings

#: Where the program is looked for, beside the PATH.
PLACES = (
    "/usr/lib/libreoffice/program",
    "/opt/libreoffice/program",
    "/Applications/LibreOffice.app/Contents/MacOS",
)
_NAMES = ("soffice", "libreoffice")
_OLE = b"\xd0\xcf\x11\xe0"
#: Suffixes of what Word 97-2003 wrote, or WPS in its form.
_WORD = (".doc", ".dot", ".wps", ".wpt")
#: Suffix → the suffix that it is turned into and the name of the filter that does it.
_FORMS = {".ods": ("xlsx", "Calc MS Excel 2007 XML"), ".et": ("xlsx", "Calc MS Excel 2007 XML")}
_FORM = ("docx", "MS Word 2007 XML")
#: Beside what reading may take, the program itself maps so much.
_OWN_MEMORY = 1_000_000_000
#: What is made is at most so many times as large as a paper may be.
_GROWS = 5
_NOWHERE = "http://127.0.0.1:9"
#: No macros, no active content, no links to elsewhere, and a proxy that is none.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{}</oor:items>
"""
_ITEM = '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>\n'
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def read(path: str, data: bytes, settings: Settings) -> Content:
    """The paper in a file that LibreOffice can open.

    Raises `PaperError` where it is not installed (`office-missing`), the file has a password (`paper-locked`) or can
    not be turned into DOCX (`office-failed`); what reads DOCX may raise more.
    """
    if _locked(data):
        raise PaperError("paper-locked")
    form, made = convert(path, data, settings)
    return reader_of("." + form)(path, made)


def program() -> str | None:
    """The path of LibreOffice's program, or None."""
    places = os.pathsep.join([os.environ.get("PATH", ""), *PLACES])
    return next((found for name in _NAMES if (found := shutil.which(name, path=places))), None)


def convert(path: str, data: bytes, settings: Settings) -> tuple[str, bytes]:
    """The suffix and the bytes of the DOCX or XLSX that LibreOffice makes of a file."""
    soffice = program()
    if soffice is None:
        raise PaperError("office-missing")
    suffix = suffix_of(path, data)
    form, kind = _FORMS.get(suffix, _FORM)
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        home = Path(folder)
        source = home / ("paper" + suffix)
        source.write_bytes(ended(data) if data.startswith(_OLE) and suffix in _WORD else data)
        made = home / "out" / f"paper.{form}"
        options = [*_own_profile(home / "profile"), "--convert-to", f"{form}:{kind}", "--outdir", str(made.parent)]
        _run([soffice, *options, str(source)], folder, settings.memory + _OWN_MEMORY)
        try:
            if made.stat().st_size > settings.max_bytes * _GROWS:
                raise PaperError("paper-too-large", size=made.stat().st_size, limit=settings.max_bytes * _GROWS)
            return form, made.read_bytes()
        except FileNotFoundError:
            raise PaperError("office-failed") from None


def _own_profile(folder: Path) -> list[str]:
    """The options that have the program keep to a profile of its own, which is made here."""
    user = folder / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_PROFILE.format("".join(_ITEM.format(*s) for s in _SETTINGS)))
    installed = f"-env:UserInstallation={folder.as_uri()}"
    return [installed, "--headless", "--norestore", "--nolockcheck", "--nologo"]


def _run(command: list[str], folder: str, memory: int) -> None:
    """Runs the program in a folder that is its home, without a network and with no more than so much memory."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | {"HOME": folder, "http_proxy": _NOWHERE, "https_proxy": _NOWHERE},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=(lambda: _bound(memory)) if os.name == "posix" else None,
    )
    # Should this take too long, the process group that it belongs to is ended from outside (`child_process.py`).
    process.wait()


def _bound(memory: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (memory, hard))


def _locked(data: bytes) -> bool:
    """Whether a Word file or an ODT says that it is encrypted."""
    if data.startswith(_OLE):
        # The head of the document's stream begins a sector; a bit of it says so.
        at = 512
        while (at := data.find(b"\xec\xa5", at)) >= 0:
            if at % 512 == 0 and len(data) >= at + 12:
                return bool(struct.unpack_from("<H", data, at + 10)[0] & 0x100)
            at += 2
        return False
    if data.startswith(b"PK\x03\x04"):
        broken = (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, OSError)
        with contextlib.suppress(*broken), zipfile.ZipFile(BytesIO(data)) as archive:
            return b"encryption-data" in archive.open("META-INF/manifest.xml").read(1_000_000)
    return False
