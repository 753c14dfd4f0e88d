"""One empty AWS account of the stand-in, for as long as a test needs it."""

import os
import subprocess
import sys
import threading
from collections import deque
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import boto3
from botocore.config import Config

from tests.aws import WINDOW

PROJECT = Path(__file__).parents[2]
# Enough to see what was answered just before a failure.
LOG_LINES = 400
# The stand-in waits a minute before it says that a certificate is valid.
# Source: https://docs.getmoto.org/en/latest/docs/configuration/environment_variables.html
SETTINGS = {"AWS_EC2_METADATA_DISABLED": "true", "MOTO_ACM_VALIDATION_WAIT": "0"}


class Account:
    """A stand-in of its own: nothing is shared with other accounts, not even names of buckets."""

    def __init__(self) -> None:
        """Starts the process; `endpoint` waits until it serves, so that several start at once."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.aws.server"],
            cwd=PROJECT,
            env={**os.environ, **SETTINGS},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stderr is not None
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        reader = threading.Thread(target=self._log.extend, args=(self._process.stderr,))
        reader.daemon = True
        reader.start()

    @cached_property
    def endpoint(self) -> str:
        """Where it serves."""
        assert self._process.stdout is not None
        port = self._process.stdout.readline().strip()
        assert port.isdigit(), "".join(self._log)
        return f"http://127.0.0.1:{port}"

    def client(self, service: str, region: str) -> Any:
        """A client of boto3 for this account."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",  # noqa: S106 - AWS's own example
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def pass_window(self) -> None:
        """Lets the maintenance window of every database and cache come and go."""
        urlopen(f"{self.endpoint}{WINDOW}").close()  # noqa: S310 - this machine, over HTTP

    @property
    def failures(self) -> str:
        """What the stand-in could not answer, for the message of a failed test."""
        return "".join(line for line in self._log if "Error" in line or '" 5' in line)

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
