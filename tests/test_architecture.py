"""The shape of the project: layers, registries, docstrings, and what commands load."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

import trazo_spec.traffic
from compiler.kinds import KINDS as ANSWERS
from trazo.program import COMMANDS, PRICES
from trazo_spec.base import Strict
from trazo_spec.components import KINDS, AnyComponent
from trazo_spec.docstrings import field_docstrings
from trazo_spec.load import load

ROOT = Path(__file__).parent.parent
PACKAGES = ("trazo_spec", "compiler", "cost", "trazo")
LAYERS = {"trazo_spec": 0, "compiler": 1, "cost": 2, "trazo": 3}
MOST_LINES = 450
LONGEST_CHAIN = 20
"""Modules from the program down to the last one that it needs: what a reader may have to climb."""
MOST_ARROWS = 12
"""Between the rooms of a container, as pairs of rooms."""

HEAVY = (
    "cdktf", "cdktn", "constructs", "diagrams", "fontTools", "graphviz", "jinja2", "jsii",
    "networkx", "numba", "numpy", "pandas", "PIL", "plotly", "pygraphviz",
)  # fmt: skip
"""What takes 0.1 s or more to import, and is imported where it is needed."""
HEAVY_OF_OURS = ("cost.simulation",)
"""The same among our own packages: what belongs to them may import the others at the top."""
HOME_OF = {
    "networkx": ("compiler/graph/graph.py", "compiler/backends/graph_text.py"),
    "cdktf": ("compiler/backends/terraform/",),
    "cdktn": ("compiler/backends/terraform/",),
    "diagrams": ("compiler/backends/diagram/",),
    "pygraphviz": ("compiler/backends/diagram/",),
    "numba": ("cost/simulation/kernel.py",),
    "numpy": ("cost/simulation/",),
    "plotly": ("cost/showing/plots.py",),
    "jinja2": ("cost/showing/report.py",),
}
"""Which files may know a package, so that another one can take its place."""


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the project by its path."""
    paths = [p for package in PACKAGES for p in sorted((ROOT / package).rglob("*.py"))]
    return {str(p.relative_to(ROOT)): ast.parse(p.read_text(encoding="utf-8")) for p in paths}


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported anywhere below a node."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def imports_on_loading(tree: ast.Module) -> Iterator[str]:
    """Every module that is imported when the module itself is, types left out."""
    for node in tree.body:
        if (
            isinstance(node, ast.Import | ast.ImportFrom)
            or (isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test))
            or isinstance(node, ast.Try | ast.With)
        ):
            yield from imports(node)


def top(module: str) -> str:
    """The package of a module."""
    return module.partition(".")[0]


# Tests


def loaded_with(module: str) -> Iterator[str]:
    """What a module of the tests imports when it is collected, and what those of it do."""
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not file.exists():  # a name in a module, which has been read itself
        return
    loading = set(imports_on_loading(tree := ast.parse(file.read_text(encoding="utf-8"))))
    for name in loading | {n for n in imported_names(tree) if n.rpartition(".")[0] in loading}:
        yield name
        if name.startswith("tests."):
            yield from loaded_with(name)


