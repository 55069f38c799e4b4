"""Saved questions as files, what they take, and the check that a free question only reads."""

from __future__ import annotations

import contextlib
import time
from datetime import date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from zhengling.extractors.errors import ZhenglingError
from zhengling.queries.runner import (
    ALL,
    BEGINNINGS,
    REFUSED,
    Answer,
    Question,
    _parameter,
    ask,
    ask_freely,
    check,
    check_evidence,
    question,
    questions,
)

TODAY = date(2024, 2, 28)
# What a parameter of such a name stands at, whatever the question.
DEFAULTS = {"limit": 20, "year": 0, "collective": False, "role": "any", "from": "", "to": "", "region": "", "unit": ""}


class Echo:
    """A store that answers with the parameters it was given."""

    def rows(self, cypher, parameters):
        return list(parameters), [list(parameters.values())]


def taking(**types: str) -> Question:
    """A question with these parameters, whose answer is what the store got."""
    parameters = {name: _parameter(f"{name} {type_}") for name, type_ in types.items()}
    return Question("echo", {}, {}, parameters, tuple(parameters), frozenset(), "")


def got(type_: str, value: object, name: str = "x") -> object:
    return ask_raw(taking(**{name: type_}), {name: value})[name]


def ask_raw(question: Question, values: dict) -> dict:
    """What reaches the store."""
    reached = {}

    class Keep(Echo):
        def rows(self, cypher, parameters):
            reached.update(parameters)
            return super().rows(cypher, parameters)

    ask(Keep(), question, values, TODAY)
    return reached


# --- the saved questions --------------------------------------------------------------------------------------------


def test_parameters_of_one_name_have_one_default_and_required_ones_an_example():
    for name, found in questions().items():
        for parameter in found.parameters.values():
            if parameter.required:
                assert found.examples.get(parameter.name), (name, parameter.name)
            elif parameter.name in DEFAULTS:
                assert parameter.default == DEFAULTS[parameter.name], (name, parameter.name)


def test_every_question_says_in_both_languages_what_it_answers_and_orders_by_ids():
    for name, found in questions().items():
        assert all(found.titles[x] and found.descriptions[x] for x in ("zh", "en")), name
        assert found.titles["zh"] != found.titles["en"]
        assert "ORDER BY" in found.cypher.rsplit("RETURN", 1)[1], name


# --- files of one's own ---------------------------------------------------------------------------------------------

HEADER = """// title.zh: 标题
// title.en: Title
// description.zh: 说明
// description.en: Description
// parameter: least integer 2
// columns: document, tasks
"""
BODY = """MATCH (d:Document)-[:CONTAINS]->(t:Task) WITH d, count(*) AS n WHERE n >= $least
RETURN d.id AS document, n AS tasks
"""


def written(folder, text: str, name: str = "own.cypher"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text.encode())
    return folder


@pytest.mark.parametrize(
    "text", [HEADER + BODY, "\ufeff" + HEADER + BODY, (HEADER + "\n" + BODY).replace("\n", "\r\n")]
)
def test_a_question_of_ones_own(tmp_path, text):
    own = questions([tmp_path / "absent", written(tmp_path / "queries", text)])["own"]
    assert own.titles == {"zh": "标题", "en": "Title"}
    assert (own.parameters["least"].type, own.parameters["least"].default) == ("integer", 2)
    assert own.columns == ("document", "tasks")
    assert not own.cypher.startswith("\ufeff")


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (HEADER.replace("title.en", "titel.en") + BODY, "question-header", 2),
        (HEADER.replace("// title.zh", "// title.zh: x\n// title.zh") + BODY, "question-header", 2),
        (HEADER.replace("integer 2", "number 2") + BODY, "question-parameter", 5),
        (HEADER.replace("integer 2", "integer two") + BODY, "question-parameter", 5),
        (HEADER.replace("least integer", "$least integer") + BODY, "question-parameter", 5),
        (HEADER.replace("// title.zh: 标题\n", "") + BODY, "question-missing", None),
        (BODY, "question-missing", None),
        ("", "question-missing", 1),
        (HEADER, "question-refused", 1),
        (HEADER + BODY.replace("$least", "3"), "question-parameters", None),
        (HEADER + BODY.replace("$least", "$least + $more"), "question-parameters", None),
        (HEADER + BODY + "UNION LOAD FROM 'x' RETURN *", "question-refused", 9),
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path, text, code, line):
    folder = written(tmp_path / "queries", text)
    with pytest.raises(ZhenglingError) as error:
        questions([folder])
    assert error.value.code == code
    assert error.value.values["path"] == str(folder / "own.cypher")
    assert line in (None, error.value.values["line"])


