"""Speed and memory of each reader, one process a format.

    .venv/bin/python benchmarks/readers.py

The paper is a sample laid out again and again: about 200 pages of it where LibreOffice can say so (PDF), a workbook of
20,000 rows, and so on. Rates are KB of the file (and pages or rows) per second of reading, the extractors left out;
memory is the peak of the whole process (LibreOffice's own for DOC, ODT and RTF
left out). Needs Linux.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

COUNTED = {"pdf": "pages", "xlsx": "rows", "xls": "rows", "csv": "rows", "ofd": "pages"}


def make(folder: Path) -> dict[str, tuple[Path, int]]:
    """Suffix → a file and how many pages or rows it has."""
    from openpyxl import Workbook

    from tests import forms, ofds  # pyrefly: ignore

    name = "fengpu-2023"
    layout = forms.papers(ROOT / "samples", ROOT / "samples/gold")[name].layout
    out: dict[str, tuple[Path, int]] = {}
    long = layout * 67
    makers = {"docx": forms.docx, "html": forms.html, "md": forms.markdown, "ofd": ofds.ofd, "txt": forms.text}
    for suffix, maker in makers.items():
        out[suffix] = maker(long, folder / f"long.{suffix}"), 0
    import zipfile

    out["ofd"] = out["ofd"][0], sum("Content.xml" in n for n in zipfile.ZipFile(out["ofd"][0]).namelist())
    (pdf,) = forms.convert([out["docx"][0]], "pdf", folder)
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        out["pdf"] = pdf, len(document)
    for suffix in ("doc", "odt", "rtf"):
        out[suffix] = forms.convert([out["docx"][0]], suffix, folder)[0], 0
    book = Workbook()
    rows = [["序号", "重点任务", "工作要求", "责任单位", "完成时限"]]
    rows += [
        [n, f"任务{n}", f"完成第{n}处便民服务站的建设并对外开放。", "县民政局", "2024年6月底前"]
        for n in range(1, 20_001)
    ]
    sheet = book.create_sheet(index=0)
    for row in rows:
        sheet.append(row)
    book.save(folder / "rows.xlsx")
    (folder / "rows.csv").write_text("\n".join(",".join(map(str, row)) for row in rows), "utf-8")
    out["xlsx"] = folder / "rows.xlsx", len(rows)
    out["csv"] = folder / "rows.csv", len(rows)
    out["xls"] = forms.convert([folder / "rows.xlsx"], "xls", folder)[0], len(rows)
    return out


def one(path: str) -> None:
    """In a process of its own: read a file twice, print seconds of the second time, characters and peak MB."""
    from zhengling.extractors.limits import Settings
    from zhengling.extractors.papers import paper_of

    data, suffix = Path(path).read_bytes(), Path(path).suffix
    settings = Settings(max_bytes=200_000_000)
    if suffix not in (".doc", ".odt", ".rtf"):
        paper_of(suffix, path, data, settings)
    begin = time.perf_counter()
    paper = paper_of(suffix, path, data, settings)
    seconds = time.perf_counter() - begin
    # What a child is said to have used begins with what its parent had; this begins with itself.
    status = Path("/proc/self/status").read_text()
    print(json.dumps([seconds, len(paper.text), int(status.partition("VmHWM:")[2].split()[0]) / 1024]))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for suffix, (path, count) in make(Path(folder)).items():
            words = [sys.executable, __file__, str(path)]
            done = subprocess.run(words, capture_output=True, text=True)
            if done.returncode:
                print(f"{suffix:5} failed: {done.stderr.strip().splitlines()[-1]}")
                continue
            seconds, length, peak = json.loads(done.stdout)
            size = path.stat().st_size / 1000
            what = f", {count / seconds:8.0f} {COUNTED[suffix]}/s of {count}" if suffix in COUNTED else ""
            rate = f"{seconds:6.2f} s {size / seconds:7.0f} KB/s, {peak:5.0f} MB"
            print(f"{suffix:5} {size:7.0f} KB {length:8} characters {rate}{what}", flush=True)


if __name__ == "__main__":
    one(sys.argv[1]) if len(sys.argv) > 1 else main()
