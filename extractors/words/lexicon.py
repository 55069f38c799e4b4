"""What is known of Chinese places and departments: 行政区划, names of departments with their forms and field of work,
numbers.

Built in are `rules/regions.csv`, `departments.csv` and `numbers.csv`; a workspace adds departments and places of its
own (`docs/lexicons.md` gives the columns).
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path

from .. import rules
from ..errors import ZhenglingError
from .fields import Joint
from .fold import fold, squeeze
from .levels import level_of_ending, root
from .parts import changed, listed, rule
from .unit_words import ending, glued_ending

#: The region that all others lie in.
ROOT = root()
_LEVELS = ("province", "city", "county", "township")
_REGION_COLUMNS = {"name", "level"}
_DEPARTMENT_COLUMNS = {"name", "function"}


@dataclass(frozen=True, slots=True)
class Region:
    """A 行政区划. `path` runs from 中国 down to its name; `until` is the year in which it went out of use, else 0."""

    code: str
    name: str
    level: str
    path: tuple[str, ...]
    until: int = 0


@dataclass(frozen=True, slots=True)
class Department:
    """A department: full name on each level, without place ('' where it has none there)."""

    id: str
    national: str
    province: str
    city: str
    local: str
    function: str
    place_prefix: bool

    def name(self, level: str | None) -> str:
        """The full name on a level (`national`, `province`, `city`, else local); '' where unknown."""
        if level == "national":
            return self.national or self.province or self.local
        if level == "province":
            return self.province or self.local
        if level == "city":
            return self.city or self.local or self.province
        return self.local or self.province


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit's name in parts. `prefix` is a level (县, 市, 省), a place's name, or ''. A branch names the unit above
    it in `parent` and its place or kind in `branch`."""

    prefix: str
    base: str
    department: Department | None = None
    parent: str = ""
    branch: str = ""


_TAIL = 3  # characters that the search for a region begins with
#: Characters: a place inside another has no fewer; the longest name of a body of the nation whose branches have its
#: name before theirs; what is no longer behind a unit is no branch of it.
_SHORTEST_INNER, _LONGEST_ALONE, _SHORTEST_BRANCH = 3, 10, 2
_MOST_NAMES = 10_000  # that are held
_BRACKETED = re.compile(r"\([^()]*\)$")
#: What names are made of.
_NAMES = "names.toml"
_rule = partial(rule, file=_NAMES)
_listed = partial(listed, file=_NAMES)