def test_the_tests_of_the_readme_need_only_what_it_installs():
    """`.[test]` is all that the README's command has; `moto` and others come with `.[dev]`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    dev = project["optional-dependencies"]["dev"]
    names = {re.split(r"[^\w-]", each)[0].replace("-", "_") for each in dev}
    others = names - {"trazo"}
    assert {"boto3", "moto"} <= others
    patterns = ("tests/test_*.py", "tests/components/*.py", "tests/price_update/*.py")
    paths = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    collected = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    wanting = {(m, name) for m in collected for name in loaded_with(m) if top(name) in others}
    assert not wanting


# Layers


def test_imports_go_one_way():
    """`trazo_spec` <- `compiler` <- `cost` <- `trazo`: each can be read without the next."""
    wrong = [
        (path, name)
        for path, tree in modules().items()
        for name in imports(tree)
        if top(name) in LAYERS and LAYERS[top(name)] > LAYERS[Path(path).parts[0]]
    ]

    assert wrong == []


def test_kinds_never_import_each_other():
    """A kind can be understood, changed and removed by itself."""
    wrong = []
    for path, tree in modules().items():
        parts = Path(path).with_suffix("").parts
        if parts[:2] == ("compiler", "components") and len(parts) > 2:
            own = ".".join(parts[:3])
            others = (n for n in imports(tree) if n.startswith("compiler.components."))
            wrong += [(path, n) for n in others if not f"{n}.".startswith(f"{own}.")]

    assert wrong == []


def test_no_kind_knows_how_it_is_written_by_terraform_or_priced():
    """`compiler/components/` describes; backends and catalogue come later."""
    wrong = [
        (path, name)
        for path, tree in modules().items()
        if path.startswith("compiler/components/")
        for name in imports(tree)
        if name.startswith(("compiler.backends", "cost"))
    ]

    assert wrong == []


def test_backends_ask_kinds_for_their_cards():
    """A picture that matches on kinds leaves out every kind that comes later."""
    types = tuple(f"trazo_spec.components.{kind}" for kind in KINDS)
    naming = {
        path
        for path, tree in modules().items()
        if path.startswith("compiler/backends/")
        for name in imports(tree)
        if f"{name}.".startswith(tuple(f"{t}." for t in types))
    }

    assert naming == set()


def test_heavy_packages_are_imported_where_they_are_needed():
    """An import at the top of a module is paid by every command."""
    wrong = [
        (path, name)
        for path, tree in modules().items()
        for name in imports_on_loading(tree)
        if (top(name) in HEAVY or name.startswith(HEAVY_OF_OURS)) and not heavy_itself(path)
    ]

    assert wrong == []


def heavy_itself(path: str) -> bool:
    """Whether a module is of a package of ours that is imported where it is needed."""
    return path.replace("/", ".").startswith(HEAVY_OF_OURS)


def test_each_heavy_package_has_one_home():
    """CDKTF is archived upstream: what knows it must be easy to find."""
    wrong = [
        (path, name)
        for path, tree in modules().items()
        for name in imports(tree)
        if top(name) in HOME_OF and not path.startswith(HOME_OF[top(name)])
    ]

    assert wrong == []


def test_commands_never_import_each_other():
    """What two commands need belongs to neither of them."""
    wrong = [
        (path, name)
        for path, tree in modules().items()
        if path.startswith("trazo/commands/")
        for name in imports(tree)
        if name.startswith("trazo.commands")
    ]

    assert wrong == []


def test_a_command_lives_in_the_module_of_its_name():
    """Where a command lives is never a question."""
    modules_of = {name: f"trazo.commands.{name}" for name in COMMANDS}
    modules_of |= dict.fromkeys(PRICES, "trazo.commands.prices")

    assert {name: c.__module__ for name, c in {**COMMANDS, **PRICES}.items()} == modules_of


NAME_A_KIND = {
    "compiler/kinds.py": "it is the list of kinds",
    "compiler/aws/routing.py": "a route is what a load balancer and its services agree on",
}
"""Modules outside of `components/` and `rules/` that name a kind, and why they may."""


def kinds_named(tree: ast.Module) -> set[str]:
    """The kinds whose modules a module imports, by type or by what they become."""
    named = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    } | set(imports(tree))
    parts = (name.split(".") for name in named)
    return {p[2] for p in parts if p[1:2] == ["components"] and p[2:3] and p[2] in KINDS}


def test_only_kinds_and_rules_name_a_kind():
    """A new kind that needs a line in another module is forgotten there, without a word."""
    found = {
        path
        for path, tree in modules().items()
        if not {"components", "rules"} & set(Path(path).parts) and kinds_named(tree)
    }

    assert found == set(NAME_A_KIND)


# Rooms


@cache
def chart() -> Mapping[str, frozenset[str]]:
    """Every module of the project -> the modules of the project that it imports, anywhere."""
    names = {dotted(path): tree for path, tree in modules().items()}
    return {
        name: frozenset(known_in(names, imported) for imported in imported_names(tree)) - {"", name}
        for name, tree in names.items()
    }


def dotted(path: str) -> str:
    """What a module is called where it is imported."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imported_names(tree: ast.AST) -> Iterator[str]:
    """Everything that is imported, by its full name, whether a module or something inside one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def known_in(names: Mapping[str, object], imported: str) -> str:
    """The module of ours that has what is imported; empty for what is not ours."""
    while imported and imported not in names:
        imported = imported.rpartition(".")[0]
    return imported


def chain_from(name: str, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The longest chain of imports that begins with a module."""
    if name not in known:
        chains = [chain_from(imported, known) for imported in sorted(chart()[name])]
        known[name] = (name, *max(chains, key=len, default=()))
    return known[name]


