"""Who may use the workbench: forms without their token, sessions, roles, tokens of programs, files with evil names; and
the way of a paper from an upload to its page, also where the server is killed."""

from __future__ import annotations

import json
import time
from urllib.parse import quote, urlencode

import pytest
from zhengling.app.web.access import Gate, Users, Who
from zhengling.app.web.application import ACTS, application
from zhengling.app.web.storing import clean
from zhengling.extractors.errors import ZhenglingError

from .workbench import Workbench, serving

FORM = {"Content_Type": "application/x-www-form-urlencoded"}
PAPER = """霁川市人民政府办公室关于印发霁川市窗口服务工作要点的通知

霁政办发〔2023〕71号

各县（区）人民政府：

一、优化窗口服务。市政务服务局牵头，市财政局配合，2023年9月底前完成窗口改造。

霁川市人民政府办公室
2023年3月2日
"""


def token_of(bench: Workbench, path: str) -> str:
    page = bench.get(path)
    if "set-cookie" in page.headers:
        name, _, value = page.headers["set-cookie"].partition(";")[0].partition("=")
        bench.cookies[name] = value
        page = bench.get(path)
    return page.text.partition('name="token" value="')[2].partition('"')[0]


def post(bench: Workbench, path: str, **fields: str):
    return bench.ask("POST", path, urlencode(fields), Origin=bench.address, **FORM)


def enter(bench: Workbench, name: str, password: str):
    reply = post(bench, "/login", token=token_of(bench, "/login"), name=name, password=password)
    if reply.status == 303:
        cookie, _, value = reply.headers["set-cookie"].partition(";")[0].partition("=")
        bench.cookies[cookie] = value
    return reply


@pytest.fixture
def guarded(built, tmp_path):
    """A workbench with users: `anna` reads, `bo` edits."""
    workspace = tmp_path / "w"
    workspace.mkdir()
    for name in ("records", "cache"):
        (workspace / name).symlink_to(built / name)
    users = Users(workspace)
    users.add("anna", "reader", "a long password")
    users.add("bo", "editor", "another long one")
    with serving(workspace) as bench:
        bench.users = users
        yield bench


def test_every_form_without_its_token_is_refused(built):
    with serving(built) as bench:
        token_of(bench, "/upload")
        acts = [*ACTS, "/upload/file", "/upload/form", "/report/ledger"]
        for path in acts:
            for sent in ({}, {"token": "0" * 64}, {"token": "令"}):
                reply = post(bench, path, **sent)
                assert reply.status in (400, 403), (path, reply.status)
        # Another visitor's token is no better.
        token = token_of(bench, "/upload")
        bench.cookies.clear()
        token_of(bench, "/upload")
        assert post(bench, "/upload/read", token=token, addresses="https://example.org/").status == 403
    routes = application(built).routes
    posts = {route.path for route in routes if "POST" in (route.methods or ())}
    assert posts == set(acts)


def test_nothing_is_shown_to_who_has_not_logged_in(guarded):
    assert guarded.get("/tasks").headers["location"].startswith("/login?back=%2Ftasks")
    for path in ("/tasks.json", "/home.json", "/questions/due.csv", "/tasks/x.json"):
        assert guarded.get(path).status == 401, path
    assert guarded.get("/upload/events?job=x", Accept="application/json").status == 401
    assert guarded.ask("POST", "/upload/file", b"x", Origin=guarded.address).status == 401
    assert guarded.get("/assets/style.css").status == 200


def test_roles_sessions_and_tries(guarded):
    reply = enter(guarded, "anna", "a long password")
    assert reply.status == 303 and "HttpOnly" in reply.headers["set-cookie"]
    assert "samesite=lax" in reply.headers["set-cookie"].lower()
    page = guarded.get("/tasks")
    assert page.status == 200 and 'action="/logout"' in page.text and 'href="/upload"' not in page.text
    token = token_of(guarded, "/tasks")
    assert post(guarded, "/upload/read", token=token).status == 403
    guarded.users.remove("anna")  # takes hold at once
    assert guarded.get("/tasks").status == 303
    guarded.users.add("anna", "reader", "a long password")
    assert enter(guarded, "anna", "a long password").status == 303
    assert guarded.get("/tasks").status == 200
    guarded.users.add("anna", "editor", "another password")  # whoever knew the old one is out
    assert guarded.get("/tasks").status == 303
    guarded.cookies.clear()
    for _ in range(5):
        assert enter(guarded, "bo", "wrong password").status == 403
    assert enter(guarded, "bo", "another long one").status == 429
    assert enter(guarded, "nobody", "wrong password").status == 403