class Lexicon:
    """Look-ups, all by dictionaries made when it is loaded."""

    version: str
    #: The folders whose words it has beside the built-in ones.
    folders: tuple[str, ...] = ()

    def __init__(
        self,
        regions: Iterable[dict[str, str]],
        departments: Iterable[dict[str, str]],
        numbers: Iterable[dict[str, str]],
        version: str,
    ) -> None:
        self.version = version
        self._named: dict[str, list[Region]] = {}
        self._short: dict[str, list[Region]] = {}
        self._load_regions(regions)
        self._longest = max(map(len, self._named), default=0)
        self._forms: dict[str, Department] = {}
        self._same: set[str] = set()
        self._forms_of: dict[str, list[str]] = {}
        for row in departments:
            self._add_department(row)
        self._numbers: dict[str, tuple[str | None, str | None, str | None]] = {}
        self._open: dict[str, str] = {}
        for row in numbers:
            self._add_number(row["prefix"], row["issuer"], row["level"])
        self._splits: dict[str, UnitName] = {}
        self._departments: dict[str, Department | None] = {}
        self._fields: dict[tuple[str, str | None], tuple[str, ...]] = {}

    @classmethod
    def load(cls, folders: Sequence[str | Path] = ()) -> Lexicon:
        """The built-in lexicon with the `*.csv` of some folders added to it.

        Raises `ZhenglingError` that names file and line where a row can not be used.
        """
        files = sorted(f for folder in folders for f in Path(folder).glob("*.csv"))
        if not files:
            return _built_in()
        lexicon = _with(tuple((str(f), f.read_bytes()) for f in files))
        lexicon.folders = tuple(str(folder) for folder in folders)
        return lexicon

    # --- places

    def _load_regions(self, rows: Iterable[dict[str, str]]) -> None:
        known: dict[str, tuple[tuple[str, ...], int]] = {}
        waiting = list(rows)
        order = {"province": 0, "city": 1, "county": 2, "township": 3}
        for row in sorted(waiting, key=lambda r: order.get(r["level"], 4)):
            parent = row.get("parent", "")
            until = int(row.get("until") or 0)
            above = known.get(parent, ((ROOT,), 0))[0]
            if parent and parent not in known:
                above = self._named[parent][0].path if parent in self._named else (ROOT,)
            path = (*above, row["name"])
            region = Region(row.get("code", ""), row["name"], row["level"], path, until)
            if region.code and (region.code not in known or not until):
                known[region.code] = (path, until)
            self._named.setdefault(region.name, []).append(region)
            for short in filter(None, row.get("short", "").split("|")):
                self._short.setdefault(short, []).append(region)
        for regions in (*self._named.values(), *self._short.values()):
            if len(regions) > 1:
                regions.sort(key=lambda r: (r.until != 0, r.path))

    def regions_named(self, name: str) -> list[Region]:
        """The regions of a full name, those of today first; empty where the name is not known."""
        return self._named.get(name, [])

    def may_end_region(self, text: str) -> bool:
        """Whether a text may end in a region's full name: most are told by their last characters."""
        return text[-_TAIL:] in self._tails

    @cached_property
    def _tails(self) -> frozenset[str]:
        return frozenset(name[-_TAIL:] for name in self._named)

    def regions_short(self, short: str) -> list[Region]:
        """The regions of a name without its kind, or of a province's abbreviation (豫)."""
        return self._short.get(short, [])

    def region_prefix(self, text: str, strict: bool = True) -> list[str]:
        """The place names that a folded text begins with, outermost first (province, city, county).

        Unless `strict`, places that the lexicon does not know are told by their shape.
        """
        out: list[str] = []
        at = 0
        while at < len(text) and len(out) < 4:
            name = self._known_at(text, at)
            if name is None and not strict:
                match = _rule("shape").match(text, at)
                name = match.group() if match and self._may_be_place(match.group()) else None
                if name and out and (len(name) < _SHORTEST_INNER or _rule("unit_like").search(name)):
                    name = None
            if name is None or (out and _holds(name, out[-1])):
                break
            out.append(name)
            at += len(name)
        return out

    def _may_be_place(self, name: str) -> bool:
        """Whether a word of a place's shape is no other word."""
        return (
            len(name) > 1
            and not _rule("trap").match(name)
            and not _rule("no_place").search(name)
            and not _rule("level_word").fullmatch(name)
            and name not in self._forms
        )

    def _known_at(self, text: str, at: int) -> str | None:
        for size in range(min(self._longest, len(text) - at), 1, -1):
            name = text[at : at + size]
            if name in self._named:
                return name
        # 延边州 for 延边朝鲜族自治州.
        match = _rule("short_prefecture").match(text, at)
        if match and match.group() in self._short:
            return match.group()
        return None

    # --- units

    def _add_department(self, row: dict[str, str]) -> None:
        department = Department(
            row["id"],
            row["national"],
            row["province"],
            row["city"],
            row["local"],
            row["function"],
            row["place_prefix"] == "yes",
        )
        same = [f for f in row["same"].split("|") if f]
        related = [f for f in row["related"].split("|") if f]
        for form in (*same, *related):
            self._forms[form] = department
        self._same.update(same)

    @cached_property
    def _normal(self) -> dict[str, Department]:
        out: dict[str, Department] = {}
        for form, department in self._forms.items():
            out.setdefault(_normal(form), department)
        return out

    @cached_property
    def _same_normal(self) -> set[str]:
        return {_normal(f) for f in self._same}

    def forms(self) -> list[str]:
        """The forms of departments, without place, that are units in any surroundings (not 学校, 高新区)."""
        return [f for f in self._forms if len(f) > 1 and glued_ending().search(f)]

    def forms_of(self, department: Department) -> list[str]:
        """The names of one department, without place."""
        if not self._forms_of:
            for form in self._same:
                self._forms_of.setdefault(self._forms[form].id, []).append(form)
        return sorted(self._forms_of.get(department.id, ()))

    def department(self, base: str) -> Department | None:
        """The department of a name without place, in any of its forms; None if it is not known."""
        known = self._departments
        if base not in known:
            if len(known) > _MOST_NAMES:
                known = self._departments = {}  # a new one: another thread may read the old
            known[base] = self._department(base)
        return known[base]

    def _department(self, base: str) -> Department | None:
        base = changed(base, "both_seats", _NAMES)
        found = self._forms.get(base)
        if found is None and len(base) > 2:
            found = self._normal.get(_normal(base))
        return found

    def is_national(self, base: str) -> bool:
        """Whether a name without place can only be one of the nation's: 财政部, 市场监管总局, 证监会."""
        department = self.department(base)
        if department is None or not department.national:
            return False
        if base == department.national or base.endswith(_listed("general")):
            return base != department.local
        local = (department.province, department.city, department.local)
        return base.endswith(_listed("ministry")) and not any(name.endswith(base[-1]) for name in local)

    def _office_of(self, base: str) -> Department | None:
        """The bureau that a name begins with and of which it is a part: 财政局国库科."""
        for size in range(len(base) - 1, 2, -1):
            found = self._forms.get(base[:size])
            if found is not None and base[size - 1] in _listed("office_end"):
                return found
        return None

    def split_unit(self, name: str) -> UnitName:
        """A folded unit name in parts. `prefix + base` is the name, but for 国家税务总局某县税务局 and the like, where
        the base is that of the bureau of the place."""
        known = self._splits.get(name)
        if known is None:
            if len(self._splits) > _MOST_NAMES:
                self._splits.clear()
            known = self._splits[name] = self._split(name)
        return known

    def _split(self, name: str) -> UnitName:
        whole = self._forms.get(name)
        if whole is not None:
            return UnitName("", name, whole)
        league = _rule("league").match(name)
        if league:
            unit = rules.words(_NAMES)["league"]["unit"]
            return UnitName(league["place"] or league["at"], unit, self._forms.get(unit))
        body = self._placeless(name)
        if body is not None:
            return UnitName("", name, body[1], body[0], name[len(body[0]) :])
        return self._of_a_nations_body(name) or self._of_the_grid(name) or self._placed(name)

    def _of_a_nations_body(self, name: str) -> UnitName | None:
        """国家税务总局某县税务局: the bureau of the place, below that of the nation."""
        above = next((head for head in _listed("with_branches") if name.startswith(head)), None)
        if above is None or len(name) <= _LONGEST_ALONE:
            return None
        inner = self._split(name.removeprefix(above))
        return UnitName(inner.prefix, inner.base, inner.department, above, "") if inner.prefix else None

    def _of_the_grid(self, name: str) -> UnitName | None:
        """国网某县供电公司: the 供电公司 of the place."""
        grid = _rule("grid").match(name)
        inner = self._split(name[grid.end() :]) if grid else None
        if inner is None or not inner.prefix:
            return None
        return inner if inner.department is self._forms.get(rules.words(_NAMES)["grid"]["unit"]) else None

    def _placed(self, name: str) -> UnitName:
        """A name in parts by the place or the level that it begins with, and by the branch that it ends in."""
        prefix = self._prefix(name)
        base = name[len(prefix) :]
        department = self.department(base)
        if department is None:
            bare = _BRACKETED.sub("", base) if ")" in base else base
            department = self.department(bare) if bare != base else None
        branch = _rule("branch").match(name) if department is None else None
        if branch and len(branch["branch"]) > _SHORTEST_BRANCH and branch["parent"] not in _listed("no_parent"):
            above = self._split(branch["parent"]) if branch["parent"] != name else UnitName("", name)
            return UnitName(prefix, base, above.department, branch["parent"], branch["branch"])
        return UnitName(prefix, base, department)

    def _prefix(self, name: str) -> str:
        """The level or the place that a unit's name begins with, '' if none."""
        level = _rule("level_word").match(name)
        if not level or level.end() == len(name) or _rule("trap").match(name):
            return self._place(name) or self._short_place(name)
        # 镇江市教育局, 市中区教育局 begin with a place, 县乡镇企业局 does not.
        if self.department(name[level.end() :]) is None:
            place = self._place(name)
            if place and (self._known_at(name, 0) or self.department(name[len(place) :])):
                return place
        return level.group()

    def _place(self, name: str) -> str:
        """The place that a unit's name begins with, '' if none."""
        places = self.region_prefix(name, strict=False)
        # 某县文化市场执法大队 is one of 某县, not of a place 文化市.
        for n in range(1, len(places)):
            place = "".join(places[:n])
            if self.department(name[len(place) :]) is not None:
                return place
        # 高新区管委会 is no unit of a region 高新区; 山东省教育厅 is one of the province.
        while places and (
            len("".join(places)) >= len(name)
            or (_rule("no_place").search(places[-1]) and places[-1] not in self._named)
        ):
            places.pop()
        place = "".join(places)
        if places and (places[-1] in self._named or places[-1] in self._short or self._plausible(name[len(place) :])):
            return place
        return ""

    def _short_place(self, name: str) -> str:
        """The short name of a province or city before one of its departments: 内蒙古财政厅, 厦门银保监局."""
        for size in (3, 2):
            known = any(r.level in ("province", "city") for r in self._short.get(name[:size], ()))
            if known and name[size:] in self._forms:
                return name[:size]
        return ""

    def _placeless(self, name: str) -> tuple[str, Department] | None:
        """The body without place in front that a name begins with: 人民银行某县支行."""
        for size in range(min(8, len(name) - 2), 2, -1):
            department = self._forms.get(name[:size])
            if department is not None and not department.place_prefix and name[:size].endswith(_listed("placeless")):
                return name[:size], department
        return None

    def _plausible(self, base: str) -> bool:
        return base in self._forms or bool(ending().search(base))

    def canonical(self, name: str, level: str | None) -> tuple[str, str, str | None]:
        """(canonical name without place, field of work or '', id of the department or None) of a folded unit name."""
        split = self.split_unit(name)
        department = split.department
        base = split.base
        if level == "province" and split.prefix.endswith(_listed("city")):
            level = "city"  # a 直辖市 has 局, no 厅
        if split.branch:
            if (
                department
                and split.parent
                and base.startswith(split.parent)
                and department.national.endswith(split.parent)
            ):
                base = department.national + base[len(split.parent) :]
            return base, department.function if department else "", department.id if department else None
        if department is None:
            street = rules.words(_NAMES)["street_office"]
            if split.prefix.endswith(street["place"]) and base in street["words"]:
                department = self._forms.get(street["unit"])
                return street["name"], department.function if department else "", department.id if department else None
            department = self._office_of(base)
            return (base if department else _long(base)), department.function if department else "", None
        bare = _BRACKETED.sub("", base)
        if bare in self._same or (bare not in self._forms and _normal(bare) in self._same_normal):
            return department.name(level) or _long(base), department.function, department.id
        return _long(base), department.function, department.id

    def fields(self, name: str, level: str | None = None) -> tuple[str, ...]:
        """The fields of work of a folded unit name, the first first: several of a bureau that has the work of several,
        none where it is not known."""
        known = self._fields.get((name, level))
        if known is None:
            if len(self._fields) > _MOST_NAMES:
                self._fields.clear()
            first = self.canonical(name, level)[1]
            found = [first] if first else []
            for part in filter(None, re.split(r"[()]", name)):
                split = self.split_unit(part)
                found += [] if split.branch else self._joint.fields(split.base)
            known = self._fields[name, level] = tuple(dict.fromkeys(found))
        return known

    @cached_property
    def _joint(self) -> Joint:
        forms = ((form, department.function) for form, department in self._forms.items())
        return Joint(forms, (department.national for department in self._forms.values()))

    # --- numbers

    def issuer_of_number(self, number: str) -> tuple[str | None, str | None, str | None]:
        """(issuer, level, province) that a document number tells; None where it does not."""
        folded = fold(squeeze(number))
        prefix = folded.split("(")[0]
        order = _rule("order").match(folded)
        if order:
            who = order["who"]
            if order["council"] or order["nation"]:
                return order["council"] or order["nation"] + who, "national", None
            if self.is_national(who):
                return who, "national", None
            places = self.region_prefix(who, strict=False)
            level = self._named[places[-1]][0].level if places and places[-1] in self._named else None
            return who or None, level, places[0] if places and level == "province" else None
        if prefix in self._numbers:
            return self._numbers[prefix]
        for size in range(len(prefix), 1, -1):
            if prefix[:size] in self._open:
                return self._open[prefix[:size]], "national", None
        # 建村函 is of the series 建村.
        series = _rule("series").sub("", prefix)
        found = self._numbers.get(series) if len(series) > 1 and series != prefix else None
        return found if found is not None and found[1] == "national" else (None, None, None)

    def _add_number(self, prefix: str, issuer: str, level: str) -> None:
        if prefix.endswith("*"):
            self._open[prefix[:-1]] = issuer
            return
        if not prefix.startswith("{"):
            self._numbers[prefix] = (issuer or None, level or None, None)
            return
        some, _, tail = prefix[1:].partition("}")
        for short, name in self._provinces.items():
            if some == "province" or short in some:
                self._numbers[short + tail] = (issuer.replace("{province}", name) or None, level or None, name)

    @cached_property
    def _provinces(self) -> dict[str, str]:
        """豫 → 河南省."""
        return {s: r[0].name for s, r in self._short.items() if len(s) == 1 and r[0].level == "province"}


