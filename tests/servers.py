"""A PostgreSQL and a Redis of our own, on loopback, in a folder that is thrown away."""

import getpass
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
"""The newest is the last; empty where PostgreSQL is not installed."""


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The URL of a server, without a database name. Only the process that started it may use it.

    A folder that such a server was started in before gives its databases back.
    """
    port = free_port()
    prefix = _prefix(folder)
    initdb = POSTGRES[-1]
    if not (folder / "data").exists():
        subprocess.run(
            [*prefix, initdb, "-D", folder / "data", "-A", "trust", "-U", "him"], check=True, capture_output=True
        )
    server = subprocess.Popen(
        [*prefix, initdb.with_name("postgres"), "-D", folder / "data", "-p", str(port), "-k", folder,
         "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=60"],
        stdout=subprocess.DEVNULL, stderr=(folder / "server.log").open("ab"),
    )  # fmt: skip
    try:
        _wait_for(port, server)
        _wait_until_ready(initdb.with_name("pg_isready"), port)
        yield f"postgresql://him@127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)  # does not wait for clients
        server.wait()


@contextmanager
def redis(binary: str, folder: Path) -> Iterator[str]:
    """The URL of a server that writes nothing to the disk."""
    port = free_port()
    server = subprocess.Popen(
        [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, server)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        assert server.poll() is None, "the server ended at start"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server did not open its port")


def _wait_until_ready(asks: Path, port: int) -> None:
    """PostgreSQL opens its port before it takes anybody in."""
    end = time.monotonic() + 30
    while subprocess.run([asks, "-q", "-h", "127.0.0.1", "-p", str(port)], check=False).returncode:
        assert time.monotonic() < end, "the server did not get ready"
        time.sleep(0.05)


def _prefix(folder: Path) -> list[str]:
    """A prefix by which a command ends with this process, however that ends.

    PostgreSQL refuses to run as root: then as its own user too, who must own the folder.
    """
    ends_with_us = ["setpriv", "--pdeathsig", "INT"]
    if getpass.getuser() != "root":
        return ends_with_us
    for parent in (folder, *folder.parents):
        if parent == Path(parent.anchor):
            break
        parent.chmod(parent.stat().st_mode | 0o011)
    shutil.chown(folder, "postgres")
    return [*ends_with_us, "--reuid", "postgres", "--regid", "postgres", "--init-groups"]
