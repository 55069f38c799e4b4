"""Cases of units: small papers that were once read wrongly, and neighbours of them in other words and layouts."""

from __future__ import annotations

import pytest
from zhengling import extract
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.model import Record
from zhengling.extractors.pipeline import extract_paper
from zhengling.extractors.readers.content import Content

from .truth import real_papers

LETTERS = {"lead": "L", "responsible": "R", "support": "S"}


def units_of(record: Record) -> list[str]:
    """Each task's units: L lead, R responsible, S support, * a collective, 等 an open list."""
    return [
        " ".join(f"{LETTERS[u.role]}:{u.name}{'*' * u.collective}" for u in task.units) + " 等" * task.open
        for task in record.tasks
    ]


def read(text: str) -> Record:
    return extract_paper(lay_out(Content(source=text)))


# --- the cases -------------------------------------------------------------------------------------------------------

CASES: dict[str, list[str]] = {
    "held/09-rule-inside-bracket.txt": [
        "L:水利部 R:财政部",
        "L:农业农村部 R:科技部 R:水利部",
    ],
    "held/10-and-units-is-no-unit.txt": [
        "R:水利部 R:财政部 等",
    ],
    "held/12-hereafter-clause.txt": [
        "L:区环保局 S:各片区*",
        "L:区环保局 S:各片区*",
        "R:区环保局 R:区水利局 S:各片区*",
    ],
    "held/26-deng-he.txt": [
        "R:商务部 R:发展改革委 R:农业农村部 R:各有关省级人民政府* 等",
        "R:发展改革委 R:全国总工会 R:各省级人民政府* 等",
    ],
    "held/27-bracket-inside-sentence.txt": [
        "R:市场监管总局",
        "R:国家发展改革委",
    ],
    "held/29-bare-bracket-at-paragraph-end.txt": [
        "R:市发展改革委 R:各级行业主管部门*",
        "R:市委宣传部 R:云岭日报报业集团 R:云岭广电集团 R:各级行业主管部门* R:各级国资委*",
    ],
    "held/30-elided-suffix.txt": [
        "R:省交通运输厅 R:青河市人民政府 R:南丰市人民政府 R:白沙市人民政府",
    ],
    "held/37-role-words-in-lead-column.txt": [
        "R:省经信厅 R:省科技厅 S:省发展改革委",
        "L:省数据局 S:省经信厅",
    ],
    "held/39-second-name-that-is-a-field.txt": [
        "L:人行云岭市分行 S:市府办（金融） S:云岭金融监管分局",
    ],
    "papers-a/04-merged-first-cell-dropped.txt": [
        "R:教育体育局",
        "R:教育体育局",
        "R:教育体育局",
    ],
    "papers-a/08-districts-and-county-cities.txt": [
        "L:市委组织部 S:市国资委 S:市工商联 S:各区、县级市*",
        "L:市人力资源社会保障局 S:各县、区*",
    ],
    "papers-a/15-person-column-shift-phone.txt": [
        "R:教育体育局",
        "R:教育体育局",
    ],
    "papers-b/01-elided-suffix.txt": [
        "R:省农业农村厅 R:岚川市人民政府 R:望溪市人民政府 R:白渡市人民政府",
        "R:望溪市人民政府 R:白渡市人民政府 R:省科技厅 R:省财政厅",
    ],
    "papers-b/02-first-leads-this-bracket-only.txt": [
        "L:省农业农村厅 R:省财政厅 R:白渡市人民政府",
        "R:省科技厅 R:省农业农村厅",
    ],
    "papers-b/03-note-in-tortoise-shell.txt": [
        "L:省农业农村厅 R:省财政厅 R:省科技厅 R:相关市、县（市、区）政府*",
        "L:省科技厅 R:省农业农村厅 R:相关市、县（市、区）政府*",
    ],
    "papers-b/04-localities-once-for-all.txt": [
        "R:省农业农村厅 R:省财政厅 R:各市、县（市、区）人民政府*",
        "R:省科技厅 R:省农业农村厅 R:地方*",
    ],
    "papers-b/08-and-other-offices.txt": [
        "R:财务处 R:后勤处 R:督导办 R:各高校* 等",
        "R:学生处 R:考试院 等",
    ],
    "wild/02-label-bumen-fengong.txt": [
        "L:市交通运输局 S:各县区* S:各部门*",
    ],
    "wild/03-label-zhuban-xieban.txt": [
        "L:市城投公司 S:市住建局 S:白渡镇",
        "L:市林业局 L:岚发公司 S:白渡镇",
    ],
    "wild/04-label-shuju-tigong.txt": [
        "L:市经信局 R:市商务局 S:市统计局",
        "L:市人社局 S:市统计局",
    ],
    "wild/04-responsible-unit-label-after-item.txt": [
        "R:县发展改革局",
        "R:县民政局",
        "L:县水利局 S:县住建局",
    ],
    "wild/05-unit-and-person-in-one-cell.txt": [
        "L:市民政局",
        "L:市教育局",
    ],
    "wild/12-page-number-in-one-line-paper.txt": [
        "L:市税务局 R:市财政局 R:各县市、区政府*",
        "L:市自然资源局 R:各县市、区政府*",
    ],
    "wild/13-and-inside-names.txt": [
        "L:市水利局 R:各县（市、区）党委和人民政府* R:城乡一体化示范区党工委和管委会 R:高新区党工委和管委会",
    ],
    "wild/15-bare-bracket-with-a-note-after-a-stop.txt": [
        "L:市发改委 R:市农委 R:市商务粮食局 R:各县市区人民政府* R:岚粮直属库",
        "L:市农委 R:市财政局",
    ],
    "wild/15b-same-without-the-note.txt": [
        "R:市发改委 R:市农委 R:市商务粮食局 R:各县市区人民政府* R:岚粮直属库",
    ],
    "wild/15-square-bracket-with-rule-inside.txt": [
        "L:县水利局 S:县住建局 R:各乡镇政府*",
        "L:县生态环境局 S:县水利局 R:各乡镇政府*",
    ],
    "wild/16-note-in-round-brackets-on-a-label-line.txt": [
        "L:市财政局 R:市发改局 R:市工商联",
        "L:市发改局 R:市税务局",
    ],
    "wild/16-assignment-of-the-above-items.txt": [
        "L:县商务局",
        "L:县商务局",
        "L:县体育局",
    ],
    "wild/17-persons-between-text-and-units.txt": [
        "R:县规划局",
        "R:县交通局 R:县住建局 R:有关乡镇*",
    ],
    "wild/18-duty-label-with-role-words-and-person.txt": [
        "L:县规划局 S:各有关部门*",
        "R:县住建局",
    ],
    "wild/21-two-labels-on-two-lines.txt": [
        "L:县发展改革局 L:县工业和信息化局 R:各乡镇政府*",
        "L:县服务业发展局 R:各乡镇政府*",
    ],
    "wild/22-level-from-own-government.txt": [
        "R:有关设区市* R:省有关部门和单位*",
        "R:有关设区市* R:省住房城乡建设厅",
    ],
    "wild/25-elided-ending-shuts-the-bracket.txt": [
        "L:省交通运输厅 S:省发展改革委 S:望溪市人民政府 S:白渡市人民政府 S:岚东管委会",
        "L:省交通运输厅 S:省发展改革委 S:望溪市人民政府 S:白渡市人民政府 S:岚东管委会",
    ],
    "wild/27-semicolon-after-label.txt": [
        "R:县住建局 R:县畜牧局 R:各乡镇*",
        "R:县交通局 R:各乡镇*",
    ],
    "bugs/10-names-with-and.txt": [
        "R:县委宣传部（文明办、网信办） R:县发改局（粮食和物资储备局）",
        "R:县工业和信息化局 R:县人力资源和社会保障局 R:县住房和城乡建设局 R:县自然资源局",
        "R:县财政局 R:县审计局",
        "L:县教育局 R:县卫健局 R:县公安局",
        "L:县民政局 R:县财政局 R:各乡镇人民政府*",
        "R:县委组织部 R:县委编办 R:县委老干部局",
        "R:县文化广电和旅游局（县文物局、县体育局） R:县融媒体中心",
        "R:县民政局 R:县残联",
    ],
    "held/08-own-place-no-prefix.txt": [
        "R:人行福州中心支行 R:福建银保监局 R:福建证监局 R:厦门银保监局 R:厦门证监局",
    ],
}


