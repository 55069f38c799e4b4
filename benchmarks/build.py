"""How long a build takes and what memory it needs, for more and more papers of invented counties.

    python benchmarks/build.py 1000 10000

Each size runs in a process of its own. Prints papers, tasks, seconds of the first build, of a build with nothing new,
and of deriving alone, papers a second, and the peak of resident memory in MB.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_FIRST, _SECOND = "东西南北上下新长青白红金银石玉云", "溪浦山泉桥湾岭原河潭坪塘沙林谷峰"
_UNITS = [
    "发展改革局",
    "财政局",
    "教育局",
    "民政局",
    "司法局",
    "住建局",
    "卫生健康局",
    "市场监管局",
    "水利局",
    "审计局",
]
_WORK = ["便民服务", "政务公开", "养老服务", "燃气安全", "营商环境", "河湖治理", "食品安全", "校园安全", "粮食储备"]
_VERB = ["完善", "推进", "加强", "规范", "落实", "优化", "公开", "督促"]


def paper(n: int) -> str:
    """The `n`th paper: always the same text for the same number."""
    chance = random.Random(n)
    place = n // 4
    name = _FIRST[place % 16] + _SECOND[place // 16 % 16] + _FIRST[place // 256 % 16]
    county, city, work = (
        f"{name}县",
        f"{_FIRST[place // 40 % 16]}{_SECOND[place // 640 % 16]}川市",
        chance.choice(_WORK),
    )
    year = 2019 + n % 4
    title = f"{county}人民政府办公室关于印发{county}{year}年{work}工作要点的通知"
    order = _WORK.index(work) + 1
    nation = f"《国务院办公厅关于印发{year}年{work}工作要点的通知》（国办发〔{year}〕{900 + order}号）"
    above = f"《{city}人民政府办公室关于印发{city}{year}年{work}工作要点的通知》（{city[:2]}政办〔{year}〕{order}号）"
    lines = [title, "", f"{name}政办〔{year}〕{n % 90 + 1}号", "", "各乡镇人民政府，县政府有关部门：", ""]
    lines.append(f"为贯彻落实{nation}、{above}精神，结合我县实际，制定本要点。")

    def words() -> str:
        return chance.choice(_VERB) + chance.choice(_WORK)

    for chapter, heading in enumerate(("一、健全机制", "二、抓好落实", "三、强化保障")):
        lines.append(heading)
        for clause in range(4):
            head = f"（{'一二三四'[clause]}）{words()}第{chapter * 4 + clause + 1}项工作"
            first, *others = chance.sample(_UNITS, 3)
            limit = f"{year}年{chance.randint(6, 12)}月底前完成" if chance.random() < 0.5 else "长期坚持"
            roles = f"（县{first}牵头，县{others[0]}、县{others[1]}配合）"
            lines.append(f"{head}。{words()}，{words()}制度，{limit}。{roles}")
    return "\n".join([*lines, "", f"{county}人民政府办公室", f"{year}年3月{n % 28 + 1}日", ""])


RUN = """
import json, resource, sys, time
from zhengling.graph.deriving.derive import derive
from zhengling.graph.workspace.workspace import Workspace
workspace = Workspace(sys.argv[1])
times = []
for _ in range(2):
    start = time.perf_counter()
    report = workspace.build([sys.argv[2]])
    times.append(time.perf_counter() - start)
start = time.perf_counter()
derive(workspace.records, workspace.lexicon()).close()
times.append(time.perf_counter() - start)
tasks = sum(paper.counts.get("tasks", 0) for paper in report.papers)
assert not report.failures, report.failures[:3]
print(json.dumps([len(report.papers), tasks, *times, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def main(sizes: list[int]) -> None:
    print("papers  tasks   build s  again s  derive s  papers/s  peak MB")
    for size in sizes:
        folder = Path(tempfile.mkdtemp(prefix="bench-"))
        try:
            (folder / "papers").mkdir()
            for n in range(size):
                (folder / "papers" / f"{n:06}.txt").write_text(paper(n), "utf-8")
            done = subprocess.run(
                [sys.executable, "-c", RUN, str(folder / "w"), str(folder / "papers")],
                stdout=subprocess.PIPE, check=True, text=True,
            )  # fmt: skip
            papers, tasks, first, second, alone, peak = json.loads(done.stdout)
            print(f"{papers:6} {tasks:6} {first:9.1f} {second:8.1f} {alone:9.1f} {papers / first:9.1f} {peak:8.0f}")
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1000, 10000])
