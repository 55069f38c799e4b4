"""The workbench: each page in both languages, as a page and as data; who may ask; how it looks in a browser."""

from __future__ import annotations

import csv
import io
import re
from itertools import pairwise
from urllib.parse import quote, urlencode

import pytest
from zhengling.app.web.application import PAGES
from zhengling.app.web.guard import POLICY
from zhengling.app.web.tasks import COLUMNS as TASK_COLUMNS

from .browser import chromium
from .workbench import Tab, serving

CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}


@pytest.fixture(scope="module")
def bench(built):
    with serving(built) as bench:
        yield bench


@pytest.fixture(scope="module")
def places(bench) -> dict[str, str]:
    """An address of every kind of page."""
    task = bench.get("/tasks.json?text=" + quote("老年人")).data["tasks"][0]
    directive = next(d for d in bench.get("/directives.json").data["directives"] if d["loaded"])
    lower = bench.get(f"/directives/{quote(directive['id'], safe='')}.json").data["rows"][0]
    wanted = bench.get("/papers.json?loaded=no").data["papers"][0]
    upper = quote(directive["id"], safe="")
    return {
        "/": "/",
        "/papers": "/papers?level=county&sort=-tasks",
        "/papers/{identity:path}": "/papers/" + quote(lower["id"], safe=""),
        "cited": "/papers/" + quote(wanted["id"], safe=""),
        "/tasks": "/tasks?text=" + quote("老年人") + "&columns=task,title,text&sort=-due",
        "/tasks/{identity:path}": "/tasks/" + task["id"],
        "/units": "/units?sort=-lead",
        "/units/{identity:path}": "/units/" + quote(bench.get("/units.json").data["units"][0]["id"], safe=""),
        "/directives": "/directives",
        "/directives/{identity:path}": "/directives/" + upper,
        "/checks": "/checks",
        "findings": "/checks?rule=not-loaded",
        "/coverage": f"/coverage?document={upper}",
        "/comparison": f"/comparison?lower={quote(lower['id'], safe='')}&superior={upper}",
        "/graph": "/graph?task=" + task["id"],
        "/report": "/report?today=2023-09-01&region=" + quote("霁川市"),
        "/questions": "/questions",
        "/questions/{identity:path}": "/questions/unit-workload?asked=1&limit=3",
        "/upload": "/upload",
        "/review": "/review",
        "links": "/review?queue=links",
        "said": "/review?queue=said",
        "/review/{identity:path}": "/review/" + quote(lower["id"], safe=""),
        "/free": "/free?text=" + quote("MATCH (d:Document) RETURN count(d) AS papers"),
    }


def in_form(address: str, form: str) -> str:
    path, mark, query = address.partition("?")
    return f"{'/home' if path == '/' else path}.{form}{mark}{query}"


def test_every_page_answers_in_both_languages_and_as_data(bench, places):
    assert set(PAGES) <= set(places)
    for address in places.values():
        chinese, english = bench.get(address, **CHINESE), bench.get(address, Accept_Language="en")
        assert (chinese.status, english.status) == (200, 200), address
        assert 'lang="zh-CN"' in chinese.text[:60] and 'lang="en"' in english.text[:60]
        assert not re.search(r">\s*(web|column|help)-[a-z-]+\s*<", chinese.text + english.text), address
        assert chinese.headers["content-security-policy"] == POLICY
        assert chinese.headers["cache-control"] == "no-store"
        data = bench.get(in_form(address, "json"))
        assert data.status == 200 and data.data, address
    assert (
        bench.get("/nothing").status == bench.get("/tasks/nothing").status == bench.get("/nothing.json").status == 404
    )


