#!/bin/sh
# Makes the virtual environment that every make target uses, with the newest suitable Python found.
# Usage: make_venv.sh FOLDER        (PYTHON=/path/to/python chooses one)
set -eu

folder=$1
without_venv=""

if "$folder/bin/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    exit 0 # somebody made a good one already
fi

for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
    # A launcher may exist and still have no Python behind it, so each candidate is run.
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
    if ! "$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        without_venv="$without_venv $candidate"
        continue
    fi
    echo "[i] Making $folder with $("$candidate" --version)"
    exec "$candidate" -m venv --clear "$folder"
done

if [ -n "$without_venv" ]; then
    echo "[!] Found$without_venv, but without the modules 'venv' and 'ensurepip' of the standard library." >&2
    echo "    Install them (Debian and Ubuntu: sudo apt install python3-venv), then run make again." >&2
else
    echo "[!] Found no Python 3.11 or newer${PYTHON:+ at PYTHON=$PYTHON}." >&2
    echo "    Install one from https://www.python.org/downloads/ or your system's packages, or name yours:" >&2
    echo "    make PYTHON=/path/to/python3.12" >&2
fi
exit 1
