"""The stand-in's process: `python -m tests.aws.server` serves AWS on a port that it prints."""

import sys

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from tests.aws.gaps import autoscaling, cloudfront, ec2, ecs, elasticache, rds, s3

GAPS = (autoscaling, cloudfront, ec2, ecs, elasticache, rds, s3)


def main() -> None:
    """Serves one empty account until the process is ended."""
    for gap in GAPS:
        gap.close()
    server = make_server(
        "127.0.0.1",
        0,
        DomainDispatcherApplication(create_backend_app),
        threaded=True,
        request_handler=MotoRequestHandler,
    )
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
