"""Ask the process of this container whether it is ready; status 0 if so.

By hand over a socket: it runs every few seconds, and an HTTP client is slow to load.
"""

import os
import socket
import sys

PATIENCE = 4.0


def main() -> int:
    """Give 0 for an answer of 200."""
    port = int(os.environ.get("KENTONGAN_HTTP", "0.0.0.0:8000").rpartition(":")[2])
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
            line.sendall(b"GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n")
            answer = line.recv(4096)
    except OSError as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    head, _, said = answer.partition(b"\r\n\r\n")
    sys.stdout.write(f"{said.decode(errors='replace')}\n")
    return 0 if head.split(b" ", 2)[1:2] == [b"200"] else 1


if __name__ == "__main__":
    sys.exit(main())
