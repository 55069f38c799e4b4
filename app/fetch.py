"""`fetch`: keeps web pages and their attachments as sources, with `sources.csv` beside them.

Addresses are looked up here and connected to as looked up, so that a name can not mean one address when it is checked
and another when it is used. Proxies of the environment are not asked: they would look names up themselves.
"""

from __future__ import annotations

import asyncio
import codecs
import csv
import hashlib
import io
import ipaddress
import re
import socket
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from email.message import Message
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urljoin
from urllib.robotparser import RobotFileParser

from ..extractors import rules
from ..extractors.errors import PaperError, ZhenglingError
from ..extractors.files.decode import decode
from ..extractors.files.kinds import OTHER_ARCHIVES, is_text, suffix_of
from ..extractors.limits import Settings
from ..graph.workspace.sources import LIST
from .writing import write

if TYPE_CHECKING:
    import httpx

#: So many times is a page followed to another address, so many attachments of a page are kept.
REDIRECTS, ATTACHMENTS = 5, 100
#: Seconds between two requests to a host.
PAUSE = 1.0
_ROBOTS = 500_000  # bytes of robots.txt that are read (RFC 9309 asks for no more)
_Place = tuple[str, int]  # host and port
#: Columns of `sources.csv`, others stay as they are: `date` is the day on which the file came as it is.
COLUMNS = ("file", "url", "date", "attachment_of", "charset")
KINDS = ("doc", "docx", "xls", "xlsx", "pdf", "wps", "et", "ofd", "odt", "ods", "rtf", "zip", "rar", "7z")
_FILE = re.compile(rf"\.(?:{'|'.join(KINDS)})(?=$|[\s)）】\]])", re.I)
_BAD = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff<>:\"/\\|?*%#]+")
_NAMELESS = {"con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(1, 10))}


@dataclass(slots=True)
class Kept:
    """A file of the folder: `state` is `new`, `changed` or `same`; `notice` the page that it is attached to."""

    file: str
    url: str
    state: str
    notice: str = ""


@dataclass(slots=True)
class _Response:
    url: str
    data: bytes
    type: str
    charset: str
    name: str


def fetch(
    urls: Iterable[str],
    out: Path,
    *,
    private: bool = False,
    settings: Settings | None = None,
    failed: Callable[[str, Exception], None],
    today: str | None = None,
) -> list[Kept]:
    """Keep pages (or files) and what they attach in the folder `out`. Gives what is there now of them, in order; what
    could not be had goes to `failed`, and what was there of it stays.

    What a host's robots.txt keeps from programs is not asked for, and between two requests to a host there is a pause.
    `private` allows the hosts of `urls` to have addresses that are not of the public network, and no others (to which a
    page links, or one is sent on). Raises `ZhenglingError` for an address that is not http or https, for a
    `sources.csv` that is none of ours, and where httpx or lxml is not installed.
    """
    try:
        import httpx
    except ImportError as error:
        raise ZhenglingError("missing-extra", 1, extra="fetch", package="httpx") from error
    urls = list(dict.fromkeys(urls))
    for url in urls:
        try:
            good = _is_page(httpx.URL(url))
        except (httpx.InvalidURL, ValueError):
            good = False
        if not good:
            raise ZhenglingError("fetch-address", 2, url=url)
    out.mkdir(parents=True, exist_ok=True)
    work = _FetchRun(out, private, settings or Settings(), failed, today or date.today().isoformat())
    # In a thread of its own: a notebook has a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(asyncio.run, work.run(urls))
        try:
            done.result()
        except BaseException:
            work.stop()
            raise
    return work.kept


class _FetchRun:
    def __init__(
        self, out: Path, private: bool, settings: Settings, failed: Callable[[str, Exception], None], today: str
    ) -> None:
        self.out, self.settings, self.failed, self.today = out, settings, failed, today
        self.private: set[_Place] | None = set() if private else None  # what was named
        self._robots: dict[str, RobotFileParser] = {}
        self._last: dict[str, float] = {}  # host → when it was asked last
        self._looked_up: dict[_Place, list[str]] = {}
        self.rows = _rows(out / LIST)
        self.kept: list[Kept] = []
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[None]] | None = None

    async def run(self, urls: list[str]) -> None:
        task = asyncio.ensure_future(self.all(urls))
        self._running = asyncio.get_running_loop(), task
        with suppress(asyncio.CancelledError):
            await task

    def stop(self) -> None:
        """Ends what another thread runs; what was kept so far stays."""
        if self._running:
            loop, task = self._running
            with suppress(RuntimeError):  # it is over already
                loop.call_soon_threadsafe(task.cancel)

    async def all(self, urls: list[str]) -> None:
        import httpx

        if self.private is not None:
            self.private |= {_place(httpx.URL(url)) for url in urls}
        async with httpx.AsyncClient(
            follow_redirects=False,
            trust_env=False,
            timeout=self.settings.timeout,
            headers={"User-Agent": _agent(), "Accept-Encoding": "identity"},
            limits=httpx.Limits(max_keepalive_connections=0),
        ) as client:
            for url in urls:
                answer = await self._try(client, url)
                if answer is None:
                    continue
                page = self._keep(url, answer, "")
                found = self._links(answer)
                if len(found) > ATTACHMENTS:
                    error = ZhenglingError("fetch-more", 1, url=url, count=len(found), limit=ATTACHMENTS)
                    self.failed(url, error)
                for link in found[:ATTACHMENTS]:
                    if link not in urls:
                        attached = await self._try(client, link)
                        if attached is not None:
                            self._keep(link, attached, page)

    async def _try(self, client: httpx.AsyncClient, url: str) -> _Response | None:
        try:
            async with asyncio.timeout(self.settings.timeout):
                return await self._get(client, url)
        except TimeoutError:
            self._fail(url, ZhenglingError("fetch-slow", 1, url=url, seconds=self.settings.timeout))
        except ZhenglingError as error:
            self._fail(url, error)
        except Exception as error:  # whatever a server makes of the library, the other addresses are asked
            reason = str(error) or type(error).__name__
            self._fail(url, ZhenglingError("fetch-failed", 1, url=url, reason=reason))
        return None

    def _fail(self, url: str, error: ZhenglingError) -> None:
        """Tell what could not be had, without the password that an address may hold."""
        plain = public_address(url)
        self.failed(plain, ZhenglingError(error.code, error.status, **{**error.values, "url": plain}))

    async def _get(self, client: httpx.AsyncClient, url: str) -> _Response:
        import httpx

        here = httpx.URL(url)
        for _ in range(REDIRECTS + 1):
            if not await self._may_ask(client, here):
                raise ZhenglingError("fetch-robots", 1, url=url)
            response = await self._ask(client, here)
            try:
                if response.is_redirect:
                    here = here.join(response.headers["location"])
                    continue
                if response.status_code != 200:
                    raise ZhenglingError("fetch-status", 1, url=url, answer=response.status_code)
                data = await self._body(response, url)
                kind = Message()
                kind["content-type"] = response.headers.get("content-type", "")
                name = _disposition(_raw(response))
                charset = _charset(str(kind.get_param("charset", "") or ""))
                return _Response(str(here), data, kind.get_content_type(), charset, name)
            finally:
                await response.aclose()
        raise ZhenglingError("fetch-redirects", 1, url=url, count=REDIRECTS)

    async def _may_ask(self, client: httpx.AsyncClient, url: httpx.URL) -> bool:
        """Whether the host's robots.txt lets programs have an address; where there is none, or none that can be had, it
        does."""
        if not _is_page(url):
            raise ZhenglingError("fetch-address", 1, url=str(url))
        host = f"{url.scheme}://{url.netloc.decode('ascii')}"
        rules = self._robots.get(host)
        if rules is None:
            rules = self._robots[host] = RobotFileParser()
            rules.parse((await self._robots_of(client, url.copy_with(raw_path=b"/robots.txt"))).splitlines())
        return rules.can_fetch(_agent(), str(url))

    async def _robots_of(self, client: httpx.AsyncClient, url: httpx.URL) -> str:
        import httpx

        try:
            response = await self._ask(client, url)
        except httpx.TransportError:
            return ""  # asking for the page itself says what is wrong
        try:
            found = b""
            async for part in response.aiter_raw(65_536):
                found += part
                if len(found) > _ROBOTS:
                    break
            return found[:_ROBOTS].decode("utf-8", "replace") if response.status_code == 200 else ""
        except httpx.TransportError:
            return ""
        finally:
            await response.aclose()

    async def _pause(self, host: str) -> None:
        """Until the host was left alone for long enough."""
        clock = asyncio.get_running_loop().time
        rest = self._last.get(host, -PAUSE) + PAUSE - clock()
        if host in self._last and rest > 0:
            await asyncio.sleep(rest)
        self._last[host] = clock()

    async def _ask(self, client: httpx.AsyncClient, url: httpx.URL) -> httpx.Response:
        """The answer of an address, its body not yet read."""
        import httpx

        if not _is_page(url):
            raise ZhenglingError("fetch-address", 1, url=str(url))
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        error: Exception | None = None
        await self._pause(url.host)
        for address in (await self._addresses(url, port))[:4]:
            client.cookies.clear()
            request = client.build_request(
                "GET",
                url.copy_with(host=address, username=None, password=None),
                headers={"Host": url.netloc.decode("ascii")},
                extensions={"sni_hostname": url.raw_host.decode("ascii")},
            )
            try:
                return await client.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout) as failure:
                error = failure
        assert error is not None
        raise error

    async def _addresses(self, url: httpx.URL, port: int) -> list[str]:
        """The addresses that a host has now, those that may be connected to."""
        known = self._looked_up.get(_place(url))
        if known is not None:  # once in a run, for the page and for what it attaches
            return known
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(url.raw_host.decode("ascii"), port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in sorted(found)))
        named = self.private is not None and _place(url) in self.private
        allowed = [a for a in addresses if named or is_public(a)]
        if not allowed:
            raise ZhenglingError("fetch-private", 1, url=str(url), address=addresses[0])
        self._looked_up[_place(url)] = allowed
        return allowed

    async def _body(self, response: httpx.Response, url: str) -> bytes:
        limit = self.settings.max_bytes
        said = response.headers.get("content-length", "")
        if said.isdecimal() and int(said) > limit:
            raise ZhenglingError("fetch-large", 1, url=url, limit=limit)
        # Nothing packed was asked for, but some servers send it. What httpx unpacks of one part of it has no bound.
        packing = response.headers.get("content-encoding", "").strip().lower()
        if packing not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise ZhenglingError("fetch-failed", 1, url=url, reason=f"Content-Encoding: {packing}")
        unpack = None if packing in ("", "identity") else zlib.decompressobj(47)
        data = bytearray()
        async for part in response.aiter_raw(65_536):
            try:
                data += unpack.decompress(part, limit + 1 - len(data)) if unpack else part
            except zlib.error as error:
                raise ZhenglingError("fetch-failed", 1, url=url, reason=str(error)) from error
            if len(data) > limit:
                raise ZhenglingError("fetch-large", 1, url=url, limit=limit)
        if unpack and not unpack.eof:
            raise ZhenglingError("fetch-failed", 1, url=url, reason=f"Content-Encoding: {packing}")
        if not data:
            raise ZhenglingError("fetch-empty", 1, url=url)
        return bytes(data)

    def _links(self, answer: _Response) -> list[str]:
        """The addresses of the attachments that a page links to."""
        if suffix_of("page.html", answer.data) not in (".html", ".htm"):
            return []
        try:
            return links(answer.url, answer.data)
        except PaperError as error:
            if error.code == "paper-missing-extra":
                raise ZhenglingError("missing-extra", 1, **error.values) from error
            self.failed(answer.url, error)
            return []

    def _keep(self, url: str, answer: _Response, notice: str) -> str:
        # A row that leads out of the folder is none of ours.
        plain = public_address(url)
        ours = (row for row in self.rows if row["url"] == plain and safe_name(row["file"]) == row["file"])
        row = next(ours, None)
        old = self.out / row["file"] if row else None
        if row is None or old is None:
            row = {"file": self._name(url, answer), "url": plain}
            self.rows.append(row)
            state = "new"
        elif old.is_file() and _sha256(old) == hashlib.sha256(answer.data).digest():
            state = "same"
        else:
            state = "changed" if old.exists() else "new"
        if state != "same":
            write(self.out / row["file"], answer.data)
            row["date"] = self.today
        row |= {"attachment_of": notice, "charset": answer.charset}
        self._list()
        self.kept.append(Kept(row["file"], plain, state, notice))
        return row["file"]

    def _list(self) -> None:
        """Written after each file: whatever ends the run, what is there is listed."""
        columns = list(dict.fromkeys([*COLUMNS, *(name for row in self.rows for name in row)]))
        out = io.StringIO()
        writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(self.rows, key=lambda row: row["file"]))
        write(self.out / LIST, out.getvalue().encode("utf-8", "backslashreplace"))

    def _name(self, url: str, answer: _Response) -> str:
        """A name that is free in the folder."""
        last = answer.url.partition("?")[0].partition("#")[0].rpartition("/")[2]
        name = safe_name(answer.name or _decoded(unquote_to_bytes(last)))
        plain = Path(name)
        shown = suffix_of("", answer.data) or (".html" if "html" in answer.type else "")
        shown = shown or (".txt" if is_text(answer.data) else "")
        if answer.data.startswith(OTHER_ARCHIVES):
            shown = plain.suffix
        known = plain.suffix.lower().lstrip(".") in (*KINDS, "html", "htm", "shtml", "txt", "csv", "md", "mht")
        if shown.startswith(".") and not known:
            name = (plain.stem if plain.suffix.lower() in (".jsp", ".aspx", ".php", ".do", ".action") else name) + shown
        taken = {row["file"].lower() for row in self.rows} | {LIST}
        stem, suffix, n = Path(name).stem, Path(name).suffix, 1
        while name.lower() in taken or (self.out / name).exists():
            n += 1
            name = f"{stem}-{n}{suffix}"
        return name