def test_no_chain_of_imports_is_longer_than_a_reader_can_climb():
    """Each step is a module that one may have to know before one understands the first."""
    known: dict[str, tuple[str, ...]] = {}
    longest = max((chain_from(name, known) for name in chart()), key=len)

    assert longest[LONGEST_CHAIN:] == (), " > ".join(longest)


Layers = tuple[tuple[str, ...], ...]
"""Rooms from the top down, beside each other where none is above the other."""


def contracts() -> Iterator[tuple[str, Layers]]:
    """Each container of rooms with its layers."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for contract in tomllib.loads(text)["tool"]["importlinter"]["contracts"]:
        layers = tuple(tuple(re.split(" [:|] ", layer)) for layer in contract.get("layers", ()))
        for container in contract.get("containers", ()):
            yield container, layers


def room(module: str, container: str) -> str:
    """The room of a module in a container; empty for others and for the container itself."""
    inside = module.startswith(f"{container}.")
    return module.removeprefix(f"{container}.").partition(".")[0] if inside else ""


def arrows(container: str) -> set[tuple[str, str]]:
    """Which room of a container imports which other one."""
    pairs = {
        (room(module, container), room(imported, container))
        for module, imports_of_it in chart().items()
        for imported in imports_of_it
    }
    return {(above, below) for above, below in pairs if above and below and above != below}


@pytest.mark.parametrize(("container", "layers"), [*contracts()], ids=lambda v: str(v)[:30])
def test_rooms_import_downwards_as_their_contract_says(container: str, layers: Layers):
    """Nothing stands in a room that no contract names, and no import goes up."""
    depth = {name: number for number, layer in enumerate(layers) for name in layer}
    rooms = {room(module, container) for module in chart()} - {"", "__main__"}
    upwards = [(a, b) for a, b in arrows(container) if a in rooms and depth[a] > depth[b]]

    assert rooms == set(depth)
    assert upwards == []


@pytest.mark.parametrize("container", ["cost", "compiler.backends.diagram"])
def test_data_passes_each_room_once(container):
    """The fewer arrows, the easier one guesses where a thing is made and where it goes."""
    assert len(arrows(container)) <= MOST_ARROWS


# What commands load

PROBE = """
import contextlib, io, json, sys
from trazo.program import main
found = {}
for words in json.loads(sys.argv[1]):
    sys.argv[1:] = words
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
    found[words[0]] = [code, sorted({name.partition(".")[0] for name in sys.modules})]
