"""Every parser on its own: how its inputs are drawn, how it is called, and what it may raise."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assault import samples, site, structures, words
from compiler.backends.sarif import sarif
from compiler.backends.terraform.hcl_layout import text as hcl_text
from compiler.backends.terraform.hcl_reading import read_hcl
from compiler.backends.terraform.hcl_values import value as hcl_value
from compiler.backends.terraform.render import render
from compiler.backends.tools import ToolMissing
from compiler.findings.check import check
from compiler.findings.fixes import fixed
from compiler.lower import lower
from compiler.provider_schema import check as check_plan
from cost.bill.calendar import hours, month
from cost.rates.catalogue_file import read_catalogue
from cost.rates.download import DownloadError, Patience, download
from cost.rates.offer_traps import OfferError, OfferFile
from cost.rates.offers import OFFERS, offer_prices, spot_prices
from cost.rates.price_book import apply, read_price_book
from cost.rates.price_file import PriceFileError
from trazo.disk.folders import MANIFEST, OutputError, stale, write_tree
from trazo.disk.revisions import RevisionError, read_revision
from trazo.output.terminal import finding
from trazo_spec import text as forms
from trazo_spec.diagnostics import Diagnostic, Severity, Span, as_document
from trazo_spec.load import load
from trazo_spec.schedule import clock, cron_text, windows
from trazo_spec.schedule.actions import resolve
from trazo_spec.schedule.reading import problems
from trazo_spec.schedule.types import Action, Scaling, Schedule, Window
from trazo_spec.traces.trace import read_trace
from trazo_spec.yaml.edits import applied
from trazo_spec.yaml.reading import decode, read

Case = tuple[Any, ...]
READ = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SCRATCH = Path("scratch")
"""Where files are that a parser reads, in the folder of the worker."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something to throw inputs at."""

    draw: Callable[[Random], Case]
    run: Callable[..., object]
    expected: tuple[type[BaseException], ...] = ()
    """What it may raise, since its callers catch it."""
    weight: float = 1.0
    """How often it comes, relative to the others."""


# Specs


def _load(content: bytes | str) -> None:
    load(content, "spec.yaml")


def _check(content: bytes | str) -> None:
    """Everything but the prices."""
    checked = check(load(content, "spec.yaml"))
    assert isinstance(checked.diagnostics, tuple)  # noqa: S101 # the property places findings
    if checked.sound:
        for graph in checked.graphs.values():
            check_plan(lower(graph))


def _read(content: bytes) -> None:
    text, _ = decode(content, "spec.yaml")
    read(text, "spec.yaml")


def _fix(content: str) -> None:
    fixed(content, lambda text: check(load(text, "spec.yaml")).diagnostics)


def _spec_bytes(rng: Random) -> Case:
    begun = rng.choice(samples.specs() if rng.random() < 0.1 else samples.fixtures())
    return (words.mutated(rng, begun, samples.fixtures()),)


def _snippet(rng: Random) -> Case:
    """A few lines of a spec, mutated."""
    lines = rng.choice(samples.fixtures()).splitlines(keepends=True)
    at = rng.randrange(len(lines))
    return (words.mutated(rng, b"".join(lines[at : at + 4])),)


# Texts with a form


def _cron(content: str) -> None:
    cron_text.parse_cron(content)
    cron_text.unix_days(cron_text.bare_cron(content))


def _schedule(
    timezone: str, cron: str, at: str, rate: str, days: str, start: str, end: str
) -> None:
    """All of a schedule, and where it is right what it means."""
    action = Action.model_construct
    schedule = Schedule(
        timezone=timezone,
        actions=(
            action(name="a", cron=cron, start=start, end=end),
            action(name="b", at=at),
            action(name="c", rate=rate, start=start),
        ),
        windows=(Window.model_construct(days=days, from_="08:00", to=at[-5:]),),
    )
    if not problems(schedule):
        resolve(Scaling(min=1, max=2, schedule=schedule))


def _windows(days: str, begin: str) -> None:
    windows.parse_days(days)
    clock.parse_time_of_day(begin, clock.DAY_MINUTES)
    clock.parse_time_of_day(begin)


def _zone(name: str) -> None:
    if clock.known_zone(name):
        clock.zone(name)
    else:
        clock.similar_zones(name)


def _clock(content: str) -> None:
    clock.parse_local(content)
    clock.parse_instant(content)
    if clock.parse_rate(content) is not None:
        clock.rate_text(content)


@cache
def _form(name: str) -> TypeAdapter[str]:
    return TypeAdapter(getattr(forms, name))


