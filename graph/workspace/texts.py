"""The text of a paper as it stands in its file, in which evidence counts its offsets, and pages of it as pictures;
contact data is masked.

A text is read again from its file when it is first asked for, and kept in the cache under the sums of its files.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ...extractors.papers import kept_reader
from . import sources
from .records import Known

if TYPE_CHECKING:
    from ...extractors.limits import Settings
    from ...extractors.model import PagePicture
    from ...extractors.words.lexicon import Lexicon

_FORM = "1"  # raised when the same files give another text


def text_of(known: Known, cache: Path, lexicon: Lexicon, settings: Settings | None = None) -> str | None:
    """The text that a record was read from; None where its files are not there any more, or are not what they were.

    Raises `PaperError` where they can not be read again.
    """
    sums = "\n".join([_FORM, known.rules, *known.digests.values()])
    kept = cache / "texts" / f"{hashlib.sha256(sums.encode()).hexdigest()[:32]}.txt"
    with suppress(OSError, UnicodeDecodeError), kept.open(encoding="utf-8", newline="") as file:
        return file.read()
    reals = [known.real, *(a.real for a in known.attachments)]
    if known.imported or known.broken or not all(reals):
        return None
    with kept_reader(settings) as one, suppress(OSError):
        if [sources.sha256(real, one) for real in reals] == list(known.digests.values()):
            text = one.text(reals[0], reals[1:], lexicon)
            _keep(kept, text)
            return text
    return None


def page_of(
    known: Known, cache: Path, lexicon: Lexicon, number: int, file: str = "", settings: Settings | None = None
) -> PagePicture | None:
    """A page of the PDF that a record was read from, or of the one that is its attachment `file`; None as for its text.

    Raises `PaperError` where it can not be shown.
    """
    text = text_of(known, cache, lexicon, settings)
    reals = {known.source: known.real} | {a.path: a.real for a in known.attachments}
    file = file or known.source
    if text is None or not reals.get(file):
        return None
    with kept_reader(settings) as one, suppress(OSError):
        if sources.sha256(reals[file], one) == known.digests[file]:
            return one.page(reals[file], number, text)
    return None


def _keep(path: Path, text: str) -> None:
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_text(text, encoding="utf-8", newline="", errors="replace")
        beside.replace(path)
