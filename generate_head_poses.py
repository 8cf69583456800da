#!/usr/bin/env python3
"""Turn the head of every expression to every pose of the config; `--help` tells how."""

import sys

try:
    from watercolor_rig.cli.main import run_heads
except ModuleNotFoundError as error:
    sys.exit(f"[!] {error}; run `make install` once, then start this with .venv/bin/python")

if __name__ == "__main__":
    sys.exit(run_heads())
