"""What slow tests share: a socket to this machine."""

import socket

import pytest

from tests.conftest import NetworkUsedError

LOOPBACK = "127.0.0.1"


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but this machine, where the stand-in for AWS answers."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host != LOOPBACK:
            raise NetworkUsedError(f"{request.node.name} tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type] # what the family takes

    monkeypatch.setattr(socket.socket, "connect", local_only)
