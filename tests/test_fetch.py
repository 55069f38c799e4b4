"""`fetch` against a real server on loopback."""

from __future__ import annotations

import csv
import gzip
import signal
import socket
import subprocess
import sys
import threading
import time
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhengling.app import fetch as fetching
from zhengling.app.fetch import fetch, is_public, safe_name
from zhengling.graph.workspace.workspace import Workspace

from .programs import start

NOTICE = """枫浦县人民政府办公室关于印发枫浦县2024年便民服务任务分解表的通知
枫政办字〔2024〕7号
各乡镇人民政府，县政府各部门：
现将《枫浦县2024年便民服务任务分解表》印发给你们，请认真贯彻落实。
附件：枫浦县2024年便民服务任务分解表
枫浦县人民政府办公室
2024年3月5日""".splitlines()
TABLE = "\n".join(
    ["枫浦县2024年便民服务任务分解表", "", "序号\t工作任务\t工作要求\t责任单位\t完成时限"]
    + [f"{n}\t任务{n}\t完成第{n}处便民服务站的建设并对外开放。\t县民政局\t2024年{n}月底前" for n in range(1, 7)]
)
PAGE = (
    '<html><head><meta charset="{}"><title>通知</title></head>'
    '<body><div class="nav"><a href="/menu.doc">菜单.doc</a></div>'
    '<div class="content">{}<p>附件：<a href="{}">{}</a></p></div></body></html>'
)