def test_figures_are_those_of_the_command_line(bench, built):
    import zhengling

    graph = zhengling.open(built)
    home = bench.get("/home.json").data
    assert home["counts"]["tasks"] == graph.cypher("MATCH (t:Task) RETURN count(t) AS n")[0]["n"]
    assert home["counts"]["unassigned"] == len(graph.query("unassigned"))
    asked = {row["unit"] + row["region"]: row for row in graph.query("unit-workload", limit=0)}
    units = bench.get("/units.json?size=200").data["units"]
    assert len(units) == len(asked)
    for unit in units:
        row = asked[unit["name"] + unit["region"]]
        assert [unit[k] for k in ("lead", "responsible", "support", "total")] == list(row.values())[2:6]
    text = "老年人"
    found = graph.query("find", text=text, limit=0)
    tasks = bench.get(f"/tasks.json?text={quote(text)}&size=200").data
    assert {task["id"] for task in tasks["tasks"]} == {row["task"] for row in found}
    for row in graph.query("document-summary"):
        paper = bench.get(f"/papers/{quote(row['document'], safe='')}.json").data["document"]
        assert (paper["tasks"], paper["units"]) == (row["tasks"], row["units"])
    due = bench.get("/tasks.json?from=2023-06-01&to=2023-12-31&sort=due&size=200").data["tasks"]
    days = [task["due"] for task in due]
    assert days == sorted(days)
    assert {t["id"] for t in due} == {r["task"] for r in graph.query("due", from_="2023-06-01", to="2023-12-31")}
    broken = bench.get("/tasks.json?chain=broken&size=200").data["tasks"]
    assert {t["id"] for t in broken} == {r["task"] for r in graph.query("broken-chains")} != set()
    untaken = bench.get("/tasks.json?chain=untaken&size=200").data["tasks"]
    taken = {r["id"] for r in graph.cypher("MATCH (:Task)-[:DERIVES_FROM]->(t:Task) RETURN DISTINCT t.id AS id")}
    assert untaken and not {t["id"] for t in untaken} & taken
    assert (home["counts"]["broken"], home["counts"]["untaken"]) == (len(broken), len(untaken))
    findings = graph.check()
    checks = bench.get("/checks.json").data["findings"]
    assert sum(one["count"] for one in checks) == len(findings) > 0
    some = bench.get(f"/checks.json?rule={checks[0]['rule']}").data
    assert some["total"] == sum(one.rule == checks[0]["rule"] for one in findings)
    overdue = bench.get("/tasks.json?overdue=2023-09-01&size=200").data["tasks"]
    assert {t["id"] for t in overdue} == {r["task"] for r in graph.query("overdue", today="2023-09-01")} != set()


def test_filters_pages_and_files_of_a_list_hold_the_same_rows(bench):
    whole = bench.get("/tasks.json?size=200").data
    parts = [bench.get(f"/tasks.json?size=25&page={n}").data["tasks"] for n in (1, 2, 3, 4)]
    assert [t["id"] for part in parts for t in part] == [t["id"] for t in whole["tasks"]]
    assert bench.get("/tasks.json?size=25&page=999").data["tasks"] == parts[-1]
    region = "中国/樾原省/霁川市"
    inside = bench.get(f"/tasks.json?size=200&region={quote(region)}").data["tasks"]
    wanted = [t["id"] for t in whole["tasks"] if (t["region"] + "/").startswith(region + "/")]
    assert [t["id"] for t in inside] == wanted and wanted
    file = bench.get("/tasks.csv?columns=task,title,lead,due&sort=-due")
    rows = list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert list(rows[0]) == ["task", "title", "lead", "due"] and len(rows) == whole["total"]
    assert {row["task"] for row in rows} == {t["id"] for t in whole["tasks"]}
    # Columns that a form ticked stay from page to page, and in the files of that page.
    page = bench.get("/tasks?columns=task&columns=region&size=25").text
    ways = re.findall(r'href="([^"]+)"', page)
    assert [way for way in ways if "page=2" in way] and all(
        "columns=task%2Cregion" in way for way in ways if "page=2" in way or ".csv" in way
    )
    assert bench.get("/tasks.json?year=" + "9" * 40).data["total"] == 0
    book = bench.get("/units.xlsx")
    assert book.body[:2] == b"PK" and "attachment" in book.headers["content-disposition"]