def _holds(place: str, inner: str) -> bool:
    """Whether a place is of a higher level than another, by their endings: it is none that stands behind it."""
    one, other = level_of_ending(place), level_of_ending(inner)
    return one is not None and other is not None and _LEVELS.index(one) < _LEVELS.index(other)


@cache
def _no_joints() -> dict[int, None]:
    return dict.fromkeys(map(ord, _listed("joints")))


def _normal(form: str) -> str:
    """A form for comparison: without 和, long endings made short."""
    return changed(form.translate(_no_joints()), "short", _NAMES)


def _long(base: str) -> str:
    """An unknown name in its long form."""
    return changed(base, "long", _NAMES)


@cache
def _built_in() -> Lexicon:
    return Lexicon(rules.table("regions.csv"), rules.table("departments.csv"), rules.table("numbers.csv"), _version(()))


def _version(files: tuple[tuple[str, bytes], ...]) -> str:
    whole = hashlib.sha256(rules.version().encode())
    for _, data in files:
        whole.update(data)
    return whole.hexdigest()[:8]


@cache
def _with(files: tuple[tuple[str, bytes], ...]) -> Lexicon:
    """The built-in lexicon and the rows of some files: departments (name, forms, function) or regions (name, level,
    …)."""
    regions, departments = rules.table("regions.csv"), rules.table("departments.csv")
    added: list[tuple[_FileLine, dict[str, str]]] = []  # regions, and where they stand
    for path, data in files:
        for line, row in _rows_of(path, data):
            if "level" in row:
                added.append((line, _region(line, row)))
            else:
                departments.append(_department(line, row))
    regions += [row for _, row in added]
    known = {"", *(row[key] for row in regions for key in ("code", "name"))}
    for line, row in added:
        if row["parent"] not in known:
            raise line.fault()
    return Lexicon(regions, departments, rules.table("numbers.csv"), _version(files))


