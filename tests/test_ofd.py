"""OFD: text and ruled tables of pages laid out by `ofds.py`."""

from __future__ import annotations

from pathlib import Path

import pytest
from zhengling.extractors.errors import PaperError
from zhengling.extractors.model import Table
from zhengling.extractors.papers import read
from zhengling.extractors.pipeline import extract

from . import forms, ofds
from .truth import SETS, real_papers


def share(paper: forms.Drawn, out: Path) -> float:
    """How many facts of a paper are lost or invented, to each that there is: 0.1 is an F1 of 0.95."""
    wrong, facts = paper.wrong(extract(ofds.ofd(paper.layout, out)).to_json())
    return len(wrong) / facts


@pytest.mark.parametrize("name", ["fengpu-2023", "jichuan-2023", "yueyuan-2023"])
def test_a_sample_as_ofd(name, tmp_path):
    assert share(forms.papers(*SETS["samples"])[name], tmp_path / "a.ofd") <= 0.1


@pytest.mark.parametrize("name", ["taiqian-2021", "jianping-2022"])
def test_a_real_paper_as_ofd(name, tmp_path):
    corpus = real_papers()
    assert share(forms.papers(corpus / "corpus", corpus / "gold")[name], tmp_path / "a.ofd") <= 0.1


def text(path: Path) -> str:
    return read(path).text.rstrip("\n")


def item(words: str, more: str = "", code: str = 'X="0" Y="5"') -> str:
    return (
        f'<ofd:TextObject ID="9" Boundary="30 40 100 8" Font="2" Size="5" {more}>'
        f"<ofd:TextCode {code}>{words}</ofd:TextCode></ofd:TextObject>"
    )


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (item("各县区人民政府", code='X="0" Y="5" DeltaX="g 6 5"'), "各县区人民政府"),
        (item("各县区人民政府", code='X="0" Y="5" DeltaX="5 5 5 g 3 5.0"'), "各县区人民政府"),
        (item("各县区人民政府", code='X="0" Y="5"'), "各县区人民政府"),
        # A line of separate objects in the wrong order, one of them moved by its matrix.
        (item("人民政府", 'CTM="1 0 0 1 15 0"') + item("各县区"), "各县区人民政府"),
        ("<ofd:PageBlock>" + item("各县区") + "</ofd:PageBlock>", "各县区"),
        (item("看不见", 'Visible="false"') + item("各县区"), "各县区"),
        (item("A&amp;B区"), "A&B区"),
    ],
)
def test_where_characters_stand(content, found, tmp_path):
    ofds.write(tmp_path / "a.ofd", [content])
    assert text(tmp_path / "a.ofd") == found


def test_the_template_under_a_page_belongs_to_it(tmp_path):
    page = (
        f'{ofds.HEAD}<ofd:Page {ofds.SPACE}><ofd:Template TemplateID="3"/><ofd:Content><ofd:Layer>'
        + item("枫政办字〔2024〕7号").replace("30 40", "30 60")
        + "</ofd:Layer></ofd:Content></ofd:Page>"
    )
    layer = f"<ofd:Content><ofd:Layer>{item('枫浦县人民政府文件')}</ofd:Layer></ofd:Content>"
    template = f"{ofds.HEAD}<ofd:Page {ofds.SPACE}>{layer}</ofd:Page>"
    document = (
        f'{ofds.HEAD}<ofd:Document {ofds.SPACE}><ofd:CommonData><ofd:TemplatePage ID="3" BaseLoc="Tpls/T.xml"/>'
        '</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="/Doc_0/P.xml"/></ofd:Pages></ofd:Document>'
    )
    files = {"Doc_0/Document__xml": document, "Doc_0/P__xml": page, "Doc_0/Tpls/T__xml": template}
    ofds.write(tmp_path / "a.ofd", [], **files)
    assert text(tmp_path / "a.ofd").split("\n") == ["枫浦县人民政府文件", "枫政办字〔2024〕7号"]


def test_places_are_pages_tables_rows_and_columns(tmp_path):
    layout = forms.papers(*SETS["samples"])["fengpu-2023"].layout
    path = ofds.ofd(layout, tmp_path / "a.ofd")
    assert any(isinstance(block, Table) for block in read(path).blocks) == any(hasattr(i, "boxes") for i in layout)
    record = extract(path)
    assert {"page"} <= set(record.tasks[-1].evidence[0].place)
    assert ofds.ofd(layout, tmp_path / "b.ofd").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"OFD__xml": "<broken"}, "paper-damaged"),
        ({"OFD__xml": "<broken", "Encryptions__xml": "<a/>"}, "paper-locked"),
        ({"Doc_0/Document__xml": ""}, "paper-damaged"),
        ({"Doc_0/Pages/Page_0/Content__xml": "<a/>"}, "paper-empty"),
    ],
)
def test_what_is_no_paper(files, code, tmp_path):
    ofds.write(tmp_path / "a.ofd", [item("各县区")], **files)
    with pytest.raises(PaperError) as error:
        read(tmp_path / "a.ofd")
    assert error.value.code == code


def test_pages_of_pictures_are_named_so(tmp_path):
    ofds.write(tmp_path / "a.ofd", ['<ofd:ImageObject ID="1" Boundary="0 0 210 297" ResourceID="2"/>'])
    with pytest.raises(PaperError) as error:
        read(tmp_path / "a.ofd")
    assert error.value.code == "ofd-no-text"


def test_a_missing_page_is_a_warning(tmp_path):
    ofds.write(tmp_path / "a.ofd", [item("各县区")], **{"Doc_0/Document__xml": document(2)})
    assert [(w.code, w.values["name"]) for w in read(tmp_path / "a.ofd").warnings] == [
        ("ofd-part-missing", "Doc_0/Pages/Page_1/Content.xml")
    ]


def document(count: int) -> str:
    pages = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(count))
    return f"{ofds.HEAD}<ofd:Document {ofds.SPACE}><ofd:Pages>{pages}</ofd:Pages></ofd:Document>"
