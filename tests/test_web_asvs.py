"""What docs/security.md says of the workbench by the points of OWASP ASVS, level 1, where no other test holds it: what
every answer says and does not say, the log, passwords, sessions, values of addresses."""

from __future__ import annotations

import json
import logging
import re
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
from zhengling.app.web.access import Gate, Users

from .conftest import ROOT
from .test_web_access import enter, post, token_of
from .workbench import serving

_NAMED = re.compile(r"`(tests/\w+\.py)`")


@pytest.fixture(scope="module")
def bench(built):
    with serving(built) as bench:
        yield bench


@pytest.fixture
def guarded(built, tmp_path):
    (tmp_path / "w").mkdir()
    for name in ("records", "cache"):
        (tmp_path / "w" / name).symlink_to(built / name)
    Users(tmp_path / "w").add("anna", "reader", "a long password")
    with serving(tmp_path / "w") as bench:
        yield bench


def test_each_point_names_a_test_that_is_there():
    table = (ROOT / "docs" / "security.md").read_text("utf-8").partition("OWASP ASVS")[2]
    rows = [line for line in table.splitlines() if re.match(r"\| \d", line)]
    assert len(rows) > 45
    for row in rows:
        last = row.rstrip("| ").rpartition("|")[2]
        named = _NAMED.findall(last)
        assert named or "by reading" in last or "not met" in row, row
        assert all((ROOT / name).is_file() for name in named), row


def test_what_every_answer_says_and_does_not_say(bench):
    """14.3.2, 14.3.3, 14.4.1, 14.4.3 to 14.4.7, 14.5.3, 8.2.1, 13.1.1, 13.2.1, 4.3.2."""
    addresses = ("/", "/tasks", "/tasks.json", "/units.csv", "/none", "/tasks/none.json", "/report/calendar.ics")
    for address in addresses:
        reply = bench.get(address, Origin="http://evil.example", Accept_Language="en")
        said = reply.headers
        assert not {"server", "x-powered-by"} & set(said) and "uvicorn" not in reply.text.lower(), address
        assert not [name for name in said if name.startswith("access-control")], address
        assert said["x-content-type-options"] == "nosniff" and said["x-frame-options"] == "DENY", address
        assert said["referrer-policy"] == "same-origin" and said["cache-control"] == "no-store", address
        kind = said["content-type"]
        assert kind == "application/json" or "charset=utf-8" in kind, (address, kind)
        policy = said["content-security-policy"]
        assert "unsafe" not in policy and "http" not in policy and "frame-ancestors 'none'" in policy
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"):
        assert bench.ask(method, "/tasks", "", Origin=bench.address).status in (403, 405), method
    for name in ("", "..%2Faccess.py", "../access.py", "base.html", "style.css/"):
        assert bench.get("/assets/" + name).status in (404, 307, 405), name


def test_values_of_addresses_are_only_values(bench):
    """5.1.1 to 5.1.4, 5.3.4, 5.3.5."""
    for text in ("' OR 1=1 --", '" OR ""="', "%' UNION SELECT 1 --", "x') OR ('1'='1"):
        for name in ("text", "region", "unit", "document", "state", "level"):
            found = bench.get(f"/tasks.json?{name}={quote(text)}")
            assert found.status in (200, 400, 404), (name, text)
            if found.status == 200:
                assert found.data["total"] == 0, (name, text)
            else:
                assert text in json.dumps(found.data, ensure_ascii=False).replace('\\"', '"'), "told as it was written"
    whole = bench.get("/tasks.json").data
    strange = "sort=" + quote("t.n; DROP TABLE task") + "&columns=password&size=100000&page=-3&chain=none&role="
    assert bench.get("/tasks.json?" + strange).data == whole
    assert bench.get("/tasks?text=" + "x" * 60_000).status in (200, 400, 414)


