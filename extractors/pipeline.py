"""The steps of reading as a spaCy pipeline, and `extract`, which runs it on a file.

Each step is a component with a factory, registered by entry point, and works alone on any pipeline:

    nlp = spacy.blank("zh")
    nlp.add_pipe("zhengling_citations")
    doc = nlp("按照《…通知》（国办发〔2022〕8号）要求……")
    doc.spans["zhengling_citations"]      # each span: label_, id_ (the rule) and ._.zhengling (what else is known)

The record is made of what stands on the doc (`record/spans.py`). A file is read by the same steps without a doc
(`record/looking.py`), unless a pipeline is given that somebody changed.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from .limits import MAX_CHARACTERS
from .model import Paper, Record
from .papers import Reader, kept_reader, rules_version
from .record.looking import look_through
from .record.making import make_record
from .record.reading import Reading
from .words.lexicon import Lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spacy.language import Language
    from spacy.tokens import Doc

    from .limits import Settings

STEPS = (
    "zhengling_personal",
    "zhengling_document",
    "zhengling_citations",
    "zhengling_deadlines",
    "zhengling_tasks",
    "zhengling_units",
)


def language(folders: Sequence[str | Path] = ()) -> Language:
    """A new pipeline of all steps, whose docs have a token a character; `folders` have words beside the built-in
    lexicon. Steps may be taken out, put in between and replaced: the record is made of what stands on the doc."""
    import spacy

    from . import components  # noqa: F401  registers the factories

    tokenizer = {"@tokenizers": "zhengling.characters.v1", "folders": list(map(str, folders))}
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": tokenizer}})
    nlp.max_length = MAX_CHARACTERS + 1
    for step in STEPS:
        nlp.add_pipe(step)
    return nlp


def extract(
    path: str | Path,
    *,
    lexicon: Lexicon | None = None,
    attachments: Sequence[str | Path] = (),
    reader: Reader | None = None,
    settings: Settings | None = None,
) -> Record:
    """The record of the paper in a file, which may have attachments in others. `reader` reads several papers one after
    the other; without it, `settings` hold for this one.

    Raises `OSError` where a file can not be opened and `PaperError` where it is no readable paper.
    """
    with nullcontext(reader) if reader else kept_reader(settings) as reader:
        return reader.record(path, attachments, lexicon)


def extract_paper(paper: Paper, *, lexicon: Lexicon | None = None, nlp: Language | None = None) -> Record:
    """The record of a paper that a reader gave. One that is a record already passes as it is; where that was read from
    is kept in `source` as `record`. `nlp` is a pipeline made by `language` and changed; by default all steps run,
    without spaCy."""
    if paper.record is not None:
        record = paper.record
        first = record.source.get("record", record.source)
        record.source = {"path": paper.path, "sha256": paper.sha256} | ({"record": first} if first else {})
        return record
    lexicon = lexicon or Lexicon.load()
    if nlp is None:
        record = make_record(look_through(paper, lexicon))
    else:
        from .record.spans import record_of

        record = record_of(read_doc(paper, lexicon, nlp))
    record.rules = rules_version(lexicon)
    return record


def read_doc(paper: Paper, lexicon: Lexicon, nlp: Language) -> Doc:
    """The paper as a doc on which all steps have left what they found."""
    from .record.spans import doc_of

    doc = doc_of(Reading(paper, lexicon), nlp.vocab)
    for _, step in nlp.pipeline:
        doc = step(doc)
    return doc


__all__ = ["STEPS", "extract", "extract_paper", "language", "rules_version"]
