"""Peaks of memory of whole processes, on specs and files of hostile size."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assault import samples, site, structures
from assault.results import Bar, Failure, Results, aligned

MOST_MB = 200
"""The bar of `validate` and `check`."""
MOST_SHARE = 1.2
"""The bar of every other command, as a share of its peak on the sound spec; for a spec with as many
values as one may have, on the sound spec of a thousand services.
"""
ENOUGH_S = 20
"""After so many seconds of CPU a process is ended."""
# A process in between whose own peak is small: a child begins with the peak of who started it.
# Source: https://man7.org/linux/man-pages/man2/getrusage.2.html
_MEASURED = """
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_CPU, (%d, %d))
code = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                      stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_maxrss // 1024, round(used.ru_utime + used.ru_stime, 2), code)
""" % (ENOUGH_S, ENOUGH_S + 1)  # noqa: UP031 # braces of Python within
_SOUND = (samples.ROOT / "specs" / "trazo.yaml").read_text("utf-8")

_SERVICE = """\
  service_%d:
    kind: ecs
    image: 123456789012.dkr.ecr.us-east-2.amazonaws.com/service:1.0
    cpu: 512
    memory_mib: 1024
    port: 8080
    health_check: {path: /healthz, interval_s: 15, timeout_s: 5}
    environment: {LOG_LEVEL: info, SERVICE_NAME: service, STAGE: prod, WORKERS: "4"}
    scaling: {min: 1, max: 4, target_cpu_percent: 60}
    stop_timeout_s: 60
    log_retention_days: 14
"""
_COMPONENTS = "components:\n"
_LARGE = _SOUND.replace(_COMPONENTS, _COMPONENTS + "".join(_SERVICE % n for n in range(950)), 1)
FULL = "40,000 values"
"""How the labels of files begin that hold as much as a spec may."""

BOUND = ("validate", "check")
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "validate": ("validate", "app.yaml"),
    "check": ("check", "app.yaml"),
    "graph": ("graph", "app.yaml"),
    "diagram": ("diagram", "app.yaml", "-o", "a.svg"),
    "cost": ("cost", "app.yaml", "--runs", "0"),
    "cost --prices": ("cost", "app.yaml", "--runs", "0", "--prices", "prices.yaml"),
    "diff": ("diff", "sound.yaml", "app.yaml"),
    "compile": ("compile", "app.yaml", "-o", "out"),
    "report": ("report", "app.yaml", "-o", "a.html", "--runs", "0"),
    "prices update": (
        *("prices", "update", "sound.yaml", "--region", site.REGION, "--offer", "AmazonECS"),
        *("--price-list", "{site}", "--spot-feed", "{site}/spot.json", "--tries", "1"),
    ),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process took."""

    peak_mb: int
    cpu_s: float
    code: int


def measure(results: Results, tell: Callable[[str], None]) -> None:
    """Measures commands on the sound spec and on hostile files, and adds what is too much."""
    small = {name: run(name, {}) for name in COMMANDS}
    large: dict[str, Measured] = {}
    tell("peaks of the sound spec: " + ", ".join(f"{n} {m.peak_mb} MB" for n, m in small.items()))
    for label, files in hostile().items():
        peaks = {}
        sound = large if label.startswith(FULL) else small
        for name in COMMANDS:
            if not touched(name, files):
                continue
            results.tried["memory"] += 1
            if name not in sound:
                sound[name] = run(name, {"app.yaml": _LARGE.encode()})
            peaks[name] = run(name, files)
            if name not in BOUND:
                share = peaks[name].peak_mb / sound[name].peak_mb
                results.shares[name, label] = share
            for failure in _failures(name, label, peaks[name], sound[name]):
                results.add(failure)
            if peaks[name].code == -signal.SIGXCPU:  # the others read the same file
                break
        shown = ", ".join(f"{n} {m.peak_mb} MB {m.cpu_s:.1f} s" for n, m in peaks.items())
        tell(f"{label}: {shown}")


