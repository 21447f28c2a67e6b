"""Ports for a daemon under test."""
import socket


def free_ports(kinds):
    """As many ports of the loopback as there are kinds of socket, each free a moment ago."""
    sockets = [socket.socket(socket.AF_INET, kind) for kind in kinds]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
