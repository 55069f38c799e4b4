"""The answers to the saved questions, worked out from gold files alone.

This shares nothing with the program: it reads the gold (and the papers, for the one thing that gold does not hold:
which citations stand in one sentence) and counts. Documents go by number, else by title; tasks by (document, "T01");
units by (place, plain name). What it knows of short names is said in general terms below.
"""

import json
import re
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path

RANK = {"national": 5, "province": 4, "city": 3, "county": 2, "township": 1, None: 0}
ROLES = ("lead", "responsible", "support")

# Short form → full form, on names without their level (县, 市, 省) and without 和, 与, 局, 委, 委员会, 办公室.
SHORT = [
    ("发改", "发展改革"),
    ("卫健", "卫生健康"),
    ("工信$", "工业信息化"),
    ("住建", "住房城乡建设"),
    ("人社", "人力资源社会保障"),
    ("交通$", "交通运输"),
    ("监管", "监督管理"),
    ("科技$", "科学技术"),
    ("营商$", "营商环境建设"),
    ("爱卫", "爱国卫生运动"),
    ("医保$", "医疗保障"),
    ("应急$", "应急管理"),
    ("退役军人$", "退役军人事务"),
    ("文旅广电|文广旅|文旅", "文化广电旅游"),
    ("文化广电旅游体$", "文化广电旅游体育"),
    ("综合执法", "综合行政执法"),
    ("扶贫$", "扶贫开发"),
    ("房管$", "房产管理"),
    ("公积金中心", "公积金管理中心"),
]


def same(text):
    """A title as titles are compared: no white space, no quotation marks, no 中华人民共和国."""
    return re.sub(r"中华人民共和国|[\s《》〈〉“”‘’「」『』\"']", "", text or "")


def plain_name(name):
    """A unit's name as names are compared: variants of one unit give one text."""
    name = re.sub(r"^(各|[县市省区](?!场))", "", name)
    name = re.sub(r"[和与]|^中国", "", name).replace("人民政府", "政府").replace("管委会", "管理委员会")
    bare = re.sub(r"(局|委员会|委|办公室|办)$", "", name)
    bare = re.sub(r"委员会$|^城乡(?=水务)|(?<=银保监)分$", "", bare)
    for short, full in SHORT:
        if full not in bare:
            bare = re.sub(short, full, bare)
    return bare if bare != "政府" else name.replace("办公室", "办")


def issuing_place(title):
    """(level, place) of the issuer that a title begins with; (None, None) if it begins with none."""
    if re.match("(中共中央|中华人民共和国|国务院|全国)", title or ""):
        return "national", None
    for level, sign in (("province", "省|自治区"), ("city", "市"), ("county", "县|区")):
        found = re.match(rf"(\w{{1,8}}?(?:{sign}))(?:人民政府|政府|\w{{0,12}}领导小组|重大)", title or "")
        if found:
            return level, found[1]
    return None, None


def subject(title):
    """What a title is about: without issuer, place, year and the kind of paper."""
    text = re.sub(
        r"^.*?关于(印发)?|\w{2,3}?[省市县](?=\d{4}年|政务)|\d{4}年(\w{2,3}?[省市县](?=政务))?", "", same(title)
    )
    return re.sub(r"(的?(通知|指导意见|意见|实施方案|方案|(工作)?任务分解表|(工作)?要点))+$", "", text)