def test_a_session_ends_and_a_ticket_is_new_with_each_login(tmp_path):
    now = [0.0]
    users = Users(tmp_path)
    users.add("anna", "admin", "a long password")
    gate = Gate(users, clock=lambda: now[0])
    first, second = gate.enter("anna", "a long password"), gate.enter("anna", "a long password")
    assert first != second and gate.who(first) == gate.who(second) == Who("anna", "admin")
    gate.leave(second)
    assert gate.who(second) is None
    now[0] += 3 * 3600
    assert gate.who(first)
    now[0] += 5 * 3600
    assert gate.who(first) is None
    text = users.path.read_text("utf-8")
    assert "a long password" not in text and first not in text
    assert users.path.stat().st_mode & 0o077 == 0
    for name, password in (
        ("", "a long password"),
        ("x\ny", "a long password"),
        ("bo", "short"),
        ("bobobobobo", "bobobobobo"),
    ):
        with pytest.raises(ZhenglingError):
            users.add(name, "reader", password)


def test_many_tries_at_once_are_as_many_tries(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    users = Users(tmp_path)
    users.add("anna", "reader", "a long password")
    gate = Gate(users)

    def tried(_: int) -> str:
        with pytest.raises(ZhenglingError) as error:
            gate.enter("anna", "wrong password")
        return error.value.code

    with ThreadPoolExecutor(12) as pool:
        codes = list(pool.map(tried, range(12)))
    assert codes.count("login-wrong") == 5 and codes.count("login-wait") == 7


def test_behind_a_server_that_speaks_tls(guarded):
    """It says so by X-Forwarded-Proto; then forms come from https, cookies stay there, and browsers are told to."""
    token_of(guarded, "/login")
    shown = {"X_Forwarded_Proto": "https", "Origin": guarded.address.replace("http", "https")}
    fields = {"token": token_of(guarded, "/login"), "name": "anna", "password": "a long password"}
    reply = guarded.ask("POST", "/login", urlencode(fields), **shown, **FORM)
    assert reply.status == 303 and "secure" in reply.headers["set-cookie"].lower()
    assert reply.headers["strict-transport-security"].startswith("max-age=")
    assert "strict-transport-security" not in guarded.get("/login").headers
    assert guarded.ask("POST", "/login", urlencode(fields), Origin=shown["Origin"], **FORM).status == 403


def test_a_damaged_list_of_users_lets_nobody_in(guarded):
    enter(guarded, "anna", "a long password")
    for damaged in ("{", "[]", '{"anna": {"role": "king"}}', '{"anna": 1}'):
        guarded.users.path.write_text(damaged, "utf-8")
        for path in ("/tasks", "/login", "/tasks.json"):
            reply = guarded.get(path)
            assert reply.status in (200, 409) and "Traceback" not in reply.text, (damaged, path)
            assert path == "/login" or reply.status == 409
        assert enter(guarded, "anna", "a long password").status != 303
    guarded.users.path.unlink()  # and where it is gone, nobody is somebody
    guarded.cookies.clear()


def test_without_users_only_this_machine_comes_in(tmp_path):
    assert Gate(Users(tmp_path)).who("") == Who("", "admin")
    assert Gate(Users(tmp_path), alone=False).who("") is None


def test_programs_show_a_token_that_only_reads(guarded):
    reads, writes = guarded.users.token("bo"), guarded.users.token("bo", write=True)
    for token, status in ((reads, 403), (writes, 400)):
        shown = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        assert guarded.get("/tasks.json", **shown).status == 200
        assert guarded.ask("POST", "/upload/read", "addresses=ftp://x", **shown, **FORM).status == (
            403 if status == 403 else 400
        )
    assert guarded.get("/tasks.json", Authorization="Bearer zl_none", Accept="application/json").status == 401
    assert reads not in guarded.users.path.read_text("utf-8")


def test_users_on_the_command_line(run, tmp_path, monkeypatch):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("a long password\n"))
    assert run("users", "add", "anna", "--role", "admin", "--workspace", tmp_path).status == 0
    listed = run("users", "list", "--workspace", tmp_path)
    assert "anna" in listed.out and "admin" in listed.out
    assert run("users", "token", "anna", "--workspace", tmp_path).out.startswith("zl_")
    assert run("users", "remove", "bo", "--workspace", tmp_path).status == 2
    assert run("users", "remove", "anna", "--workspace", tmp_path).status == 0
    assert "a long password" not in listed.out + listed.err


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/abs/notice.txt", "abs/notice.txt"),
        ("C:\\papers\\notice.txt", "C/papers/notice.txt"),
        ("..\\..\\records\\x.json", "records/x.json"),
        (".hidden", "hidden"),
        ("con.txt", "_con.txt"),
        ("a\x00b\u202etxt.exe", "abtxt.exe"),
        ("通知 1.docx", "通知 1.docx"),
        ("<img src=x onerror=alert(1)>.txt", "img src=x onerror=alert(1).txt"),
    ],
)
def test_names_of_files_lead_nowhere_else(name, kept):
    assert clean(name).as_posix() == kept
    assert not clean(name).is_absolute() and ".." not in clean(name).parts


