"""What people said of a workspace's papers, as an export has it beside the graph."""

from __future__ import annotations

from ..stores.outgoing import Outgoing
from ..workspace.workspace import Workspace
from .statements import Beside


def beside_of(workspace: Workspace, leaving: Outgoing) -> Beside:
    """The lines of a workspace, and the records that they changed, as they were read; files are called as outside."""
    people = workspace.people()
    as_read = {}
    for name in people.names():
        record = leaving.outside(people.held.read(name))
        as_read[record.source.get("path", "")] = record
    lines = []
    for one in [*people.lines, *people.progress]:
        found = people.find(one)
        lines.append((leaving.name(people.held.index[found[0]].source) if found else "", one))
    return Beside(as_read, lines)