def test_the_log_tells_of_nobody(guarded):
    """7.1.1, 7.1.2."""
    told: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record.getMessage())

    log, kept = logging.getLogger("zhengling.access"), Kept()
    before = log.level
    log.setLevel(logging.INFO)
    log.addHandler(kept)
    try:
        guarded.get("/tasks?text=" + quote("秘密"))
        assert enter(guarded, "anna", "not the password").status == 403
        assert enter(guarded, "anna", "a long password").status == 303
        guarded.get("/tasks?text=" + quote("秘密"))
    finally:
        log.removeHandler(kept)
        log.setLevel(before)
    whole = "\n".join(told)
    assert "GET /tasks 200" in whole and "POST /login 403" in whole
    secrets = ["anna", "password", "秘密", quote("秘密"), "127.0.0.1", *guarded.cookies.values()]
    assert [one for one in secrets if one in whole] == []


def test_passwords_of_any_characters_are_whole(tmp_path):
    """2.1.1 to 2.1.4; 6.2.1: who is nobody gets the answer of who is wrong."""
    users = Users(tmp_path)
    password = "口令 with ␣ and 🙂 " + "x" * (128 - len("口令 with ␣ and 🙂 "))
    users.add("anna", "reader", password)
    assert users.password("anna", password)
    assert not users.password("anna", password[:-1] + "y") and not users.password("anna", password[:-1])
    assert not users.password("bo", password)


def test_a_session_lasts_no_longer_than_twelve_hours(tmp_path):
    """3.3.2, though it is used all the time."""
    now = [0.0]
    users = Users(tmp_path)
    users.add("anna", "reader", "a long password")
    gate = Gate(users, clock=lambda: now[0])
    ticket = gate.enter("anna", "a long password")
    for _ in range(5):
        now[0] += 2.3 * 3600
        assert gate.who(ticket)
    now[0] += 2.3 * 3600
    assert gate.who(ticket) is None


def test_login_tells_nothing_and_carries_no_ticket_in_addresses(guarded):
    """3.1.1, 3.4.1 to 3.4.5, 6.2.1."""
    wrong, nobody = enter(guarded, "anna", "wrong password"), enter(guarded, "nobody", "wrong password")
    assert wrong.status == nobody.status == 403
    assert re.sub("token.*", "", wrong.text) == re.sub("token.*", "", nobody.text)
    reply = enter(guarded, "anna", "a long password")
    cookie = reply.headers["set-cookie"]
    ticket = cookie.partition("=")[2].partition(";")[0]
    assert "Path=/" in cookie and "HttpOnly" in cookie and "max-age" not in cookie.lower()
    page = guarded.get("/tasks")
    assert ticket not in reply.headers["location"] and ticket not in page.text
    guarded_ticket = dict(guarded.cookies)
    assert post(guarded, "/logout", token=token_of(guarded, "/tasks")).status == 303
    guarded.cookies |= guarded_ticket
    assert guarded.get("/tasks").status == 303  # the old ticket opens nothing


def test_a_ledger_is_taken_only_as_it_was_shown(built, tmp_path):
    """11.1.1 to 11.1.5."""
    shutil.copytree(built, tmp_path / "w")
    with serving(tmp_path / "w") as bench:
        token = token_of(bench, "/report")
        lines = bench.get("/report/ledger.xlsx").body
        head = f'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n--x\r\n'
        head += 'Content-Disposition: form-data; name="ledger"; filename="../../l.xlsx"\r\n\r\n'
        sent = bench.ask("POST", "/report/ledger", head.encode() + lines + b"\r\n--x--\r\n", Origin=bench.address,
                         Content_Type="multipart/form-data; boundary=x")  # fmt: skip
        assert sent.status == 303, sent.text
        key = sent.headers["location"].partition("file=")[2]
        taken = post(bench, "/report/take", file=key, sum="0" * 32, token=token)
        assert taken.status == 303 and "moved=yes" in taken.headers["location"]
        assert not list(Path(tmp_path / "w").glob("corrections/*"))
