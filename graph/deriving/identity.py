"""What makes two mentions one thing: keys and ids of documents, tasks, deadlines, regions and units.

Ids of different labels can not meet: a region's is a path, a unit's has `|`, a deadline's a space, a task's is
hexadecimal, and a document's is its number or has 《》.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial

from ...extractors import rules
from ...extractors.model import Citation, Deadline, Record, Remark, Task
from ...extractors.words.fold import fold, squeeze
from ...extractors.words.levels import level_of_ending
from ...extractors.words.lexicon import ROOT, Lexicon, Region, UnitName
from ...extractors.words.parts import listed, rule

LEVELS = ("national", "province", "city", "county", "township")
_KEPT = 20_000  # titles and numbers whose places are remembered
RANK: dict[str | None, int] = {level: len(LEVELS) - n for n, level in enumerate(LEVELS)}


def rank(level: str | None) -> int:
    """5 for national down to 1 for township, 0 where the level is not known."""
    return RANK.get(level, 0)


def digest(*parts: str) -> str:
    """Sixteen hexadecimal digits that stand for some texts."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


# --- documents: their numbers and titles ----------------------------------------------------------------------------

_MARKS = re.compile(r"[\s《》〈〉<>“”‘’「」『』\"'＂＇＜＞]+")
_BRACKETS = re.compile(r"[\[［【（(〔]((?:19|20)\d\d)[\]］】）)〕]")
_named = partial(rule, file="names.toml")
_titled = partial(rule, file="identity.toml")
_names = partial(listed, file="names.toml")


@lru_cache(maxsize=_KEPT)
def title_key(title: str | None) -> str:
    """A title as titles are compared: without white space, quotation marks and a leading 中华人民共和国."""
    return _titled("state").sub("", _MARKS.sub("", title or ""))


@lru_cache(maxsize=_KEPT)
def inner_title(title: str | None) -> tuple[str, bool]:
    """What a 关于印发…的通知 hands out, as a key, and whether 《》 stand round it; ('', False) for any other title."""
    text = squeeze(title or "")
    found = _titled("issuing").search(text)
    if not found:
        return "", False
    marked = _titled("quoted").fullmatch(found[1])
    return title_key(found[1]), bool(marked)


@lru_cache(maxsize=_KEPT)
def normal_number(number: str | None) -> str | None:
    """A number without white space, with 〔〕 round its year; that of a standard with half-width signs."""
    text = squeeze(number or "")
    if re.match(r"[A-ZＡ-Ｚ]{2}", text):
        return fold(text)
    return _BRACKETS.sub(r"〔\1〕", text) or None


#: Behind the id of a document without number and title.
_CONTENT = re.compile(r"(?: |(?<![0-9a-f ]))[0-9a-f]{16,}+(?: \(.*\))?$")
_SHORT = 28  # characters of a document's short name
_SHORT_END = 9  # of them at the end, where the kind of paper stands


@lru_cache(maxsize=_KEPT)
def short_name(identity: str) -> str:
    """A document as people call it: its number, else a short title with the place and year that are not in it; of one
    without a title place and year, else the name of its file."""
    found = re.fullmatch("《(.*)》(.*)", identity)
    if not found:
        return identity
    title = inner_title(found[1])[0] or found[1] or "…"
    behind = (found[2] if found[1] else _CONTENT.sub("", found[2])).split("/")
    if len(title) > _SHORT:
        title = f"{title[: _SHORT - _SHORT_END]}…{title[-_SHORT_END:]}"
    year = behind.pop() if re.fullmatch(r"\d{4}", behind[-1]) else ""
    where, *others = (behind[-1] if behind else "").split("、")  # without a place it is who issued it, maybe several
    more = [where + "…" * bool(others) if where and where not in found[1] else "", year if year not in found[1] else ""]
    more = [one for one in more if one]
    return " ".join([f"《{title}》", *more])


# --- tasks and deadlines --------------------------------------------------------------------------------------------


def task_text(task: Task) -> str:
    """The text of a task; where a record holds only its ends, these."""
    if task.text or not (task.starts or task.ends):
        return task.text
    return task.starts if task.ends in task.starts else task.starts + task.ends


def task_ids(document: str, tasks: Iterable[Task]) -> list[str]:
    """An id for each task of a document: of its headings, title and text, and a number among exact twins."""
    seen: dict[str, int] = {}
    ids = []
    for task in tasks:
        key = digest(document, *task.section, task.title or "", squeeze(task_text(task)))
        seen[key] = seen.get(key, 0) + 1
        ids.append(key if seen[key] == 1 else digest(key, str(seen[key])))
    return ids


