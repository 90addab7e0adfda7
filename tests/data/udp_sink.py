#!/usr/bin/env python3
"""udp_sink.py FILE: writes the datagrams that come in to FILE, end to end.

Prints the port (on loopback) on which it listens; ends when nothing came for a second after the
first datagram, or at all for 20.
"""

import socket
import sys


def main():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sink, open(sys.argv[1], "wb") as out:
        sink.bind(("127.0.0.1", 0))
        print(sink.getsockname()[1], flush=True)
        sink.settimeout(20)
        try:
            while True:
                out.write(sink.recv(65536))
                sink.settimeout(1)
        except TimeoutError:
            pass


if __name__ == "__main__":
    main()