def _formed(*names: str) -> Callable[[str], None]:
    def run(content: str) -> None:
        for name in names:
            try:
                _form(name).validate_python(content)
            except ValidationError as error:
                error.errors(include_url=False)

    return run


def _texts(count: int) -> Callable[[Random], Case]:
    return lambda rng: tuple(words.text(rng) for _ in range(count))


def _hours(count: float) -> None:
    hours(count, NOW)


# Files beside a spec


def _file(content: bytes, name: str) -> Path:
    SCRATCH.mkdir(exist_ok=True)
    path = SCRATCH / name
    path.write_bytes(content)
    return path


def _trace(content: bytes, name: str) -> None:
    read_trace(content, "trace.csv", clock.zone(name), per_second=True, scale=1e6)


def _trace_bytes(rng: Random) -> Case:
    content = words.mutated(rng, rng.choice(samples.traces()), samples.traces())
    return content, rng.choice(("UTC", "America/New_York", "Australia/Lord_Howe"))


@cache
def _catalogue() -> Any:  # noqa: ANN401 # a catalogue, which only this module knows
    return read_catalogue()


def _book(suffix: str) -> Callable[[bytes], None]:
    def run(content: bytes) -> None:
        apply(read_price_book(_file(content, f"book.{suffix}")), _catalogue())

    return run


def _book_bytes(suffix: str) -> Callable[[Random], Case]:
    def draw(rng: Random) -> Case:
        if suffix == "yaml" and rng.random() < 0.2:
            size = rng.choice((3, 30, 300))
            return (
                f"prices: {structures.yaml(structures.huge(rng, size))}".encode(errors="replace"),
            )
        return (
            words.mutated(rng, samples.PRICE_BOOKS[suffix], tuple(samples.PRICE_BOOKS.values())),
        )

    return draw


def _prices(content: bytes) -> None:
    read_catalogue(_file(content, "prices.csv"))


def _offer(content: bytes, code: str) -> None:
    offer = next(o for o in OFFERS if o.code == code)
    units = {p.item: p.unit for p in _catalogue().prices.values()}
    place = next(iter(offer.places), "us-east-2")
    file = OfferFile(_file(content, "offer.json"), "http://127.0.0.1/x")
    offer_prices(file, offer, place, units)


def _offer_bytes(rng: Random) -> Case:
    sku: dict[str, Any] = {"A": _product("USE2-Fargate-vCPU-Hours:perCPU"), "B": _product("x")}
    document = {
        "formatVersion": "v1.0",
        "offerCode": "AmazonECS",
        "publicationDate": "2026-11-01T12:00:00Z",
        "products": sku,
        "terms": {"OnDemand": {"A": _terms(rng)}, "Reserved": {}},
    }
    content = json.dumps(document).encode()
    if rng.random() < 0.1:
        deep = rng.choice((30, 1000, 50_000))
        content = content.replace(b'"Reserved": {}', b'"Reserved": ' + b"[" * deep + b"]" * deep)
    elif rng.random() < 0.7:
        content = words.mutated(rng, content)
    return content, rng.choice(("AmazonECS", "AmazonECS", "AmazonRoute53"))


def _product(usage: str) -> dict[str, Any]:
    attributes = {"usagetype": usage, "locationType": "AWS Region", "regionCode": "us-east-2"}
    return {"sku": "A", "productFamily": "Compute", "attributes": attributes}


def _terms(rng: Random) -> dict[str, Any]:
    usd = rng.choice(("0.05", "1e999999999", "-1", "NaN", "", "0.0", None, 1, "Infinity", "1_0"))
    begin = rng.choice(("0", "0", "1", "Inf", "", "0.5", "9" * 5000))
    rate = {"beginRange": begin, "endRange": "Inf", "unit": "hours", "pricePerUnit": {"USD": usd}}
    return {"A.X": {"offerTermCode": "X", "priceDimensions": {"A.X.0": rate}}}


def _spot(content: bytes) -> None:
    try:
        feed = json.loads(content)
    except (ValueError, RecursionError):  # as `cost.rates.update` has it
        return
    spot_prices(feed, "us-east-2", READ, "http://127.0.0.1/spot.json")


def _spot_bytes(rng: Random) -> Case:
    usd: Any = rng.choice(("0.01", "1e999999999", "-1", "NaN", "", 1, None, [], "9" * 5000))
    row = {"unit": "vCPU-Hours", "price": {"USD": usd}, "attributes": {"aws:region": "us-east-2"}}
    content = json.dumps({"prices": [row, row]}).encode()
    return (content if rng.random() < 0.3 else words.mutated(rng, content),)