@pytest.mark.parametrize("case", CASES)
def test_the_units_of_a_case(case: str):
    path = real_papers() / "cases" / case
    if not path.is_file():
        pytest.skip("no cases beside the papers")
    assert units_of(extract(path)) == CASES[case]


# --- neighbours ------------------------------------------------------------------------------------------------------

PLAN = """松岭县人民政府关于2024年治水工作的通知
松政发〔2024〕3号
一、重点任务
（一）清理河道。组织清理县城段。（{first}）
（二）修缮水闸。修缮乡镇水闸十座。（{second}）
（三）巡查河堤。按月巡查河堤。（责任单位：县应急局、县水利局）
"""


@pytest.mark.parametrize(
    ("first", "second", "right"),
    [
        (
            "责任单位：县水利局、县财政局，列首位的为牵头单位，下同",
            "县财政局",
            ["L:县水利局 R:县财政局", "L:县财政局", "L:县应急局 R:县水利局"],
        ),
        (
            "责任单位：县水利局、县财政局（排在第一位的单位为牵头单位）",
            "责任单位：县财政局",
            ["L:县水利局 R:县财政局", "R:县财政局", "R:县应急局 R:县水利局"],
        ),
        (
            "县水利局",
            "责任单位：县财政局；以下任务均需各镇（街道）参与，不再一一列明",
            ["R:县水利局", "R:县财政局 S:各镇（街道）*", "R:县应急局 R:县水利局 S:各镇（街道）*"],
        ),
        (
            "县水利局牵头。以下各项均需属地落实，不再重复列出",
            "县财政局牵头，各镇人民政府配合",
            ["L:县水利局 R:属地*", "L:县财政局 S:各镇人民政府*", "R:县应急局 R:县水利局 R:属地*"],
        ),
    ],
)
def test_what_is_said_once(first: str, second: str, right: list[str]):
    assert units_of(read(PLAN.format(first=first, second=second))) == right


