"""The engine: a cluster that is there, or one of this machine alone."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...extractors.errors import ZhenglingError
from ...extractors.limits import cores

_AT_HOME = "127.0.0.1"  # nobody else reaches a cluster that is started here
#: Nothing is sent to the makers of Ray; what goes wrong with a worker is mended by Ray and no message of ours.
_SURROUNDINGS = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
#: By this name Ray asks whether other machines are to reach it; without, it stays on the loopback address.
_ALONE = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"


@contextmanager
def cluster(address: str | None = None, jobs: int | None = None, store: int | None = None) -> Iterator[None]:
    """Work on the cluster at `address`, on the one that this process is on already, or on one of `jobs` workers that
    is started here and ended afterwards; `store` bounds the bytes of memory that its workers share.

    Raises `ZhenglingError` where Ray is not installed or the cluster not there.
    """
    for name, value in _SURROUNDINGS.items():
        os.environ.setdefault(name, value)
    if not address:
        os.environ.setdefault(_ALONE, "0")
    try:
        import ray
        from ray.data import DataContext
        from ray.data.context import ShuffleStrategy
    except ImportError as error:
        raise ZhenglingError("missing-extra", 1, extra="cluster", package=str(error.name)) from error
    started = not ray.is_initialized()
    if started:
        settings: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
        if not address:
            # Whoever else is on this machine may not give it work; no file of the user's is written for it.
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
            settings |= {"num_cpus": jobs or cores(), "include_dashboard": False, "object_store_memory": store}
        try:
            ray.init(address=address or "local", **settings)
        except (ConnectionError, ValueError, RuntimeError) as error:
            reason = str(error).partition("\n")[0]
            raise ZhenglingError("no-cluster", 1, path=address or _AT_HOME, reason=reason) from error
    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    # Made of tasks, which are done again where a worker is lost; the other one keeps what it has in actors.
    context.shuffle_strategy = ShuffleStrategy.SHUFFLE_V2
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        yield
    finally:
        if started:
            ray.shutdown()


def workers() -> int:
    """How many papers are worked on at a time."""
    import ray

    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def pool() -> Any:
    """Actors, as many as can work at a time."""
    from ray.data import ActorPoolStrategy

    return ActorPoolStrategy(min_size=1, max_size=workers())
