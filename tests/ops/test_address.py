"""Ports of the demo: a clear line when one cannot be had, and never another's server taken for ours."""

import http.server
import socket
import threading

import pytest

from ops import address
from ops.table import table
from ops.trouble import Trouble


@pytest.mark.parametrize("said", ["abc", "0", "65536", "-1", "80 00", "８０００"])
def test_refuses_what_is_no_port(monkeypatch, said):
    monkeypatch.setenv("PORT", said)
    with pytest.raises(Trouble) as refused:
        address.port()
    assert refused.value.code == 2


def test_a_port_in_use_is_said_even_when_its_owner_shares_it():
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Trouble, match="is in use"):
            address.claim("127.0.0.1", other.getsockname()[1])


def test_only_the_server_of_this_start_is_ours():
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"token": "abc123"}')

        def log_message(self, *words):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert address.is_ours("127.0.0.1", server.server_port, "abc123")
        assert not address.is_ours("127.0.0.1", server.server_port, "other")
        server.shutdown()
    assert not address.is_ours("127.0.0.1", server.server_port, "abc123")


def test_chinese_counts_two_columns():
    assert table([["业主", "x"], ["ab", "y"]]) == "业主  x\nab    y"
