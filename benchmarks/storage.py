"""A cluster on object storage: the samples read from a real S3 server on this machine, records and graph written to it,
and compared with what folders give.

    python3 -m venv /tmp/s3 && /tmp/s3/bin/pip install 'moto[server,s3]'       it is large, so it is none of ours
    python benchmarks/storage.py /tmp/s3/bin/moto_server
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from zhengling.extractors.limits import Settings
from zhengling.graph.scale.cluster import cluster
from zhengling.graph.scale.deriving import derive
from zhengling.graph.scale.reading import RECORDS, extract
from zhengling.graph.scale.storage import Storage

SAMPLES = Path(__file__).parent.parent / "samples"
_KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}


def main(server: str) -> None:
    os.environ.update(_KEYS)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([server, "-H", "127.0.0.1", "-p", str(port)], stderr=subprocess.DEVNULL)
    try:
        with tempfile.TemporaryDirectory() as name, cluster(jobs=2, store=100_000_000):
            compare(f"endpoint_override=127.0.0.1:{port}&scheme=http&allow_bucket_creation=true", Path(name), port)
    finally:
        process.terminate()
        process.wait()


def compare(more: str, folder: Path, port: int) -> None:
    """Raises `AssertionError` where storage and folders differ."""
    for _ in range(300):
        with socket.socket() as there:
            if there.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.2)

    def at(name: str) -> str:
        return f"s3://papers/{name}?{more}"

    given = Storage(at("samples"))
    for path in sorted(SAMPLES.rglob("*")):
        if path.is_file():
            given.write(path.relative_to(SAMPLES).as_posix(), path.read_bytes())
    read = extract(at("samples"), at("records"), Settings())
    print(read.count, "records of", read.total)
    one = extract(str(SAMPLES), str(folder / "records"), Settings())
    assert told(Storage(at("records"))) == told(Storage(str(folder / "records"))) and one.count == read.count
    made = derive(at("records"), at("graph"))
    print(made.nodes, "nodes,", made.relationships, "relationships")
    assert made.counts == derive(str(folder / "records"), str(folder / "graph")).counts
    print(len(Storage(at("graph")).found()), "files in the storage")


def told(records: Storage) -> dict[str, str]:
    from pyarrow import parquet

    tables = [parquet.read_table(info.path, filesystem=records.files, partitioning=None)
              for info in records.found(RECORDS)]  # fmt: skip
    return {row["source"]: row["digest"] for table in tables for row in table.to_pylist()}


if __name__ == "__main__":
    main(*sys.argv[1:])