def shares(results: Results) -> str:
    """The highest peak of each command as a share of its sound one, and on which file that was."""
    rows = [("command", "peak / sound", "bar is", "on")]
    for name in dict.fromkeys(name for name, _ in results.shares):
        share, label = max((s, label) for (n, label), s in results.shares.items() if n == name)
        rows.append((name, f"{share:.2f}", f"{MOST_SHARE}", label))
    return aligned(rows)


def touched(name: str, files: Mapping[str, bytes]) -> bool:
    """Whether a command reads one of the files."""
    words = COMMANDS[name]
    if any(file.startswith("/") for file in files):
        return name == "prices update"
    if "prices.yaml" in files or "prices.yaml" in words:
        return "prices.yaml" in files and "prices.yaml" in words
    return name != "prices update"


def repeated(case: tuple[object, ...]) -> list[Failure]:
    """The failures of a kept case."""
    name, label = str(case[0]), str(case[1])
    sound = {"app.yaml": _LARGE.encode()} if label.startswith(FULL) else {}
    return [*_failures(name, label, run(name, hostile()[label]), run(name, sound))]


def _failures(name: str, label: str, found: Measured, sound: Measured) -> Iterator[Failure]:
    case = (name, label)
    said = f"{found.peak_mb} MB, {found.cpu_s} s; sound: {sound.peak_mb} MB, {sound.cpu_s} s"
    most_mb = MOST_MB if name in BOUND else MOST_SHARE * sound.peak_mb
    if found.peak_mb > most_mb:
        yield Failure(Bar.MEMORY, f"memory {name}", f"{label}: too much", case, said)
    if found.cpu_s - sound.cpu_s > 2.0:
        yield Failure(Bar.SLOW, f"memory {name}", f"{label}: too slow", case, said)
    if found.code not in (0, 1, 2, 3, -signal.SIGXCPU):
        yield Failure(
            Bar.TRACEBACK, f"memory {name}", f"{label}: ends with {found.code}", case, said
        )