def test_names_that_are_nothing_or_too_much():
    for name in ("", "...", "/", "\x00", "x/" * 300 + "中" * 4000):
        try:
            assert len(str(clean(name)).encode()) <= 400
        except ZhenglingError as error:
            assert error.code == "upload-name"


def send(bench: Workbench, token: str, name: str, data: bytes):
    shown = {"X_Zhengling_Token": token, "X_Name": quote(name), "Origin": bench.address, "Accept": "application/json"}
    return bench.ask("POST", "/upload/file", data, **shown)


def followed(bench: Workbench, job: str) -> list[dict]:
    reply = bench.get("/upload/events?job=" + job)
    assert reply.headers["content-type"].startswith("text/event-stream")
    lines = [line.removeprefix("data: ") for line in reply.text.splitlines() if line.startswith("data: ")]
    return [json.loads(line) for line in lines][:-1]


def test_from_an_upload_to_its_page(tmp_path):
    workspace = tmp_path / "w"
    evil = "<b onmouseover=alert(1)>通知.txt"
    with serving(workspace) as bench:
        token = token_of(bench, "/upload")
        assert send(bench, token, "a/notice.txt", PAPER.encode()).data == {"kept": "a/notice.txt"}
        assert send(bench, token, "a/notice.txt", PAPER.encode()).data == {"kept": "a/notice.txt"}
        assert send(bench, token, "a/notice.txt", b"other").data == {"kept": "a/notice-2.txt"}
        assert send(bench, token, evil, PAPER.replace("71", "72").encode()).status == 200
        assert send(bench, token, "../../../outside.txt", PAPER.encode()).data == {"kept": "outside.txt"}
        assert send(bench, token, "broken.docx", b"PK\x03\x04 no zip").status == 200
        assert send(bench, token, "large.txt", b"x" * 20_000_001).status == 413
        assert send(bench, token, "", b"x").status == 400
        assert not list((workspace / "cache" / "upload").iterdir())
        assert {p for p in tmp_path.rglob("*") if p.is_file() and workspace not in p.parents} == set()
        began = post(bench, "/upload/read", token=token)
        told = followed(bench, began.headers["location"].partition("job=")[2])
        assert told[-1]["stage"] == "done"
        assert {e["failed"] for e in told if "failed" in e} >= {"broken.docx"}
        assert all(e["why"] and not e["why"].startswith("uploads/") for e in told if "failed" in e)
        document = next(e["document"] for e in told if e.get("read") == "a/notice.txt")
        page = bench.get("/papers/" + quote(document, safe=""))
        assert page.status == 200 and "市政务服务局" in page.text
        for path in ("/papers", "/", "/tasks", began.headers["location"]):
            assert "<b onmouseover" not in bench.get(path).text
        # As a browser without scripts sends it.
        parts = ["--x", 'Content-Disposition: form-data; name="token"', "", token, "--x"]
        parts += [
            'Content-Disposition: form-data; name="files"; filename="../form.txt"',
            "",
            PAPER.replace("71", "73"),
            "--x--",
            "",
        ]
        reply = bench.ask(
            "POST",
            "/upload/form",
            "\r\n".join(parts),
            Origin=bench.address,
            Content_Type="multipart/form-data; boundary=x",
        )
        assert reply.status == 303
        assert any(e.get("read") == "form.txt" for e in followed(bench, reply.headers["location"].partition("job=")[2]))


