"""What looks like a unit (words/unit_shapes) and where text assigns work to units (steps/units), each alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.pipeline import extract_paper
from zhengling.extractors.readers.content import Content
from zhengling.extractors.steps.units import Assignment, find_assignments
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.extractors.words.unit_list import Parsed
from zhengling.extractors.words.unit_shapes import shapes_of

RUNS = 40
LETTERS = {"lead": "L", "responsible": "R", "support": "S"}


def said(parsed: Parsed, text: str) -> str:
    """`L:lead R:responsible S:support`, * a collective, ? a doubtful name; then what else a list holds."""
    words = [f"{LETTERS[i.role]}:{i.name(text)}{'*' * i.collective}{'?' * i.doubtful}" for i in parsed.items] + [
        "等"
    ] * parsed.open
    for name in ("rest", "hidden", "deadlines"):
        words += [f"{name}={text[a:b]}" for a, b in getattr(parsed, name)]
    return " ".join(words)


def assignments(text: str) -> list[Assignment]:
    return find_assignments(fold(text), shapes_of(Lexicon.load()))


LISTS = [
    (
        "各县（市、区）党委和人民政府，城乡一体化示范区、高新区党工委和管委会",
        "R:各县（市、区）党委和人民政府* R:城乡一体化示范区党工委和管委会 R:高新区党工委和管委会",
    ),
    ("各乡镇人民政府、街道办事处", "R:各乡镇人民政府* R:街道办事处*"),
    ("各区、县级市", "R:各区、县级市*"),
    ("澄溪、南站、柳塘街道办事处", "R:澄溪街道办事处 R:南站街道办事处 R:柳塘街道办事处"),
    ("柳塘街道办事处、各街道主任", "R:柳塘街道办事处 hidden=各街道主任"),
    ("县水利局、白松河流域管理局、河道管理所", "R:县水利局 R:白松河流域管理局 R:县河道管理所"),
    ("省农业农村厅及各市、县（市、区）人民政府", "R:省农业农村厅 R:各市、县（市、区）人民政府*"),
    ("县林业局和各乡、镇人民政府", "R:县林业局 R:各乡、镇人民政府*"),
    ("各县、区", "R:各县、区*"),
    ("各州、市人民政府按照职责分工负责", "R:各州、市人民政府*"),
    ("各县市、区政府", "R:各县市、区政府*"),
    ("由各市、州、直管县（市）人民政府负责，省财政厅加强指导", "R:各市、州、直管县（市）人民政府* S:省财政厅"),
    ("会同各县、区政府，市财政局", "R:各县、区政府* R:市财政局"),
    ("公安部按职责分工负责，各地区落实属地责任", "R:公安部 R:各地区*"),
    ("县卫健局、\n各场所管理\n单位", "R:县卫健局 R:各场所管理单位*"),
    ("各镇人民政\n府、街道办\n事处", "R:各镇人民政府* R:街道办事处*"),
    ("市水利局、住房城乡\n建设局、红十字\n会", "R:市水利局 R:市住房城乡建设局 R:市红十字会"),
    ("县委\n宣传部、县财政局\n县林业局", "R:县委宣传部 R:县财政局 R:县林业局"),
    ("省林业局、望溪市、松溪市教育局", "R:省林业局 R:望溪市教育局 R:松溪市教育局"),
    ("望溪市、松溪区教育局", "R:松溪区教育局 rest=望溪市"),
    ("各市、州教育局参加", "S:各市、州教育局*"),
    ("市林业局、望溪海警局、水利局", "R:市林业局 R:望溪海警局 R:市水利局"),
    ("农发行松岭县支行县财政局、水利局", "R:农发行松岭县支行 R:县财政局 R:县水利局"),
    ("县教育局牵头，县融媒体中心配合做好宣传", "L:县教育局 S:县融媒体中心"),
    ("各市、县（市、区）教育局", "R:各市、县（市、区）教育局*"),
    ("各县、区教育局，县财政局", "R:各县、区教育局* R:县财政局"),
    ("各镇、街道，县教育局", "R:各镇、街道* R:县教育局"),
    ("有关设区市、省有关部门和单位", "R:有关设区市* R:省有关部门和单位*"),
    ("省财政厅、各设区的市、县（市）人民政府", "R:省财政厅 R:各设区的市、县（市）人民政府*"),
    ("财务处、后勤处、督导办等有关处室（单位）；各高校", "R:财务处 R:后勤处 R:督导办 R:各高校* 等"),
    ("水利部、财政部等有关部门和单位负责", "R:水利部 R:财政部 等"),
    (
        "商务部、发展改革委、农业农村部等和各有关省级人民政府负责",
        "R:商务部 R:发展改革委 R:农业农村部 R:各有关省级人民政府* 等",
    ),
    ("县公安局、县司法局等8个部门", "R:县公安局 R:县司法局 等"),
    ("县公安局、县司法局等县直有关单位", "R:县公安局 R:县司法局 等"),
    ("县公安局、县司法局等相关成员单位（部门）配合", "S:县公安局 S:县司法局 等"),
    ("责任单位：市财政局、市发改局、市工商联（列第一位者为牵头或汇总单位，下同）", "R:市财政局 R:市发改局 R:市工商联"),
    (
        "责任单位：省农业农村厅、省财政厅、省科技厅〔列第一位的为牵头单位，下同〕，以下各项工作均需相关市、县（市、区）政府推进，不再单独列出",
        "R:省农业农村厅 R:省财政厅 R:省科技厅",
    ),
    (
        "责任单位：省农业农村厅、省财政厅，各市、县（市、区）人民政府，以下均需地方落实不再重复列出",
        "R:省农业农村厅 R:省财政厅 R:各市、县（市、区）人民政府*",
    ),
    (
        "省发展改革委、省市场监管局、商务厅、省大数据中心按职责分工负责。具体任务均涉及相关市（州）人民政府，不再做分工，下同。",
        "R:省发展改革委 R:省市场监管局 R:省商务厅 R:省大数据中心",
    ),
    (
        "县林业局牵头，县妇联、各乡镇（街道）配合；完成时限：6月底前",
        "L:县林业局 S:县妇联 S:各乡镇（街道）* deadlines=6月底前",
    ),
    ("完成时限：6月底前；县财政局、县水利局", "R:县财政局 R:县水利局 deadlines=6月底前"),
    ("责任单位：南关、北关、东门街道办事处", "R:南关街道办事处 R:北关街道办事处 R:东门街道办事处"),
    ("责任单位：教育、公安、白渡镇人民政府", "R:教育? R:公安 R:白渡镇人民政府"),
    ("县自然资源局\n白渡镇\n人民政府", "R:县自然资源局 R:白渡镇人民政府"),
    ("责任单位：县国资集团、县融媒体中心、护林先锋号", "R:县国资集团 R:县融媒体中心 R:护林先锋号?"),
    ("县纪委监委、县委组织部", "R:县纪委监委 R:县委组织部"),
    ("县委、县政府督查室", "R:县委 R:县政府督查室"),
    ("城区教育局、财政局", "R:城区教育局 R:城区财政局"),
    ("市场与信息化处、县林场与县气象局", "R:市场与信息化处 R:县林场 R:县气象局"),
    ("新区市场监管局、公安分局、经开区财政局", "R:新区市场监管局 R:新区公安分局 R:经开区财政局"),
    ("县住房和城乡建设局和自然资源局", "R:县住房和城乡建设局 R:县自然资源局"),
    ("国网松岭县供电公司、中国移动松岭分公司", "R:国网松岭县供电公司 R:中国移动松岭分公司"),
    ("市委政法委、市法院、市检察院、市公安局、市司法局", "R:市委政法委 R:市法院 R:市检察院 R:市公安局 R:市司法局"),
]


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_a_list_of_units(text: str, expected: str):
    assert said(shapes_of(Lexicon.load()).parse_list(fold(text)), text) == expected


CELLS = [
    ("市民政局 李大山", "R:市民政局 hidden=李大山"),
    ("市教育局张三", "R:市教育局 hidden=张三"),
    ("市档案馆吴海棠", "R:市档案馆 hidden=吴海棠"),
    ("红星社区王海燕、松柏社区李明", "R:红星社区 R:松柏社区 hidden=王海燕 hidden=李明"),
    ("县气象台马兰", "R:县气象台 hidden=马兰"),
    ("县林业局江河站、城关镇马家村", "R:县林业局江河站 R:城关镇马家村"),
    ("王小明", "hidden=王小明"),
    ("李四副县长、县教育局", "R:县教育局 hidden=李四副县长"),
    ("县教育局局长王小明", "hidden=县教育局局长王小明"),
    ("林业、商务、司法、应急", "R:林业? R:商务? R:司法? R:应急?"),
    ("市府办（金融）、云岭金融监管分局", "R:市府办（金融） R:云岭金融监管分局"),
    ("省经信厅、省科技厅按职责分工负责", "R:省经信厅 R:省科技厅"),
    ("已完成", "rest=已完成"),
    ("*区投促局 各镇街 各平台", "R:区投促局 R:各镇街* R:各平台*"),
    ("区住建委、各管委会、区属各重点国企等", "R:区住建委 R:各管委会* R:区属各重点国企* 等"),
    ("县教育局（牵头）、县财政局", "L:县教育局 R:县财政局"),
    ("县教育局*、县财政局", "R:县教育局 R:县财政局"),
]


@pytest.mark.parametrize(("text", "expected"), CELLS)
def test_a_cell_of_units(text: str, expected: str):
    assert said(shapes_of(Lexicon.load()).parse_list(fold(text), column=True), text) == expected


ASSIGNMENTS = [
    (
        "推进工作。（责任单位：省农业农村厅，岚川市、望溪市、白渡市人民政府）",
        "bracket R:省农业农村厅 R:岚川市人民政府 R:望溪市人民政府 R:白渡市人民政府",
    ),
    (
        "推进工作。（省交通运输厅牵头，省发展改革委、望溪市、白渡市人民政府、岚东管委会配合）",
        "bracket.verb L:省交通运输厅 S:省发展改革委 S:望溪市人民政府 S:白渡市人民政府 S:岚东管委会",
    ),
    (
        "推进工作。（责任单位：岚东新区、临港开发区管委会，城关镇、李家镇人民政府）",
        "bracket R:岚东新区管委会 R:临港开发区管委会 R:城关镇人民政府 R:李家镇人民政府",
    ),
    ("推进工作。（责任单位：东街街道、西街街道办事处）", "bracket R:东街街道办事处 R:西街街道办事处"),
    ("推进工作。（责任单位：县工业园区、城关镇人民政府）", "bracket R:县工业园区 R:城关镇人民政府"),
    (
        "提升。（市发改委、市农委、市商务粮食局、各县市区人民政府、岚粮直属库。排名第一的为牵头单位，下同）",
        "bracket.plain R:市发改委 R:市农委 R:市商务粮食局 R:各县市区人民政府* R:岚粮直属库",
    ),
    (
        "提升。（市委宣传部、云岭日报报业集团、云岭广电集团、各级行业主管部门、各级国资委）",
        "bracket.plain R:市委宣传部 R:云岭日报报业集团 R:云岭广电集团 R:各级行业主管部门* R:各级国资委*",
    ),
    ("建设数据中心（包括通算中心、智算中心、超算中心）。", ""),
    ("实行“直通车”机制（企业直接向国家发展改革委申报，不需省级发展改革部门转报），鼓励。", ""),
    (
        "[县水利局牵头，县住建局配合，各乡镇政府负责落实。以下均需各乡镇政府落实，不再列出)]",
        "bracket.verb L:县水利局 S:县住建局 R:各乡镇政府*",
    ),
    ("〔责任单位：县水利局〕", "bracket R:县水利局"),
    ("清淤。（本项工作牵头单位：县水利局；配合单位：县财政局）", "bracket L:县水利局 S:县财政局"),
    ("清淤。（该项任务责任单位：县水利局，配合单位：县财政局）", "bracket L:县水利局 S:县财政局"),
    ("清淤。（牵头单位：望溪）", ""),
    ("清淤。（牵头单位：望溪；配合单位：县财政局）", "bracket S:县财政局 rest=望溪"),
    ("【牵头单位：县水利局；配合单位：县住建局】", "bracket L:县水利局 S:县住建局"),
    ("工作内容。\n部门分工：市交通运输局牵头，各县区、各部门配合。", "line L:市交通运输局 S:各县区* S:各部门*"),
    (
        "工作职责：县规划局牵头，各有关部门配合，责任人：张三。主要负责项目策划。",
        "line L:县规划局 S:各有关部门* hidden=张三",
    ),
    ("工作职责：负责全县规划编制，指导各乡镇规划。", ""),
    ("主办单位：市城投公司，协办单位：市住建局、白渡镇。", "line L:市城投公司 S:市住建局 S:白渡镇"),
    (
        "（牵头领导：王小明，牵头单位：市经信局，责任单位：市商务局，数据提供单位：市统计局）",
        "bracket L:市经信局 R:市商务局 S:市统计局 hidden=王小明",
    ),
    (
        "培育产业。\n牵头责任单位：县发展改革局、工业和信息化局\n相关责任单位：各乡镇政府\n2.加快",
        "line L:县发展改革局 L:县工业和信息化局 R:各乡镇政府*",
    ),
    ("（责任单位；县住建局、县畜牧局、各乡镇）", "bracket R:县住建局 R:县畜牧局 R:各乡镇*"),
    ("新建系统14套。\n上述项目由县商务局牵头负责。", "sentence.above L:县商务局"),
    ("以上工作由县教育局会同县财政局落实。", "sentence.above R:县教育局 R:县财政局"),
    ("此项工作由县民政局牵头，县残联、县妇联配合。", "sentence L:县民政局 S:县残联 S:县妇联"),
    ("由县发改局会同县财政局负责落实。", "sentence R:县发改局 R:县财政局"),
    ("本方案由县发改局负责解释。", ""),
    ("做好（县国资集团）", ""),
    ("加强宣传。（县国资集团）", "bracket.plain R:县国资集团"),
    ("[云岭省人民政府门户网站]", ""),
    ("开展整治行动（县公安局、县司法局）后，推进", ""),
    (
        "强化监管。（责任单位：县教育局，责任人：王小明，联系电话：12345678）",
        "bracket R:县教育局 hidden=王小明 hidden=12345678",
    ),
    ("推进改革。责任处室：办公室、人事处、财务处。", "line R:办公室 R:人事处 R:财务处"),
    ("推进改革。（办公室、人事处、财务处）", "bracket.plain R:办公室 R:人事处 R:财务处"),
    ("1.推进改革。（人事处）", "bracket.clause R:人事处"),
    ("推进改革（人事处）", ""),
    ("开展宣讲。由县委办公室牵头，县融媒体中心配合宣传。", "sentence L:县委办公室 S:县融媒体中心"),
]


@pytest.mark.parametrize(("text", "expected"), ASSIGNMENTS)
def test_where_text_assigns(text: str, expected: str):
    found = assignments(text)
    assert " | ".join(f"{a.rule.removeprefix('units.')} {said(a.parsed, text)}" for a in found) == expected


def test_threads_with_different_words_do_not_hear_each_other(tmp_path: Path):
    (tmp_path / "own.csv").write_text("name,forms,function\n护林先锋号,护林先锋,林业草原\n", "utf-8")
    own, plain = Lexicon.load([tmp_path]), Lexicon.load()
    text = (
        "松岭县人民政府关于护林的通知\n松政发〔2023〕7号\n一、重点任务\n"
        "（一）护林。每村一人。（责任单位：县林业局、护林先锋号）\n"
    )

    def names(words: Lexicon) -> list[str]:
        paper = lay_out(Content(source=text), shapes_of(words))
        return [unit.name for unit in extract_paper(paper, lexicon=words).tasks[0].units]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(names, [own, plain] * RUNS))
    assert found == [["县林业局", "县护林先锋号"], ["县林业局", "护林先锋号"]] * RUNS


def test_a_lexicon_has_one_object_that_keeps_its_answers(tmp_path: Path):
    (tmp_path / "own.csv").write_text("name,forms,function\n护林先锋号,护林先锋,林业草原\n", "utf-8")
    own, plain = shapes_of(Lexicon.load([tmp_path])), shapes_of(Lexicon.load())
    assert own is shapes_of(Lexicon.load([tmp_path])) is not plain
    assert [own.is_unit("护林先锋号"), plain.is_unit("护林先锋号"), own.is_unit("护林先锋号")] == [True, False, True]
