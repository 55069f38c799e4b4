"""Upload: files, folders, ZIPs and addresses into the workspace, and how their reading goes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse

from ...extractors.errors import ZhenglingError
from .jobs import Job
from .visit import Onward, Shown, Visit

if TYPE_CHECKING:
    from starlette.datastructures import UploadFile
    from starlette.requests import Request

_SLOWEST = 600.0  # seconds that one file may take
_FILES = 500  # files of one form
_ADDRESSES = 20
_BEAT = 0.25  # seconds between two looks at a job


def page(visit: Visit) -> Shown:
    job = visit.site.jobs.get(visit.value("job"))
    events = job.events if job else []
    limit = visit.site.settings.max_bytes // 1_000_000
    return Shown(
        "upload.html",
        {"job": job, "events": events, "limit": limit},
        data={"events": events, "ended": job.ended if job else True},
    )


async def put(visit: Visit, request: Request) -> Response:
    """One file as the body of a request; `x-name` is its path, percent-encoded."""
    async with asyncio.timeout(_SLOWEST):
        kept = await visit.site.store.take(unquote(request.headers.get("x-name", "")), request.stream())
    return JSONResponse({"kept": kept})


async def form(visit: Visit, request: Request) -> Response:
    """A form with files, of a browser without scripts; they are read at once."""
    store = visit.site.store
    async with request.form(max_files=_FILES, max_fields=20) as sent:
        if not visit.is_own(str(sent.get("token", ""))):
            raise ZhenglingError("form-foreign", 2)
        for file in sent.getlist("files"):
            if not isinstance(file, str) and file.filename:
                await store.take(file.filename, chunks(file))
    job = await run_in_threadpool(begin, visit, [])
    return Response(status_code=303, headers={"location": f"/upload?job={job.id}"})


async def chunks(file: UploadFile) -> AsyncIterator[bytes]:
    """What was sent in a field of a form, piece by piece."""
    while chunk := await file.read(1 << 18):
        yield chunk


def read(visit: Visit) -> Onward:
    """Read what lies there, and what some addresses have."""
    addresses = [line.strip() for line in visit.posted("addresses", 8_000).splitlines() if line.strip()]
    if len(addresses) > _ADDRESSES or not all(one.startswith(("http://", "https://")) for one in addresses):
        raise ZhenglingError("upload-addresses", 2, most=_ADDRESSES)
    return Onward(f"/upload?job={begin(visit, addresses).id}")


def begin(visit: Visit, addresses: list[str]) -> Job:
    return visit.site.jobs.begin(Job(visit.site.folder.resolve(), visit.say.language, addresses))


def events(visit: Visit) -> Response:
    """What a job says, as server-sent events, until it ends."""
    job = visit.site.jobs.get(visit.value("job"))
    if job is None:
        raise ZhenglingError("no-such-page", 2)

    async def lines() -> AsyncIterator[str]:
        at = 0
        while True:
            ended = job.ended
            for event in job.events[at:]:
                at += 1
                yield f"id: {at}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n"
            if ended:
                yield "event: end\ndata: {}\n\n"
                return
            await asyncio.sleep(_BEAT)

    return StreamingResponse(lines(), media_type="text/event-stream", headers={"cache-control": "no-store"})