print(json.dumps(found))
"""
LIGHT = (
    ("schema",),
    ("init", "{folder}/new.yaml"),
    ("validate", "specs/trazo.yaml"),
    ("check", "specs/trazo.yaml"),
    ("cost", "specs/trazo.yaml", "--month", "2026-12", "--runs", "0"),
)


def test_light_commands_load_nothing_heavy(tmp_path):
    """`validate` runs in every editor and every commit hook: networkx alone takes 0.3 s."""
    words = json.dumps([[w.format(folder=tmp_path) for w in command] for command in LIGHT])
    run = subprocess.run(
        [sys.executable, "-c", PROBE, words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = {n: [c, sorted(set(m) & set(HEAVY))] for n, (c, m) in json.loads(run.stdout).items()}

    assert found == {command[0]: [0, []] for command in LIGHT}


# Registries


def test_every_kind_of_the_language_can_be_lowered():
    """A kind in one list and not in the other would fail on its first use."""
    assert list(ANSWERS) == list(KINDS)


def test_the_union_has_every_kind():
    """Pydantic reads a component by this union."""
    union, _ = get_args(AnyComponent)

    assert set(get_args(union)) == set(KINDS.values())


def test_a_kind_is_called_like_its_modules():
    """Where a component lives is never a question."""
    shared = {"__init__", "capacity", "certificate", "statement"}
    written = {p.stem for p in (ROOT / "trazo_spec" / "components").glob("*.py")} - shared
    become = {
        p.stem
        for p in (ROOT / "compiler" / "components").iterdir()
        if p.suffix == ".py" or p.is_dir()
    } - {"__init__", "__pycache__"}

    assert (written, become) == (set(KINDS), set(KINDS))


def test_a_kind_says_its_own_name():
    """`kind: alb` must make an `Alb`."""
    assert {n: k.model_fields["kind"].default for n, k in KINDS.items()} == {n: n for n in KINDS}


def test_the_shipped_specs_use_every_kind():
    """What no example shows, nobody finds."""
    specs = [load(p.read_text(encoding="utf-8")) for p in sorted((ROOT / "specs").glob("*.yaml"))]
    used = {
        c.kind for s in specs for spec in s.environments.values() for c in spec.components.values()
    }

    assert used == set(KINDS), "show the kinds that are left in a spec of specs/"


@pytest.mark.parametrize("kind", KINDS)
def test_every_use_that_is_assumed_is_a_field_that_can_be_stated(kind):
    """The output says "`traffic` in the spec sets them"."""
    known = trazo_spec.traffic.Usage.model_fields

    assert set(ANSWERS[kind].usage) <= set(known)


def test_every_use_that_can_be_stated_is_billed_by_some_kind():
    """A field that changes nothing on any bill would be a lie."""
    billed = {field for lowering in ANSWERS.values() for field in lowering.usage}

    assert set(trazo_spec.traffic.Usage.model_fields) == billed


# Words

PREPOSITIONS = frozenset(("at", "by", "down", "found", "of", "on", "to", "up"))
"""What names of variables are not: a reader learns nothing from them."""
ADVERBS = frozenset(("across", "alone", "apart", "around", "beside", "down"))
"""What names of functions are not."""
ASKED_BY_NAME = frozenset(("compiler/backends/diagram/draw.py",))
"""Who takes a place to write to as `to`, by which callers name it."""


def _assigned(tree: ast.Module) -> Iterator[str]:
    """Names of variables and parameters; fields of a type are read behind its name."""
    fields = {id(s.target) for c in ast.walk(tree) if isinstance(c, ast.ClassDef)
              for s in c.body if isinstance(s, ast.AnnAssign)}  # fmt: skip
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Store)
            and id(node) not in fields
        ):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def test_names_of_variables_and_functions_are_nouns_or_verbs():
    """`found` was the name of 260 different things."""
    poor = {
        path: sorted(PREPOSITIONS & set(_assigned(tree)))
        for path, tree in modules().items()
        if path not in ASKED_BY_NAME
    }
    called = {
        f"{path} {node.name}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name in ADVERBS
    }

    assert {path: names for path, names in poor.items() if names} == {}
    assert called == set()


def _types(base: type[Strict]) -> Iterator[type[Strict]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _types(kind)


def test_every_field_of_the_language_is_described():
    """The docstring is the editor's hover text and the reference."""
    undescribed = [
        f"{kind.__name__}.{name}"
        for kind in _types(Strict)
        for name, field in kind.model_fields.items()
        if name != "kind" and not field_docstrings(kind).get(field.alias or name)
    ]

    assert undescribed == []


def test_every_module_says_what_it_holds():
    """The first line of a module is what one reads when looking for something."""
    assert [path for path, tree in modules().items() if not ast.get_docstring(tree)] == []


def test_everything_public_has_a_docstring():
    """A name that other modules use says what comes out."""
    missing = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in modules().items()
        for node in _public(tree)
        if not ast.get_docstring(node)
    ]

    assert missing == []


def _public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def test_no_module_is_too_long():
    """A module of that size holds a second idea."""
    lengths = {p: len((ROOT / p).read_text(encoding="utf-8").splitlines()) for p in modules()}

    assert {p: n for p, n in lengths.items() if n > MOST_LINES} == {}
