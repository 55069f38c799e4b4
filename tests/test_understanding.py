"""Names, days and words as people write them: what is understood, what is told, and that no filter is silent."""

from __future__ import annotations

import random
from datetime import date
from difflib import get_close_matches

import pytest
from zhengling.extractors.errors import ZhenglingError
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.queries.understanding import values
from zhengling.queries.understanding.likeness import nearest
from zhengling.queries.understanding.names import Understanding

from .graphs import Memory

CITY = "中国/云屏省/松岭市"
PLACES = {
    "中国": "中国",
    "中国/云屏省": "云屏省",
    CITY: "松岭市",
    f"{CITY}/望溪县": "望溪县",
    f"{CITY}/白渡县": "白渡县",
    f"{CITY}/江头区": "江头区",
    "中国/云屏省/泠川市": "泠川市",
    "中国/云屏省/泠川市/江头区": "江头区",
}
UNITS = [
    (f"{CITY}/望溪县", "县人民政府办公室", ["县政府办公室"], "政府办公"),
    (f"{CITY}/白渡县", "县人民政府办公室", ["县政府办"], "政府办公"),
    (f"{CITY}/望溪县", "县财政局", ["县财政局"], "财政"),
    (f"{CITY}/白渡县", "县财政局", ["县财政局"], "财政"),
    (f"{CITY}/白渡县", "县教育局", ["县教育局"], "教育"),
    (f"{CITY}/望溪县", "县教育和体育局", ["县教体局"], "教育"),
    (f"{CITY}/江头区", "区财政局", ["区财政局"], "财政"),
    (CITY, "市财政局", ["市财政局"], "财政"),
    ("中国/云屏省", "省财政厅", ["省财政厅"], "财政"),
    ("中国", "国务院办公厅", ["国务院办公厅"], "政府办公"),
    (f"{CITY}/望溪县", "县竹编中心", ["县竹编中心"], ""),
]
PAPERS = [
    ("云政办发〔2031〕8号", "云政办发〔2031〕8号", "云屏省人民政府办公厅关于护林工作的通知", True, "papers/yun.txt"),
    ("松政办〔2031〕12号", "松政办〔2031〕12号", "松岭市人民政府办公室关于护林工作的实施意见", True, "papers/song.txt"),
    ("《望溪县护林要点》", None, "望溪县护林要点", False, ""),
]


@pytest.fixture(scope="module")
def names() -> Understanding:
    nodes = [("Region", {"id": path, "name": name}) for path, name in PLACES.items()]
    for region, name, aliases, function in UNITS:
        level = "county" if name.startswith(("县", "区")) else "province"
        facts = {"name": name, "aliases": aliases, "function": function, "region": region, "level": level}
        facts["collective"] = False
        nodes.append(("Unit", {"id": f"{region}|{name}", **facts}))
    for identity, number, title, loaded, source in PAPERS:
        facts = {"number": number, "title": title, "aliases": [title], "loaded": loaded, "source": source}
        nodes.append(("Document", {"id": identity, **{k: v for k, v in facts.items() if v is not None}}))
    for n, (title, text) in enumerate([("护林巡查", "每日巡查林区"), ("", "护林员登记造册"), ("造册", "登记林木造册")]):
        nodes.append(("Task", {"id": f"t{n}", "name": f"T{n + 1:02}", "title": title, "text": text, "order": n}))
    contains = [("CONTAINS", ("Document", PAPERS[0][0]), ("Task", f"t{n}"), {}) for n in range(3)]
    return Understanding(Memory(nodes, contains), Lexicon.load())


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("县府办", ["望溪县|县人民政府办公室", "白渡县|县人民政府办公室"]),
        ("县政府办", ["望溪县|县人民政府办公室", "白渡县|县人民政府办公室"]),
        ("望溪县府办", ["望溪县|县人民政府办公室"]),
        ("望溪县政府办公室", ["望溪县|县人民政府办公室"]),
        ("白渡财政局", ["白渡县|县财政局"]),
        ("松岭市白渡县财政局", ["白渡县|县财政局"]),
        ("云屏省松岭市财政局", ["松岭市|市财政局"]),
        ("望溪教体局", ["望溪县|县教育和体育局"]),
        ("望溪县教育和体育局", ["望溪县|县教育和体育局"]),
        ("财政局", ["松岭市|市财政局", "望溪县|县财政局", "江头区|区财政局", "白渡县|县财政局"]),
        ("财政厅", ["云屏省|省财政厅"]),
        ("省财政局", ["云屏省|省财政厅"]),
        ("望溪县 竹编中心", ["望溪县|县竹编中心"]),
        ("竹编中心", ["望溪县|县竹编中心"]),
        ("国务院办公厅", ["中国|国务院办公厅"]),  # not every government's office
        ("education", ["望溪县|县教育和体育局", "白渡县|县教育局"]),
        ("County Finance Bureau", ["望溪县|县财政局", "江头区|区财政局", "白渡县|县财政局"]),
        ("望溪县教育局", ["望溪县|县教育和体育局"]),  # what it was before it was made into another
        (f"{CITY}/白渡县|县教育局", ["白渡县|县教育局"]),
    ],
)
def test_a_unit_by_any_form_with_or_without_its_place(names, text, units):
    assert sorted(unit.id.rpartition("/")[2] for unit in names.units(text)) == sorted(units)