def test_questions_are_asked_under_the_same_guards(bench):
    for text in (
        "CREATE (n:Task)",
        "MATCH (n) DETACH DELETE n",
        "CALL show_tables() RETURN *",
        "MATCH (n",
        "LOAD FROM 'x' RETURN 1",
    ):
        reply = bench.get("/free?text=" + quote(text))
        assert reply.status == 400 and 'role="alert"' in reply.text, text
        assert bench.get("/free.json?text=" + quote(text)).status == 400
    service = "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    assert bench.get("/free?language=sparql&text=" + quote(service)).status == 400
    sparql = bench.get("/free.json?language=sparql&text=" + quote("SELECT (count(*) AS ?n) WHERE { ?s ?p ?o }"))
    assert int(sparql.data[0]["n"]) > 100
    assert bench.get("/questions/trace").status == 200  # a form, nothing is asked yet
    assert bench.get("/questions/trace.json").status == 400
    assert bench.get("/questions/none-such").status == 404
    slow = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a * b) AS s"
    assert "8 s" in bench.get("/free?text=" + quote(slow), Accept_Language="en").text.partition('role="alert"')[2][:200]


def test_a_picture_is_that_of_view_and_is_opened_out(bench, built):
    import networkx
    import zhengling

    whole = zhengling.open(built).networkx()
    task = bench.get("/tasks.json").data["tasks"][0]["id"]
    drawn = bench.get(f"/graph.json?task={task}").data
    assert drawn["focus"] == task and {e["from"] for e in drawn["edges"]} <= {n["id"] for n in drawn["nodes"]}
    unit = bench.get("/units.json").data["units"][0]
    near = set(whole.predecessors(unit["id"])) | set(whole.successors(unit["id"]))
    found, start = set(), 0
    while True:
        part = bench.get(f"/graph/node.json?id={quote(unit['id'])}&from={start}").data
        assert len(part["nodes"]) <= 41
        found |= {node["id"] for node in part["nodes"]}
        if not part["more"]:
            break
        start = part["next"]
    assert found == near | {unit["id"]}
    # A way is as short as in networkx, where places and branches join nothing.
    frame = [(a, b, k) for a, b, k, kind in whole.edges(keys=True, data="type") if kind in ("IN", "BRANCH_OF")]
    whole.remove_edges_from(frame)
    plain = networkx.Graph(whole)
    ends = sorted(n for n, label in whole.nodes(data="label") if label == "Unit")[::40]
    for one, other in pairwise(ends):
        reply = bench.get(f"/graph/way.json?from={quote(one)}&to={quote(other)}")
        if networkx.has_path(plain, one, other) and networkx.shortest_path_length(plain, one, other) <= 8:
            steps = reply.data["steps"]
            assert (steps[0], steps[-1]) == (one, other) and networkx.is_path(plain, steps)
            assert len(steps) == len(networkx.shortest_path(plain, one, other))
        else:
            assert reply.status == 409
    assert bench.get("/graph/node.json?id=none").status == 404
    assert bench.get("/graph?unit=none-such").status == 400 and bench.get("/graph.json?task=none").status == 404
    script = bench.get("/assets/vis-network.js")
    assert bench.get("/assets/vis-network.js", If_None_Match=script.headers["etag"]).status == 304