_HEADERS = (
    *("Location: http://[::1", "Location: //x", "Location: /", "Location: \x1b[2J", "Location:"),
    *("Content-Length: " + "9" * 5000, "Content-Length: -1", "Content-Length: 1e3", "ETag: W/"),
    *("Content-Length: 5", "Content-Length: 0", 'ETag: "' + "0" * 32 + '"', "ETag: " + "x" * 9000),
    *("Transfer-Encoding: chunked", "Transfer-Encoding: x", "Content-Encoding: gzip", "\x00: \xff"),
    *("Content-Range: bytes 5-1/0", "Retry-After: 1e400", "A" * 70_000, ": ", "a b: c", "X: y"),
)
_STATUS = ("200 OK", "206 P", "301 M", "302 F", "404 N", "416 R", "503 S", "999 x", "2" * 500, "-1")


def _answer_bytes(rng: Random) -> Case:
    """What a server sends that means no good, or does not know HTTP."""
    lines = [f"HTTP/1.1 {rng.choice(_STATUS)}", *rng.choices(_HEADERS, k=rng.randrange(4))]
    body = rng.choice((b"", b"hello", b"5\r\nhello\r\n0\r\n\r\n", b"FFFFFFFFFFFFFFFF\r\nx", b"{}"))
    content = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
    return (content if rng.random() < 0.7 else words.mutated(rng, content),)


def _download(answer: bytes) -> None:
    """A download from a server that sends just these bytes and closes."""
    SCRATCH.mkdir(exist_ok=True)
    patience = Patience(tries=1, silence_s=2.0)
    with site.answering(answer) as address:
        download(f"{address}/a/b", SCRATCH / "downloaded", lambda *_: None, patience)


# Folders and git


def _manifest(content: bytes) -> None:
    """An output folder that came with a repository."""
    folder = SCRATCH / "out"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    outside = SCRATCH / "outside"
    outside.write_bytes(b"ours")
    (folder / MANIFEST).write_bytes(content)
    (folder / "a").write_bytes(b"a")
    try:
        stale(folder, {"prod/a": b"new"})
        write_tree(folder, {"prod/a": b"new"})
    finally:
        if outside.read_bytes() != b"ours":
            raise AssertionError("a file outside of the folder was changed")


def _manifest_bytes(rng: Random) -> Case:
    names = [
        rng.choice(("a", "../outside", "prod/a", "/etc/x", "", ".", words.text(rng))) for _ in "ab"
    ]
    files: Any = {name: rng.choice(("0" * 64, "", None, 1, [])) for name in names}
    files = rng.choice((files, files, files, [], None, "x", 1))
    content = json.dumps({"//": "x", "files": files}).encode()
    if rng.random() < 0.05:
        content = b"[" * 100_000
    return (content if rng.random() < 0.5 else words.mutated(rng, content),)


def _revision(place: str) -> None:
    read_revision(place)


def _revision_text(rng: Random) -> Case:
    """Without NUL, which no argument of a program holds."""
    return (words.text(rng).encode("utf-8", "replace").decode().replace("\0", ""),)


# Writers


def _hcl(content: bytes) -> None:
    read_hcl(content.decode("utf-8", "replace"))


def _written_hcl(found: Any) -> None:  # noqa: ANN401 # an argument of Terraform
    """A value in both languages of Terraform; it must read back as it was."""
    text, rendered = hcl_text(hcl_value(found)), render(found)
    json.loads(json.dumps(rendered))
    if any("${" in found.replace("$${", "|") for found in (text, json.dumps(rendered))):
        raise AssertionError("an interpolation is not escaped")


def _plain(rng: Random) -> Case:
    def draw(depth: int) -> Any:  # noqa: ANN401 # JSON
        match rng.randrange(5 if depth < 3 else 3):
            case 0:
                return rng.choice(("${x}", "%{if x}", "$${x}", "$$${x}", '"${"}', words.text(rng)))
            case 1:
                return rng.choice((0, 1, -1, 1.5, 1e300, 2**53, True, False))
            case 2:
                return words.text(rng)
            case 3:
                return [draw(depth + 1) for _ in range(rng.randrange(4))]
            case _:
                return {words.text(rng): draw(depth + 1) for _ in range(rng.randrange(4))}

    return (draw(0),)


