"""Which browser tests and benchmarks drive, and how it is started."""

import os
import shutil

REQUIRED = "required"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]


def wish() -> str:
    """Return what `WATERCOLOR_RIG_BROWSER` says: a browser's name, `required`, or nothing."""
    return os.environ.get("WATERCOLOR_RIG_BROWSER", "")


def installed() -> str | None:
    """Return the path of Chromium, or None where there is none."""
    names = [wish()] if wish() not in {"", REQUIRED} else ["chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, names)), None)
