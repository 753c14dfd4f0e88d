"""Servers that mean harm: no traceback, no end that never comes, no memory without bounds."""

import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Queue

import pytest
from typer.testing import CliRunner

from cost.rates import download as downloads
from cost.rates import offers
from cost.rates import update as updates
from cost.rates.catalogue_file import BESIDE
from cost.rates.download import DownloadError, Patience, download
from cost.rates.offer_traps import OfferError, OfferFile
from cost.rates.offers import OFFERS, offer_prices
from tests.price_update.files import INDEX_FILE, REGION_FILE, REGIONS_FILE, offer_file, term
from tests.price_update.site import fresh
from tests.price_update.test_command import run
from trazo.program import app

SHORT = Patience(tries=2, first_wait_s=0.001, silence_s=5.0, whole_s=1.5)
Speech = Callable[[socket.socket], None]


@contextmanager
def speaking(speech: Speech) -> Iterator[str]:
    """The address of a server that says the same to everybody."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def answer(caller: socket.socket) -> None:
        with caller, suppress(OSError):
            caller.recv(65536)
            speech(caller)

    def serve() -> None:
        while not over.is_set():
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(caller,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        listener.close()


def said(*pieces: bytes) -> Speech:
    """One answer."""
    return lambda caller: caller.sendall(b"".join(pieces))


def dripping(head: bytes, drop: bytes) -> Speech:
    """An answer that never ends, and is never silent."""

    def speech(caller: socket.socket) -> None:
        caller.sendall(head)
        while True:
            caller.sendall(drop)
            time.sleep(0.05)

    return speech


OK = b"HTTP/1.1 200 OK\r\n"
ANSWERS = {
    "a broken address": (
        said(b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n"),
        "which is not an address",
    ),
    "a broken port": (
        said(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:99999999/\r\n\r\n"),
        "it is not a valid address",
    ),
    "an address with an escape": (
        said(b"HTTP/1.1 302 Found\r\nLocation: http://\x1b[2Jevil/\r\n\r\n"),
        "not an address|another server",
    ),
    "an address with letters of no address": (
        said(b"HTTP/1.1 302 Found\r\nLocation: /a\x0bb\r\n\r\n"),
        "not a plain server address",
    ),
    "a length of 5,000 digits": (
        said(OK, b"Content-Length: ", b"9" * 5000, b"\r\n\r\n{}"),
        "not a number of bytes|[Cc]ontent-[Ll]ength",
    ),
    "a length below 0": (said(OK, b"Content-Length: -1\r\n\r\n{}"), "not a number of bytes"),
    "a length that is a word": (
        said(OK, b"Content-Length: many\r\n\r\n{}"),
        "not a number of bytes|[Cc]ontent-[Ll]ength",
    ),
    "two lengths": (
        said(OK, b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}"),
        "not a number of bytes|[Cc]ontent-[Ll]ength",
    ),
    "no HTTP": (said(b"SSH-2.0-OpenSSH_9.6\r\n"), "tried 2 times"),
    "a status that is none": (said(b"HTTP/1.1 two-hundred OK\r\n\r\n"), "tried 2 times"),
    "an endless header": (said(OK, b"A: ", b"a" * 200_000, b"\r\n\r\n"), "tried 2 times"),
    "a thousand headers": (said(OK, b"A: a\r\n" * 1000, b"\r\n"), "tried 2 times"),
    "a chunk of no length": (
        said(OK, b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
        "tried 2 times",
    ),
    "nothing": (said(b""), "tried 2 times"),
    "a part that nobody asked for": (
        said(b"HTTP/1.1 206 Partial\r\nContent-Range: bytes 5-7/8\r\nContent-Length: 2\r\n\r\n{}"),
        "a different part",
    ),
    "a drip of headers": (dripping(OK, b"A: a\r\n"), "the download timed out"),
    "a drip of letters": (dripping(OK + b"A: ", b"a"), "the download timed out"),
    "a drip of bytes": (dripping(OK + b"\r\n", b"{"), "the download timed out"),
    "a drip of chunks": (
        dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n{\r\n"),
        "the download timed out",
    ),
    "wait, for ever": (
        dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        "the download timed out",
    ),
}


@pytest.mark.parametrize(("speech", "message"), ANSWERS.values(), ids=ANSWERS)
def test_whatever_a_server_says_ends_in_one_line(tmp_path, monkeypatch, speech, message):
    """And nothing waits longer than the time that was given."""
    waits_s: list[float | None] = []

    class Recorded(Queue[BaseException | None]):
        def get(self, block=True, timeout=None):
            waits_s.append(timeout)
            return super().get(block, timeout)

    monkeypatch.setattr(downloads, "Queue", Recorded)
    with speaking(speech) as url, pytest.raises(DownloadError, match=message) as caught:
        download(f"{url}/index.json", tmp_path / "index.json", lambda *_: None, SHORT)

    assert 1 <= len(waits_s) <= SHORT.tries
    assert all(wait_s is not None and wait_s <= SHORT.whole_s for wait_s in waits_s)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1000
    assert not (tmp_path / "index.json").exists()


def test_an_update_ends_when_its_time_is_over(tmp_path):
    """The old prices stay, and a program gets the reason."""
    with speaking(dripping(OK, b"A: a\r\n")) as url:
        site = type("At", (), {"url": url})()
        result = run(site, tmp_path, "--time-limit", "0.01", "--json")

    document = json.loads(result.stdout)
    assert (result.exit_code, document["schema"]) == (1, "trazo.error/1")
    assert "the download timed out" in document["message"]
    assert not (tmp_path / BESIDE).exists()


class Clock:
    """Time as a test lets it pass."""

    now_s = 0.0

    def monotonic(self) -> float:
        """The moment, in seconds."""
        return self.now_s


@pytest.mark.parametrize("part", ["refuse_traps", "_products"])
def test_an_update_ends_when_its_time_is_over_while_an_offer_is_read(
    site, tmp_path, monkeypatch, part
):
    """All bytes are there, and reading 4 GB of them takes minutes: nothing is written."""
    clock = Clock()
    reading = getattr(offers, part)

    def late(*given):
        clock.now_s = 1e6
        return reading(*given)

    monkeypatch.setattr(updates, "time", clock)
    monkeypatch.setattr(offers, part, late)
    result = run(site, tmp_path, "--json")

    document = json.loads(result.stdout)
    assert (result.exit_code, document["schema"]) == (1, "trazo.error/1")
    assert re.search("index.json: reading it timed out; the prices are unch", document["message"])
    assert sorted(p.name for p in tmp_path.iterdir()) in (
        ["shop.yaml"],
        [".trazo-prices", "shop.yaml"],
    )


def test_no_piece_of_an_offer_is_read_without_looking_at_the_time(tmp_path):
    """A megabyte is many pieces, and each costs time."""
    file = tmp_path / "offer.json"
    products = {f"P{n}": {"attributes": {"usagetype": "x" * 50}} for n in range(10_000)}
    file.write_text(json.dumps(offer_file(products=products)), "utf-8")
    offer = next(o for o in OFFERS if o.code == "AmazonECS")

    def looks(most: int) -> int:
        """How often the time is looked at where it is over after so many looks."""
        seen: list[int] = []

        def left_s() -> float:
            seen.append(0)
            return float(most - len(seen))

        with suppress(OfferError):
            offer_prices(OfferFile(file, "source", left_s), offer, "us-east-2", {})
        return len(seen)

    assert looks(10**6) > 30
    assert [looks(most) for most in (1, 5, 25)] == [1, 5, 25]


@pytest.mark.parametrize(
    "options",
    [
        ("--time-limit", "0"),
        ("--time-limit", "-1"),
        ("--time-limit", "nan"),
        ("--time-limit", "inf"),
        ("--region", "mars"),
        ("--region", "us-east-2\x1b[2J"),
        ("--price-list", "http://[::1"),
        ("--price-list", "https://"),
        ("--price-list", "https://me:pw@example.com"),
        ("--price-list", "ftp://example.com"),
        ("--price-list", "http://example.com"),
        ("--spot-feed", "https://example.com:99999999/"),
        ("--spot-feed", "nonsense"),
    ],
    ids=repr,
)
def test_what_cannot_be_read_is_refused_before_anything_is(tmp_path, options):
    """No server is asked."""
    (tmp_path / "shop.yaml").write_text("", "utf-8")
    words = ["prices", "update", str(tmp_path / "shop.yaml"), *options]
    result = CliRunner().invoke(app, words)

    assert result.exit_code == 2, result.output
    assert "pw" not in result.output.replace("--price-list", "")
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    "path",
    [
        "/a b",
        "/a\r\nHost: evil",
        "/a?b",
        "/a#b",
        "/\x1b[2J",
        "/a\x00b",
        "/%2e%2e/x",
        "/" + "a" * 300,
    ],
    ids=repr,
)
def test_an_index_leads_to_plain_paths_only(site, tmp_path, path):
    """A path becomes a file name and a request."""
    site.files[REGIONS_FILE] = json.dumps(
        {"regions": {"us-east-2": {"currentVersionUrl": path}}}
    ).encode()

    with pytest.raises(OfferError, match="which is not a path in it") as caught:
        fresh(site, tmp_path)
    assert str(caught.value).isprintable()


PRICES = [
    "1e999999999",
    "1e-999999999",
    "9" * 5000,
    "0." + "1" * 5000,
    "Infinity",
    "sNaN",
    " 1",
    "",
]


@pytest.mark.parametrize("usd", PRICES, ids=lambda usd: usd[:12])
def test_a_price_beyond_all_bounds_is_refused(site, tmp_path, usd):
    """With the product's number, and in one short line."""
    content = offer_file()
    content["terms"]["OnDemand"]["AAA"] = term("AAA", ("0", usd))
    site.files[REGION_FILE] = json.dumps(content).encode()

    with pytest.raises(OfferError, match="product AAA has a price or tier") as caught:
        fresh(site, tmp_path)
    assert len(str(caught.value)) < 300


