"""Tests on mutants in a warm interpreter: pytest collects once, then every mutant is a fork of it.

A mistake inside of a function is put into the function that is there already, and only the tests
that call it run. Any other mistake, in a constant or a default, is imported: the fork forgets all
modules of the project and lets pytest begin anew. So is whatever survives, with all tests.
"""

import functools
import gc
import importlib.abc
import importlib.util
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType

import pytest
from hypothesis import Phase, settings

from mutation.mutants import Mutant, alike, bare, inner

OURS = ("trazo_spec", "compiler", "cost", "trazo", "tests")
OF_FUNCTION = 0x1
"""CO_OPTIMIZED, which the code of a class lacks."""
KILLED, SURVIVED, TIMEOUT = "killed", "survived", "timeout"
SPARE_S, IMPORT_S = 0.5, 15.0
"""What a test and an import may take on top of four times the test's own time, in CPU seconds."""
MEMORY_BYTES = 2**30
"""Address space that a mutant may take on top of what the tests have."""

Function = tuple[str, str, int]
"""File, qualified name and first line of a function."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant."""

    outcome: str
    cold: bool
    """Whether it was imported anew."""
    cpu_s: float


@dataclass(slots=True)
class Warm:
    """A plugin of pytest that runs tests on mutants in place of the tests."""

    root: Path
    work: Sequence[Mutant]
    log: Callable[[Mutant, Verdict], None]
    """Takes what became of each mutant."""
    said: list[str] = field(default_factory=list)
    """Names of tests that fail without any mutant."""
    calls: dict[Function, list[int]] = field(default_factory=dict)
    """Function -> positions of the tests that call it."""
    seconds: list[float] = field(default_factory=list)
    functions: dict[Function, list[FunctionType]] = field(default_factory=dict)

    def pytest_collection(self) -> None:
        """Hypothesis looks for one failure and does not make it small."""
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutation", settings(), phases=phases, print_blob=False)
        settings.load_profile("mutation")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Tests every mutant."""
        self._baseline(session)
        print(f"{len(self.seconds)} tests, {sum(self.seconds):.1f} s", flush=True)
        if self.said:
            return True
        gc.collect()
        modules = {m.module for m in self.work}
        for function in gc.get_objects():
            if isinstance(function, FunctionType):
                file = os.path.relpath(function.__code__.co_filename, self.root)
                if file in modules:
                    self.functions.setdefault(_key(function.__code__, file), []).append(function)
        gc.freeze()
        for mutant in self.work:
            verdict = self._verdict(session, mutant, cold=False)
            if verdict.outcome == SURVIVED and not verdict.cold:
                verdict = self._verdict(session, mutant, cold=True)
            self.log(mutant, verdict)
        return True

    def _baseline(self, session: pytest.Session) -> None:
        """Runs every test once in a fork; which functions it calls, and how long it takes."""
        reading, writing = os.pipe()
        if not (child := os.fork()):
            os.close(reading)
            _silence()
            with os.fdopen(writing, "w") as pipe:
                for number, item in enumerate(session.items):
                    pipe.write(self._recorded(session, number, item))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            for line in pipe.read().splitlines():
                kind, *rest = line.split("\t")
                if kind == "test":
                    self.seconds.append(float(rest[0]))
                elif kind == "failed":
                    self.said.append(rest[0])
                else:
                    key = (rest[0], rest[1], int(rest[2]))
                    self.calls.setdefault(key, []).append(len(self.seconds))
        os.waitpid(child, 0)

    def _recorded(self, session: pytest.Session, number: int, item: pytest.Item) -> str:
        called: set[CodeType] = set()

        def record(frame: FrameType, event: str, _: object) -> None:
            if event == "call":
                called.add(frame.f_code)

        _clear_caches()
        before, start = session.testsfailed, time.process_time()
        sys.setprofile(record)
        _run(session, [number])
        sys.setprofile(None)
        took = time.process_time() - start
        found = (_key(code, os.path.relpath(code.co_filename, self.root)) for code in called)
        lines = [f"call\t{file}\t{name}\t{line}" for file, name, line in found if file[0] != "."]
        lines += [f"failed\t{item.nodeid}"] if session.testsfailed > before else []
        return "\n".join([*lines, f"test\t{took:.4f}"]) + "\n"

    def _verdict(self, session: pytest.Session, mutant: Mutant, *, cold: bool) -> Verdict:
        function, code = self._changed(mutant)
        tests = sorted(set(self.calls.get(function, ())), key=self.seconds.__getitem__)
        hot = bool(tests and code is not None and not cold)
        before = _children_cpu_s()
        if not (child := os.fork()):
            _limits()
            try:
                if hot and code is not None:
                    for there in self.functions[function]:
                        there.__code__ = code
                    failed = _run(session, tests, self.seconds)
                else:
                    items = {i.nodeid: s for i, s in zip(session.items, self.seconds, strict=True)}
                    files = sorted({str(i.path) for i in session.items})
                    failed = _cold(self.root, mutant, files, items)
            except BaseException:  # whatever a mutant does, it is caught doing it
                failed = True
            os._exit(1 if failed else 0)
        _, status = os.waitpid(child, 0)
        outcome = SURVIVED if status == 0 else KILLED
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF:
            outcome = TIMEOUT
        return Verdict(outcome, not hot, _children_cpu_s() - before)

    def _changed(self, mutant: Mutant) -> tuple[Function, CodeType | None]:
        """The function in which the mistake is, and its code; without code when it is in none."""
        original = (self.root / mutant.module).read_text(encoding="utf-8")
        file = str(self.root / mutant.module)
        pair = compile(original, file, "exec"), compile(mutant.source, file, "exec")
        for old, new in _changed(*pair):
            key = _key(old, mutant.module)
            fits = len(self.functions.get(key, ())) > 0 and old.co_freevars == new.co_freevars
            return key, new if fits else None
        return ("", "", 0), None


def _changed(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The function of a module or class that differs; nothing when the module itself does."""
    if bare(old) != bare(new) or len(inner(old)) != len(inner(new)):
        return
    for a, b in zip(inner(old), inner(new), strict=True):
        if alike(a, b):
            continue
        if a.co_flags & OF_FUNCTION:
            yield a, b
        else:
            yield from _changed(a, b)