def _findings(message: str, advice: str, file: str, source: str, line: int, column: int) -> None:
    """A finding as text, JSON and SARIF."""
    at = Span(file, line, column, line + column % 3, column + 1)
    found = Diagnostic("TZ202", Severity.ERROR, message, ("a", 1, message), at, (at,), help=advice)
    str(finding(found, {file: source}))
    json.dumps(as_document(found), ensure_ascii=False)
    json.dumps(sarif([found], file, Path.cwd(), "0"), ensure_ascii=False)


def _finding_parts(rng: Random) -> Case:
    file = rng.choice(("a.yaml", words.text(rng).replace("\0", "")))  # as on a real line
    texts = (words.text(rng), words.text(rng), file)
    return *texts, words.text(rng, 300), rng.choice((1, 1, 2, 99)), rng.choice((1, 2, 30, 999))


def _edits(content: str, message: str) -> None:
    """What a finding's remedy does to a text."""
    checked = check(load(content, "spec.yaml"))
    edits = [d.edit for d in checked.diagnostics if d.edit is not None]
    json.dumps([message, *(as_document(d) for d in checked.diagnostics)])
    applied(content, edits[:1])


SECTIONS = ("checks", "simulation", "traffic", "overrides", "environments")
PARSERS: Mapping[str, Target] = {
    "read yaml": Target(_snippet, _read, weight=14),
    "parse cron": Target(_texts(1), _cron, weight=10),
    "parse schedule": Target(_texts(7), _schedule, (ValidationError,), weight=6),
    "parse windows": Target(_texts(2), _windows, weight=6),
    "parse time zone": Target(lambda r: (words.text(r, 20),), _zone, weight=0.5),
    "parse clock": Target(_texts(1), _clock, weight=5),
    "parse CIDR": Target(_texts(1), _formed("Ipv4Network"), weight=4),
    "parse host name": Target(_texts(1), _formed("Hostname", "CertificateName"), weight=4),
    "parse ARN": Target(_texts(1), _formed("Arn"), weight=4),
    "parse names": Target(_texts(1), _formed("BucketName", "Region", "Email", "VpcId"), weight=4),
    "read trace": Target(_trace_bytes, _trace, weight=5),
    "read price book yaml": Target(_book_bytes("yaml"), _book("yaml"), (PriceFileError,), weight=2),
    "read price book csv": Target(_book_bytes("csv"), _book("csv"), (PriceFileError,), weight=3),
    "read price list": Target(
        lambda r: (words.mutated(r, r.choice(samples.catalogues())),),
        _prices,
        (PriceFileError,),
        weight=3,
    ),
    "read offer": Target(_offer_bytes, _offer, (OfferError,), weight=2),
    "read spot feed": Target(_spot_bytes, _spot, (OfferError,), weight=2),
    "download": Target(_answer_bytes, _download, (DownloadError,), weight=0.15),
    "parse month": Target(_texts(1), lambda t: month(t), (ValueError,), weight=3),  # noqa: PLW0108
    "parse hours": Target(
        lambda r: (float(r.choice(("nan", "inf", "1e308", "-1", "730", "1e-320"))),),
        _hours,
        (ValueError,),
        weight=0.5,
    ),
    "read manifest": Target(_manifest_bytes, _manifest, (OutputError,), weight=0.6),
    "read hcl": Target(lambda r: (words.mutated(r, r.choice(samples.stacks())),), _hcl, weight=2),
    "write hcl": Target(_plain, _written_hcl, weight=4),
    "write findings": Target(_finding_parts, _findings, weight=4),
    "read revision": Target(_revision_text, _revision, (RevisionError, ToolMissing), weight=0.05),
}
"""What takes far less than a millisecond, but for a few."""

SPECS: Mapping[str, Target] = {
    "spec bytes, read": Target(_spec_bytes, _load, weight=7),
    "spec bytes, checked": Target(_spec_bytes, _check, weight=3),
    "spec values, checked": Target(lambda r: (structures.altered(r),), _check, weight=5),
    "spec from types, checked": Target(lambda r: (structures.whole(r),), _check, weight=3),
    "spec of great size, checked": Target(lambda r: (structures.large(r),), _check, weight=0.06),
    "spec fixed": Target(lambda r: (structures.altered(r),), _fix, weight=0.3),
    "spec edits": Target(lambda r: (structures.altered(r), words.text(r)), _edits, weight=0.5),
    **{
        f"section {name}, checked": Target(
            lambda r, name=name: (structures.section(r, name),),  # type: ignore[misc] # its default is bound here
            _check,
            weight=0.5,
        )
        for name in SECTIONS
    },
}
"""What reads a spec, most of it in some milliseconds."""
