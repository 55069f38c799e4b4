"""The workspace for assistants, asked by the SDK's own client over stdio and over HTTP, as an assistant does."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from .server import free_port

CODE = "import sys; from zhengling.app.cli import main; sys.exit(main(sys.argv[1:]))"


@contextmanager
def offered(transport: str, workspace: Path) -> Iterator[Any]:
    """What the SDK's client takes: how to start the server, or where it listens."""
    from mcp import StdioServerParameters

    words = ["-c", CODE, "mcp", "--workspace", str(workspace), "--lang", "en"]
    if transport == "stdio":
        yield StdioServerParameters(command=sys.executable, args=words, env=dict(os.environ))
        return
    port = free_port()
    words += ["--transport", "http", "--port", str(port)]
    server = subprocess.Popen([sys.executable, *words], stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        server.terminate()
        server.wait()


@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_an_assistant_asks_and_never_changes(built, transport):
    from mcp import Client

    before = {p: p.stat().st_mtime_ns for p in (built / "records").iterdir()}

    async def talk(start: Any) -> None:
        async with Client(start) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {"questions", "ask", "search", "trace", "lineage", "coverage", "paper"}
            assert all(tool.annotations.read_only_hint and tool.description for tool in tools.values())

            async def ask(tool: str, **given):
                answer = await client.call_tool(tool, given)
                assert not answer.is_error, answer.content
                found = answer.structured_content
                return found["result"] if found and set(found) == {"result"} else found

            found = await ask("search", text="老年人", limit=3)
            assert len(found["tasks"]) == 3 and found["total"] > 3
            task = found["tasks"][0]
            steps = await ask("trace", task=task["id"])
            assert steps[0]["id"] == task["id"] and steps[-1]["how"] == "ends" and steps[1]["evidence"]
            paper = await ask("paper", document=task["document"])
            spans = [e for fact in paper["facts"] for e in fact["evidence"]]
            assert spans and all(paper["text"][e["start"] : e["end"]] == e["quote"] for e in spans)
            assert "unit-workload" in {one["name"] for one in await ask("questions")}
            rows = await ask("ask", name="unit-workload", parameters={"limit": 2})
            assert len(rows["rows"]) == 2
            papers = json.loads((await client.read_resource("zhengling://papers")).contents[0].text)
            lower = next(paper for paper in papers if paper["level"] == "county")
            assert (await ask("lineage", lower=lower["id"]))["links"]
            upper = next(paper for paper in papers if paper["level"] == "city" and paper["below"])
            covered = await ask("coverage", document=upper["id"])
            assert covered and all("links" in one for one in covered.values())
            for name, given in (("ask", {"name": "none-such"}), ("paper", {"document": "none"}), ("drop", {})):
                try:
                    wrong = await client.call_tool(name, given)
                    assert wrong.is_error and "Traceback" not in str(wrong.content)
                except Exception as error:
                    assert "drop" in str(error) or name == "drop"

    with offered(transport, built) as start:
        asyncio.run(asyncio.wait_for(talk(start), 240))
    assert {p: p.stat().st_mtime_ns for p in (built / "records").iterdir()} == before


@pytest.mark.parametrize("address", ["evil.example", "evil.example:80"])
def test_over_http_other_names_are_refused(built, address):
    """A name that somebody points here (DNS rebinding)."""
    from starlette.testclient import TestClient
    from zhengling.app.web.assistant import server

    app = server(built).streamable_http_app(host="127.0.0.1")
    with TestClient(app, base_url=f"http://{address}") as client:
        shown = {"Accept": "application/json, text/event-stream"}
        assert client.post("/mcp", json={}, headers=shown).status_code in (403, 421)