def hostile() -> dict[str, Mapping[str, bytes]]:
    """Files that are small and hold much, or as large as they may be, by what they hold."""
    deep = 100_000
    keys = "".join(f"    storage_gb_{n}: {n}\n" for n in range(300))
    bomb = "\n".join(
        (
            "prices: &l0 [x, x, x, x, x, x, x, x, x]",
            *(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9)),
        )
    )
    fields = "".join(f"    s_{n}: {n}\n" for n in range(18))
    nested = structures.Raw("[" * deep + "]" * deep)
    specs = {
        "deep lists": f"trazo: {nested}\n",
        "deep mappings": "trazo: " + "{a: " * deep + "1" + "}" * deep + "\n",
        "aliases of aliases": _SOUND + bomb.replace("prices:", "l0:") + "\n",
        "300 unknown keys": _SOUND.replace("    kind: rds\n", f"    kind: rds\n{keys}"),
        "a text of 900 kB": _SOUND.replace("Django's SECRET_KEY", "a" * 900_000),
        "a name of 200 kB": _SOUND.replace("name: trazo", f"name: {'a' * 200_000}"),
        "a million letters more": _SOUND + "#" * 1_000_000,
        FULL: _SOUND + many_lists(40_000, ", ", "web"),
        f"{FULL} that differ": _SOUND + many_lists(40_000, ",", "%08x"),
        f"{FULL} in lines": _SOUND
        + "".join(f"z{n}:\n" + " - a%d\n" * 2_000 % (*range(2_000),) for n in range(20)),
        f"{FULL} of wrong components": _SOUND.replace(
            _COMPONENTS,
            _COMPONENTS + "".join(f"  c{n}:\n    kind: s3\n{fields}" for n in range(900)),
            1,
        ),
        "1,990 unknown fields": _SOUND.replace(
            "    kind: rds\n",
            "    kind: rds\n" + "".join(f"    s_{n}: {n}\n" for n in range(1_990)),
        ),
        "1,990 secrets that do not exist": _SOUND.replace(
            "    kind: ecs\n",
            "    kind: ecs\n    secrets:\n" + "".join(f"      V{n}: x{n}\n" for n in range(1_990)),
            1,
        ),
        "40,000 anchors": _SOUND + f"x: [{','.join(f'&a{n} b' for n in range(40_000))}]\n",
        "8,000 aliases": _SOUND + f"x: &x [a, b, c, d]\ny: [{'*x,' * 8_000}]\n",
        "500 long keys": _SOUND
        + "overrides:\n"
        + "".join(f"  {'a' * 900}{n}: 1\n" for n in range(500)),
        "7 long texts": _SOUND + f"x: [{','.join(['a' * 60_000] * 7)}]\n",
        "480,000 blank lines": _SOUND + "\n" * 480_000,
        "900 secrets in comments": _SOUND + "# DB_PASSWORD: abcdefghi123\n" * 900,
        "60,000 entries": _SOUND.replace(
            "services: [web]", f"services: [{', '.join(['web'] * 60_000)}]"
        ),
        "60,000 keys": _SOUND
        + "overrides:\n"
        + "".join(f"  a.b{n}: {{}}\n" for n in range(60_000)),
        "100,000 empty lists": _SOUND.replace("services: [web]", f"services: [{'[],' * 100_000}]"),
        "10 MB of zeros": "\0" * 10_000_000,
        "50 MB": "a: 1\n" * 10_000_000,
        "a number of 500 kB": _SOUND.replace("storage_gb: 20", f"storage_gb: {'9' * 500_000}"),
        "200 environments": _SOUND + "".join(f"  e{n}: {{}}\n" for n in range(200)),
    }
    offers = site.price_files("0.05")
    (offer,) = (name for name in offers if name.endswith(f"{site.REGION}/index.json"))
    document = json.loads(offers[offer])
    head = json.dumps({**document, "deep": 1}).encode()
    books = {
        "a price book of aliases": bomb,
        "a price book of deep lists": "[" * deep,
        "a price book of 5 MB": "prices:\n" + "- {item: nat_gateway_hour, usd: 1}\n" * 140_000,
    }
    files: dict[str, Mapping[str, bytes]] = {k: {"app.yaml": v.encode()} for k, v in specs.items()}
    files |= {label: {"prices.yaml": text.encode()} for label, text in books.items()}
    files["a deep offer"] = {offer: head.replace(b'"deep": 1', b'"deep": ' + b"[" * 300_000)}
    files["a long number in an offer"] = {offer: offers[offer].replace(b"0.05", b"9" * 3_000_000)}
    files["a deep index"] = {"/offers/v1.0/aws/index.json": b"[" * 3_000_000}
    return files


def many_lists(count: int, comma: str, text: str) -> str:
    """So many values in lists of two thousand, each in one line."""
    values = [text % n if "%" in text else text for n in range(count)]
    starts = range(0, count, 2_000)
    return "".join(f"z{n}: [{comma.join(values[n : n + 2_000])}]\n" for n in starts)


def run(name: str, files: Mapping[str, bytes]) -> Measured:
    """What a command takes with some files beside or instead of the sound ones."""
    served = site.price_files("0.05") | {k: v for k, v in files.items() if k.startswith("/")}
    with (
        tempfile.TemporaryDirectory(prefix="assault-memory-") as folder,
        site.serving(served) as address,
    ):
        written = {"app.yaml": _SOUND.encode(), "sound.yaml": _SOUND.encode()}
        written["prices.yaml"] = samples.PRICE_BOOKS["yaml"]
        written |= {k: v for k, v in files.items() if not k.startswith("/")}
        for file, content in written.items():
            Path(folder, file).write_bytes(content)
        words = [word.replace("{site}", address) for word in COMMANDS[name]]
        command = [sys.executable, "-c", _MEASURED, sys.executable, "-m", "trazo", *words]
        environment = {**os.environ, "PYTHONPATH": str(samples.ROOT), "TMPDIR": folder}
        found = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=True
        )
        peak, cpu, code = found.stdout.split()
        return Measured(int(peak), float(cpu), int(code))
