"""Say in one line, and end with status 1, when nobody can serve on a port: free_port.py HOST PORT.

Run before the build, which takes minutes, and by the Python that is there before any is installed.
"""

from __future__ import annotations

import socket
import sys


def fault_of(host: str, port: str) -> str:
    """Return why a port (decimal digits) cannot be served on, empty when it can."""
    if not (port.isascii() and port.isdecimal() and int(port) < 1 << 16):
        return f"PORT is {port!r}; it is a whole number below {1 << 16}"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the server does: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            return (
                f"cannot serve on {host}:{port} ({error.strerror}); end what uses the port, or"
                f" name another one: PORT=8002 make serve"
            )
    return ""


if __name__ == "__main__":
    sys.exit(fault_of(*sys.argv[1:3]) or 0)