@pytest.mark.parametrize(
    ("bracket", "right"),
    [
        ("县水利局、青岗县、白坪县人民政府", "R:县水利局 R:青岗县人民政府 R:白坪县人民政府"),
        ("责任单位：青岗镇、白坪镇人民政府和县水利局", "R:青岗镇人民政府 R:白坪镇人民政府 R:县水利局"),
        ("县水利局等相关部门和单位按职责分工负责", "R:县水利局 等"),
        ("主办：县水利局，协办：县财政局", "L:县水利局 S:县财政局"),
        ("牵头单位：县水利局　配合单位：各乡（镇）、县直有关单位", "L:县水利局 S:各乡（镇）* S:县直有关单位*"),
    ],
)
def test_brackets(bracket: str, right: str):
    assert units_of(read(PLAN.format(first=bracket, second="县财政局")))[0] == right


#: A row's persons in a column of their own, in that of the units, and where the first cell of a row was dropped.
LAYOUTS = {
    "cell of its own": "序号\t工作任务\t责任单位\t责任人\n"
    "1\t清理河道十公里。\t县水利局\t李大山\n2\t修缮水闸十座。\t县水利局\t王小明\n",
    "beside the unit": "序号\t工作任务\t责任单位\n"
    "1\t清理河道十公里。\t县水利局 李大山\n2\t修缮水闸十座。\t县水利局王小明\n",
    "in place of the unit": "序号\t工作任务\t责任单位\n"
    "1\t清理河道十公里。\t李大山、县水利局\n2\t修缮水闸十座。\t副县长王小明、县水利局\n",
    "bars": "序号 | 工作任务 | 责任单位及责任人 |\n"
    "1 | 清理河道十公里。 | 县水利局 李大山 |\n2 | 修缮水闸十座。 | 县水利局 王小明 |\n",
    "labels": "1.清理河道十公里。\n责任单位：县水利局，责任人：李大山\n2.修缮水闸十座。\n责任单位：县水利局、王小明\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_person_is_a_unit_in_any_layout(layout: str):
    record = read("松岭县2024年治水任务分解表\n" + LAYOUTS[layout])
    assert units_of(record) == ["R:县水利局", "R:县水利局"]
    assert "李大山" not in record.dumps() and "王小明" not in record.dumps()