def deadline(limit: Deadline) -> tuple[str, str]:
    """(id, normalised words) of a time limit: its dates in ISO form, `ongoing`, else its words."""
    if limit.kind == "ongoing":
        return "ongoing", listed("ongoing", "identity.toml")[0]
    words = squeeze(limit.text)
    if limit.kind == "date" and limit.end:
        words = f"{limit.start}/{limit.end}" if limit.start else limit.end
    return f"{limit.kind} {words}", words


# --- regions --------------------------------------------------------------------------------------------------------


#: A place by its name and level, with what stands above it: level and name.
Claim = tuple[tuple[str, str | None], frozenset[tuple[str, str]]]


@dataclass(slots=True)
class Place:
    """Where a paper comes from: the id of its region (None if it names none), and of those above, by level."""

    path: str | None
    level: str | None
    chain: dict[str, str] = field(default_factory=dict)  # level → region id, its own and those above
    remarks: list[Remark] = field(default_factory=list)


class Places:
    """Regions as papers name them. First each paper states its `claim`, then `of` tells where it stands.

    What the lexicon does not know gets its parents from the issuers that papers cite; papers that agree speak of one
    place. Nothing is guessed: a name that stays undecided is a region of its own for each issuer.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.known: dict[str, tuple[str, str | None, str]] = {ROOT: (ROOT, "national", "")}  # id → name, level, code
        self._claims: dict[tuple[str, str | None], set[frozenset[tuple[str, str]]]] = {}
        self._merged: dict[tuple[str, str | None], dict[str, str] | None] = {}
        #: Of which places it was asked what papers say together.
        self.asked: set[tuple[str, str | None]] = set()
        # Many papers cite the same ones.
        self._names_in = lru_cache(maxsize=_KEPT)(self._names_of)
        self._numbered = lru_cache(maxsize=_KEPT)(self._numbered_by)

    def names(self, title: str | None) -> list[tuple[str, str | None]]:
        """The places that a title or an issuer's name begins with, outermost first, each with its level."""
        return list(self._names_in(title or ""))

    def _names_of(self, title: str) -> list[tuple[str, str | None]]:
        text = _named("before_issuer").sub("", fold(_MARKS.sub("", title)))
        text = _named("behind_place").split(text, maxsplit=1)[0]
        out: list[tuple[str, str | None]] = []
        for name in self.lexicon.region_prefix(text, strict=False):
            out.append((name, self._level(name, out[-1][1] if out else None)))
        return out

    def _level(self, name: str, above: str | None) -> str | None:
        regions = self._regions(name)
        levels = {r.level for r in regions}
        if len(levels) == 1:
            return levels.pop()
        longer = _named("autonomous").search(name)
        suffix = longer.group() if longer else name[-1:]
        if suffix in _names("city") and above == "city":
            return "county"
        return level_of_ending(suffix)

    def _regions(self, name: str) -> list[Region]:
        """Those of today; where there are none, those of the past."""
        regions = self.lexicon.regions_named(name) or self._prefectures(name)
        return [r for r in regions if not r.until] or list(regions)

    def _prefectures(self, name: str) -> list[Region]:
        """Those of a prefecture's short name: 延边州."""
        return self.lexicon.regions_short(name) if name.endswith(_names("prefecture_end")) else []

    def claim(self, record: Record) -> None:
        """Note which places a paper says to be above its own."""
        own = self._own(record)
        if own and not self._regions(own[-1][0]):
            above = {level: names for level, names in self._above(record, own).items() if len(names) == 1}
            self._claim(own[-1], {level: next(iter(names)) for level, names in above.items()})
        # 甲省乙市人民政府: the title itself says what 乙市 belongs to.
        for citation in record.citations:
            named = self.names(citation.title)
            if len(named) > 1 and not self._regions(named[-1][0]):
                self._claim(named[-1], {level: name for name, level in named[:-1] if level})

    def claimed(self) -> list[Claim]:
        """All claims, as other `Places` take them."""
        return [(place, above) for place, claims in self._claims.items() for above in claims]

    def take(self, claims: Iterable[Claim]) -> None:
        """Take in claims that papers have stated elsewhere."""
        for place, above in claims:
            self._claim(place, dict(above))

    def _claim(self, place: tuple[str, str | None], above: dict[str, str]) -> None:
        self._claims.setdefault(place, set()).add(frozenset(above.items()))
        self._merged.clear()

    def _own(self, record: Record) -> list[tuple[str, str | None]]:
        """The paper's place and those that it names before it, outermost first."""
        document = record.document
        named: list[tuple[str, str | None]] = []
        for words in (document.issuer, document.title):
            named = self.names(words)
            if named and (not document.region or named[-1][0] == document.region):
                break
            named = []
        if not named and document.region:
            named = self.names(document.region) or [(document.region, document.level)]
        if named and (document.region is None or named[-1][0] == document.region):
            return [*named[:-1], (named[-1][0], document.level or named[-1][1])]
        return named

    def _above(self, record: Record, own: list[tuple[str, str | None]]) -> dict[str, set[str]]:
        """Level → names of the places that the paper shows to be above its own; what it carries out says most."""
        mine = rank(own[-1][1])
        found: dict[str, set[str]] = {}
        number = normal_number(record.document.number)
        groups: list[list[tuple[str, str | None]]] = [own[:-1]]
        for role in ("basis", "mention"):
            groups.append([p for c in record.citations if c.role == role for p in self._issuing(c)])
        if number:
            groups.append(self._numbered(number))
        for group in groups:
            here: dict[str, set[str]] = {}
            for name, level in group:
                if level and rank(level) > mine and level not in found and name != own[-1][0]:
                    here.setdefault(level, set()).add(name)
            found |= here
        return found

    def _issuing(self, citation: Citation) -> list[tuple[str, str | None]]:
        named = self.names(citation.title)
        number = normal_number(citation.number)
        return named or (self._numbered(number) if number else [])

    def _numbered_by(self, number: str) -> list[tuple[str, str | None]]:
        issuer, _, province = self.lexicon.issuer_of_number(number)
        if province:
            return [(province, "province")]
        return self.names(issuer) if issuer else []

    def of(self, record: Record) -> Place:
        """Where a paper stands; its remarks say what stayed unknown. To be asked when all have stated their claim."""
        document = record.document
        own = self._own(record)
        if not own:
            if document.level == "national":
                return Place(ROOT, "national", {"national": ROOT})
            return Place(None, document.level, {})
        name, level = own[-1]
        key = _issuer_key(record)
        path, decided = self._path(name, level, self._above(record, own), key)
        place = Place(path, level, self.chain(path))
        if not decided:
            code = "region-undecided" if self._regions(name) else "region-parents-unknown"
            place.remarks.append(Remark(code, quote=name, values={"region": name}))
        return place

    def chain(self, path: str) -> dict[str, str]:
        """Level → id, of a region and all above it."""
        parts = path.split("/")
        found: dict[str, str] = {}
        for n in range(1, len(parts) + 1):
            step = "/".join(parts[:n])
            level = self.known.get(step, ("", None, ""))[1]
            if level:
                found[level] = step
        return found

    def _path(
        self, name: str, level: str | None, above: dict[str, set[str]], key: str, depth: int = 0
    ) -> tuple[str, bool]:
        """(id, whether it is decided) of a place, given the names that stand above it."""
        regions = [r for r in self._regions(name) if level in (None, r.level)] or self._regions(name)
        fitting = [r for r in regions if self._fits(r, above)]
        if len(fitting) == 1:
            return self._note(fitting[0]), True
        if len(fitting) > 1:
            shared = _shared([r.path for r in fitting])
            return self._keep(self._note_path(shared), name, level, f"{name}（{key}）"), False
        merged = self._agreed(name, level)
        parents = {k: next(iter(v)) for k, v in above.items() if len(v) == 1}
        if merged is not None and all(merged.get(k, v) == v for k, v in parents.items()):
            parents = {**merged, **parents}
        undecided = merged is None and not parents
        order = sorted((p for p in parents if rank(p) > rank(level)), key=rank)
        if order and depth < len(LEVELS):
            nearest = order[0]
            higher = {k: {parents[k]} for k in order[1:]}
            base, sure = self._path(parents[nearest], nearest, higher, key, depth + 1)
            return self._keep(base, name, level, name), sure
        if level in ("province", "national") or name == ROOT:
            return (ROOT if name == ROOT else self._keep(ROOT, name, level, name)), True
        # A township's name alone says nothing: there are hundreds of 城关镇.
        last = f"{name}（{key}）" if undecided or level == "township" else name
        return self._keep("", name, level, last), False

    def _agreed(self, name: str, level: str | None) -> dict[str, str] | None:
        """What the claims for a place say together: level → name above; None where they speak of several places."""
        at = (name, level)
        if at not in self._merged:
            self.asked.add(at)
            merged: dict[str, str] | None = {}
            for claim in self._claims.get(at, ()):
                for high, words in claim:
                    if merged is not None and merged.setdefault(high, words) != words:
                        merged = None
            self._merged[at] = merged
        return self._merged[at]

    def _fits(self, region: Region, above: dict[str, set[str]]) -> bool:
        for level, names in above.items():
            over = self._level_in(region.path, level)
            if over is not None and over not in names:
                return False
        return True

    def _level_in(self, path: tuple[str, ...], level: str) -> str | None:
        """The name on a level in a lexicon's path: 中国, province, then the rest by the lexicon."""
        if level == "province":
            return path[1] if len(path) > 1 else None
        for n, name in enumerate(path[:-1]):
            if n > 1 and any(r.path == path[: n + 1] and r.level == level for r in self.lexicon.regions_named(name)):
                return name
        return None

    def _note(self, region: Region) -> str:
        return self._note_path(region.path)

    def _note_path(self, path: tuple[str, ...]) -> str:
        for n in range(2, len(path) + 1):
            step = "/".join(path[:n])
            if step not in self.known:
                found = [r for r in self.lexicon.regions_named(path[n - 1]) if r.path == path[:n]]
                self.known[step] = (found[0].name, found[0].level, found[0].code) if found else (path[n - 1], None, "")
        return "/".join(path)

    def _keep(self, base: str, name: str, level: str | None, last: str) -> str:
        path = f"{base}/{last}" if base else last
        self.known.setdefault(path, (name, level, ""))
        return path

    def named(self, named: list[tuple[str, str | None]], near: Place) -> str | None:
        """The id of a place named in a paper, seen from there; None where it can not be told."""
        if not named:
            return None
        name, level = named[-1]
        for path in near.chain.values():
            if self.known[path][0] == name:
                return path
        above = {lv: {n} for n, lv in named[:-1] if lv}
        if not above:
            # What lies outside is told first by what lies around.
            higher = {lv: p for lv, p in near.chain.items() if rank(lv) > rank(level) and p != ROOT}
            around = {lv: {self.known[p][0]} for lv, p in higher.items()}
            regions = self._regions(name)
            if not regions or sum(self._fits(r, around) for r in regions) == 1:
                above = around
        path, decided = self._path(name, level, above, near.path or "")
        return path if decided else None

    def parts(self, path: str) -> list[str]:
        """The ids from the outermost region down to `path`."""
        parts = path.split("/")
        return ["/".join(parts[: n + 1]) for n in range(len(parts))]


