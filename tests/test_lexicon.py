"""Places, departments, unit names and numbers: what the built-in lexicon knows and what a user adds to it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter

import pytest
import zhengling as zl
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from zhengling import ZhenglingError
from zhengling.extractors import rules
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.lexicon import Lexicon

from .truth import real_papers


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


# --- the data


def test_every_form_of_a_department_is_one_department_s():
    forms = Counter(
        form
        for row in rules.table("departments.csv")
        for key in ("same", "related")
        for form in row[key].split("|")
        if form
    )
    assert [form for form, times in forms.items() if times > 1] == []
    assert len(forms) > 4000


@pytest.mark.parametrize("name", ["regions.csv", "departments.csv", "numbers.csv"])
def test_tables_name_their_source_and_are_whole(name):
    assert rules.text_of(name).startswith("#") and "Source:" in rules.text_of(name).splitlines()[0]
    lines = [line for line in rules.text_of(name).splitlines() if not line.startswith("#")]
    rows = list(csv.reader(lines))
    assert {len(row) for row in rows} == {len(rows[0])}
    key = {"regions.csv": lambda r: (r[0], r[1])}.get(name, lambda r: r[0])
    assert max(Counter(map(key, rows)).values()) == 1
    if name == "numbers.csv":
        assert max(Counter(row[1] for row in rows).values()) == 1


def test_departments_have_full_names_and_a_field():
    rows = rules.table("departments.csv")
    assert len(rows) >= 240
    for row in rows:
        names = [row[key] for key in ("national", "province", "city", "local") if row[key]]
        assert row["local"] or row["national"], row["id"]
        assert set(names) <= set(row["same"].split("|")), row["id"]
        assert row["function"] and row["place_prefix"] in ("yes", "no")
    assert len({row["function"] for row in rows}) < 100


def test_regions_stand_under_known_places():
    rows = rules.table("regions.csv")
    codes = {row["code"]: row for row in rows}
    above = {"city": {"province"}, "county": {"province", "city"}}
    for row in rows:
        assert row["code"].isdecimal() and len(row["code"]) == 6
        assert row["level"] == "province" or codes[row["parent"]]["level"] in above[row["level"]], row
        assert row["until"] == "" or 2010 <= int(row["until"]) <= 2025
    now = Counter(row["level"] for row in rows if not row["until"])
    assert now["province"] == 34 and now["city"] in range(330, 336) and now["county"] in range(2830, 2870)


# --- places


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("兰考县", "中国/河南省/开封市/兰考县"),
        ("济源市", "中国/河南省/济源市"),
        ("海淀区", "中国/北京市/海淀区"),
        ("黔南布依族苗族自治州", "中国/贵州省/黔南布依族苗族自治州"),
        ("扎赉特旗", "中国/内蒙古自治区/兴安盟/扎赉特旗"),
        ("神农架林区", "中国/湖北省/神农架林区"),
        ("香港特别行政区", "中国/香港特别行政区"),
    ],
)
def test_paths(lexicon, name, path):
    (region,) = lexicon.regions_named(name)
    assert "/".join(region.path) == path and region.name == name


def test_a_name_that_several_places_bear(lexicon):
    places = {region.path[-2] for region in lexicon.regions_named("鼓楼区")}
    assert places == {"南京市", "徐州市", "福州市", "开封市"}
    assert lexicon.regions_named("无此县") == []


def test_names_out_of_use_are_known_with_their_year(lexicon):
    (region,) = lexicon.regions_named("孟津县")
    assert (region.until, region.path[-2]) == (2021, "洛阳市")
    assert [r.until for r in lexicon.regions_named("密云县")] == [2015]
    assert lexicon.regions_named("朝阳区")[0].until == 0


def test_short_names(lexicon):
    assert [r.name for r in lexicon.regions_short("豫")] == ["河南省"]
    assert [r.name for r in lexicon.regions_short("兰考")] == ["兰考县"]
    assert {r.name for r in lexicon.regions_short("吉林")} == {"吉林省", "吉林市"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("河南省开封市兰考县人民政府", ["河南省", "开封市", "兰考县"]),
        ("内蒙古自治区人民政府", ["内蒙古自治区"]),
        ("黔南州人民政府", ["黔南州"]),
        ("镇江市人民政府", ["镇江市"]),
        ("市场监管局", []),
        ("关于印发兰考县", []),
    ],
)
def test_places_at_the_start_of_a_text(lexicon, text, names):
    assert lexicon.region_prefix(text) == lexicon.region_prefix(text, strict=False) == names


def test_unknown_places_are_told_by_their_shape_when_asked(lexicon):
    text = "甲水省乙山市丙河县人民政府"
    assert lexicon.region_prefix(text) == []
    assert lexicon.region_prefix(text, strict=False) == ["甲水省", "乙山市", "丙河县"]
    assert lexicon.region_prefix("县域办", strict=False) == []


# --- unit names


@pytest.mark.parametrize(
    ("name", "prefix", "base"),
    [
        ("市场监管局", "", "市场监管局"),
        ("市市场监管局", "市", "市场监管局"),
        ("县域办", "", "县域办"),
        ("区块链中心", "", "区块链中心"),
        ("县级财政局", "", "县级财政局"),
        ("县政府办公室", "县", "政府办公室"),
        ("省教育厅", "省", "教育厅"),
        ("内蒙古自治区财政厅", "内蒙古自治区", "财政厅"),
        ("内蒙古财政厅", "内蒙古", "财政厅"),
        ("郑州市上街区教育局", "郑州市上街区", "教育局"),
        ("镇江市教育局", "镇江市", "教育局"),
        ("镇江市镇江新区管委会", "镇江市", "镇江新区管委会"),
        ("市中区教育局", "市中区", "教育局"),
        ("县乡镇企业局", "县", "乡镇企业局"),
        ("高新区管委会", "", "高新区管委会"),
        ("甲水县文化市场综合行政执法大队", "甲水县", "文化市场综合行政执法大队"),
        ("甲水镇人民政府", "甲水镇", "人民政府"),
        # the name of the higher body is none of the bureau's
        ("国家税务总局兰考县税务局", "兰考县", "税务局"),
        ("国网兰考县供电公司", "兰考县", "供电公司"),
        ("团县委", "县", "团委"),
        ("共青团兰考县委员会", "兰考县", "团委"),
    ],
)
def test_a_unit_s_name_in_parts(lexicon, name, prefix, base):
    split = lexicon.split_unit(name)
    assert (split.prefix, split.base) == (prefix, base)


@pytest.mark.parametrize(
    ("name", "parent", "branch"),
    [
        ("市生态环境局兰考分局", "市生态环境局", "兰考分局"),
        ("人民银行兰考县支行", "人民银行", "兰考县支行"),
        ("中国人民银行兰考县支行", "中国人民银行", "兰考县支行"),
    ],
)
def test_branches(lexicon, name, parent, branch):
    split = lexicon.split_unit(name)
    assert (split.parent, split.branch) == (parent, branch)


@pytest.mark.parametrize(
    ("names", "level", "full", "function"),
    [
        ("县发改委 县发展改革局 县发展和改革委员会 县发展改革委", "county", "发展和改革委员会", "发展改革"),
        ("县政府办 县政府办公室 县人民政府办公室", "county", "人民政府办公室", "政府办公"),
        ("县卫健委 县卫健局 县卫生健康委 县卫生健康委员会", "county", "卫生健康局", "卫生健康"),
        ("县卫计委 县卫生和计划生育委员会", "county", "卫生和计划生育局", "卫生健康"),
        ("县教体局 县教育体育局 县教育和体育局", "county", "教育和体育局", "教育"),
        ("县教育局", "county", "教育局", "教育"),
        ("县疾控中心 县疾病预防控制中心", "county", "疾病预防控制中心", "卫生健康"),
        ("县疾控局 县疾病预防控制局", "county", "疾病预防控制局", "卫生健康"),
        ("县大数据局", "county", "大数据局", "数据"),
        ("县大数据中心", "county", "大数据中心", "数据"),
        ("县林业局", "county", "林业局", "林业草原"),
        ("县林草局 县林业和草原局", "county", "林业和草原局", "林业草原"),
        ("市消防救援支队 市消防支队", "city", "消防救援支队", "消防救援"),
        ("县消防救援大队 县消防大队", "county", "消防救援大队", "消防救援"),
        ("市中院 市中级人民法院 市法院", "city", "中级人民法院", "审判"),
        ("省教育厅", "province", "教育厅", "教育"),
        ("国家发改委 国家发展改革委", "national", "国家发展和改革委员会", "发展改革"),
        ("兰考县税务局 国家税务总局兰考县税务局 县税务局", "county", "税务局", "税务"),
        ("人民银行兰考县支行 中国人民银行兰考县支行", "county", "中国人民银行兰考县支行", "金融"),
        ("县邮政管理局", "county", "邮政管理局", "邮政"),
        ("县邮政局", "county", "邮政局", "邮政"),
        ("县档案馆", "county", "档案馆", "档案"),
        ("县政协", "county", "政协", "政协"),
        ("县政协办 县政协办公室", "county", "政协办公室", "政协"),
        ("省市场监管局(省知识产权局)", "province", "市场监督管理局", "市场监管"),
        ("县财政局国库科", "county", "财政局国库科", "财政"),
        ("甲水街道办 甲水街道办事处", "township", "办事处", "乡镇街道"),
        ("县某某办", "county", "某某办公室", ""),
    ],
)
def test_variants_of_one_unit_have_one_name(lexicon, names, level, full, function):
    for name in names.split():
        assert lexicon.canonical(name, level)[:2] == (full, function), name


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("县财政金融局", "财政 金融"),
        ("县自然资源和林业局", "自然资源 林业草原"),
        ("区教育文化体育局", "教育 文化旅游 体育"),
        ("县教育体育局", "教育 体育"),
        ("市文化广电旅游体育局", "文化旅游 新闻出版广电 体育"),
        ("县民政和人力资源社会保障局", "民政 人力资源社会保障"),
        ("市自然资源和规划局", "自然资源"),
        ("市卫生健康和计划生育委员会", "卫生健康"),
        ("省工业和信息化厅", "工业和信息化"),
        ("市文化和旅游局", "文化旅游"),
        ("市园林管理局(市林业局)", "城市管理 林业草原"),
        ("县财政局国库科", "财政"),
        ("县人民政府", "政府"),
        ("县某某财政局", ""),
        ("县某某办", ""),
    ],
)
def test_a_unit_has_all_its_fields_of_work(lexicon, name, fields):
    assert " ".join(lexicon.fields(name)) == fields
    assert lexicon.fields(name) == lexicon.fields(name)


def test_a_municipality_has_no_offices_of_a_province(lexicon):
    assert [lexicon.canonical(n, "province")[0] for n in ("市民政局", "省民政厅", "天津市财政局")] == [
        "民政局",
        "民政厅",
        "财政局",
    ]


def test_names_that_only_the_nation_s_units_have(lexicon):
    names = ("财政部", "证监会", "市场监管总局", "公安部", "财政局", "守山局", "国家守山总局")
    assert [lexicon.is_national(name) for name in names] == [True, True, True, True, False, False, False]


def test_departments_and_their_kind(lexicon):
    assert lexicon.department("卫健委").id != lexicon.department("卫计委").id
    assert lexicon.department("生态环境局").id != lexicon.department("环保局").id
    assert lexicon.department("委县政府督查室").id == lexicon.department("督查局").id
    assert [lexicon.department(n).place_prefix for n in ("妇联", "税务局", "人民银行", "移动公司")] == [
        True,
        True,
        False,
        False,
    ]
    assert lexicon.department("某某局") is None
    assert [
        n
        for n in ("财政部", "工信部", "市场监管总局", "证监会", "组织部", "财政局", "发改委")
        if lexicon.is_national(n)
    ] == [
        "财政部",
        "工信部",
        "市场监管总局",
        "证监会",
    ]


def test_the_units_of_the_real_papers_have_a_field_of_work(lexicon):
    names = []
    for path in sorted((real_papers() / "gold").glob("*.json")):
        paper = json.loads(path.read_text("utf-8"))
        for task in paper["tasks"]:
            names += [(u["name"], paper["document"]["level"]) for u in task["units"] if not u.get("collective")]
    known = [name for name, level in names if lexicon.canonical(fold(name), level)[1]]
    assert len(known) > 0.97 * len(names), sorted({n for n, _ in names} - set(known))


_WORDS = st.sampled_from(
    [*"省市县区州旗盟镇乡局委办", "兰考", "人民政府", "市场监管局", "分局", "支行", "国网", "共青团", "国家税务总局"]
)


@given(st.text(max_size=30) | st.lists(_WORDS, max_size=8).map("".join))
def test_any_text_has_parts(name):
    lexicon = Lexicon.load()
    split = lexicon.split_unit(name)
    base, function, identity = lexicon.canonical(name, "county")
    assert isinstance(base, str) and isinstance(function, str) and (identity is None or identity.startswith("dept."))
    places = lexicon.region_prefix(name, strict=False)
    assert name.startswith("".join(places))
    if not name.startswith(("国", "团", "共青团")):
        assert split.prefix + split.base == name
    lexicon.issuer_of_number(name)


_PLACES = "县 市 省 区 州 旗 兰考县 郑州市上街区 黔南州 甲水县 乙山市 乙山市丙水区 丁木自治县 庚土旗 甲水省乙山市丙水县"


@pytest.mark.parametrize("place", _PLACES.split())
def test_a_department_of_a_place_is_that_department(lexicon, place):
    names = {n for row in rules.table("departments.csv") for n in (row["local"], *row["same"].split("|"))}
    for name in sorted(n for n in names if n and not n.startswith(("中", "全国", "国", "级"))):
        split = lexicon.split_unit(place + name)
        if not split.branch and lexicon.department(name).place_prefix:
            assert (split.prefix, split.base, split.department) == (place, name, lexicon.department(name))


# --- numbers


@pytest.mark.parametrize(
    ("number", "issuer", "level", "province"),
    [
        ("国办发〔2019〕54号", "国务院办公厅", "national", None),
        ("国发(2020)1号", "国务院", "national", None),
        ("中办发〔2020〕1号", "中共中央办公厅", "national", None),
        ("国务院令第713号", "国务院", "national", None),
        ("交通运输部令2020年第1号", "交通运输部", "national", None),
        ("发改环资〔2020〕9号", "国家发展和改革委员会", "national", None),
        ("教基厅函〔2020〕9号", "教育部", "national", None),
        ("豫政办〔2020〕5号", "河南省人民政府办公厅", "province", "河南省"),
        ("粤府办〔2019〕1号", "广东省人民政府办公厅", "province", "广东省"),
        ("云政发〔2020〕1号", "云南省人民政府", "province", "云南省"),
        ("豫发〔2020〕1号", None, "province", "河南省"),
        ("山东省政府令第1号", "山东省政府", "province", "山东省"),
        # who writes so is not known, or are several
        ("甲政办〔2020〕5号", None, None, None),
        ("宁政发〔2020〕1号", None, None, None),
        ("云府办〔2020〕1号", None, None, None),
        ("教体字〔2020〕1号", None, None, None),
        ("", None, None, None),
        ("0393-1234567", None, None, None),
    ],
)
def test_who_issues_under_a_number(lexicon, number, issuer, level, province):
    assert lexicon.issuer_of_number(number) == (issuer, level, province)


# --- a user's own words


def test_a_folder_of_one_s_own(tmp_path, lexicon):
    (tmp_path / "units.csv").write_text(
        "# ours\nname,forms,function,place_prefix\n低空经济发展局,低空办|低空经济办,交通运输,no\n", "utf-8-sig"
    )
    (tmp_path / "places.csv").write_text(
        "name,level,parent,short\n松岭县,county,410900,松岭\n青石镇,township,松岭县,\n", "utf-8"
    )
    mine = Lexicon.load([tmp_path])
    assert mine.canonical("县低空办", "county")[:2] == ("低空经济发展局", "交通运输")
    assert mine.department("低空经济办").place_prefix is False
    assert mine.regions_named("松岭县")[0].path == ("中国", "河南省", "濮阳市", "松岭县")
    assert mine.regions_named("青石镇")[0].path[-2:] == ("松岭县", "青石镇")
    assert mine.split_unit("松岭县教育局").prefix == "松岭县"
    assert mine.version != lexicon.version and Lexicon.load([tmp_path]).version == mine.version
    assert lexicon.department("低空办") is None
    assert Lexicon.load([tmp_path / "nothing"]) is lexicon


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a,b\n1,2\n", "lexicon-header", 1),
        ("name,function\n,x\n", "lexicon-row", 2),
        ("name,function\n# x\n\n甲局,x,y,z\n", "lexicon-row", 4),
        ("name,level\n甲县,kreis\n", "lexicon-row", 2),
        ("name,level,until\n甲县,county,soon\n", "lexicon-row", 2),
        ("name,level,parent\n甲县,county,无此市\n", "lexicon-row", 2),
    ],
)
def test_a_row_that_can_not_be_used_is_named(tmp_path, text, code, line):
    (tmp_path / "own.csv").write_text(text, "utf-8")
    with pytest.raises(ZhenglingError) as caught:
        Lexicon.load([tmp_path])
    assert (caught.value.code, caught.value.values["line"]) == (code, line)
    assert caught.value.values["path"].endswith("own.csv")


def test_own_words_hold_for_what_lies_flattened(tmp_path):
    """A cell a line: which are surely units is known by the words of the workspace, in whatever process the file is
    read, and only while that workspace is asked."""
    own = tmp_path / "workspace" / "lexicon"
    own.mkdir(parents=True)
    (own / "own.csv").write_text("name,forms,function\n青鸟专项推进中枢,青鸟中枢,\n", "utf-8")
    cells = ["序号", "工作任务", "责任单位", "完成时限", "1", "建好青鸟站点", "青鸟中枢", "6月底前"]
    cells += ["2", "建好白鹭站点", "青鸟中枢", "年底前", "3", "建好黄鹂站点", "县民政局", "年底前"]
    lines = ["松岭县2023年工作任务分解表", *cells]
    (tmp_path / "paper.txt").write_text("\n".join(lines), "utf-8")
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(tmp_path / "paper.docx"))
    for name in ("paper.txt", "paper.docx"):
        for workspace, doubted in ((None, True), (tmp_path / "workspace", False), (None, True)):
            record = zl.extract(tmp_path / name, workspace=workspace)
            assert [u.name for u in record.tasks[0].units] == ["青鸟中枢"], name
            assert ("unit-doubtful" in {w.code for w in record.warnings}) is doubted, name


def test_loading_is_quick_and_light():
    code = (
        "import sys, time; from zhengling.extractors import rules\n"
        "from zhengling.extractors.words.lexicon import Lexicon\n"
        "times = []\n"
        "for _ in range(5):\n"
        "    start = time.process_time()\n"
        "    rules.text_of.cache_clear()\n"
        "    Lexicon(*map(rules.table, ['regions.csv', 'departments.csv', 'numbers.csv']), '')\n"
        "    times.append(time.process_time() - start)\n"
        "print(min(times), [m for m in ('pandas', 'spacy', 'networkx', 'pyarrow') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    seconds, heavy = out.split(" ", 1)
    assert float(seconds) < 0.2 and heavy.strip() == "[]"
