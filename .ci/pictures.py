"""The pictures of the workbench in README and docs, taken of the samples in Chromium, in both languages.

python .ci/pictures.py      writes docs/pictures/*.png and docs/zh/pictures/*.png

The paper is printed as PDF first, so that its page stands beside its text.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from html import escape
from pathlib import Path
from urllib.parse import quote

import zhengling
from zhengling.tests.browser import chromium
from zhengling.tests.workbench import Tab, serving

ROOT = Path(__file__).resolve().parent.parent
#: The language of the browser → where its pictures lie.
FOLDERS = {"en": ROOT / "docs" / "pictures", "zh-CN": ROOT / "docs" / "zh" / "pictures"}
PATIENCE = 180_000  # milliseconds for a page
SIZE = 1180, 660
PRINTED = "lutan-2023"
PAGE = "<meta charset=utf-8><style>p {{ margin: 0; font: 15px/1.9 serif; text-indent: 2em }}</style>{}"


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="pictures-"))
    papers = folder / "papers"
    shutil.copytree(ROOT / "samples", papers, ignore=shutil.ignore_patterns("gold"))
    with chromium() as browser:
        text = (papers / f"{PRINTED}.txt").read_text("utf-8")
        printer = browser.new_page()
        printer.set_content(PAGE.format("".join(f"<p>{escape(line)}" for line in text.splitlines())))
        margin = dict.fromkeys(("top", "bottom", "left", "right"), "2cm")
        printer.pdf(path=papers / f"{PRINTED}.pdf", format="A4", margin=margin)
        (papers / f"{PRINTED}.txt").unlink()
        zhengling.open(folder / "w").build([papers])
        with serving(folder / "w") as bench:
            for language, out in FOLDERS.items():
                out.mkdir(exist_ok=True)
                _taken(browser, bench, language, out)
    shutil.rmtree(folder)


def _taken(browser, bench, language: str, out: Path) -> None:
    tab = Tab(browser, bench, *SIZE, language)
    tab.page.set_default_timeout(PATIENCE)

    def take(name: str) -> None:
        tab.page.wait_for_load_state("networkidle")
        tab.page.screenshot(path=out / f"{name}.png")

    (known,) = (p for p in bench.get("/papers.json?size=200").data["papers"] if p["source"].endswith(".pdf"))
    tab.go("/papers/" + quote(known["id"], safe=""))
    tab.page.locator("#sheet rect").first.wait_for()
    tab.page.locator(".fact.unit a.to").nth(4).click()
    tab.page.locator("#sheet rect.chosen").first.wait_for()
    tab.page.evaluate("scrollTo(0, 0)")
    take("paper")
    task = bench.get(f"/tasks.json?document={quote(known['id'])}&text={quote('探访')}").data["tasks"][0]
    tab.go("/tasks/" + task["id"])
    take("task")
    upper = next(d for d in bench.get("/directives.json?level=city").data["directives"] if d["loaded"])
    tab.go("/coverage?document=" + quote(upper["id"]))
    take("coverage")
    if tab.troubles:
        sys.exit("\n".join(tab.troubles))
    tab.context.close()


if __name__ == "__main__":
    main()
