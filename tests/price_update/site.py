"""A server on this machine that holds files like AWS's, and updates from it."""

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cost.rates.catalogue_file import read_catalogue
from cost.rates.download import Patience
from cost.rates.offers import OFFERS
from cost.rates.update import Sources, update
from tests.price_update.files import REGION_FILE

READ = date(2026, 11, 22)
HURRIED = Patience(tries=3, first_wait_s=0.001, silence_s=2.0)


@dataclass
class Site:
    """What the server holds and does, and what it was asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """(path, Range header) of each request."""
    headers: dict[str, str] = field(default_factory=dict)
    """Sent beside the usual ones, for the region's file."""
    first_statuses: list[int] = field(default_factory=list)
    """What the first requests for the region's file are answered with."""
    cut_at: int | None = None
    """The first answer with the region's file ends after so many bytes."""
    url: str = ""


class Handler(BaseHTTPRequestHandler):
    """Serves a site, with the misfortunes that it asks for."""

    site: Site

    def log_message(self, *_args: object) -> None:
        """Quietly."""

    def do_GET(self) -> None:
        """One file, or a part of it."""
        site, special = self.site, self.path == REGION_FILE
        site.asked.append((self.path, self.headers.get("Range", "")))
        if special and site.first_statuses:
            self.send_response(site.first_statuses.pop(0))
            for name, value in site.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = site.files.get(self.path)
        if body is None:
            self.send_error(404)
            return
        begin = 0
        if found := re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", "")):
            begin = int(found[1])
        self.send_response(206 if begin else 200)
        checksum = hashlib.md5(body, usedforsecurity=False).hexdigest()
        headers = {"Content-Length": str(len(body) - begin), "ETag": f'"{checksum}"'}
        for name, value in (headers | (site.headers if special else {})).items():
            self.send_header(name, value)
        self.end_headers()
        part = body[begin:]
        if special and site.cut_at is not None:
            part, site.cut_at = part[: site.cut_at], None
        self.wfile.write(part)


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """The site on a free port of this machine."""
    handler = type("OfSite", (Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def fresh(site: Site, folder, patience: Patience = HURRIED):
    """The shipped catalogue with the prices of ECS updated from a site."""
    return updated(site, folder, "AmazonECS", patience=patience).catalogue


def updated(
    site: Site, folder, *codes: str, region: str = "us-east-2", patience: Patience = HURRIED
):
    """What an update of some services finds."""
    offers = tuple(offer for offer in OFFERS if offer.code in codes)
    sources = Sources(site.url, f"{site.url}/spot.json", offers, patience)
    return update(read_catalogue(), [region], folder, READ, lambda *_: None, sources)


def rates(found, item: str) -> tuple[Decimal, ...]:
    """The rates of an item in us-east-2."""
    price = found.price(item, "us-east-2")
    assert price is not None
    return tuple(tier.usd for tier in price.tiers)