def public_address(url: str) -> str:
    """An address without the name and the password in it."""
    import httpx

    here = httpx.URL(url)
    return str(here.copy_with(username=None, password=None)) if here.userinfo else url


def _place(url: httpx.URL) -> _Place:
    return url.host, url.port or {"http": 80, "https": 443}.get(url.scheme, 0)


def _charset(name: str) -> str:
    """What a server says of its characters, where that is the name of an encoding."""
    try:
        return name if re.fullmatch(r"[A-Za-z0-9][\w.:-]{0,40}", name, re.ASCII) and codecs.lookup(name) else ""
    except LookupError:
        return ""


@cache
def _agent() -> str:
    """As what servers and their robots.txt know us."""
    try:
        number = version("zhengling")
    except PackageNotFoundError:  # a folder on the path
        number = "0"
    return f"Zhengling/{number} (reads government papers)"


def _is_page(url: httpx.URL) -> bool:
    return url.scheme in ("http", "https") and bool(url.host) and (url.port is None or 0 < url.port < 65_536)


def links(url: str, data: bytes) -> list[str]:
    """The addresses of the files that a page links to outside of its menus and feet, in order."""
    from ..extractors.readers.web.html import hide, parse

    root = parse(url, data)
    if root is None:
        return []
    base = next((e.get("href") for e in root.iter("base") if e.get("href")), "")
    hide(root)
    around = re.compile(rules.words("pages.toml")["around"])
    out: list[str] = []
    for element in root.iter("a"):
        href = re.sub(r"[\t\r\n]", "", element.get("href") or "").strip()
        words = [href.partition("#")[0], *re.split(r"[?&=]", href), element.get("download") or ""]
        words += [" ".join(element.itertext())[:200].strip(), element.get("title") or ""]
        if not href or not any(_FILE.search(w) for w in words):
            continue
        above = (f"{e.get('id') or ''} {e.get('class') or ''}".lower() for e in element.iterancestors())
        if any(name.strip() and around.search(name) for name in above):
            continue
        try:
            link = urljoin(urljoin(url, base), href).partition("#")[0]
        except ValueError:
            continue
        if link.startswith(("http://", "https://")) and link not in out:
            out.append(link)
    return out


