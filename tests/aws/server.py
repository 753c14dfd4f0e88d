"""The stand-in's process: `python -m tests.aws.server` serves AWS on a port that it prints."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from tests.aws import WINDOW
from tests.aws.gaps import autoscaling, cloudfront, ec2, ecs, elasticache, rds, s3, secretsmanager

GAPS = (autoscaling, cloudfront, ec2, ecs, elasticache, rds, s3, secretsmanager)


def answer(
    environment: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], object]
) -> Iterable[bytes]:
    """Answers a request, of AWS or for the window."""
    if environment["PATH_INFO"] != WINDOW:
        served: Iterable[bytes] = SERVED(environment, start)
        return served
    for gap in (elasticache, rds):
        gap.pass_window()
    start("204 No Content", [])
    return ()


SERVED = DomainDispatcherApplication(create_backend_app)


def main() -> None:
    """Serves one empty account until the process is ended."""
    for gap in GAPS:
        gap.close()
    server = make_server(
        "127.0.0.1",
        0,
        answer,
        threaded=True,
        request_handler=MotoRequestHandler,
    )
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
