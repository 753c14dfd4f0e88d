"""`docs/images/rooms.svg`: the rooms of the code, read from its folders and imports.

A room is a folder of modules. Modules that stand beside the rooms of a package are drawn together
where they import the same layer of rooms.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from html import escape
from itertools import groupby
from pathlib import Path
from textwrap import wrap

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("trazo", "cost", "compiler", "trazo_spec")
"""From the one that imports all others to the one that imports none."""
OPENED = (*PACKAGES, "compiler.backends", "compiler.backends.diagram")
"""Folders whose own folders are drawn as rooms."""

COLUMNS, BOX_WIDTH = 4, 250
MARGIN, PAD = 16, 10
COLUMN_GAP, ROW_GAP, BAND_GAP = 26, 36, 22
WIDTH = 2 * (MARGIN + 2 * PAD) + COLUMNS * (BOX_WIDTH + COLUMN_GAP) - COLUMN_GAP
TITLE_H, LINE_H = 20, 15
LETTER_PX = 6.0
"""Chosen: as wide as a letter of the small text is on average in common sans-serif fonts."""

Imports = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Box:
    """A room where it is drawn."""

    room: str
    row: int
    column: int
    x: int
    y: int
    height: int
    lines: tuple[str, ...]

    @property
    def middle(self) -> int:
        """The column that arrows begin and end in."""
        return self.x + BOX_WIDTH // 2


def write() -> str:
    """Every room with what it holds, and an arrow to each room that it imports, as SVG."""
    imports = _reduced(room_imports())
    body, y = list[str](), MARGIN
    for package in PACKAGES:
        boxes = _placed({r: imports[r] for r in imports if _package(r) == package}, y)
        bottom = max(box.y + box.height for box in boxes.values()) + 2 * PAD
        body += _band(package, y, bottom - y)
        body += [
            _arrow(box, boxes[r], boxes)
            for box in boxes.values()
            for r in sorted(imports[box.room])
        ]
        body += [line for box in boxes.values() for line in _drawn(box)]
        y = bottom + BAND_GAP
    return _page(y - BAND_GAP + MARGIN, body)


def room_imports() -> Imports:
    """Which rooms each room imports, those of other packages left out."""
    rooms = {module: room_of(module) for module in modules()}
    found: dict[str, set[str]] = {room: set() for room in rooms.values() if room}
    for module, others in module_imports().items():
        for other in others:
            a, b = rooms[module], rooms[other]
            if a and b and a != b and _package(a) == _package(b):
                found[a].add(b)
    return {room: frozenset(others) for room, others in sorted(found.items())}


@cache
def modules() -> Mapping[str, Path]:
    """Every module by its import path."""
    found = {}
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return dict(sorted(found.items()))


@cache
def module_imports() -> Imports:
    """Which of our modules each one imports, at its top or inside a function."""
    return {name: frozenset(_imported(path)) for name, path in modules().items()}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module in modules():
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules() else node.module


@cache
def room_of(module: str) -> str:
    """The room of a module; `+1` and so on its package where it stands beside the rooms."""
    if module in OPENED:
        return ""  # it holds a docstring and nothing else
    room = _folder_of(module)
    return room or f"{_owner(module)}+{_rank(module)}"


def _owner(module: str) -> str:
    return max((o for o in OPENED if module.startswith(f"{o}.")), key=len)


def _folder_of(module: str) -> str:
    """The room that a module stands in; empty where it stands beside them."""
    folder = ".".join(module.split(".")[: _owner(module).count(".") + 2])
    return folder if modules()[folder].name == "__init__.py" else ""


@cache
def _rank(module: str) -> int:
    """How many rooms of its own folder lie below a module or its room, one under the other."""
    owner, own = _owner(module), _folder_of(module)
    seen = {m for m in modules() if own and f"{m}.".startswith(f"{own}.")} or {module}
    left, below = set(seen), set[str]()
    while left:
        inside = {m for m in module_imports()[left.pop()] if m.startswith(f"{owner}.")} - seen
        below |= {m for m in inside if _folder_of(m) not in ("", own)}
        left |= {m for m in inside if _folder_of(m) in ("", own)}
        seen |= inside
    return max((_rank(m) + 1 for m in below), default=0)


def _package(room: str) -> str:
    return room.partition("+")[0].partition(".")[0]


def _reduced(imports: Imports) -> Imports:
    """The imports that no longer way through other rooms says too."""
    below: dict[str, frozenset[str]] = {}
    for room in TopologicalSorter(imports).static_order():
        below[room] = imports[room].union(*(below[other] for other in imports[room]))
    return {
        room: frozenset(o for o in others if not any(o in below[via] for via in others))
        for room, others in imports.items()
    }


def _rows(imports: Imports) -> list[list[str]]:
    """The rooms of a package from the top down: each below all that import it."""
    users = {room: {r for r in imports if room in imports[r]} for room in imports}
    depth: dict[str, int] = {}
    for room in TopologicalSorter(users).static_order():
        depth[room] = max((depth[user] + 1 for user in users[room]), default=0)
    ordered = sorted(depth, key=lambda room: (depth[room], room))
    return [list(row) for _, row in groupby(ordered, key=lambda room: depth[room])]


def _placed(imports: Imports, top: int) -> dict[str, Box]:
    """The boxes of a package, each as near as it can be below what imports it."""
    boxes: dict[str, Box] = {}
    y = top + TITLE_H + 2 * PAD
    for row, rooms in enumerate(_rows(imports)):
        texts = {room: _lines(_text(room)) for room in rooms}
        height = TITLE_H + max(map(len, texts.values())) * LINE_H + PAD
        for room, column in _columns(rooms, imports, boxes).items():
            x = MARGIN + 2 * PAD + column * (BOX_WIDTH + COLUMN_GAP)
            boxes[room] = Box(room, row, column, x, y, height, texts[room])
        y += height + ROW_GAP
    return boxes


def _columns(rooms: list[str], imports: Imports, above: Mapping[str, Box]) -> dict[str, int]:
    """A column for each room of a row, the one nearest to its users that is left."""
    if len(rooms) > COLUMNS:
        raise ValueError(f"more than {COLUMNS} rooms in a row: {', '.join(rooms)}")
    free, found = list(range(COLUMNS)), dict[str, int]()
    for room in rooms:
        users = [box.column for box in above.values() if room in imports[box.room]]
        wanted = sum(users) / len(users) if users else len(found)
        found[room] = min(free, key=lambda column: abs(column - wanted))
        free.remove(found[room])
    return found


def _lines(text: str) -> tuple[str, ...]:
    return tuple(wrap(text, int((BOX_WIDTH - 2 * PAD) / LETTER_PX), break_on_hyphens=False))


def _title(room: str) -> str:
    owner, beside, _ = room.partition("+")
    path = owner.replace(".", "/") + "/"
    return f"{path}*.py" if beside else path


def _text(room: str) -> str:
    """What a room holds in words, and the names of its modules."""
    if "+" in room:
        return ", ".join(m.rpartition(".")[2] for m in modules() if room_of(m) == room)
    doc = ast.get_docstring(ast.parse(modules()[room].read_text(encoding="utf-8"))) or ""
    return doc.splitlines()[0]


def _band(package: str, y: int, height: int) -> list[str]:
    x, width = MARGIN, WIDTH - 2 * MARGIN
    doc = ast.get_docstring(ast.parse(modules()[package].read_text(encoding="utf-8"))) or ""
    title = f"{package}/"
    return [
        f'<rect class="band" x="{x}" y="{y}" width="{width}" height="{height}" rx="8"/>',
        f'<text class="package" x="{x + PAD}" y="{y + TITLE_H + 2}">{escape(title)}'
        f'<tspan class="small" dx="10">{escape(doc.splitlines()[0])}</tspan></text>',
    ]


def _drawn(box: Box) -> Iterator[str]:
    yield (
        f'<rect class="room" x="{box.x}" y="{box.y}" width="{BOX_WIDTH}" '
        f'height="{box.height}" rx="5"/>'
    )
    x, y = box.x + PAD, box.y + TITLE_H - 3
    yield f'<text class="title" x="{x}" y="{y}">{escape(_title(box.room))}</text>'
    for i, line in enumerate(box.lines, 1):
        yield f'<text class="small" x="{x}" y="{y + i * LINE_H}">{escape(line)}</text>'


def _arrow(a: Box, b: Box, boxes: Mapping[str, Box]) -> str:
    """From the lower edge of a box to the upper edge of one below, around those in between."""
    between = {box.column for box in boxes.values() if a.row < box.row < b.row}
    free = [box.middle for box in (b, a) if box.column not in between]
    beside = b.x - COLUMN_GAP // 2 if a.column < b.column else b.x + BOX_WIDTH + COLUMN_GAP // 2
    x = free[0] if free else beside
    leave, arrive = a.y + a.height + 8 + 4 * a.column, b.y - 10
    way = f"M{a.middle} {a.y + a.height}V{leave}H{x}"
    way += f"V{arrive}H{b.middle}" if x != b.middle else ""
    return f'<path class="arrow" d="{way}V{b.y - 2}" marker-end="url(#head)"/>'


def _page(height: int, body: Iterable[str]) -> str:
    style = (
        "text{font-family:'Source Sans Pro',Helvetica,Arial,sans-serif;fill:#1f2933}"
        ".package{font-size:17px;font-weight:600}.title{font-size:14px;font-weight:600}"
        ".small{font-size:12.5px;font-weight:400}"
        ".page{fill:#ffffff}.band{fill:#f3f5f8;stroke:#c3ccd6}.room{fill:#ffffff;stroke:#7b8794}"
        ".arrow{fill:none;stroke:#52606d;stroke-width:1.2}.head{fill:#52606d}"
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img">',
            "<title>The rooms of the code and what each imports</title>",
            f"<style>{style}</style>",
            '<defs><marker id="head" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" '
            'markerHeight="7" orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>',
            f'<rect class="page" width="{WIDTH}" height="{height}"/>',
            *body,
            "</svg>",
            "",
        ]
    )
