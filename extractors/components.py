"""The steps of reading as spaCy components. Their factories are registered when this module is imported, which spaCy
does by entry point when a pipeline asks for one of them. Each takes what it needs from the doc, and leaves there what
it found (`record/spans.py`); the record is made of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from .record.looking import assignments_in, citations_in, head_in, limits_in, personal_in, tasks_in
from .record.spans import (
    DOCUMENT,
    doc_of,
    head_of,
    put_citations,
    put_deadlines,
    put_head,
    put_personal,
    put_tasks,
    put_units,
    read_text,
    reading_of,
    units_found,
    values_of,
)
from .steps.document import Head
from .words.lexicon import Lexicon

Step = Callable[[Doc], Doc]

if not Span.has_extension("zhengling"):
    Span.set_extension("zhengling", getter=values_of)


@spacy.registry.tokenizers("zhengling.characters.v1")
def characters(folders: Iterable[str] = ()) -> Callable[[Language], Characters]:
    """A tokenizer of one token a character; `folders` have words beside the built-in lexicon."""
    return lambda nlp: Characters(nlp.vocab, tuple(folders))


class Characters:
    """Makes docs of one token a character, white space too, in linear time, and lays their text out as a paper."""

    def __init__(self, vocab: Vocab, folders: tuple[str, ...] = ()) -> None:
        self.vocab, self.folders = vocab, folders

    def __call__(self, text: str) -> Doc:
        return doc_of(read_text(text, Lexicon.load(self.folders)), self.vocab, text)

    def pipe(self, texts: Iterable[str]) -> Iterable[Doc]:
        return map(self, texts)

    # Nothing of it is learned: what it needs stands in the configuration.
    def to_bytes(self, **_: Any) -> bytes:
        return b""

    def from_bytes(self, data: bytes, **_: Any) -> Characters:
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        pass

    def from_disk(self, path: str | Path, **_: Any) -> Characters:
        return self


def _head(doc: Doc) -> Head:
    """The head that stands on a doc; where the step for it did not run, the one that its text has."""
    if DOCUMENT in doc.spans:
        return head_of(doc)
    return head_in(reading_of(doc))


# The steps are functions of the module, so that a pipeline can be sent to another process.


def read_personal(doc: Doc) -> Doc:
    return put_personal(doc, personal_in(reading_of(doc)))


def read_document(doc: Doc) -> Doc:
    return put_head(doc, head_in(reading_of(doc)))


def read_citations(doc: Doc) -> Doc:
    return put_citations(doc, citations_in(reading_of(doc), _head(doc)))


def read_deadlines(doc: Doc) -> Doc:
    return put_deadlines(doc, limits_in(reading_of(doc), _head(doc)))


def read_tasks(doc: Doc) -> Doc:
    return put_tasks(doc, *tasks_in(reading_of(doc), _head(doc)))


def read_units(doc: Doc) -> Doc:
    return put_units(doc, assignments_in(reading_of(doc)), units_found(doc))


@Language.factory("zhengling_personal")
def personal(nlp: Language, name: str) -> Step:
    """Factory `zhengling_personal`: contact data, label the rule."""
    return read_personal


@Language.factory("zhengling_document")
def document(nlp: Language, name: str) -> Step:
    """Factory `zhengling_document`: number, title, issuer, date and region of the paper, label the field."""
    return read_document


@Language.factory("zhengling_citations")
def citations(nlp: Language, name: str) -> Step:
    """Factory `zhengling_citations`: every mention of a normative document, label its kind."""
    return read_citations


@Language.factory("zhengling_deadlines")
def deadlines(nlp: Language, name: str) -> Step:
    """Factory `zhengling_deadlines`: limits in running text, label their kind."""
    return read_deadlines


@Language.factory("zhengling_tasks")
def tasks(nlp: Language, name: str) -> Step:
    """Factory `zhengling_tasks`: the tasks with all that belongs to them."""
    return read_tasks


@Language.factory("zhengling_units")
def assigned_units(nlp: Language, name: str) -> Step:
    """Factory `zhengling_units`: the units of the tasks, label their role; on a doc without tasks those of assignments
    in running text."""
    return read_units