def is_public(address: str) -> bool:
    """Whether an address is of the public network, also where it only wraps another."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if any(i is not None and not is_public(str(i)) for i in inner):
            return False
        if any(i is not None for i in inner):
            return True
        if ip not in ipaddress.ip_network(
            "2000::/3"
        ):  # the one block that is handed out to hosts of the public network
            return False
    return ip.is_global and not ip.is_multicast


def safe_name(name: str) -> str:
    """A file's name as any system can hold it: no folders, no control characters, no name of a device, not hidden, not
    the start of a formula, at most 120 bytes."""
    name = _BAD.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(" .=+-@~$")
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > 6:
        stem, suffix = name, ""
    while len(stem.encode("utf-8", "replace")) > 110:
        stem = stem[:-1]
    stem = stem.rstrip(" .") or "page"
    if stem.lower() in _NAMELESS or stem.upper() == "README":
        stem = "_" + stem
    return f"{stem}.{suffix}" if suffix else stem


def _raw(response: httpx.Response) -> bytes:
    return next((value for name, value in response.headers.raw if name.lower() == b"content-disposition"), b"")


def _disposition(raw: bytes) -> str:
    """The name in a Content-Disposition: `filename*` before `filename`, which may be percent-coded, UTF-8 or GB18030
    as it is."""
    coded = re.search(rb"filename\*\s*=\s*([\w-]*)'[^']*'([^;\s]+)", raw, re.I)
    if coded:
        return _decoded(unquote_to_bytes(coded.group(2)), coded.group(1).decode("ascii", "replace"))
    plain = re.search(rb'filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))', raw, re.I)
    if not plain:
        return ""
    value = plain.group(1) if plain.group(1) is not None else plain.group(2).strip()
    return _decoded(unquote_to_bytes(value))


def _decoded(value: bytes, charset: str = "") -> str:
    for name in (charset or "utf-8", "utf-8", "gb18030"):
        try:
            return value.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return value.decode("utf-8", "replace")


def _rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a list that was written before; none where there is no list."""
    try:
        text = decode(str(path), path.read_bytes())[0]  # spreadsheets save it in GBK
    except FileNotFoundError:
        return []
    except PaperError as error:
        raise ZhenglingError("list-unread", 1, path=str(path)) from error
    reader = csv.DictReader(io.StringIO(text))
    try:
        if not {"file", "url"} <= set(reader.fieldnames or ()):
            raise ZhenglingError("list-unread", 1, path=str(path))
        rows = list(reader)
    except csv.Error as error:
        raise ZhenglingError("list-unread", 1, path=str(path)) from error
    return [{k: v or "" for k, v in row.items() if isinstance(k, str) and not isinstance(v, list)} for row in rows]


def _sha256(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
