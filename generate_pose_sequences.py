#!/usr/bin/env python3
"""Make the tween frames between the poses of every pose path that the config names; `--help` tells how."""

import sys

try:
    from watercolor_rig.cli.main import run_poses
except ModuleNotFoundError as error:
    sys.exit(f"[!] {error}; run `make install` once, then start this with .venv/bin/python")

if __name__ == "__main__":
    sys.exit(run_poses())
