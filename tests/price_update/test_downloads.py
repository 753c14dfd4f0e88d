"""Downloads: patience with a server, and its limits."""

import json
import socket
from decimal import Decimal

import pytest

from cost.rates.download import DownloadError, Patience, download
from tests.price_update.files import REGION_FILE, WHOLE, offer_file
from tests.price_update.site import HURRIED, fresh, rates


def test_a_busy_server_is_asked_again(site, tmp_path):
    """Two refusals, then the file."""
    site.first_statuses = [503, 429]

    assert rates(fresh(site, tmp_path), "fargate_linux_x86_vcpu_hour") == (Decimal("0.05"),)


def test_a_cut_download_goes_on_where_it_stopped(site, tmp_path):
    """Hundreds of megabytes are not read twice."""
    site.cut_at = 100
    fresh(site, tmp_path)

    assert [r for path, r in site.asked if path == REGION_FILE] == ["", "bytes=100-"]


def test_a_part_of_an_older_file_is_not_mixed_with_a_newer_one(site, tmp_path):
    """The checksum of the whole tells them apart, and the file is read anew."""
    site.cut_at = 100
    hurried = Patience(tries=1, first_wait_s=0.001, silence_s=2.0)
    with pytest.raises(DownloadError):
        fresh(site, tmp_path, hurried)
    newer = offer_file(version="20261115000000", disclaimer="Prices may change.")
    site.files[REGION_FILE] = json.dumps(newer).encode()

    assert rates(fresh(site, tmp_path), "fargate_linux_x86_vcpu_hour") == (Decimal("0.05"),)


def test_a_server_that_falls_silent_is_left(tmp_path):
    """It accepts, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/x.json"
        patience = Patience(tries=2, first_wait_s=0.001, silence_s=0.05)

        with pytest.raises(DownloadError, match="stopped sending data, tried 2 times"):
            download(url, tmp_path / "x.json", lambda *_: None, patience)


def test_a_server_that_is_not_there_is_said_so(tmp_path):
    """Who has no network needs no other advice."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/x.json"

    with pytest.raises(DownloadError, match="no connection, tried 1 times"):
        download(url, tmp_path / "x.json", lambda *_: None, Patience(tries=1, silence_s=2.0))


def test_a_stream_without_an_end_is_cut(site, tmp_path):
    """Also when it does not say beforehand how long it is."""
    site.files["/long"] = b"0" * 100_000
    patience = Patience(tries=1, most_bytes=1000)

    with pytest.raises(DownloadError, match="larger than 1,000 bytes"):
        download(f"{site.url}/long", tmp_path / "x.json", lambda *_: None, patience)


@pytest.mark.parametrize("url", ["http://example.com/x", "ftp://example.com/x", "file:///etc/x"])
def test_prices_are_read_over_https_only(tmp_path, url):
    """Who changes a price on its way changes a decision."""
    with pytest.raises(DownloadError, match="only over HTTPS"):
        download(url, tmp_path / "x.json", lambda *_: None)


def test_progress_is_told_while_a_file_comes(site, tmp_path):
    """A download of minutes must not look like a hang."""
    told: list[tuple[str, int, int]] = []
    download(f"{site.url}{REGION_FILE}", tmp_path / "x", lambda *all_: told.append(all_), HURRIED)

    assert told[-1] == ("current/us-east-2/index.json", len(WHOLE), len(WHOLE))