class Site:
    """What the server answers: path → function of the handler."""

    def __init__(self) -> None:
        self.answers: dict = {}
        self.asked: list[tuple[str, str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path != "/robots.txt":
                    site.asked.append((self.path, self.headers["Host"], self.headers["User-Agent"]))
                answer = site.answers.get(self.path.partition("?")[0])
                if callable(answer):
                    answer(self)
                elif answer is None:
                    self.send_error(404)
                else:
                    data, headers = answer
                    self.send_response(200)
                    for name, value in {"Content-Length": str(len(data)), **headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(data)

            def log_message(self, *words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def redirect(self, path: str, to: str) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(302)
            handler.send_header("Location", to)
            handler.end_headers()

        self.answers[path] = answer


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(fetching, "PAUSE", 0)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    text = "".join(f"<p>{line}</p>" for line in NOTICE)
    page = PAGE.format("gb2312", text, "/files/P0123.txt?name=x.doc", "附件：枫浦县2024年便民服务任务分解表.doc")
    site.answers["/art/7.html"] = page.encode("gb18030"), {"Content-Type": "text/html; charset=GBK"}
    name = "任务分解表.txt".encode("gb18030").decode("latin-1")
    site.answers["/files/P0123.txt"] = TABLE.encode(), {"Content-Disposition": f'attachment; filename="{name}"'}
    yield site
    site.server.shutdown()
    site.server.server_close()


def rows(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "sources.csv").open(encoding="utf-8")))


def test_a_page_and_its_attachment_become_one_paper(site, tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("fetch", site.url + "/art/7.html", "--out", "kept", "--private")
    assert (done.status, done.err) == (0, "kept: 2 files there, 0 failed\n")
    assert sorted(p.name for p in Path("kept").iterdir()) == ["7.html", "sources.csv", "任务分解表.txt"]
    assert Path("kept/7.html").read_bytes() == site.answers["/art/7.html"][0]  # bytes as they came
    page, file = sorted(rows(tmp_path / "kept"), key=lambda row: row["file"])
    assert (page["url"], page["attachment_of"], page["charset"]) == (site.url + "/art/7.html", "", "GBK")
    assert (file["url"], file["attachment_of"]) == (site.url + "/files/P0123.txt?name=x.doc", "7.html")
    assert page["date"] == file["date"] == time.strftime("%Y-%m-%d")
    assert all("Zhengling" in agent for _, _, agent in site.asked)
    assert [path for path, _, _ in site.asked] == ["/art/7.html", "/files/P0123.txt?name=x.doc"]  # not the menu's
    done = run("build", "kept")
    assert done.status == 0
    assert "kept/任务分解表.txt: read as an attachment of kept/7.html" in done.err
    (record,) = Workspace("zhengling-workspace").records()
    assert (record.document.number, record.document.date) == ("枫政办字〔2024〕7号", "2024-03-05")
    assert [t.units[0].name for t in record.tasks] == ["县民政局"] * 6


def test_again_only_what_changed_is_written(site, tmp_path):
    def again(today: str) -> list[str]:
        kept = fetch([site.url + "/art/7.html"], tmp_path, private=True, failed=fail, today=today)
        return [k.state for k in kept]

    def fail(url: str, error: Exception) -> None:
        raise error

    assert again("2024-05-01") == ["new", "new"]
    before = (tmp_path / "任务分解表.txt").stat().st_mtime_ns
    assert again("2024-05-02") == ["same", "same"]
    assert (tmp_path / "任务分解表.txt").stat().st_mtime_ns == before
    assert {row["date"] for row in rows(tmp_path)} == {"2024-05-01"}
    site.answers["/files/P0123.txt"] = TABLE.replace("民政", "财政").encode(), {}
    assert again("2024-05-03") == ["same", "changed"]
    assert {row["file"]: row["date"] for row in rows(tmp_path)} == {
        "7.html": "2024-05-01",
        "任务分解表.txt": "2024-05-03",
    }
    # What the user wrote into the list, and files of the folder that are not ours, stay.
    (tmp_path / "sources.csv").write_text(
        "file,url,note\n7.html," + site.url + "/art/7.html,mine\n../x.txt,u,n\n", "utf-8"
    )
    (tmp_path / "P0123.txt").write_text("mine", "utf-8")
    assert again("2024-05-04") == ["same", "new"]
    assert (tmp_path / "P0123.txt").read_text("utf-8") == "mine"
    assert {row["file"]: row["note"] for row in rows(tmp_path)} == {
        "7.html": "mine",
        "../x.txt": "n",
        "P0123-2.txt": "",
    }


def test_private_addresses_are_refused_at_each_hop(site, tmp_path, run, monkeypatch):
    done = run("fetch", site.url + "/art/7.html", "--out", tmp_path / "out")
    assert done.status == 1
    assert "127.0.0.1, which is not of the public network" in done.err
    assert site.asked == []
    for address in ("http://localhost:1/", "http://[::1]:1/", "http://169.254.169.254/latest", "http://0.0.0.0:1/"):
        assert run("fetch", address, "--out", tmp_path / "out").status == 1
    # A public name that leads on to a private address.
    real = socket.getaddrinfo

    def found(host, port, *more, **rest):
        host = host.decode() if isinstance(host, bytes) else host
        return real("127.0.0.1" if host == "site.example" else host, port, *more, **rest)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr("zhengling.app.fetch.is_public", lambda a: a == "127.0.0.1")
    port = site.server.server_port
    site.redirect("/away", "http://10.0.0.8/secret")
    done = run("fetch", f"http://site.example:{port}/away", "--out", tmp_path / "out")
    assert done.status == 1
    assert "leads to 10.0.0.8" in done.err
    assert site.asked[-1][:2] == ("/away", f"site.example:{port}")  # the name is told, the address connected to
    site.redirect("/file", "file:///etc/passwd")
    done = run("fetch", f"http://site.example:{port}/file", "--out", tmp_path / "out")
    assert (done.status, "is no address of a web page" in done.err) == (1, True)


def test_a_name_is_looked_up_once_and_connected_to_as_looked_up(site, tmp_path, monkeypatch):
    asked: list[str] = []
    real = socket.getaddrinfo

    def found(host, port, *more, **rest):
        host = host.decode() if isinstance(host, bytes) else host
        if host != "rebind.example":
            return real(host, port, *more, **rest)
        asked.append(host)
        # First an address that may be connected to, afterwards another.
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.9", port, *more, **rest)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr("zhengling.app.fetch.is_public", lambda a: a == "127.0.0.1")
    failed: list[str] = []
    url = f"http://rebind.example:{site.server.server_port}/files/P0123.txt"
    kept = fetch([url], tmp_path, failed=lambda url, error: failed.append(url))
    assert (len(kept), failed, asked) == (1, [], ["rebind.example"])


def test_time_size_redirects_and_answers_are_bounded(site, tmp_path, run):
    site.redirect("/circle", "/circle")
    site.answers["/large"] = b"x" * 5000, {}

    def endless(handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(500):
            handler.wfile.write(b"y" * 100)

    def slow(handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(300):  # never silent for long, never done
            handler.wfile.write(b"z")
            time.sleep(0.1)

    site.answers["/endless"], site.answers["/slow"], site.answers["/empty"] = endless, slow, (b"", {})
    paths = ["circle", "large", "endless", "slow", "nothing", "empty", "files/P0123.txt"]
    words = [f"{site.url}/{p}" for p in paths]
    done = run("fetch", *words, "--out", tmp_path, "--private", "--max-bytes", "2000", "--timeout", "2")
    assert done.status == 1
    said = [line for line in done.err.splitlines() if line.startswith("zhengling: ")]
    for path, line, end in zip(
        paths[:-1],
        said,
        [
            "leads on more than 5 times",
            "larger than 2,000 bytes",
            "larger than 2,000 bytes",
            "2 seconds",
            "404",
            "empty",
        ],
        strict=True,
    ):
        assert f"/{path}" in line
        assert end in line
    assert sorted(p.name for p in tmp_path.iterdir()) == ["sources.csv", "任务分解表.txt"]  # nothing half-written


def test_what_servers_pack(site, tmp_path, run):
    """Nothing packed is asked for; what is packed all the same is unpacked within the limit."""
    page = site.answers["/art/7.html"][0]
    once, twice = gzip.compress(bytes(50_000_000)), gzip.compress(gzip.compress(bytes(200_000_000)))
    site.answers |= {
        "/good": (gzip.compress(page), {"Content-Encoding": "gzip", "Content-Type": "text/html"}),
        "/deflated": (zlib.compress(page), {"Content-Encoding": "deflate"}),
        "/bomb": (once, {"Content-Encoding": "gzip"}),
        "/bombs": (twice, {"Content-Encoding": "gzip, gzip"}),
        "/cut": (gzip.compress(page)[:200], {"Content-Encoding": "gzip"}),
        "/short": (page, {"Content-Length": str(len(page) + 9)}),
    }
    site.redirect("/port", "http://127.0.0.1:99999/")
    words = ["bomb", "bombs", "cut", "short", "port", "good", "deflated"]
    done = run("fetch", *(f"{site.url}/{w}" for w in words), "--out", tmp_path, "--private")
    said = [line for line in done.err.splitlines() if line.startswith("zhengling: ")]
    assert (done.status, len(said), done.err.count("unexpected")) == (1, 5, 0)
    for line, end in zip(
        said, ["larger than", "gzip, gzip", "gzip", "complete message", "no address of a web page"], strict=True
    ):
        assert end in line
        assert line.count("http://") == 1
    assert (tmp_path / "good.html").read_bytes() == (tmp_path / "deflated.html").read_bytes() == page


def test_more_attachments_than_are_taken_are_said(site, tmp_path, run, monkeypatch):
    monkeypatch.setattr("zhengling.app.fetch.ATTACHMENTS", 2)
    links = "".join(f'<a href="{n}/fj.doc">{n}.doc</a>' for n in range(3))
    site.answers["/page"] = f"<html><body><p>附件</p>{links}</body></html>".encode(), {}
    site.answers |= {f"/{n}/fj.doc": (TABLE.encode(), {}) for n in range(3)}
    done = run("fetch", site.url + "/page", "--out", tmp_path, "--private")
    assert (done.status, "links to 3 files; only the first 2 were taken" in done.err) == (1, True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["fj-2.doc", "fj.doc", "page.html", "sources.csv"]
    # A spreadsheet saved the list in GBK; one that no program can read stops nothing else.
    text = (tmp_path / "sources.csv").read_text("utf-8").replace("file,", "file,备注,", 1).replace("\n", "\n,", 0)
    (tmp_path / "sources.csv").write_text(text, "gb18030")
    assert run("fetch", site.url + "/0/fj.doc", "--out", tmp_path, "--private").status == 0
    assert "备注" in (tmp_path / "sources.csv").read_text("utf-8")
    (tmp_path / "sources.csv").write_text('file,url\n"' + "x" * 200_000 + '",', "utf-8")
    done = run("fetch", site.url + "/0/fj.doc", "--out", tmp_path, "--private")
    assert (done.status, "no list of sources" in done.err) == (1, True)
    assert "no list of sources" in run("build", tmp_path, "--workspace", tmp_path / "w").err


def test_names_of_addresses_in_either_encoding(site, tmp_path, run):
    for encoding, name in (("gb18030", "附件一"), ("utf-8", "附件二")):
        coded = quote(f"{name}.doc".encode(encoding))
        site.answers[f"/{coded}"] = f"{name}\n{TABLE}".encode(), {}
        assert run("fetch", f"{site.url}/{coded}", "--out", tmp_path, "--private").status == 0
        assert (tmp_path / f"{name}.doc").exists()


def test_an_interrupt_ends_a_fetch_at_once(site, tmp_path):
    site.answers["/silent"] = lambda handler: time.sleep(30)
    code = "import sys; from zhengling.app.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", code, "fetch", site.url + "/silent", "--out", str(tmp_path / "o"), "--private"]
    process = start(words, stderr=subprocess.PIPE, start_new_session=True)
    while not site.asked:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)  # the server is silent for longer
    assert process.returncode == 130


def test_unreachable_hosts_and_wrong_addresses(tmp_path, run):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = run("fetch", f"http://127.0.0.1:{port}/", "--out", tmp_path, "--private")
    assert (done.status, f"http://127.0.0.1:{port}/ cannot be reached" in done.err) == (1, True)
    for word in ("ftp://a.example/x", "x.html", "file:///etc/passwd", "http://", "http://[::1", "http://a:99999"):
        assert run("fetch", word, "--out", tmp_path).status == 2
        assert "不是网页地址" in run("fetch", word, "--out", tmp_path, lang="zh").err
    assert run("fetch", "http://a.example", "--out", " ").status == 2
    (tmp_path / "sources.csv").write_text("a,b\n1,2\n", "utf-8")
    done = run("fetch", f"http://127.0.0.1:{port}/", "--out", tmp_path, "--private")
    assert (done.status, "no list of sources" in done.err) == (1, True)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("240e:1::1", True),
        ("127.0.0.1", False),
        ("10.1.1.1", False),
        ("192.168.1.1", False),
        ("172.16.0.1", False),
        ("100.64.0.1", False),
        ("169.254.1.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("::7f00:1", False),
        ("fec0::1", False),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(address) is public


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_stays_in_its_folder(name):
    safe = safe_name(name)
    assert Path(safe).name == safe == safe_name(safe)
    assert safe not in ("", ".", "..")
    assert safe[0] not in ".=+-@~$"
    assert len(safe.encode()) <= 120
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(c) for c in safe}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\a.doc", "a.doc"),
        ("附件1.doc\n.exe", "附件1.doc_.exe"),
        ("con.txt", "_con.txt"),
        ("=1+1.xls", "1+1.xls"),
        ("", "page"),
    ],
)
def test_names_are_made_safe(name, safe):
    assert safe_name(name) == safe


def test_what_robots_txt_keeps_is_not_asked_for(site, tmp_path, run):
    site.answers["/robots.txt"] = b"User-agent: *\nDisallow: /files/\n", {"Content-Type": "text/plain"}
    done = run("fetch", site.url + "/art/7.html", "--out", tmp_path, "--private")
    assert (done.status, "robots.txt" in done.err) == (1, True)
    assert [path for path, _, _ in site.asked] == ["/art/7.html"]
    site.answers["/robots.txt"] = b"User-agent: zhengling\nDisallow: /\n", {}
    site.asked.clear()
    assert run("fetch", site.url + "/art/7.html", "--out", tmp_path, "--private").status == 1
    assert site.asked == []


def test_a_broken_robots_txt_keeps_nothing(site, tmp_path, run):
    site.answers["/robots.txt"] = b"\xff\x00" * 400_000, {}
    assert run("fetch", site.url + "/art/7.html", "--out", tmp_path, "--private").status == 0


def test_a_host_is_left_alone_between_two_requests(site, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "PAUSE", 0.4)
    began = time.monotonic()
    kept = fetch([site.url + "/art/7.html"], tmp_path, private=True, failed=lambda url, error: None)
    assert len(kept) == 2
    assert time.monotonic() - began > 0.8  # robots.txt, the page, its attachment


def test_private_opens_only_what_was_named(site, tmp_path, run):
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.5)
        address = f"http://127.0.0.1:{other.getsockname()[1]}/"
        site.redirect("/away", address)
        site.answers["/page"] = f'<div><p>{NOTICE[0]}</p><a href="{address}x.doc">附件.doc</a></div>'.encode(), {}
        for path in ("/away", "/page"):
            done = run("fetch", site.url + path, "--out", tmp_path, "--private")
            assert (done.status, "--private" in done.err or "127.0.0.1" in done.err) == (1, True)
        with pytest.raises(TimeoutError):
            other.accept()


@pytest.mark.parametrize(
    "charset", ["=cmd|' /C calc'!A0", "+1", "no-such-charset", "x" * 500, "utf-8\u202e", "@SUM(1)"]
)
def test_what_a_server_says_of_its_characters_is_the_name_of_an_encoding_or_nothing(site, tmp_path, run, charset):
    head = {"Content-Type": f'text/html; charset="{charset}"'.encode().decode("latin-1")}
    site.answers["/p.html"] = site.answers["/art/7.html"][0], head
    assert run("fetch", site.url + "/p.html", "--out", tmp_path, "--private").status in (0, 1)
    assert [row["charset"] for row in rows(tmp_path) if row["url"].endswith("p.html")] == [""]


def test_a_password_in_an_address_is_kept_and_told_nowhere(site, tmp_path, run):
    named = site.url.replace("http://", "http://clerk:secret99@")
    done = run("fetch", named + "/art/7.html", named + "/nowhere", "--out", tmp_path, "--private")
    assert done.status == 1
    texts = [done.out, done.err, *(path.read_bytes().decode("latin-1") for path in tmp_path.iterdir())]
    assert not [text for text in texts if "secret99" in text]


# --- servers that break off, and that lie about what they send --------------------------------------------------------

_PAGE = "<html><body><p>枫浦县人民政府关于护林的通知</p></body></html>".encode()
BROKEN = {
    "nothing": b"",
    "half a line": b"HTTP/1.1 20",
    "half the head": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
    "half the body": b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + _PAGE,
    "no body at all": b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
    "a chunk cut off": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" + _PAGE,
    "no last chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<htm\r\n",
    "no chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<html>\r\n0\r\n\r\n",
    "a chunk of all": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n<html>",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\n" + _PAGE,
    "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + _PAGE,
    "a length in words": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" + _PAGE,
    "a length of all": b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 30 + b"\r\n\r\n" + _PAGE,
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "a head without end": b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 2_000_000,
    "a status of its own": b"HTTP/1.1 999 \x1b[2J\r\nContent-Length: 0\r\n\r\n",
    "a redirect to nowhere": b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n",
    "a redirect without place": b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
}


@pytest.fixture
def raw() -> Iterator[dict[str, bytes]]:
    """Bytes that a server sends to each that asks, then hangs up."""
    sent: dict[str, bytes] = {"bytes": b""}
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            with link:
                asked = link.recv(65_536)
                robots = b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"
                with suppress(OSError):
                    link.sendall(robots if b"/robots.txt" in asked else sent["bytes"])

    threading.Thread(target=serve, daemon=True).start()
    sent["url"] = f"http://127.0.0.1:{listener.getsockname()[1]}/a.html".encode()
    yield sent
    listener.close()


def test_a_download_that_breaks_off_leaves_what_was_there(raw, tmp_path, run):
    url = raw["url"].decode()
    raw["bytes"] = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(_PAGE) + _PAGE
    assert run("fetch", url, "--out", tmp_path, "--private").status == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for name, data in BROKEN.items():
        raw["bytes"] = data
        done = run("fetch", url, "--out", tmp_path, "--private", "--timeout", "10")
        said = [line for line in done.err.splitlines() if line.startswith("zhengling: ")]
        assert (done.status, len(said), "unexpected" in done.err, "\x1b" in done.err) == (1, 1, False, False), (
            name,
            said,
        )
        assert url in said[0], name
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before, name


def test_no_more_is_taken_than_was_said(raw, tmp_path, run):
    """What comes behind the end is no part of the page, nor of the next answer."""
    raw["bytes"] = (
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(_PAGE) + _PAGE + b"HTTP/1.1 200 OK\r\n\r\nmore"
    )
    assert run("fetch", raw["url"].decode(), "--out", tmp_path, "--private").status == 0
    assert (tmp_path / "a.html").read_bytes() == _PAGE
