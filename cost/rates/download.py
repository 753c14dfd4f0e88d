"""Large files over HTTPS: streamed to disk, with limits, retries and resumption."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3

LOCAL = ("127.0.0.1", "localhost", "::1")
CHUNK_BYTES = 1 << 18
MOST_REDIRECTS = 3
TRANSIENT = (408, 425, 429, 500, 502, 503, 504)
LONGEST_SHOWN = 200
_LENGTH = re.compile(r"[0-9]{1,18}")
_PLAIN_URL = re.compile(r"[!-~]{1,2000}")
_MD5 = re.compile(r'"?([0-9a-f]{32})"?')

Progress = Callable[[str, int, int], None]
"""Called with the file's name, bytes so far, and bytes in all (0 when unknown)."""


class DownloadError(Exception):
    """A file that could not be had; the message says why, in one line."""


class _TransientError(Exception):
    """What may be better in a moment."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try, and how much to take."""

    tries: int = 5
    first_wait_s: float = 1.0
    """Doubled after each try."""
    silence_s: float = 30.0
    """How long a server may send nothing."""
    most_bytes: int = 4 << 30
    """The largest file to accept."""
    whole_s: float = 3600.0
    """How long all files may take to arrive and to be read, however slowly a server drips."""


def download(
    url: str,
    target: Path,
    progress: Progress,
    patience: Patience = Patience(),
) -> None:
    """Writes what a URL holds to a file; `DownloadError` when it cannot be had whole.

    A part that is there from an earlier try is completed with a range request, if the server still
    has the same version of the file. Lengths are compared, and checksums where the server gives
    one. Nothing is unpacked, so a small answer never becomes a large file.
    """
    check_url(url)
    end = time.monotonic() + patience.whole_s
    wait_s = patience.first_wait_s
    for left in reversed(range(patience.tries)):
        try:
            _within(end, url, lambda gone: _attempt(url, target, progress, patience, gone))
        except _TransientError as error:
            if not left:
                raise DownloadError(f"{url}: {error}, tried {patience.tries} times") from error
            time.sleep(max(0.0, min(wait_s, end - time.monotonic())))
            wait_s *= 2
        else:
            return


def _within(end: float, url: str, work: Callable[[Event], None]) -> None:
    """Does some work until a moment at most; what it waits for is left alone then.

    A server that sends one letter of a header now and then is never silent, and no timeout of a
    socket ends that, nor a name server that does not answer. So another thread waits for them.
    """
    gone, failures = Event(), Queue[BaseException | None](1)

    def attempt() -> None:
        try:
            work(gone)
        except BaseException as error:
            failures.put(error)
        else:
            failures.put(None)

    try:
        Thread(target=attempt, name="download", daemon=True).start()
        failure = failures.get(timeout=max(0.0, end - time.monotonic()))
    except Empty:
        raise DownloadError(f"{url}: the download timed out") from None
    finally:
        gone.set()  # also after Ctrl-C
    if failure is not None:
        raise failure


def check_url(url: str) -> None:
    """Refuses anything but HTTPS, this machine left out."""
    parts = _split(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL):
        if not parts.hostname or "@" in parts.netloc or not _PLAIN_URL.fullmatch(url):
            raise DownloadError(f"{_shown(url)}: it is not a plain server address")
        return
    raise DownloadError(f"{_shown(url)}: prices are read only over HTTPS")


