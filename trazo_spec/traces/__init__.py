"""The traces that a spec's demand follows, from the files that it names."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath, PurePosixPath, PureWindowsPath

from trazo_spec.diagnostics import Diagnostic, Severity
from trazo_spec.document import Spec
from trazo_spec.load import Loaded, locate, merged_findings
from trazo_spec.schedule import known_zone, zone
from trazo_spec.traces.trace import read_trace
from trazo_spec.traffic import Demand, Trace
from trazo_spec.yaml.located import walk


class Unreadable(str):
    """Why a file cannot be read, in the words of a finding."""


class Outside(Unreadable):
    """The same of a file that nobody but the spec wants to be read."""


def trace_files(loaded: Loaded) -> tuple[str, ...]:
    """The files that traces are read from, as the spec writes them, sorted."""
    files = {trace.file for spec in loaded.environments.values() for _, _, trace in _traces(spec)}
    return tuple(sorted(file for file in files if not _absolute(file)))


def named_traces(loaded: Loaded) -> tuple[str, ...]:
    """The same, with those of environments in which something else is wrong."""
    files: set[str] = set()
    for document in loaded.documents.values():
        *_, demand = walk(document, ("traffic", "demand"))
        for service in demand.value if isinstance(demand.value, dict) else ():
            *_, file = walk(demand, (service, "trace", "file"))
            files |= {file.value} if isinstance(file.value, str) else set()
    return tuple(sorted(file for file in files if "\0" not in file))


def with_traces(loaded: Loaded, contents: Mapping[str, bytes | Unreadable]) -> Loaded:
    """The same specs with what stands in the files of their traces.

    Args:
        loaded: what was read so far.
        contents: the bytes of each of `trace_files`, or why there are none.
    """
    findings: list[Diagnostic] = []
    specs: dict[str, Spec] = {}
    for name, spec in loaded.environments.items():
        specs[name], wrong = _with_traces(spec, contents, PurePath(loaded.file).parent)
        findings += locate((replace(d, environment=name) for d in wrong), loaded.documents)
    every = merged_findings((*loaded.diagnostics, *findings), tuple(loaded.documents))
    return replace(loaded, environments=specs, diagnostics=every)


def _with_traces(
    spec: Spec, contents: Mapping[str, bytes | Unreadable], folder: PurePath
) -> tuple[Spec, tuple[Diagnostic, ...]]:
    findings: list[Diagnostic] = []
    demands = dict(spec.traffic.demand)
    for service, demand, trace in _traces(spec):
        path = ("traffic", "demand", service, "trace", "file")
        content = contents.get(trace.file)
        if _absolute(trace.file):
            content = Unreadable("is not a path relative to the spec's folder")
        if content is None or isinstance(content, Unreadable):
            why = content or "was not read"
            message = f"the trace `{trace.file}` {why}"
            code, advice = (
                "TZ332",
                "give the path of a CSV file of `timestamp,value` in the spec's folder",
            )
            if isinstance(content, Outside):
                code = "TZ122"
                advice = (
                    "copy it into the spec's folder, or allow its folder with `--allow-read PATH`"
                )
            findings.append(Diagnostic(code, Severity.ERROR, message, path, help=advice))
        elif known_zone(demand.timezone):
            series, wrong = read_trace(
                content,
                str(folder / trace.file),
                zone(demand.timezone),
                per_second=trace.values == "requests_per_s",
                scale=trace.scale,
            )
            findings += wrong
            if series is not None:
                update = {"trace": trace.with_series(series)}
                demands[service] = demand.model_copy(update=update)
    traffic = spec.traffic.model_copy(update={"demand": demands})
    return spec.model_copy(update={"traffic": traffic}), tuple(findings)


def _traces(spec: Spec) -> Iterator[tuple[str, Demand, Trace]]:
    for service, demand in sorted(spec.traffic.demand.items()):
        if demand.trace is not None:
            yield service, demand, demand.trace


def _absolute(file: str) -> bool:
    return PurePosixPath(file).is_absolute() or PureWindowsPath(file).is_absolute()