def _shared(paths: list[tuple[str, ...]]) -> tuple[str, ...]:
    out: list[str] = []
    for step in zip(*(p[:-1] for p in paths), strict=False):
        if len(set(step)) > 1:
            break
        out.append(step[0])
    return tuple(out) or (ROOT,)


def _issuer_key(record: Record) -> str:
    """What tells issuers of one name apart: the letters of their numbers (徐鼓 of 徐鼓政办发), else their name."""
    document = record.document
    number = fold(normal_number(document.number) or "")
    letters = _named("number_kind").sub("", number.partition("(")[0]) if "(" in number else ""
    if letters:
        return letters
    if document.issuer:
        issuer = squeeze(document.issuer)
        return _named("government_end").sub("", issuer) or issuer
    return title_key(document.title) or record.source.get("sha256", "")[:16]


# --- units ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit as a node; `region` is '' where it is not known which place of that level is meant."""

    id: str
    name: str
    fields: tuple[str, ...]
    level: str | None
    region: str
    collective: bool = False
    parent: UnitFacts | None = None

    @property
    def function(self) -> str:
        """The first of its fields of work, '' where none is known."""
        return self.fields[0] if self.fields else ""


class Units:
    """Names of units, as a paper of some place uses them."""

    def __init__(self, places: Places) -> None:
        self.places, self.lexicon = places, places.lexicon

    def of(self, name: str, collective: bool, place: Place, scope: str) -> UnitFacts:
        """The unit that a name means in a paper of `place`; `scope` stands for the region where the paper has none."""
        words = fold(squeeze(name))
        split = self.lexicon.split_unit(words)
        prefix, level, region = split.prefix, place.level, place.path
        if collective and prefix not in _names("signs") and not self.places.lexicon.region_prefix(prefix):
            prefix = ""  # 各乡镇 is no place
        if split.branch and not collective:
            return self._branch(words, place, scope)
        if prefix:
            level, region = self._prefix(prefix, place)
        elif _named("national").match(words) or place.level == "national" or self.lexicon.is_national(split.base):
            level, region = "national", ROOT
        if collective:
            return self._make(_wide(words), (), level, region, place, scope, collective=True)
        base = self.lexicon.canonical(words, level)[0]
        sign = self._sign(prefix, region)
        shown = base if level == "national" or not prefix else sign + base
        if not prefix and level != "national" and split.department is not None and split.department.place_prefix:
            # A bureau without its place: 教育局 in a county's paper is the county's.
            shown = self._sign(_names("county_sign")[0] if level == "county" else "", region) + base
        league = rules.words("names.toml")["league"]
        if words.startswith(league["sign"]) and base == league["unit"] and sign:
            shown = league["sign"] + sign + league["end"]
        return self._make(_wide(shown), self.lexicon.fields(words, level), level, region, place, scope)

    def issuer(self, name: str, place: Place, scope: str) -> UnitFacts:
        """The unit that issued a paper, by its full name."""
        return self.of(_named("party_unit").sub("", squeeze(name)), False, place, scope)

    def _prefix(self, prefix: str, place: Place) -> tuple[str | None, str | None]:
        """(level, region) that a prefix means there: 县, 市, 省 are the paper's own place or one above it."""
        of_level = prefix in _names("signs") or _named("level_word").fullmatch(prefix)
        level = level_of_ending(prefix) if of_level else None
        if level is None:
            named = self.places.names(prefix) or [
                (r.name, r.level) for r in self.lexicon.regions_short(prefix) if r.level in ("province", "city")
            ]
            if not named:
                return place.level, place.path
            region = self.places.named(named, place)
            return named[-1][1], region
        own = self.places.known[place.path][0] if place.path else ""
        if prefix in _names("city") and own.endswith(prefix):
            return place.level, place.path  # a 县级市 or a 直辖市 speaks of itself
        if prefix in _names("district") and _named("own_region").search(own):
            return place.level, place.path
        if level in place.chain:
            return level, place.chain[level]
        if prefix in _names("city") and rank(place.level) < rank("city"):
            above = next((p for p in place.chain.values() if self.places.known[p][0].endswith(prefix)), None)
            return ("city", None) if above is None else (self.places.known[above][1], above)
        return level, place.path if rank(level) <= rank(place.level) else None

    def _sign(self, prefix: str, region: str | None) -> str:
        """The level's prefix in a canonical name: the last word of the place's name."""
        if prefix in _names("signs") or (not prefix and not region):
            return prefix
        name = self.places.known[region][0] if region in self.places.known else prefix
        return next((sign for sign in _names("signs") if name.endswith(sign)), prefix)

    def _branch(self, words: str, place: Place, scope: str) -> UnitFacts:
        """A branch works in the paper's place and belongs to the unit that its name begins with."""
        split = self.lexicon.split_unit(words)
        base = self.lexicon.canonical(words, place.level)[0]
        fields = self.lexicon.fields(words, place.level)
        parent = self.of(split.parent, False, place, scope) if split.parent != words else None
        if split.department is not None and not self.lexicon.split_unit(split.parent).prefix and _central(split):
            parent = self._make(split.department.national, fields, "national", ROOT, place, scope)
        level, region = place.level, place.path
        named = self.places.names(split.branch)
        if named and rank(named[-1][1]) < rank(place.level):
            inner = self.places.named(named, place)
            if inner:
                level, region = named[-1][1], inner
        made = self._make(_wide(split.prefix + base), fields, level, region, place, scope)
        return made if parent is None or parent.id == made.id else UnitFacts(*_fields(made), parent)

    def _make(
        self,
        name: str,
        fields: tuple[str, ...],
        level: str | None,
        region: str | None,
        place: Place,
        scope: str,
        collective: bool = False,
    ) -> UnitFacts:
        # A unit of an unknown place above is one of its own for each place that speaks of it.
        where = region or f"{place.path or scope}/?"
        return UnitFacts(f"{where}|{name}", name, fields, level, region or "", collective)


def _fields(unit: UnitFacts) -> tuple[str, str, tuple[str, ...], str | None, str, bool]:
    return unit.id, unit.name, unit.fields, unit.level, unit.region, unit.collective


def _central(split: UnitName) -> bool:
    """Whether it is a branch of one of the nation's own: 人民银行."""
    return split.department is not None and not split.department.place_prefix and bool(split.department.national)


def _wide(name: str) -> str:
    """Brackets as Chinese papers write them."""
    return name.replace("(", "（").replace(")", "）")