def _split(url: str) -> SplitResult:
    """The parts of an address."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # read only now, and may be none
    except ValueError as error:
        raise DownloadError(f"{_shown(url)}: it is not a valid address: {error}") from error
    return parts


def _shown(url: str) -> str:
    """An address as messages show it: nothing that a terminal obeys, no password, not too long."""
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in url)
    scheme, mark, rest = plain.partition("://")
    host, slash, path = rest.partition("/")
    without_user = f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"
    return (
        without_user if len(without_user) <= LONGEST_SHOWN else f"{without_user[:LONGEST_SHOWN]}..."
    )


def _attempt(url: str, target: Path, progress: Progress, patience: Patience, gone: Event) -> None:
    part, about = target.with_name(f"{target.name}.part"), target.with_name(f"{target.name}.about")
    begun = _Begun(part, about)
    have, version = begun.state()
    headers = {"Accept-Encoding": "identity", "User-Agent": "trazo"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": version}
    with urllib3.PoolManager(retries=False, timeout=patience.silence_s) as pool:
        try:
            answer = _open(pool, url, headers)
            try:
                if gone.is_set():
                    return
                _receive(answer, url, begun, progress, patience, gone)
            finally:
                answer.close()
        except urllib3.exceptions.SSLError as error:
            raise DownloadError(f"{url}: its certificate cannot be trusted: {error}") from error
        except (urllib3.exceptions.HTTPError, HTTPException, OSError) as error:
            raise _TransientError(_reason(error)) from error
    if gone.is_set():  # what there is goes on being a part
        return
    begun.part.replace(target)
    begun.about.unlink(missing_ok=True)


def _open(
    pool: urllib3.PoolManager, url: str, headers: Mapping[str, str]
) -> urllib3.BaseHTTPResponse:
    """The answer to a request; redirects are followed on the same host only."""
    address = url
    for _ in range(MOST_REDIRECTS + 1):
        answer = pool.request(
            "GET", address, headers=headers, preload_content=False, redirect=False
        )
        if answer.status not in (301, 302, 303, 307, 308):
            return answer
        answer.close()
        after = _led_to(address, answer.headers.get("Location", ""), url)
        if _split(after)[:2] != _split(url)[:2]:
            raise DownloadError(
                f"{url}: it redirects to another server, {_shown(after)}, which trazo does not "
                "follow"
            )
        check_url(after)
        address = after
    raise DownloadError(f"{url}: there are too many redirects")


def _led_to(address: str, location: str, url: str) -> str:
    """Where an answer leads to."""
    try:
        return urljoin(address, location)
    except ValueError as error:
        raise DownloadError(
            f"{url}: it redirects to `{_shown(location)}`, which is not an address"
        ) from error


def _receive(
    answer: urllib3.BaseHTTPResponse,
    url: str,
    known: "_Begun",
    progress: Progress,
    patience: Patience,
    gone: Event,
) -> None:
    part, (have, _) = known.part, known.state()
    if answer.status == 416:  # the part is not a part of what is there now
        part.unlink(missing_ok=True)
        raise _TransientError("the file changed during the download")
    if answer.status in TRANSIENT:
        raise _TransientError(f"the server responds with {answer.status}")
    if answer.status not in (200, 206):
        raise DownloadError(f"{url}: the server responds with {answer.status}")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise DownloadError(f"{url}: the response is compressed, which was not requested")
    begun = have if answer.status == 206 else 0
    if answer.status == 206 and not _continues(answer, have):
        part.unlink(missing_ok=True)
        raise _TransientError("the server sent a different part than requested")
    length = _length(answer, url)
    whole = begun + length if length else 0
    if whole > patience.most_bytes:
        raise DownloadError(_too_large(url, patience))
    known.about.write_text(json.dumps({"version": answer.headers.get("ETag", "")}), "utf-8")
    with part.open("ab" if begun else "wb") as file:
        done = begun
        for chunk in _chunks(answer):
            if gone.is_set():
                return
            done += len(chunk)
            if done > patience.most_bytes:
                file.close()
                part.unlink()
                raise DownloadError(_too_large(url, patience))
            file.write(chunk)
            progress(target_name(url), done, whole)
    if whole and done != whole:
        raise _TransientError(f"the response ended after {done:,} of {whole:,} bytes")
    _check_sum(part, answer.headers.get("ETag", ""))


def _chunks(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    return answer.stream(CHUNK_BYTES, decode_content=False)


class _Begun(NamedTuple):
    """A file that is not there whole yet."""

    part: Path
    about: Path
    """Which version of the file the part is of."""

    def state(self) -> tuple[int, str]:
        """How many bytes are there from before, and of which version; none without a version."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            version = str(json.loads(self.about.read_text("utf-8"))["version"])
            # A weak version does not promise equal bytes: https://www.rfc-editor.org/rfc/rfc9110#name-if-range
            if _PLAIN_URL.fullmatch(version) and not version.startswith("W/"):
                return self.part.stat().st_size, version
        return 0, ""


def _continues(answer: urllib3.BaseHTTPResponse, have: int) -> bool:
    """Whether a part is the one that was asked for."""
    place = answer.headers.get("Content-Range", "")
    return have > 0 and (not place or place.startswith(f"bytes {have}-"))


def _length(answer: urllib3.BaseHTTPResponse, url: str) -> int:
    """How many bytes an answer says that it has; 0 when it does not say."""
    text = answer.headers.get("Content-Length", "").strip()
    if not text:
        return 0
    if not _LENGTH.fullmatch(text):
        raise DownloadError(
            f"{url}: its length is `{_shown(text)}`, which is not a number of bytes"
        )
    return int(text)


def _check_sum(part: Path, version: str) -> None:
    """Compares with the checksum in an ETag, which S3 gives for files in one part.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
    """
    expected = _MD5.fullmatch(version)
    if expected is None:
        return
    with part.open("rb") as file:
        checksum = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if checksum != expected[1]:
        part.unlink()
        raise _TransientError("the checksum is wrong")


def target_name(url: str) -> str:
    """What progress calls a file: the end of its path."""
    return "/".join(urlsplit(url).path.split("/")[-3:])


def _too_large(url: str, patience: Patience) -> str:
    return f"{url}: it is larger than {patience.most_bytes:,} bytes"


def _reason(error: Exception) -> str:
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "no connection"
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "the server stopped sending data"
    return _shown(str(error)) or type(error).__name__