def _key(code: CodeType, file: str) -> Function:
    return file, code.co_qualname, code.co_firstlineno


def _run(session: pytest.Session, tests: Sequence[int], seconds: Sequence[float] = ()) -> bool:
    """Runs tests by position until one fails, each in the time that it may take."""
    _clear_caches()
    before = session.testsfailed
    items = [session.items[t] for t in tests]
    for number, item, following in zip(tests, items, [*items[1:], None], strict=True):
        if seconds:
            signal.setitimer(signal.ITIMER_PROF, SPARE_S + 4 * seconds[number])
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed > before:
            return True
    return False


def _clear_caches() -> None:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in OURS:
            for value in list(vars(module).values()):
                if isinstance(value, functools._lru_cache_wrapper):
                    value.cache_clear()


def _limits() -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _silence()


def _silence() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Loader(importlib.abc.ExecutionLoader):
    """Makes a module of the project from the text of a mutant."""

    def __init__(self, root: Path, mutant: Mutant) -> None:
        self.name = mutant.module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self.file, self.text = str(root / mutant.module), mutant.source

    def get_filename(self, fullname: str) -> str:  # noqa: ARG002
        """Where the module without the mistake stands."""
        return self.file

    def get_source(self, fullname: str) -> str:  # noqa: ARG002
        """The text with the mistake."""
        return self.text


@dataclass(frozen=True, slots=True)
class _Finder(importlib.abc.MetaPathFinder):
    """Finds the one module that a loader makes."""

    loader: _Loader

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """The module when it is that one."""
        if fullname != self.loader.name:
            return None
        file = self.loader.file
        return importlib.util.spec_from_file_location(fullname, file, loader=self.loader)


def _cold(root: Path, mutant: Mutant, files: Sequence[str], seconds: Mapping[str, float]) -> bool:
    """Runs all tests with the mutant in place of its module; whether one failed."""
    for name in list(sys.modules):
        if name.partition(".")[0] in {*OURS, "conftest"}:
            del sys.modules[name]
    sys.meta_path.insert(0, _Finder(_Loader(root, mutant)))
    signal.setitimer(signal.ITIMER_PROF, IMPORT_S)
    return pytest.main([*OPTIONS, "-x", *files], plugins=[_Anew(seconds)]) != pytest.ExitCode.OK


@dataclass(frozen=True, slots=True)
class _Anew:
    """Hypothesis and time as in `Warm`."""

    seconds: Mapping[str, float]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Gives each test its time."""
        left = 2 * SPARE_S + 4 * self.seconds.get(item.nodeid, IMPORT_S)
        signal.setitimer(signal.ITIMER_PROF, left)

    def pytest_collection(self) -> None:
        """Loads it after `conftest.py` has loaded its own."""
        settings.load_profile("mutation")


OPTIONS = (
    *("-q", "-s", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist"),
    *("-o", "addopts=--import-mode=importlib", "-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
"""How pytest runs here: one process, nothing caught, nothing kept."""
