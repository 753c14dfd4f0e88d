"""A server on this machine with files of the form of AWS's price list."""

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_BASE = "/offers/v1.0/aws"
_ECS = f"{_BASE}/AmazonECS/current"
REGION = "us-east-2"
PIECES = 20
"""In how many pieces a file is sent, so that a signal can come between them."""


@contextmanager
def serving(files: Mapping[str, bytes], pause_s: float = 0.0) -> Iterator[str]:
    """The address of a server with these files, which waits after each piece of one."""

    class Handler(BaseHTTPRequestHandler):
        """Sends one file."""

        def log_message(self, *_: object) -> None:
            """Quietly."""

        def do_GET(self) -> None:
            body = files.get(self.path)
            if body is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            size = len(body) // PIECES + 1
            for start in range(0, len(body), size):
                try:
                    self.wfile.write(body[start : start + size])
                except OSError:  # who asked was killed
                    return
                time.sleep(pause_s)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """The address of a server that sends these bytes to whoever asks, and closes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):  # who asked went away, or all is over
                while True:
                    connection, _ = server.accept()
                    with connection:
                        connection.recv(65536)
                        connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def price_files(usd: str) -> dict[str, bytes]:
    """A price list with Fargate's hour at a price, and the feed of Spot prices."""
    document = {
        "formatVersion": "v1.0",
        "offerCode": "AmazonECS",
        "publicationDate": "2026-11-01T12:00:00Z",
        "products": {"A": _product("A", "USE2-Fargate-vCPU-Hours:perCPU")}
        | {f"N{n}": _product(f"N{n}", f"USE2-Other-{n}") for n in range(2000)},
        "terms": {"OnDemand": {"A": _terms(usd)}},
    }
    units = {"vCPU-Hours": "0.0154", "GB-Hours": "0.00169"}
    spot = [
        {"unit": unit, "price": {"USD": price}, "attributes": {"aws:region": REGION}}
        for unit, price in units.items()
    ]
    file = f"{_ECS}/{REGION}/index.json"
    index = {"AmazonECS": {"currentRegionIndexUrl": f"{_ECS}/region_index.json"}}
    return {
        f"{_BASE}/index.json": _bytes({"offers": index}),
        f"{_ECS}/region_index.json": _bytes({"regions": {REGION: {"currentVersionUrl": file}}}),
        file: _bytes(document),
        "/spot.json": _bytes({"prices": spot}),
    }


def _product(sku: str, usage: str) -> dict[str, Any]:
    attributes = {"usagetype": usage, "locationType": "AWS Region", "regionCode": REGION}
    return {"sku": sku, "productFamily": "Compute", "attributes": attributes}


def _terms(usd: str) -> dict[str, Any]:
    rate = {"beginRange": "0", "endRange": "Inf", "unit": "hours", "pricePerUnit": {"USD": usd}}
    return {"A.X": {"offerTermCode": "X", "priceDimensions": {"A.X.0": rate}}}


def _bytes(document: object) -> bytes:
    return json.dumps(document).encode()