def test_the_description_of_all_data_is_true(bench, places):
    from jsonschema import Draft202012Validator
    from zhengling.app.web.application import DATA, FILES

    told = bench.get("/openapi.json").data
    assert told["openapi"].startswith("3.1") and set(told["info"]) >= {"title", "version"}
    home = {"/": "/home"}
    assert {f"{home.get(p, p)}.json".replace(":path", "") for p in PAGES} | set(FILES) | {
        f"{p}.json" for p in DATA
    } <= set(told["paths"])
    names = [one["get"]["operationId"] for one in told["paths"].values()]
    assert len(names) == len(set(names))
    for path, item in told["paths"].items():
        given = {(one["name"], one["in"]) for one in item["get"]["parameters"]}
        assert {name for name, where in given if where == "path"} == set(re.findall(r"\{(\w+)\}", path))
        assert len(given) == len(item["get"]["parameters"]) and {"200", "default"} == set(item["get"]["responses"])
    schemas = told["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    for kind in PAGES:
        address = in_form(places[kind], "json")
        operation = told["paths"][in_form(kind.replace(":path", ""), "json")]["get"]
        reply = bench.get(address)
        (media,) = operation["responses"]["200"]["content"]
        assert reply.headers["content-type"].startswith(media)
        Draft202012Validator({"$ref": "#/components/schemas/Data", "components": {"schemas": schemas}}).validate(
            reply.data
        )
        taken = {one["name"] for one in operation["parameters"]} | {"asked", "limit"}
        assert set(re.findall(r"[?&](\w+)=", address)) <= taken, address
    Draft202012Validator(schemas["Error"]).validate(bench.get("/tasks/none.json").data)


def test_fields_offer_names(bench):
    units = bench.get("/offered.json?kind=unit&text=" + quote("民政")).data
    assert 0 < len(units) <= 20 and all("民政" in unit["value"] for unit in units)
    (paper, *_) = bench.get("/offered.json?kind=document&text=" + quote("养老")).data
    assert bench.get("/graph.json?document=" + quote(paper["value"])).status == 200
    for address in ("kind=unit&text=", "kind=none&text=x", "text=x", "kind=unit&text=" + quote("' OR 1=1 --")):
        assert bench.get("/offered.json?" + address).data == []


def test_a_question_of_ones_own_is_kept_with_the_workspace(bench, built):
    evil = "<script>alert(1)</script>"
    token = re.search(r'name="token" value="([^"]+)"', (page := bench.get("/upload")).text)[1]
    shown = {"Cookie": page.headers["set-cookie"].partition(";")[0], "Origin": bench.address}
    shown["Content-Type"] = "application/x-www-form-urlencoded"

    def post(address: str, **fields: str):
        return bench.ask("POST", address, urlencode(fields | {"token": token}), **shown)

    own = {
        "name": "mine",
        "title": f"我的 {evil}",
        "text": "// note\nMATCH (t:Task) RETURN t.id AS task, t.section AS s",
    }
    try:
        assert post("/questions/keep", **own).headers["location"] == "/questions/mine"
        assert {"task", "s"} == set(bench.get("/questions/mine.json").data[0])
        assert evil not in bench.get("/questions/mine").text and evil not in bench.get("/questions").text
        for bad in ({"name": "../x"}, {"name": "due"}, {"name": "mine"}, {"name": "b", "text": "CREATE (n)"}):
            assert post("/questions/keep", **own | bad).status in (400, 409), bad
        assert [path.name for path in (built / "queries").iterdir()] == ["mine.cypher"]
    finally:
        post("/questions/drop", name="mine")
    assert bench.get("/questions/mine").status == 404 and not list((built / "queries").iterdir())


def test_filters_mean_what_they_mean_in_questions(bench, built):
    import zhengling

    graph = zhengling.open(built)
    asked = graph.query("unit-tasks", unit="民政局", region="鹭滩")
    found = bench.get(f"/tasks.json?unit={quote('民政局')}&region={quote('鹭滩')}&size=200").data
    assert {task["id"] for task in found["tasks"]} == {row["task"] for row in asked} and asked
    of_paper = bench.get(
        f"/tasks.json?document={quote('鹭政办发2023 22')}&level={quote('县级')}&year={quote('2023年')}"
    ).data
    assert of_paper["total"] == len(graph.query("tasks", document="鹭政办发〔2023〕22号"))
    days = bench.get(f"/tasks.json?from={quote('2023年6月')}&to={quote('2023/8/31')}&size=200").data
    due = {row["task"] for row in graph.query("due", from_="2023-06-01", to="2023-08-31")}
    assert {task["id"] for task in days["tasks"]} == due
    units = bench.get(f"/units.json?text={quote('县卫健局')}").data["units"]
    assert {unit["name"] for unit in units} == {"县卫生健康局"}
    assert bench.get(f"/papers.json?region={quote('霁川鹭滩')}").data["total"]
    graph.close()
    for path, near in (
        ("tasks?unit=县民正局", "县民政局"),
        ("tasks?region=鹭摊县", "鹭滩县"),
        ("directives?region=鹭摊县", "鹭滩县"),
        ("units?function=民正", "民政"),
        ("papers?level=村级", "township"),
        ("tasks?from=三天前", "2024-06-30"),
    ):
        page, told = (bench.get("/" + quote(path.replace("?", form + "?"), safe="/?=")) for form in ("", ".json"))
        assert page.status == 200 and near in page.text.partition('class="note"')[2][:300], path
        assert told.status in (400, 404) and near in told.data["message"], path
    empty = bench.get(f"/tasks?unit={quote('县民政局')}&year=2019", Accept_Language="zh").text
    assert "去掉 year=2019 会有" in empty and "去掉 unit=" not in empty
    said = bench.get(f"/tasks?unit={quote('县府办')}", Accept_Language="zh").text
    assert "“县府办”理解为 县人民政府办公室" in said


def test_the_report_and_its_files(bench, built, tmp_path):
    import docx
    import zhengling

    graph = zhengling.open(built)
    report = bench.get("/report.json?today=2023-09-01").data["parts"]
    overdue = [row[0] for rows in report[0]["places"].values() for row in rows]
    late = graph.query("overdue", today="2023-09-01")  # told apart by number and words
    assert sorted(text.partition("\n")[0] for text in overdue) == sorted(
        f"{row['item']} {row['title']}" for row in late
    )
    reply = bench.get("/report/week.docx?today=2023-09-01&region=" + quote("霁川市"), Accept_Language="zh")
    graph.weekly(tmp_path / "week.docx", today="2023-09-01", region="中国/樾原省/霁川市")
    assert reply.body == (tmp_path / "week.docx").read_bytes() and "attachment" in reply.headers["content-disposition"]
    unit = next(u for u in bench.get("/units.json?size=200").data["units"] if u["lead"])
    sheet = bench.get("/report/sheet.docx?unit=" + quote(unit["id"]), Accept_Language="zh")
    (table,) = docx.Document(io.BytesIO(sheet.body)).tables
    leads = {
        t["id"]
        for role in ("lead", "responsible")
        for t in bench.get(f"/tasks.json?size=200&role={role}&unit={quote(unit['id'])}").data["tasks"]
    }
    assert len(table.rows) - 1 == len(leads)
    assert bench.get("/report/sheet.docx?unit=none").status == 404
    assert bench.get("/report?today=soon").status == bench.get("/report?region=nowhere").status == 400
    assert bench.get("/report/ledger?file=none").status == 409
    assert bench.get("/report/ledger?file=" + quote("../../records", safe="")).status == 409


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8421"},
        {"Host": "127.0.0.1.evil.example"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"},
    ],
)
def test_foreign_names_and_pages_are_refused(bench, headers):
    reply = bench.get("/tasks.json", **headers)
    assert reply.status == 403 and b"tasks" not in reply.body
    assert reply.headers["x-frame-options"] == "DENY"