def test_a_tier_that_stands_twice_is_refused(site, tmp_path):
    """The catalogue that is written could not be read again."""
    content = offer_file()
    content["terms"]["OnDemand"]["AAA"] = term("AAA", ("0", "1"), ("0", "2"))
    site.files[REGION_FILE] = json.dumps(content).encode()

    with pytest.raises(OfferError, match="two prices for the same tier"):
        fresh(site, tmp_path)


def test_a_deep_index_is_refused(site, tmp_path):
    """The same file that would fill the stack."""
    site.files[INDEX_FILE] = b"[" * 1_000_000

    with pytest.raises(OfferError, match="it is not JSON"):
        fresh(site, tmp_path)


def test_an_index_of_many_objects_is_too_large(site, tmp_path):
    """A few megabytes of `{}` would be a gigabyte of objects."""
    site.files[INDEX_FILE] = b"[" + b"{}," * 2_000_000 + b"{}]"

    with pytest.raises(DownloadError, match="larger than"):
        fresh(site, tmp_path)


HEAD = json.dumps({k: v for k, v in offer_file().items() if k not in ("products", "terms")})[:-1]
LONG, TOO_LONG = 50_000_000, "a value has more than"
TRAPS = {
    "deep lists": (HEAD + ', "products": ' + "[" * 5_000_000, "nested deeper than 30"),
    "deep objects": (HEAD + ', "products": ' + '{"a":' * 1_000_000, "nested deeper than 30"),
    "a deep head": ('{"a":' * 1_000_000, "nested deeper than 30"),
    "a long text": (
        f'{HEAD}, "products": {{"A": "{"x" * 50_000_000}"}}}}',
        "a value has more than",
    ),
    "a long key": (f'{HEAD}, "products": {{"{"x" * 50_000_000}": 1}}}}', "a value has more than"),
    "a long text of escapes": (
        f'{HEAD}, "products": {{"A": "{chr(92) * 50_000_000}"}}}}',
        "a value has more than",
    ),
    "a long number": (
        f'{HEAD}, "products": {{"A": {"1" * 50_000_000}}}}}',
        "a value has more than",
    ),
    "a number of 5,000 digits": (f'{HEAD}, "x": {"1" * 5_000}}}', "not JSON|malformed"),
    "a product of many values": (
        HEAD + ', "products": {"A": {"attributes": [' + "{}," * 10_000_000 + "{}]}}}",
        "more than 10,000 values",
    ),
    "terms of many values": (
        HEAD + ', "products": {}, "terms": {"OnDemand": {"A": [' + "{}," * 10_000_000 + "{}]}}}",
        "more than 10,000 values",
    ),
}
CHILD = """
import sys
from pathlib import Path
from cost.rates.offer_traps import OfferError, OfferFile
from cost.rates.offers import OFFERS, offer_prices
offer = next(o for o in OFFERS if o.code == "AmazonECS")
file = OfferFile(Path(sys.argv[1]), "source")
try:
    print("none", len(offer_prices(file, offer, "us-east-2", {})))
except OfferError as error:
    print(error)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


@pytest.mark.parametrize("trap", TRAPS)
def test_a_file_of_the_list_never_fills_the_memory(tmp_path, trap):
    """It may have gigabytes; what is kept of it may not."""
    content, message = TRAPS[trap]
    path = tmp_path / "offer.json"
    path.write_text(content, "utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, check=True
    )
    line, peak_mib = ran.stdout.splitlines()

    assert re.search(message, line), line
    assert len(line) < 300
    assert int(peak_mib) < 100