class Gold:
    def __init__(self, gold, corpus):
        self.papers = {}
        for path in sorted(Path(gold).glob("*.json")):
            paper = json.loads(path.read_text("utf-8"))
            paper["stem"] = path.stem
            paper["words"] = re.sub(r"\s", "", (Path(corpus) / f"{path.stem}.txt").read_text("utf-8-sig"))
            head = paper["document"]
            paper["id"] = head["number"] or same(head["title"])
            paper["parents"] = {
                level: place
                for level, place in (issuing_place(c["title"]) for c in paper["citations"] if c["kind"] == "directive")
                if place and RANK[level] > RANK[head["level"]]
            }
            for task in paper["tasks"]:
                # Gold keeps the ends of a task's text; the graph for the tests is made from the same words.
                task["text"] = task["starts"] if task["ends"] in task["starts"] else task["starts"] + task["ends"]
                for unit in task["units"]:
                    unit["id"] = self.unit(paper, unit["name"])
            for cited in paper["citations"]:
                cited["sentence"] = self.sentence(paper, cited)
            self.papers[path.stem] = paper
        numbered = {}
        for paper in self.papers.values():
            for number, title in [(paper["document"]["number"], paper["document"]["title"])] + [
                (c["number"], c["title"]) for c in paper["citations"]
            ]:
                if number and title:
                    numbered.setdefault(same(title), set()).add(number)
        self.documents = {}
        for paper in self.papers.values():
            self.documents[paper["id"]] = {**paper["document"], "kind": "directive", "loaded": True}
        for paper in self.papers.values():
            for cited in paper["citations"]:
                numbers = numbered.get(same(cited["title"]), ())
                number = cited["number"] or (next(iter(numbers)) if len(numbers) == 1 else None)
                if number and number.startswith("省"):
                    number = paper["parents"]["province"] + number[1:]
                cited["id"] = number or same(cited["title"])
                level, _ = issuing_place(cited["title"])
                if number and "国务院令" in number:
                    level = "national"
                self.documents.setdefault(
                    cited["id"], {"title": cited["title"], "level": level, "kind": cited["kind"], "loaded": False}
                )
        self.steps = {paper["id"]: self.superiors(paper) for paper in self.papers.values()}
        for inferred in [step for steps in self.steps.values() for step in steps if len(step) == 3]:
            lower, upper = inferred[2], inferred[0]
            if not self.documents[lower]["loaded"] or not self.steps.get(lower):
                self.steps.setdefault(lower, []).append((upper, "inferred"))
        self.steps = {k: [s for s in v if len(s) == 2] for k, v in self.steps.items()}

    def unit(self, paper, name):
        head = paper["document"]
        level = {"省": "province", "市": "city"}.get(name[0])
        place = None if name.endswith("分局") else paper["parents"].get(level)
        return place or head["region"], plain_name(name)

    def sentence(self, paper, cited):
        """How many sentences end before the citation."""
        words = paper["words"]
        for text in (cited["number"], cited["title"]):
            if text and text in words:
                return len(re.findall("[。！？]", words[: words.index(text)]))
        return -1

    def superiors(self, paper):
        """Steps up from a paper: (id, "implements"), and (upper, "inferred", lower) between superiors."""
        level = RANK[paper["document"]["level"]]
        above = [
            c
            for c in paper["citations"]
            if c["in"] == "document" and c["role"] == "basis" and c["kind"] == "directive"
            and RANK[self.documents[c["id"]]["level"]] > level
        ]  # fmt: skip
        above.sort(key=lambda c: RANK[self.documents[c["id"]]["level"]])
        ranks = [self.documents[c["id"]]["level"] for c in above]
        alike = len({subject(c["title"]) for c in above}) == 1 and len({c["sentence"] for c in above}) == 1
        if alike and len(set(ranks)) == len(ranks):
            return [(above[0]["id"], "implements")] + [
                (high["id"], "inferred", low["id"]) for low, high in pairwise(above)
            ]
        return [(c["id"], "implements") for c in above]

    # --- what the questions need ------------------------------------------------------------------------------------

    def tasks(self, region="", year=0, document=""):
        """(paper, task, key) of the papers in a place, of a year, or of one document."""
        for stem, paper in self.papers.items():
            head = paper["document"]
            if region and region not in (head["region"], *paper["parents"].values()):
                continue
            if year and head["year"] != year:
                continue
            if document and document not in (paper["id"], head["number"], head["title"]):
                continue
            for task in paper["tasks"]:
                yield paper, task, (stem, task["id"])

    def title(self, task):
        return task["title"] or task["text"][:30]

    def names(self, task, role=None):
        return sorted({unit["id"][1] for unit in task["units"] if role in (None, unit["role"])})

    def deadlines(self, task):
        return sorted({iso(d) for d in task["deadlines"]})

    def within(self, place, region):
        """Whether a unit's place is `region` or lies below it."""
        if not region or place == region:
            return True
        for paper in self.papers.values():
            chain = [paper["document"]["region"], *(paper["parents"].get(x) for x in ("city", "province"))]
            if place in chain and region in chain[chain.index(place) :]:
                return True
        return False

    def chain(self, document):
        """Every document reached from one, itself first: {id: fewest steps}."""
        found = {document: 0}
        for here in (queue := [document]):
            for step in self.steps.get(here, ()):
                if step[0] not in found:
                    found[step[0]] = found[here] + 1
                    queue.append(step[0])
        return found

    def own(self, paper, task):
        """The directives that a task itself carries out."""
        return sorted(
            {
                c["id"]
                for c in paper["citations"]
                if c["in"] == task["id"] and c["role"] == "basis" and c["kind"] == "directive"
            }
        )

    def why(self, document):
        if not self.documents[document]["loaded"]:
            return "not loaded"
        return "national" if self.documents[document]["level"] == "national" else "names no superior"

    # --- the questions ----------------------------------------------------------------------------------------------

    def unit_workload(self, region="", role="any", year=0, collective=False):
        """{unit: (lead, responsible, support, total)}"""
        found = {}
        for _, task, key in self.tasks(year=year):
            for unit in task["units"]:
                if self.within(unit["id"][0], region) and (collective or not unit.get("collective")):
                    found.setdefault(unit["id"], {r: set() for r in ROLES})[unit["role"]].add(key)
        return counted(found, role)

    def function_workload(self, function, year=0):
        """{field: (places, lead, responsible, support, total)}; `function` says the field of a plain name, or None."""
        found, places = {}, {}
        for _, task, key in self.tasks(year=year):
            for unit in task["units"]:
                field = function(unit["id"][1])
                if field and not unit.get("collective"):
                    found.setdefault(field, {r: set() for r in ROLES})[unit["role"]].add(key)
                    places.setdefault(field, set()).add(unit["id"][0])
        return {field: (sorted(places[field]), *counts) for field, counts in counted(found, "any").items()}

    def unit_tasks(self, unit, region="", role="any", exact=False):
        """The tasks of a unit of that plain name; `exact`: only where it is spelled so."""
        return {
            (key, self.title(task), given["role"], tuple(self.deadlines(task)), paper["id"])
            for paper, task, key in self.tasks()
            for given in task["units"]
            if given["id"][1] == plain_name(unit)
            and (given["name"] == unit or not exact)
            and self.within(given["id"][0], region)
            and role in ("any", given["role"])
        }

    def find(self, text, region="", year=0):
        return {
            (key, self.title(task), tuple(self.names(task)), tuple(self.deadlines(task)), paper["id"])
            for paper, task, key in self.tasks(region, year)
            if text in task["text"] or text in (task["title"] or "")
        }

    def trace(self, stem, task_id):
        """[(step, id, how)], branch by branch, as a reader would follow them."""
        paper = self.papers[stem]
        task = next(t for t in paper["tasks"] if t["id"] == task_id)
        rows = [(0, (stem, task_id), "task")]

        def climb(document, step, how):
            rows.append((step, document, how))
            above = sorted(self.steps.get(document, ()))
            for upper, kind in above:
                climb(upper, step + 1, kind)
            if not above:
                rows.append((step + 1, self.why(document), "ends"))

        for document in self.own(paper, task):
            climb(document, 1, "cites")
        climb(paper["id"], 1, "contains")
        return rows

    def reach(self, document):
        counts = {paper["id"]: len(paper["tasks"]) for paper in self.papers.values()}
        chains = {lower: self.chain(lower) for lower in self.documents}
        return {
            (lower, self.documents[lower]["level"], chain[document], counts.get(lower, 0))
            for lower, chain in chains.items()
            if document in chain and lower != document
        }

    def due(self, first="", last="", unit=""):
        return {
            (key, self.title(task), limit["end"], tuple(self.names(task)), paper["id"])
            for paper, task, key in self.tasks()
            for limit in task["deadlines"]
            if limit["end"] and (first or "0") <= limit["end"] <= (last or "9")
            and (not unit or plain_name(unit) in self.names(task))
        }  # fmt: skip

    def shared_tasks(self, region=""):
        """{frozenset of two units: tasks}"""
        found = {}
        for _, task, key in self.tasks():
            units = {u["id"] for u in task["units"] if not u.get("collective") and self.within(u["id"][0], region)}
            for pair in combinations(sorted(units), 2):
                found.setdefault(pair, set()).add(key)
        return {pair: len(keys) for pair, keys in found.items()}

    def citers(self):
        """{cited: (documents, tasks)}"""
        found = {}
        for stem, paper in self.papers.items():
            for c in paper["citations"]:
                documents, tasks = found.setdefault(c["id"], (set(), set()))
                documents.add(paper["id"])
                if c["in"] != "document":
                    tasks.add((stem, c["in"]))
        return found

    def most_cited(self, level="any"):
        return {
            (cited, len(documents), len(tasks))
            for cited, (documents, tasks) in self.citers().items()
            if self.documents[cited]["kind"] == "directive" and level in ("any", self.documents[cited]["level"])
        }

    def missing_documents(self):
        return {(c, len(documents)) for c, (documents, _) in self.citers().items() if not self.documents[c]["loaded"]}

    def citation_conflicts(self):
        """{(plain title, number, citing document)}"""
        cited = [(same(c["title"]), c["number"], p["id"]) for p in self.papers.values() for c in p["citations"]]
        cited = [c for c in cited if c[0] and c[1]]
        return {
            one for one in cited for two in cited if (one[0] == two[0]) != (one[1] == two[1])
        }  # fmt: skip

    def unassigned(self, document=""):
        return {(k, self.title(t), p["id"]) for p, t, k in self.tasks(document=document) if not t["units"]}

    def no_deadline(self, document=""):
        return {
            (key, self.title(task), tuple(self.names(task)), paper["id"])
            for paper, task, key in self.tasks(document=document)
            if not task["deadlines"]
        }

    def many_leads(self):
        return {
            (key, self.title(task), tuple(self.names(task, "lead")), paper["id"])
            for paper, task, key in self.tasks()
            if len({u["id"] for u in task["units"] if u["role"] == "lead"}) > 1
        }

    def broken_chains(self, level="national"):
        """{(task, stops_at, why, document)}"""
        found = set()
        for paper, task, key in self.tasks():
            ends = [*self.chain(paper["id"])]
            for document in self.own(paper, task):
                ends += self.chain(document)
            best = max(ends, key=lambda d: RANK[self.documents[d]["level"]])
            if RANK[self.documents[best]["level"]] < RANK[level]:
                found.add((key, best, self.why(best), paper["id"]))
        return found

    def document_summary(self):
        return {
            (
                paper["id"],
                paper["document"]["title"],
                paper["document"]["level"],
                paper["document"]["region"],
                len(paper["tasks"]),
                len({u["id"] for t in paper["tasks"] for u in t["units"]}),
                sum(len(self.deadlines(t)) for t in paper["tasks"])
                + len({iso(d) for d in paper["document"]["deadlines"]}),
                len({(c["in"], c["id"], c["role"]) for c in paper["citations"]}),
            )
            for paper in self.papers.values()
        }


def iso(limit):
    """A time limit as people read it: dates ISO, a span with /, else its words."""
    if limit["kind"] != "date":
        return limit["text"]
    last = date.fromisoformat(limit["end"]).isoformat()
    return f"{limit['start']}/{last}" if limit["start"] else last


def counted(found, role):
    rows = {}
    for key, roles in found.items():
        counts = (*(len(roles[r]) for r in ROLES), len(set().union(*roles.values())))
        if counts[ROLES.index(role) if role in ROLES else 3]:
            rows[key] = counts
    return rows
