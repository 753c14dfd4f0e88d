"""Large files over HTTPS: streamed to disk, with limits, retries and resumption."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import urllib3

LOCAL = ("127.0.0.1", "localhost", "::1")
CHUNK_BYTES = 1 << 18
MOST_REDIRECTS = 3
TRANSIENT = (408, 425, 429, 500, 502, 503, 504)
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
    wait_s = patience.first_wait_s
    for left in reversed(range(patience.tries)):
        try:
            _attempt(url, target, progress, patience)
        except _TransientError as error:
            if not left:
                raise DownloadError(f"{url}: {error}, tried {patience.tries} times") from error
            time.sleep(wait_s)
            wait_s *= 2
        else:
            return


def check_url(url: str) -> None:
    """Refuses anything but HTTPS, this machine left out."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL):
        return
    raise DownloadError(f"{url}: prices are read over HTTPS only")


def _attempt(url: str, target: Path, progress: Progress, patience: Patience) -> None:
    part, about = target.with_name(f"{target.name}.part"), target.with_name(f"{target.name}.about")
    have, version = _begun(part, about)
    headers = {"Accept-Encoding": "identity", "User-Agent": "trazo"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": version}
    with urllib3.PoolManager(retries=False, timeout=patience.silence_s) as pool:
        try:
            answer = _open(pool, url, headers)
            try:
                _receive(answer, url, part, about, have, progress, patience)
            finally:
                answer.close()
        except urllib3.exceptions.SSLError as error:
            raise DownloadError(f"{url}: its certificate cannot be trusted: {error}") from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _TransientError(_reason(error)) from error
    part.replace(target)
    about.unlink(missing_ok=True)


def _open(
    pool: urllib3.PoolManager, url: str, headers: Mapping[str, str]
) -> urllib3.BaseHTTPResponse:
    """The answer to a request; redirects are followed on the same host only."""
    at = url
    for _ in range(MOST_REDIRECTS + 1):
        answer = pool.request("GET", at, headers=headers, preload_content=False, redirect=False)
        if answer.status not in (301, 302, 303, 307, 308):
            return answer
        answer.close()
        after = urljoin(at, answer.headers.get("Location", ""))
        if urlsplit(after)[:2] != urlsplit(url)[:2]:
            raise DownloadError(
                f"{url}: it leads to another server, {after}, which is not followed"
            )
        at = after
    raise DownloadError(f"{url}: it leads from one address to the next without an end")


def _receive(
    answer: urllib3.BaseHTTPResponse,
    url: str,
    part: Path,
    about: Path,
    have: int,
    progress: Progress,
    patience: Patience,
) -> None:
    if answer.status == 416:  # the part is not a part of what is there now
        part.unlink(missing_ok=True)
        raise _TransientError("the file has changed meanwhile")
    if answer.status in TRANSIENT:
        raise _TransientError(f"the server answers {answer.status}")
    if answer.status not in (200, 206):
        raise DownloadError(f"{url}: the server answers {answer.status}")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise DownloadError(f"{url}: the answer is packed, which was not asked for")
    begun = have if answer.status == 206 else 0
    length = _length(answer)
    whole = begun + length if length else 0
    if whole > patience.most_bytes:
        raise DownloadError(_too_large(url, patience))
    about.write_text(json.dumps({"version": answer.headers.get("ETag", "")}), "utf-8")
    with part.open("ab" if begun else "wb") as file:
        done = begun
        for chunk in _chunks(answer):
            done += len(chunk)
            if done > patience.most_bytes:
                file.close()
                part.unlink()
                raise DownloadError(_too_large(url, patience))
            file.write(chunk)
            progress(target_name(url), done, whole)
    if whole and done != whole:
        raise _TransientError(f"the answer ends after {done:,} of {whole:,} bytes")
    _check_sum(part, answer.headers.get("ETag", ""))


def _chunks(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    return answer.stream(CHUNK_BYTES, decode_content=False)


def _begun(part: Path, about: Path) -> tuple[int, str]:
    """How many bytes are there from before, and of which version; none without a version."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        version = str(json.loads(about.read_text("utf-8"))["version"])
        # A weak version does not promise equal bytes: https://www.rfc-editor.org/rfc/rfc9110#name-if-range
        if version and not version.startswith("W/"):
            return part.stat().st_size, version
    return 0, ""


def _length(answer: urllib3.BaseHTTPResponse) -> int:
    text = answer.headers.get("Content-Length", "")
    return int(text) if text.isdecimal() else 0


def _check_sum(part: Path, version: str) -> None:
    """Compares with the checksum in an ETag, which S3 gives for files in one part.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
    """
    expected = _MD5.fullmatch(version)
    if expected is None:
        return
    with part.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if found != expected[1]:
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
        return "the server sends nothing any more"
    return str(error) or type(error).__name__