@dataclass(frozen=True, slots=True)
class _FileLine:
    """A line of a user's file."""

    path: str
    number: int
    text: str

    def fault(self) -> ZhenglingError:
        return ZhenglingError("lexicon-row", path=self.path, line=self.number, row=self.text[:_QUOTED])


_QUOTED = 60  # characters of a line that an error names


def _rows_of(path: str, data: bytes) -> Iterator[tuple[_FileLine, dict[str, str]]]:
    """The rows of a user's file by the names of its columns."""
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ZhenglingError("lexicon-encoding", path=path) from error
    body = [_FileLine(path, n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not body:
        return
    header = [h.strip() for h in next(csv.reader([body[0].text]))]
    if not ({*header} >= _REGION_COLUMNS or {*header} >= _DEPARTMENT_COLUMNS):
        raise ZhenglingError("lexicon-header", path=path, line=body[0].number, columns=", ".join(header))
    for line in body[1:]:
        values = next(csv.reader([line.text]))
        if len(values) > len(header) or not values[0].strip():
            raise line.fault()
        yield line, dict.fromkeys(header, "") | {k: v.strip() for k, v in zip(header, values, strict=False)}


def _region(line: _FileLine, row: dict[str, str]) -> dict[str, str]:
    row = {"code": "", "parent": "", "short": "", "until": ""} | row
    if row["level"] not in _LEVELS or not row["name"] or not re.fullmatch(r"(?:\d{4})?", row["until"]):
        raise line.fault()
    return row


def _department(line: _FileLine, row: dict[str, str]) -> dict[str, str]:
    """The row of a department that has one name at all levels."""
    if not row["name"]:
        raise line.fault()
    forms = [f for f in row.get("forms", "").split("|") if f]
    return {
        "id": row.get("id") or "user." + row["name"],
        "national": row["name"],
        "province": row["name"],
        "city": "",
        "local": row["name"],
        "same": "|".join([row["name"], *forms]),
        "related": "",
        "function": row["function"],
        "place_prefix": row.get("place_prefix") or "yes",
    }
