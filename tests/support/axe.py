"""Asks axe what is wrong with a page for people who see, hear or move differently."""

from typing import Any

from playwright.sync_api import Page

from support.command_line import ROOT

_AXE = ROOT / "ui/node_modules/axe-core/axe.min.js"


def violations(page: Page) -> list[str]:
    """Return what axe objects to, in words."""
    page.evaluate(_AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{fault['id']} ({fault['impact']}): {node['html'][:160]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
