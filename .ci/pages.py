"""Puts the pages of the documentation together for `make docs`.

In build/pages, a folder a language, docs/ with the READMEs as front pages, CONTRIBUTING and CHANGELOG; in build/code
the package under its name, where the API pages read its docstrings.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES, CODE = ROOT / "build" / "pages", ROOT / "build" / "code" / "zhengling"
#: Language → the folder of its pages, and file of the root → its page among them.
SITES = {
    "en": ("docs", {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}),
    "zh": ("docs/zh", {"README.zh-CN.md": "index.md"}),
}


def page(text: str, folder: str, names: dict[str, str]) -> str:
    """Text of the root folder with its links as they are from the pages; what is no page loses its link."""

    def link(match: re.Match[str]) -> str:
        words, target = match.groups()
        if target in names:
            return f"[{words}]({names[target]})"
        inside = target.removeprefix(f"{folder}/")
        return f"[{words}]({inside})" if inside != target and (ROOT / target).exists() else words

    return re.sub(r"\[([^]]+)\]\(([\w./-]+)\)", link, text)


def gather() -> None:
    """Write both folders anew."""
    shutil.rmtree(PAGES, ignore_errors=True)
    for language, (folder, names) in SITES.items():
        shutil.copytree(ROOT / folder, PAGES / language, ignore=shutil.ignore_patterns("zh"))
        for path in (PAGES / language).glob("*.md"):
            # A page of the other language is in the site around this one.
            path.write_text(re.sub(r"\]\((\.\./\w+)\.md\)", r"](\1.html)", path.read_text("utf-8")), "utf-8")
        for name, target in names.items():
            text = page((ROOT / name).read_text("utf-8"), folder, names)
            (PAGES / language / target).write_text(text, "utf-8")
    shutil.rmtree(CODE, ignore_errors=True)
    CODE.mkdir(parents=True)
    for name in ("__init__.py", "app", "extractors", "graph", "queries"):
        (CODE / name).symlink_to(ROOT / name)


if __name__ == "__main__":
    gather()