def test_addresses_that_are_not_public_are_told_and_what_brought_nothing_says_so(tmp_path):
    with serving(tmp_path / "w") as bench:
        began = post(bench, "/upload/read", token=token_of(bench, "/upload"), addresses="http://127.0.0.1:9/x.html")
        told = followed(bench, began.headers["location"].partition("job=")[2])
        (why,) = [event["why"] for event in told if "failed" in event]
        assert "127.0.0.1" in why and "the workbench does not ask there" in why
        assert told[-1]["stage"] == "done" and told[-1]["nothing"]
        page = bench.get(began.headers["location"], Accept_Language="en").text
        assert "Nothing new was read" in page.partition('id="stage">')[2].partition("<")[0]


def shown(bench: Workbench, task: str, unit: str) -> bool:
    """Whether a task's page comes to show a unit that leads it; where the machine has much to do that takes a while."""
    until = time.monotonic() + 60
    while (found := bench.get(f"/tasks/{task}.json").data["lead"][0]["name"]) != unit and time.monotonic() < until:
        time.sleep(0.2)
    return found == unit


def test_what_is_corrected_on_a_page_holds_and_can_be_taken_back(built, tmp_path):
    """From the page to the graph and back, by two people at once; who said what is told."""
    import shutil
    import threading

    workspace = tmp_path / "w"
    shutil.copytree(built, workspace)
    evil = "<script>alert(1)</script>"
    with serving(workspace) as bench:
        task = bench.get("/tasks.json?role=lead").data["tasks"][0]
        unit, token = task["lead"][0]["name"], token_of(bench, "/upload")
        fact = {"document": task["document"], "task": task["name"], "unit": unit, "role": "lead", "token": token}
        came = post(
            bench, "/correct", verb="change", **{"name-to": "县档案馆", "name-was": unit}, why=evil, by="anna", **fact
        )
        assert came.status == 303, came.text
        assert shown(bench, task["id"], "县档案馆")
        page = bench.get("/review/" + quote(task["document"], safe=""))
        assert "anna" in page.text and 'class="fact unit reviewed' in page.text
        said = bench.get("/review.json?queue=said").data["corrections"]
        assert (said[0]["by"], said[0]["verb"], said[0]["status"]) == ("anna", "change", "applied")
        assert evil not in bench.get("/review?queue=said").text
        assert post(bench, "/correct/undo", id=said[0]["id"], by="bo", token=token).status == 303
        assert shown(bench, task["id"], unit)
        # A doubtful link leaves its queue when somebody has said of it.
        link = bench.get("/review.json?queue=links").data["links"][0]
        meant = {"task": link["task"], "upper": link["upper"], "back": "/review?queue=links#f-1"}
        to = post(bench, "/correct", verb="reject", by="bo", token=token, **meant).headers["location"]
        assert to.startswith("/review?queue=links&last=") and to.endswith("#f-1")
        left = bench.get("/review.json?queue=links").data["links"]
        assert all((one["task"], one["upper"]) != (link["task"], link["upper"]) for one in left)
        lineage = bench.get(f"/tasks/{link['task']}.json").data["lineage"]
        assert link["upper"] not in {step["task"] for step in lineage}
        # Two at once: each line is kept.
        told = [{"state": "under-way", "note": evil}, {"note": "第二条", "next_report": "2030-01-01"}]
        replies = []
        sent = [
            threading.Thread(
                target=lambda one=one: replies.append(post(bench, "/progress", task=task["id"], token=token, **one))
            )
            for one in told
        ]
        for one in sent:
            one.start()
        for one in sent:
            one.join()
        assert [reply.status for reply in replies] == [303, 303]
        bench.get("/")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            now = bench.get(f"/tasks/{task['id']}.json").data
            if len(now["notes"]) == 2 and now["next_report"]:
                break
            time.sleep(0.2)
        assert (now["state"], now["next_report"]) == ("under-way", "2030-01-01")
        assert {note.get("text") for note in now["notes"]} == {evil, "第二条"}
        assert evil not in bench.get(f"/tasks/{task['id']}").text
        assert post(bench, "/correct", verb="drop", token=token).status == 400
        assert post(bench, "/progress", task=task["id"], state="no-state", token=token).status == 400