def test_posts_of_other_sites_are_refused(bench):
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
        assert bench.ask("POST", "/", "", Origin=origin).status == 403
    assert bench.ask("POST", "/", "", Sec_Fetch_Site="cross-site").status == 403
    assert bench.ask("POST", "/", "", Origin=bench.address).status == 405


def test_the_language_is_kept_and_leads_nowhere_else(bench):
    reply = bench.get("/language/zh?back=" + quote("/tasks?text=x"))
    assert (reply.status, reply.headers["location"]) == (303, "/tasks?text=x")
    cookie = reply.headers["set-cookie"]
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower()
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", "/x\r\nSet-Cookie: a=b"):
        assert bench.get("/language/en?back=" + quote(back, safe="")).headers["location"] == "/"
    assert 'lang="zh-CN"' in bench.get("/", Cookie=cookie.partition(";")[0], Accept_Language="en").text[:60]


def test_what_people_should_look_at(tmp_path):
    from zhengling.app.lists.making import make
    from zhengling.app.lists.reading import Lists
    from zhengling.extractors.model import Remark
    from zhengling.graph.stores.embedded import EmbeddedStore, build

    from .test_view import Sketch

    sketch = Sketch()
    sketch.node("Document", "d", title="通知", loaded=True, region="甲省", source="d.txt", review="")
    sketch.node("Document", "e", title="方案", loaded=True, region="甲省", source="e.txt", review="confirmed")
    for n, task in enumerate(("t", "u", "v")):
        sketch.node(
            "Task", task, name=f"T0{n}", order=n, title=f"任务{n}", text="正文", section=[], document="de"[n % 2]
        )
    names = ("省发展和改革委员会", "省发改委", "省发展和改革委员会机关党委", "省财政局")
    for name in names:
        sketch.node("Unit", name, name=name, region="甲省", function="规划", collective=False, aliases=[])
        sketch.join("LEADS", name, "t", ("Unit", "Task"))
    for upper, state in (("u", "likely"), ("v", "sure")):
        sketch.join("DERIVES_FROM", "t", upper, ("Task", "Task"), state=state, score=0.5)
    build(tmp_path / "graph.lbug", sketch)
    remarks = [(f"{name}.txt", Remark("x", {"line": 3}, "原文", {"count": 2})) for name in "dez"]
    with EmbeddedStore(tmp_path / "graph.lbug") as store:
        make(store, tmp_path / "one", remarks)
        make(store, tmp_path / "two", remarks, {frozenset(names[:2])})
    lists = Lists(tmp_path / "one")
    (pair,) = lists.doubles({"region": ""}).rows
    assert (pair["name"], pair["other_name"]) == names[:2] and Lists(tmp_path / "two").doubles({}).total == 0
    (remark,) = lists.remarks({"code": "x"}).rows  # of a confirmed paper nothing is asked
    assert (remark["document"], remark["place"], remark["values"]) == ("d", {"line": 3}, {"count": 2})
    (link,) = lists.links({}).rows
    assert (link["task"], link["upper"], link["upper_text"], link["state"]) == ("t", "u", "正文", "likely")
    assert lists.to_look_at == {"links": 1, "doubles": 1, "remarks": 1}


