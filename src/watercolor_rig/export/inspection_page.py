"""A page that shows how each part of a sequence may be drawn and why one way was chosen; it needs no other file."""

import base64
from html import escape

from watercolor_rig.core.inspection import Inspection, PartShown, WayShown

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #222; background: #faf6ee; }
table { border-collapse: collapse; margin: 0.5rem 0 2rem; }
th, td { padding: 0.4rem 0.6rem; text-align: left; vertical-align: top; border-bottom: 1px solid #ccc; }
img { max-height: 14rem; max-width: 18rem; background: repeating-conic-gradient(#ddd 0 25%, #fff 0 50%) 0 0/16px 16px; }
tr.chosen { background: #fff; outline: 2px solid #b36b00; }
dl { display: grid; grid-template-columns: auto auto; gap: 0 0.8rem; margin: 0; font-size: 13px; }
dd { margin: 0; text-align: right; }
.note { background: #fff1d6; padding: 0.6rem 1rem; max-width: 60rem; }
"""

_HELP = (
    "Each part is drawn in every way that the engine knows; the way with the lowest score (0 is faultless) is taken, "
    "where the learned flow counts a quarter more. novelty: patches in neither drawing. lag: progress away from t. "
    "softness, clutter: edges weaker or stronger than those of the drawings. imbalance: colour that is there twice or "
    "gets lost. jerk: steps of different size."
)


def inspection_page(title: str, inspection: Inspection) -> bytes:
    """Return the page: HTML with everything in it.

    Args:
        title: Name of the sequence.
        inspection: What to show.
    """
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in inspection.notes)
    parts = "".join(map(_part, inspection.parts)) or "<p>Nothing differs between the two drawings.</p>"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>{notes}<p>{_HELP}</p>{parts}</body></html>\n"
    ).encode()


def _part(part: PartShown) -> str:
    left, top, right, bottom = part.box
    place = f"{right - left}x{bottom - top} px at {left},{top}"
    heads = "".join(f"<th>t = {position:g}</th>" for position in part.positions)
    rows = "".join(_way(way, part) for way in part.ways)
    return (
        f"<h2>{escape(part.name)}: {escape(part.method)}</h2><p>{place}</p>"
        f"<p>{_image(part.mask, 'what changes')} {_image(part.ends[0], 'start')} {_image(part.ends[1], 'end')}</p>"
        f"<table><tr><th>way</th>{heads}<th>score</th></tr>{rows}</table>"
    )


def _way(way: WayShown, part: PartShown) -> str:
    cells = "".join(
        f"<td>{_image(picture, f'{part.name} {way.method} at {position:g}')}</td>"
        for picture, position in zip(way.pictures, part.positions, strict=True)
    )
    findings = "".join(f"<dt>{escape(name)}</dt><dd>{value:.3f}</dd>" for name, value in way.findings.items())
    chosen = ' class="chosen"' if way.method == part.method else ""
    return (
        f"<tr{chosen}><th>{escape(way.method)}</th>{cells}"
        f"<td><strong>{way.score:.3f}</strong><dl>{findings}</dl></td></tr>"
    )


def _image(png: bytes, says: str) -> str:
    data = base64.b64encode(png).decode()
    return f'<img alt="{escape(says)}" title="{escape(says)}" src="data:image/png;base64,{data}">'
