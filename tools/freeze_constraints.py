"""Write `constraints.txt`: the exact version of every package that a set-up installs, without addresses.

Run by `make constraints` with the oldest supported Python, because a version picked by a newer one may not exist there.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
OLDEST = (3, 11)
BUILD = ["hatchling", "editables"]
NOT_OURS_TO_PIN = ["watercolor-rig", "pip", "setuptools", "wheel"]
HEADER = "# Exact versions for a repeatable set-up; written by `make constraints`.\n"


def main() -> int:
    """Return the exit status."""
    if sys.version_info[:2] != OLDEST:
        print("[!] Run this with Python 3.11, the oldest supported version.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        pip = [str(Path(folder) / "bin/python"), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", f"{ROOT}[dev]", *BUILD], check=True)
        excluded = [part for name in NOT_OURS_TO_PIN for part in ("--exclude", name)]
        freeze = [*pip, "list", "--format=freeze", *excluded]
        listing = subprocess.run(freeze, check=True, capture_output=True, text=True)
    (ROOT / "constraints.txt").write_text(HEADER + listing.stdout, "utf-8")
    print(f"[✓] Wrote constraints.txt: {len(listing.stdout.splitlines())} packages")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