def test_errors_say_nothing_of_the_inside(bench, monkeypatch, built, caplog):
    from zhengling.app.lists.reading import Lists

    def broken(*_: object) -> None:
        raise RuntimeError("secret " + str(built))

    monkeypatch.setattr(Lists, "tasks", broken)
    for address in ("/tasks", "/tasks.json"):
        reply = bench.get(address)
        assert reply.status == 500 and "secret" not in reply.text and str(built) not in reply.text
        assert "Traceback" not in reply.text


def test_pages_that_other_machines_reach_need_users(run, tmp_path):
    done = run("serve", "--host", "0.0.0.0", "--workspace", tmp_path)
    assert done.status == 2 and "users add" in done.err
    # Under another name others come by way of a server before it.
    done = run("serve", "--name", "tasks.example", "--workspace", tmp_path)
    assert done.status == 2 and "users add" in done.err


def test_an_empty_workspace_has_a_page(tmp_path):
    with serving(tmp_path / "none") as bench:
        assert bench.get("/").status == bench.get("/papers").status == 200
        assert bench.get("/tasks").status in (400, 409)


# --- in a browser ----------------------------------------------------------------------------------------------------


_GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


def test_every_page_in_chromium(browser, bench, places):
    """Nothing is asked elsewhere, no rule of the policy is broken, nothing is wider than the screen, and axe has no
    finding that is serious."""
    from axe_playwright_python.sync_playwright import Axe

    every = ",".join(TASK_COLUMNS)
    more = {"task, usual columns": "/tasks?text=" + quote("老年人"), "task, all columns": f"/tasks?columns={every}"}
    for width, height, language in ((1366, 768, "zh-CN"), (390, 844, "en")):
        tab = Tab(browser, bench, width, height, language)
        for name, address in (places | more).items():
            tab.go(address)
            assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
            if width > 400:
                continue
            found = Axe().run(tab.page).response["violations"]
            assert [(name, f["id"], f["nodes"][0]["html"]) for f in found if f["impact"] in _GRAVE] == []
        assert tab.troubles == []
        tab.context.close()


