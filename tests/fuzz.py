"""Mutations of real files, the same for the same seed."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from zhengling.extractors.errors import PaperError
from zhengling.extractors.papers import Reader

from . import forms, hostile, ofds

ROOT = Path(__file__).parent.parent


def seeds(folder: Path) -> dict[str, bytes]:
    """Suffix → a real file of the format: a sample with a table."""
    name = "fengpu-2023"
    layout = forms.papers(ROOT / "samples", ROOT / "samples/gold")[name].layout
    out: dict[str, bytes] = {"txt": (ROOT / f"samples/{name}.txt").read_bytes()}
    makers: dict[str, Callable[..., Path]] = {
        "docx": forms.docx,
        "xlsx": forms.xlsx,
        "html": forms.html,
        "md": forms.markdown,
        "ofd": ofds.ofd,
    }
    for suffix, make in makers.items():
        out[suffix] = make(layout, folder / f"a.{suffix}").read_bytes()
    out["csv"] = "\n".join(f"任务{n},县民政局,2024年{n}月底前" for n in range(1, 13)).encode()
    from zhengling.extractors.pipeline import extract

    out["json"] = extract(ROOT / f"samples/{name}.txt").dumps().encode()
    out["zip"] = hostile.packed({"a/通知.txt": out["txt"], "b.docx": out["docx"]})
    out["pdf"] = forms.convert([folder / "a.docx"], "pdf", folder)[0].read_bytes()
    return out


def mutated(data: bytes, seed: int) -> bytes:
    """Bytes changed, cut out, doubled, cut off; in a ZIP and in the streams of a PDF also what is packed."""
    chance = random.Random(seed)
    if data.startswith(b"PK") and chance.random() < 0.8:
        return _inside_zip(data, chance)
    if data.startswith(b"%PDF") and chance.random() < 0.6:
        return _inside_pdf(data, chance)
    return _harmed(data, chance)


def _harmed(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 30])):
        if not out:
            break
        at = chance.randrange(len(out))
        length = min(chance.choice([1, 1, 4, 60, 2000]), len(out) - at)
        kind = chance.randrange(7)
        if kind == 0:
            out[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            out[at : at + length] = chance.randbytes(length)
        elif kind == 2:
            del out[at : at + length]
        elif kind == 3:
            out[at:at] = out[at : at + length] * chance.choice([1, 2, 50])
        elif kind == 4:
            del out[at:]
        elif kind == 5:
            out[at : at + length] = bytes(length)
        else:
            here = chance.randrange(len(out))
            out[at : at + length] = out[here : here + length]
    return bytes(out)


def _inside_zip(data: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        infos = old.infolist()
        hit = chance.choice(infos).filename
        for info in infos:
            held = old.read(info)
            if info.filename == hit and chance.random() < 0.1:
                continue
            new.writestr(zipfile.ZipInfo(info.filename), _harmed(held, chance) if info.filename == hit else held)
    return out.getvalue()


def _inside_pdf(data: bytes, chance: random.Random) -> bytes:
    places = []
    at = data.find(b"stream\n")
    while at >= 0:
        end = data.find(b"endstream", at)
        if end < 0:
            break
        places.append((at + 7, end))
        at = data.find(b"stream\n", end + 9)
    begin, end = chance.choice(places)
    try:
        harmed = zlib.compress(_harmed(zlib.decompress(data[begin:end].strip(b"\r\n")), chance))
    except zlib.error:
        harmed = _harmed(data[begin:end], chance)
    return data[:begin] + harmed + data[end:]


def read_or_refuse(reader: Reader, path: Path) -> str | None:
    """None where a file, or all in it, is read into a record; the code where it is refused. Anything else is raised."""
    from zhengling.extractors.pipeline import extract

    codes: list[str] = []

    def failed(name: str, error: Exception) -> None:
        if not isinstance(error, PaperError):
            raise error
        codes.append(error.code)

    for name in reader.papers(path, lambda folder: False, failed):
        try:
            extract(name, reader=reader)
        except PaperError as error:
            codes.append(error.code)
    reader.files.close()
    return codes[0] if codes else None
