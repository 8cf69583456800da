"""The page that a rig comes with, and the script that plays it: files of the package, the rig written into the page.

A page opened by double click may load pictures and classic scripts from beside it, and nothing else; so the rig is
part of the page.
"""

from html import escape
from importlib import resources

SCRIPT = "watercolor-rig.js"
PAGE = "index.html"

_TITLE, _RIG = "{{title}}", "{{rig}}"


def script() -> bytes:
    """Return the script that knows the element `<watercolor-rig>`."""
    return _shipped(SCRIPT)


def page(title: str, rig_json: str) -> bytes:
    """Return the page.

    Args:
        title: What it is called, any text.
        rig_json: The rig; whatever stands in it is data on the page.
    """
    before, _, after = _shipped(PAGE).decode().partition(_RIG)
    inert = rig_json.replace("<", "\\u003c")  # nothing in it ends the element that it stands in
    return (before.replace(_TITLE, escape(title)) + inert + after.replace(_TITLE, escape(title))).encode()


def _shipped(name: str) -> bytes:
    return resources.files("watercolor_rig.data").joinpath("player", name).read_bytes()