@pytest.mark.parametrize(
    ("kind", "text", "near"),
    [
        ("unit", "望奚县财政局", "望溪县财政局"),
        ("unit", "县财正局", "县财政局"),
        ("unit", "白渡县教育和体育局", "县教育局"),
        ("region", "望奚县", "望溪县"),
        ("document", "云政办发〔2031〕9号", "云政办发〔2031〕8号"),
        ("document", "松岭市关于护草工作的实施意见", "松政办〔2031〕12号"),
        ("function", "教养", "教育"),
    ],
)
def test_a_name_that_means_nothing_is_told_with_the_nearest(names, kind, text, near):
    with pytest.raises(ZhenglingError) as caught:
        names.meaning(kind, text)
    assert caught.value.status == 2
    assert near in caught.value.values["names"]


@pytest.mark.parametrize(
    ("text", "value", "places"),
    [
        ("望溪", f"{CITY}/望溪县", 1),
        ("松岭市望溪县", f"{CITY}/望溪县", 1),
        ("云屏/望溪", f"{CITY}/望溪县", 1),
        ("江头", "江头区", 2),
        ("泠川江头区", "中国/云屏省/泠川市/江头区", 1),
        ("中国/云屏省", "中国/云屏省", 1),
    ],
)
def test_a_place_by_path_name_or_short_form(names, text, value, places):
    found = names.region(text)
    assert (found.value, len(found.understood.places)) == (value, places)


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("云政办发〔2031〕8", PAPERS[0][0]),
        ("云政办发2031 8号", PAPERS[0][0]),
        ("云政办发[2031]008号", PAPERS[0][0]),
        ("《望溪县护林要点》", PAPERS[2][0]),
        ("松岭 护林", PAPERS[1][0]),
        ("song.txt", PAPERS[1][0]),
        ("护林工作的通知", PAPERS[0][0]),
    ],
)
def test_a_document_by_number_title_part_or_file(names, text, identity):
    assert names.document(text).value == identity


