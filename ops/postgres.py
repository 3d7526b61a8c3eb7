"""The embedded PostgreSQL: one server per data folder, reached through a private socket folder.

    from ops.postgres import ensure
    cluster = ensure()                    # starts it if need be
    cluster.owner_url, cluster.app_url    # migrations; the application

On the command line: `python -m ops.postgres start|stop|status|url|psql [--name test]`.
"""

import os
import sys

from ops import pidfile, servant
from ops.cluster import APP, DATABASE, Cluster
from ops.trouble import Trouble, guard

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "8MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "log_min_duration_statement": "2s",
}
THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "128MB"}

ROLES = rf"""
SELECT 'CREATE ROLE {APP} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP}') \gexec
SELECT 'CREATE DATABASE {DATABASE}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \gexec
"""


def ensure(durable: bool = True, name: str = "main") -> Cluster:
    """The running cluster `name`, made and started if need be. `durable=False` forgets safety: for tests only."""
    cluster = Cluster.named(name)
    with cluster.locked():
        cluster.make_sockets()
        if not cluster.is_ready():
            if pidfile.server_of(cluster.data):  # alive but out of reach: its socket was swept away
                cluster.must("pg_ctl", "-D", cluster.data, "-m", "fast", "-w", "-t", "60", "stop")
            pidfile.sweep(cluster.data, cluster.sockets)
            cluster.make()
            settings = {**SETTINGS, **({} if durable else THROW_AWAY), "unix_socket_directories": str(cluster.sockets)}
            cluster.start(settings)
            cluster = Cluster(cluster.data, cluster.sockets, started=True)
        made = cluster.tool("psql", "-d", "postgres", "-XqAt", "-v", "ON_ERROR_STOP=1", give=ROLES)
        if made.returncode:
            raise Trouble.told("PostgreSQL roles", made.stderr)
    return cluster


def main() -> int:
    words = sys.argv[1:]
    name = words.pop(words.index("--name") + 1) if "--name" in words[:-1] else "main"
    match [word for word in words if word != "--name"]:
        case ["start"]:
            print(ensure(name == "main", name).owner_url)
        case ["stop"]:
            Cluster.named(name).stop()
        case ["status"]:
            ready = Cluster.named(name).is_ready()
            print("running" if ready else "stopped")
            return 0 if ready else 3
        case ["url"]:
            print(Cluster.named(name).owner_url)
        case ["psql", *rest]:
            cluster = ensure(name == "main", name)
            psql = str(servant.binaries() / "psql")
            os.execv(psql, [psql, cluster.owner_url, *rest])
        case _:
            raise Trouble("用法：python -m ops.postgres start|stop|status|url|psql [--name test]", "see the usage", 2)
    return 0


if __name__ == "__main__":
    guard(main)
