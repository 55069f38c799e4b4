"""Pages that are pictures, as scanners and telephones put them into a PDF."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from . import forms
from .forms import Box, Sheet, Text
from .programs import tesseract

ROWS = [
    ["序号", "工作任务", "牵头单位", "责任单位", "完成时限"],
    ["1", "整治道路两侧乱堆乱放，清理河塘沟渠，建立长效机制", "县水利局", "县财政局", "2024年7月底前"],
    ["2", "更换老旧管网，划定水源保护区，公布水质情况", "县住房城乡建设局", "县财政局", "2024年9月底前"],
]


@pytest.mark.parametrize("dots", [1.0, 2.5], ids=["in dots", "in points"])
def test_lines_of_narrow_cells_on_pages_of_any_size(dots: float, tmp_path: Path, run):
    """`dots`: how many the picture has for a point of its page."""
    import pypdfium2

    tesseract()
    table = Sheet([Box(t, r, c) for r, row in enumerate(ROWS) for c, t in enumerate(row)], 5)
    forms.docx([Text("川阳县2024年环境整治任务分解表"), table], tmp_path / "paper.docx")
    (file,) = forms.convert([tmp_path / "paper.docx"], "pdf", tmp_path)
    page = pypdfium2.PdfDocument(file.read_bytes())[0]
    width, height = (2.5 / dots * side for side in page.get_size())
    target = pypdfium2.PdfDocument.new()
    picture = pypdfium2.PdfImage.new(target)
    picture.set_bitmap(page.render(scale=2.5, grayscale=True))
    picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
    new = target.new_page(width, height)
    new.insert_obj(picture)
    new.gen_content()
    target.save(str(tmp_path / "scan.pdf"))
    done = run("extract", tmp_path / "scan.pdf", "--ocr", "--out", tmp_path / "records")
    assert done.status == 0, done.err
    tasks = json.loads((tmp_path / "records" / "scan.json").read_text("utf-8"))["tasks"]
    assert [[u["name"] for u in task["units"]] for task in tasks] == [row[2:4] for row in ROWS[1:]]
    assert [task["deadlines"][0]["end"] for task in tasks] == ["2024-07-31", "2024-09-30"]
    # Single characters may be misread; lines are neither mixed nor parted by blanks.
    for task, row in zip(tasks, ROWS[1:], strict=True):
        assert " " not in task["text"] and task["text"][:6] == row[1][:6]
        assert sum(a != b for a, b in zip(task["text"], row[1], strict=False)) <= 3, task["text"]