def test_from_a_fact_to_its_words_and_back(browser, bench, places):
    tab = Tab(browser, bench)
    tab.go(places["/papers/{identity:path}"])
    page = tab.page
    fact = page.locator(".fact.unit a.to").first
    name = fact.inner_text()
    fact.click()
    words = page.locator(".on.chosen")
    assert (words.first.is_visible() and "".join(words.all_inner_texts()) in name + "、，") or words.count()
    words.first.click()
    assert page.locator(".fact.chosen a.to").inner_text() == name
    page.get_by_role("checkbox", name="单位").uncheck()
    assert page.locator(".fact.unit").first.is_hidden()
    colour = "getComputedStyle(document.querySelector('.on.unit')).backgroundColor"
    assert page.evaluate(colour) in ("rgba(0, 0, 0, 0)", "transparent")
    # Without scripts the same links lead there and back.
    plain = browser.new_context(java_script_enabled=False)
    still = plain.new_page()
    still.goto(bench.address + places["/papers/{identity:path}"])
    still.locator(".fact.unit a.to").first.click()
    assert "#w-" in still.url
    still.go_back()
    plain.close()
    assert tab.troubles == []
    tab.context.close()


def test_by_keyboard_alone(browser, bench):
    tab = Tab(browser, bench)
    tab.go("/")
    page = tab.page
    page.keyboard.press("/")
    page.keyboard.type("老年人")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks?*")
    assert page.locator("mark", has_text="老年人").count() > 0
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips to the content
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('tbody th a')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")
    page.go_back()
    assert page.locator("input[name=text]").last.input_value() == "老年人"
    assert tab.troubles == []
    tab.context.close()


def test_a_click_opens_a_node_out(browser, bench):
    unit = bench.get("/units.json").data["units"][0]
    tab = Tab(browser, bench)
    tab.go("/graph?from=" + quote(unit["id"]) + "&to=" + quote(bench.get("/tasks.json").data["tasks"][-1]["id"]))
    page = tab.page
    page.locator("#found button").first.wait_for()
    before = page.evaluate("zhengling.nodes.length")
    where = (
        "(id) => { const { x, y } = zhengling.network.canvasToDOM(zhengling.network.getPositions([id])[id]); "
        "return [x, y]; }"
    )
    x, y = page.evaluate(where, unit["id"])
    page.locator("#mynetwork canvas").click(position={"x": x, "y": y})
    page.locator("#happened:not(:empty)").wait_for()
    assert page.evaluate("zhengling.nodes.length") > before
    assert page.locator("#details h2").inner_text() == unit["name"]
    boxes = page.evaluate("zhengling.nodes.getIds().map((id) => zhengling.network.getPositions([id])[id])")
    assert len({(box["x"], box["y"]) for box in boxes}) == len(boxes)
    page.get_by_role("button", name="撤回").click()
    assert page.evaluate("zhengling.nodes.length") == before
    page.locator("#details .acts a").first.click()
    page.wait_for_url("**/units/*")
    assert tab.troubles == []
    tab.context.close()


def test_what_is_printed_is_the_page_without_its_knobs(browser, bench, places):
    """On paper: words and colours, two papers side by side; no forms, no ways on, nothing that scrolls."""
    tab = Tab(browser, bench, 820, 1100)
    tab.page.emulate_media(media="print")
    for name in ("/", "/tasks", "/papers/{identity:path}", "/review/{identity:path}", "/comparison", "/coverage"):
        tab.go(places[name])
        assert tab.page.locator("h1").is_visible(), name
        for knobs in (".top", "form", ".pager", ".layers", ".judge", "button"):
            assert not any(one.is_visible() for one in tab.page.locator(knobs).all()), (name, knobs)
    tab.go(places["/papers/{identity:path}"])
    text = tab.page.locator("#text")
    assert text.evaluate("text => text.scrollHeight <= text.clientHeight + 1")
    assert tab.page.locator(".on.unit").first.evaluate("words => getComputedStyle(words).printColorAdjust") == "exact"
    tab.go(places["/comparison"])
    assert tab.page.locator(".pairs tr").first.evaluate("row => getComputedStyle(row).display") == "table-row"
    assert tab.page.pdf()[:4] == b"%PDF" and tab.troubles == []
    tab.context.close()