def test_several_documents_and_tasks_are_listed_and_one_is_taken(names):
    with pytest.raises(ZhenglingError) as caught:
        names.document("护林工作")
    assert (caught.value.code, caught.value.values["hits"]) == ("several-documents", [PAPERS[0][0], PAPERS[1][0]])
    assert names.document("护林要点", loaded=False).value == PAPERS[2][0]
    assert names.task("巡查 林区").value == "t0"
    assert names.task("造册").value == "t2"  # a title before words
    with pytest.raises(ZhenglingError) as caught:
        names.task("登记")
    assert [hit["task"] for hit in caught.value.values["hits"]] == ["t1", "t2"]
    assert names.function("教体局").value == names.function("Education").value == "教育"
    assert names.task("云政办发〔2031〕8号 第二项").value == names.task("云政办发〔2031〕8号 T2").value == "t1"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2031-06-02", "2031-06-02", "2031-06-02"),
        ("2031/6/2", "2031-06-02", "2031-06-02"),
        ("2031年6月", "2031-06-01", "2031-06-30"),
        ("2031", "2031-01-01", "2031-12-31"),
        ("2月底", "2032-02-29", "2032-02-29"),
        ("月底", "2032-05-31", "2032-05-31"),
        ("第二季度", "2032-04-01", "2032-06-30"),
        ("今天+7", "2032-05-11", "2032-05-11"),
        ("today - 4", "2032-04-30", "2032-04-30"),
        ("下周", "2032-05-10", "2032-05-16"),
        ("去年底", "2031-12-31", "2031-12-31"),
        ("前年6月", "2030-06-01", "2030-06-30"),
        ("后年", "2034-01-01", "2034-12-31"),
        ("last year", "2031-01-01", "2031-12-31"),
        ("上个月", "2032-04-01", "2032-04-30"),
        ("上月底", "2032-04-30", "2032-04-30"),
        ("31年6月", "2031-06-01", "2031-06-30"),
    ],
)
def test_days_as_papers_and_people_write_them(text, first, last):
    here = date(2032, 5, 4)
    assert [str(values.day(text, here, end)) for end in (False, True)] == [first, last]


@pytest.mark.parametrize(
    "text", ["三天前", "大前年底", "Dec 2031", "31/12/2031", "2031-02-30", "某年底", "2031年8约底"]
)
def test_days_that_are_not_understood_are_told(text):
    with pytest.raises(ValueError):
        values.day(text, date(2032, 5, 4), last=True)


def test_words_and_numbers_that_stand_for_those_of_a_question():
    assert [values.word(text) for text in ("省", "是", "牵头", "Province", "县级", "乡镇")] == [
        *("province", "true", "lead", "province", "county", "township")
    ]
    assert [values.whole(text) for text in ("2031年", "２０", "5 项", "三", "二〇三一年", "全部")] == [
        2031,
        20,
        5,
        3,
        2031,
        0,
    ]
    assert [values.whole(text, date(2032, 5, 4)) for text in ("去年", "本年度", "next year")] == [2031, 2032, 2033]
    with pytest.raises(ValueError):
        values.whole("去年底")
    assert values.parameter("地区", ("unit", "region")) == "region"
    assert values.parameter("地区", ("unit",)) == "地区"
    rows = values.data()["word"] + values.data()["day"]
    written = [word for row in rows for word in row["words"]]
    assert len(written) == len(set(written)) and len({row["id"] for row in rows}) == len(rows)


def test_the_command_line_says_what_was_understood(run, built, tmp_path):
    asked = ("query", "unit-tasks", "--workspace", built, "--format", "json", "--set")
    found = run(*asked, "unit=鹭滩民政局")
    assert (found.status, found.err) == (0, "“鹭滩民政局” → 县民政局 (中国/樾原省/霁川市/鹭滩县)\n")
    assert found.out == run(*asked, "unit=县民政局", "--set", "region=鹭滩").out
    wrong = run(*asked, "unit=鹭摊县民政局", lang="zh")
    assert (wrong.status, wrong.out) == (2, "")
    assert "鹭滩县民政局" in wrong.err
    days = ("query", "due", "--workspace", built, "--set", "from=2023年12月", "--set")
    assert "2023-12-01" in run(*days, "to=2023/12/31").err
    assert run(*days, "to=2023-01-01").status == 2
    assert run("query", "broken-chains", "--set", "level=省", "--workspace", built).status == 0
    view = ("view", "--workspace", built, "--out", tmp_path / "a.html", "--unit", "县民政局")
    assert "several" not in run(*view, "--region", "枫浦").err
    assert run(*view).status == 1
    assert "枫浦" in run("analyse", "workload", "--workspace", built, "--region", "枫浦").out


def test_the_nearest_of_many_names_are_those_of_all():
    chance = random.Random(7)
    many = sorted({"".join(chance.choices("松岭望溪白渡江头县市区局办", k=chance.randint(3, 9))) for _ in range(800)})
    for name in many[::80]:
        asked = name[1:] + "局"
        assert nearest(asked, many, 5, 0.5) == get_close_matches(asked, many, 5, 0.5)
