"""What runs in a child of the fork server: tests by pytest, papers read in the same process, so that the child sees the
fault and what covers it; properties without shrinking; each test timed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import Any

import coverage  # pyrefly: ignore
import pytest
from _pytest.main import pytest_runtestloop
from hypothesis import Phase, settings

#: Lines by module, seconds, for each test.
Covered = dict[str, dict[str, Any]]


_QUIETLY = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", "--no-header", "--tb=no")


class Inside:
    """`wanted` are the ids of the tests to run, in this order; None: all that are collected."""

    def __init__(self, wanted: Sequence[str] | None = None) -> None:
        self.wanted = wanted

    def pytest_configure(self) -> None:
        settings.register_profile(
            "mutants", phases=[Phase.explicit, Phase.generate], database=None, derandomize=True, deadline=None
        )
        settings.load_profile("mutants")
        child, papers = (import_module(f"zhengling.extractors.{m}") for m in ("readers.child_process", "papers"))
        for module in (child, papers):
            vars(module)["Child"] = _here(child)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self.wanted is not None:
            place = {name: n for n, name in enumerate(self.wanted)}
            items[:] = sorted((i for i in items if i.nodeid in place), key=lambda i: place[i.nodeid])


def _here(child: Any) -> type:
    """A `Child` without a process."""

    class Here(child.Child):
        usable = True

        def __init__(self, settings: Any, work: str) -> None:
            self.settings, self.module = settings, work

        def ask(self, what: str, files: Sequence[Any], folders: Sequence[str] = ()) -> dict[str, Any]:
            loaded = import_module(self.module)
            answer = child._answer(loaded.work, what, list(files), [str(f) for f in folders], self.settings)
            answer = json.loads(json.dumps(answer))
            if "code" in answer:
                raise child.PaperError(answer["code"], answer["status"], **answer["values"])
            return answer

        def close(self) -> None:
            pass

    return Here


class Measuring(Inside):
    """Which lines each test runs. What functions keep is forgotten before each test function, so that it is known by
    all lines that it needs and not only by those that no test before it ran."""

    def __init__(self, measured: coverage.Coverage) -> None:
        super().__init__()
        self.measured = measured
        self.seconds: dict[str, float] = {}
        self.held: set[str] = set()
        self._last = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.held.add(report.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        name = item.nodeid.partition("[")[0]
        if name != self._last:
            import_module("tests.examples").forget()
            self._last = name
        self.measured.switch_context(item.nodeid)
        began = process_time()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = process_time() - began
            self.measured.switch_context("")


def measure(test: str, folders: Sequence[str], out: Path) -> int:
    """Run a file of tests and keep what each covers of the folders, of those that hold here: what a test has made
    before its beginning may be forgotten by it."""
    measured = coverage.Coverage(data_file=None, config_file=False, include=[f"*/{f}/*.py" for f in folders])
    measured.start()
    plugin = Measuring(measured)
    status = pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", test], [plugin])
    measured.stop()
    data = measured.get_data()
    root = str(Path.cwd().resolve()) + "/"
    found: Covered = {name: {"seconds": s, "lines": {}} for name, s in plugin.seconds.items() if name in plugin.held}
    for file in data.measured_files():
        module = str(Path(file).resolve()).removeprefix(root)
        for line, contexts in data.contexts_by_lineno(file).items():
            for name in plugin.held.intersection(contexts):
                found[name]["lines"].setdefault(module, []).append(line)
    failed = len(plugin.seconds) - len(found)
    out.write_text(json.dumps({"status": int(status), "failed": failed, "tests": found}), "utf-8")
    return int(status)


#: Runs tests by their ids, up to the first that fails or (with False) all, and gives those that fail.
Run = Callable[[Sequence[str], bool], list[str]]


class Trying(Inside):
    """Collects all tests once, then calls `each` in place of running them: it may fork, and run some of them in the
    child."""

    def __init__(self, each: Callable[[Run], None]) -> None:
        super().__init__()
        self.each = each
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}

        def run(names: Sequence[str], stops: bool = True) -> list[str]:
            session.items = [items[name] for name in names if name in items]
            session.testscollected = len(session.items)
            session.config.option.maxfail = int(stops)
            with suppress(session.Failed):
                pytest_runtestloop(session)
            return self.failed

        self.each(run)
        return True


def collected(files: Sequence[str], each: Callable[[Run], None]) -> None:
    """Calls `each` with what runs tests, after all have been collected."""
    pytest.main([*_QUIETLY, *files], [Trying(each)])


def run(wanted: Sequence[str]) -> int:
    """0 where all tests hold."""
    files = list(dict.fromkeys(name.partition("::")[0] for name in wanted))
    return int(pytest.main([*_QUIETLY, *files], [Inside(wanted)]))