def test_a_file_that_is_no_text_or_takes_a_name_is_named(tmp_path):
    written(tmp_path / "a", HEADER + BODY, "due.cypher")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.cypher").write_bytes(b"\xff\xfe\x00")
    for folder, code in (("a", "question-twice"), ("b", "question-unreadable")):
        with pytest.raises(ZhenglingError) as error:
            questions([tmp_path / folder])
        assert error.value.code == code


def test_an_unknown_question_gets_the_names_close_ones_first():
    assert question("due", questions()).name == "due"
    with pytest.raises(ZhenglingError) as error:
        question("unit-work", questions())
    assert (error.value.code, error.value.status) == ("query-unknown", 2)
    assert error.value.values["names"][0] == "unit-workload"
    assert set(error.value.values["names"]) == set(questions())


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "value", "reaches"),
    [
        ("integer", "7", 7),
        ("integer", 0, 0),
        ("boolean", "True", True),
        ("boolean", False, False),
        ("date", "2024-06-30", date(2024, 6, 30)),
        ("date", "today", TODAY),
        ("date", "today+30", date(2024, 3, 29)),
        ("date", "today - 1", date(2024, 2, 27)),
        ("date", datetime(2024, 6, 30, 12), date(2024, 6, 30)),
        ("a|b", "b", "b"),
        ("string", " 县财政局 ", "县财政局"),
        ("string", "' OR 1=1 //", "' OR 1=1 //"),
        ("document", "豫政办[2020]5号", "豫政办〔2020〕5号"),
        ("document", "豫政办（2020）5号", "豫政办〔2020〕5号"),
        ("document", "《某条例》", "某条例"),
        ("document", "关于印发《某条例》的通知", "关于印发《某条例》的通知"),
    ],
)
def test_values_reach_the_store_in_its_types(type_, value, reaches):
    found = got(f"{type_} required", value)
    assert found == reaches
    assert type(found) is type(reaches)


def test_defaults_stand_for_all_and_any():
    own = taking(limit="integer 20", to="date ''", role="a|any any", text="string ''", **{"from": "date ''"})
    assert ask_raw(own, {}) == {"limit": 20, "to": date.max, "role": "any", "text": "", "from": date.min}
    assert ask_raw(own, {"limit": 0, "role": "", "to": None, "from": ""}) == {
        **ask_raw(own, {}),
        "limit": ALL,
    }


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("integer", "many"),
        ("integer", "-1"),
        ("integer", -1),
        ("integer", 1.5),
        ("integer", True),
        ("integer", 2**63),
        ("integer", [1]),
        ("boolean", "maybe"),
        ("boolean", 1),
        ("date", "2024-13-01"),
        ("date", "2024年13月"),
        ("date", "20240631"),
        ("date", "today+9999999"),
        ("date", 5),
        ("a|b", "c"),
        ("a|b", 3),
        ("string", 5),
        ("string", ["x"]),
        ("string", "a\0b"),
        ("string", "\ud800"),
        ("document", 7),
    ],
)
def test_a_wrong_value_is_refused_with_what_would_be_right(type_, value):
    with pytest.raises(ZhenglingError) as error:
        got(f"{type_} required", value)
    kind = "choice" if "|" in type_ else type_.replace("document", "string")
    assert (error.value.code, error.value.status) == (f"parameter-{kind}", 2)
    assert error.value.values["name"] == "x"
    assert error.value.values["choices"] == (["a", "b"] if "|" in type_ else [])


@given(
    st.sampled_from(["integer", "boolean", "date", "a|b", "string", "document"]),
    st.text() | st.integers() | st.floats(),
)
def test_any_value_is_taken_or_refused(type_, value):
    try:
        got(f"{type_} required", value)
    except ZhenglingError as error:
        assert error.status == 2


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_required_value_must_be_there(value):
    with pytest.raises(ZhenglingError) as error:
        ask(Echo(), questions()["trace"], {"task": value})
    assert (error.value.code, error.value.status) == ("parameter-missing", 2)


