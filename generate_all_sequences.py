#!/usr/bin/env python3
"""Make the tween frames between every pair of endpoints that the config names; `--help` tells how."""

import sys

try:
    from watercolor_rig.cli.main import run_sequences
except ModuleNotFoundError as error:
    sys.exit(f"[!] {error}; run `make install` once, then start this with .venv/bin/python")

if __name__ == "__main__":
    sys.exit(run_sequences())
