"""The address of the demo: a port that is really free, and a health check that is really ours."""

import contextlib
import errno
import http.client
import os
import socket

from ops.trouble import Trouble


def port() -> int:
    """`$PORT`, 8000 by default."""
    said = os.environ.get("PORT") or "8000"
    if not said.isascii() or not said.isdigit() or not 1 <= int(said) <= 65535:
        raise Trouble(f"PORT={said} 不是 1–65535 的端口号", f"PORT={said} is not a port", 2)
    return int(said)


def host() -> str:
    """`$GUANJIA_HOST`; by default this machine only, for the passwords of the demo are known to everyone."""
    return os.environ.get("GUANJIA_HOST") or "127.0.0.1"


def claim(host: str, port: int) -> None:
    """Raise Trouble unless the port can be had. Granian shares ports silently, so a plain bind is tried first."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Trouble(
                    f"端口 {port} 已被占用，请换一个：PORT={port % 65535 + 1} bin/demo", f"port {port} is in use"
                ) from None
            if error.errno == errno.EACCES:
                raise Trouble(f"没有权限使用端口 {port}，请用 1024 以上的端口", f"port {port} needs root") from None
            raise Trouble(f"不能监听 {host}:{port}（{error.strerror}）", "cannot listen there") from None


def is_ours(host: str, port: int, token: str) -> bool:
    """Whether the server of this very start answers there."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(near, port, timeout=10)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz?token")
        answer = connection.getresponse()
        return answer.status == 200 and token.encode() in answer.read(10_000)
    return False


def shown(host: str, port: int) -> str:
    near = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{near}:{port}/"