def test_an_unknown_parameter_gets_the_names_close_ones_first():
    with pytest.raises(ZhenglingError) as error:
        ask(Echo(), questions()["unit-workload"], {"yaer": 2021})
    assert (error.value.code, error.value.status) == ("parameter-unknown", 2)
    assert error.value.values["names"] == ["year", "region", "role", "collective", "limit"]


def test_an_answer_gives_rows_as_maps():
    assert Answer(["a", "b"], [[1, 2], [3, 4]]).dicts() == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]


def test_columns_must_be_those_of_the_header_and_lists_come_sorted():
    class Store:
        def rows(self, cypher, parameters):
            return ["units", "day"], [(["b", "a"], date(2024, 1, 2)), (None, None)]

    answer = ask(Store(), Question("x", {}, {}, {}, ("units", "day"), frozenset({"units"}), ""), {})
    assert answer.rows == [[["a", "b"], "2024-01-02"], [[], None]]
    with pytest.raises(ZhenglingError) as error:
        ask(Store(), Question("x", {}, {}, {}, ("units",), frozenset(), ""), {})
    assert error.value.code == "question-columns"


# --- free questions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("MATCH (n) RETURN n", set()),
        ("  \n// LOAD\n/* ; COPY */ match (n) return n ; // done", set()),
        ("UNWIND $rows AS r RETURN r.a + $`b c`", {"rows", "b c"}),
        ("WITH 1 AS a RETURN 'COPY; \\' CREATE', \"a // \\\" LOAD\" AS x", set()),
        ("MATCH (n:`LOAD`) WHERE n.`set` = 'it''s' RETURN n", set()),
        ("OPTIONAL MATCH (n) RETURN n.created, n.offset, 1e5, 0x1F, $load", {"load"}),
        ("RETURN '$none', \"$none\" // $none", set()),
        ("RETURN 'http://x'", set()),
    ],
)
def test_questions_that_only_read_pass(text, names):
    assert check(text) == names


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "cypher-empty"),
        ("// nothing", "cypher-empty"),
        (";", "cypher-beginning"),
        ("CREATE (n:Unit)", "cypher-beginning"),
        ("EXPLAIN MATCH (n) RETURN n", "cypher-beginning"),
        ("LOAD FROM '/etc/passwd' RETURN *", "cypher-beginning"),
        ("COPY (MATCH (n) RETURN n) TO 'x.csv'", "cypher-beginning"),
        ("MATCH (n) SET n.x = 1", "cypher-word"),
        ("MATCH (n) detach delete n", "cypher-word"),
        ("MATCH (n) CALL { RETURN 1 } RETURN n", "cypher-word"),
        ("WITH 1 AS a LOAD CSV FROM 'http://x' AS r RETURN r", "cypher-word"),
        ("WITH 1 AS a/**/lOaD/**/FROM 'x' RETURN *", "cypher-word"),
        ("RETURN 1LOAD FROM 'x'", "cypher-word"),
        ("RETURN 1e5COPY", "cypher-word"),
        ("RETURN 1; RETURN 2", "cypher-statements"),
        ("RETURN 1;;", "cypher-statements"),
        ("RETURN 'open", "cypher-unclosed"),
        ("RETURN `open", "cypher-unclosed"),
        ("RETURN 1 /* open", "cypher-unclosed"),
        ("RETURN $ x", "cypher-unclosed"),
        ("RETURN '\\u0027 LOAD FROM", "cypher-escape"),
        ("// \\u000aCREATE (n)\nRETURN 1", "cypher-escape"),
        ("RETURN 1 // a\rLOAD FROM 'x'", "cypher-word"),
        ("RETURN '\\\\' LOAD FROM '", "cypher-word"),
    ],
)
def test_everything_else_is_refused(text, code):
    with pytest.raises(ZhenglingError) as error:
        check(text)
    assert (error.value.code, error.value.status) == (code, 2)


def test_a_refusal_names_line_and_word():
    with pytest.raises(ZhenglingError) as error:
        check("MATCH (n)\n// CREATE\nmerge (m)\nRETURN n")
    assert error.value.values == {"line": 3, "text": "merge"}


spelled = st.sampled_from(sorted(REFUSED)).flatmap(
    lambda word: st.tuples(*(st.sampled_from([c, c.lower()]) for c in word)).map("".join)
)
gap = st.sampled_from([" ", "\n", "\t", "/* ' */", '// "\n', " /* LOAD */ "])
hidden = st.text(st.characters(exclude_characters="\\'\"`*/\r\n", exclude_categories=["Cs"]))


@given(spelled, gap, gap, hidden)
def test_a_refused_word_is_found_wherever_it_stands(word, before, after, inside):
    with pytest.raises(ZhenglingError) as error:
        check(f"MATCH (n) WHERE n.a = '{inside}'{before}{word}{after}'x' RETURN n")
    assert error.value.code == "cypher-word"
    assert error.value.values["text"] == word


@given(spelled, hidden, st.sampled_from(["'{}'", '"{}"', "/*{}*/ 1", "//{}\n 1", "`{}`"]))
def test_a_refused_word_is_free_in_strings_comments_and_back_quotes(word, inside, quoting):
    check("RETURN " + quoting.format(f"{inside} {word} ; {inside}"))


@given(st.text(st.sampled_from("'\"`\\/*;\n\r $aA1 LOADu"), max_size=40))
@example("'\\'")
def test_any_text_passes_or_is_refused(text):
    try:
        check(f"RETURN {text}")
    except ZhenglingError as error:
        assert error.code.startswith("cypher-")


def test_the_check_takes_linear_time():
    def seconds(text: str) -> float:
        start = time.perf_counter()
        with contextlib.suppress(ZhenglingError):
            check(text)
        return time.perf_counter() - start

    for piece in ("'", "/*", "a ", "'\\'", "1", "`", "$x", "// x\n"):
        assert seconds("RETURN " + piece * 50_000) < 2


def test_a_free_question_needs_exactly_its_parameters():
    for values, code in (({}, "parameter-missing"), ({"a": 1, "b": 2}, "parameter-unknown")):
        with pytest.raises(ZhenglingError) as error:
            ask_freely(Echo(), "RETURN $a", values)
        assert (error.value.code, error.value.status) == (code, 2)
    assert ask_freely(Echo(), "RETURN $a", {"a": 1}).rows == [[1]]
    assert "MATCH" in BEGINNINGS


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH ()-[r:LEADS]->() WHERE any(x IN r.evidence WHERE x CONTAINS '财政') RETURN count(*) AS n",
        "MATCH ()-[r:LEADS]->() WITH r.evidence AS e WHERE any(x IN e WHERE x CONTAINS 'a') RETURN count(*) AS n",
        "MATCH ()-[r:LEADS]->() UNWIND r.evidence AS one WITH one WHERE one STARTS WITH '{' RETURN count(*) AS n",
        "MATCH ()-[r:LEADS]->() WITH collect(r.evidence) AS all_of WHERE 'a' IN all_of RETURN 1 AS n",
        "MATCH (t:Task) WHERE t.evidence = ['a'] RETURN t.id AS id",
        "MATCH (t:Task) WHERE 'a' IN t.evidence RETURN t.id AS id",
        "MATCH ()-[r:LEADS {evidence: ['a']}]->() RETURN count(*) AS n",
        "MATCH (t:Task) RETURN [x IN t.`evidence` WHERE x <> 'a'] AS xs",
    ],
)
def test_evidence_is_not_compared(cypher):
    """The embedded store would find nothing, silently."""
    check(cypher)
    with pytest.raises(ZhenglingError) as error:
        check_evidence(cypher)
    assert (error.value.code, error.value.status) == ("evidence-compared", 2)


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH ()-[r:LEADS]->() WHERE r.quote CONTAINS '财政' RETURN r.evidence AS evidence",
        "MATCH ()-[r:LEADS]->() WITH r.evidence AS e, r.quote AS q WHERE q CONTAINS 'a' RETURN e",
        "MATCH (t:Task) RETURN size(t.evidence) AS n, collect(t.evidence) AS all_of ORDER BY n",
        "MATCH (t:Task) WHERE t.text CONTAINS 'evidence = ' RETURN t.id AS id // evidence IN",
    ],
)
def test_evidence_is_returned(cypher):
    check_evidence(cypher)
