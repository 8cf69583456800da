"""The built-in exports by name: no more than that, since the command line shows the names without loading any."""

from collections.abc import Mapping

BUILT_IN: Mapping[str, str] = {
    "web": "watercolor_rig.export.web.exporter:web",
    "frames": "watercolor_rig.export.numbered:frames",
    "otio": "watercolor_rig.export.numbered:timeline",
    "sillytavern": "watercolor_rig.export.sillytavern:sillytavern",
    "pngtuber-plus": "watercolor_rig.export.pngtuber_plus:pngtuber_plus",
    "veadotube": "watercolor_rig.export.veadotube:veadotube",
    "renpy": "watercolor_rig.export.renpy:renpy",
    "godot": "watercolor_rig.export.godot:godot",
    "apng": "watercolor_rig.export.animated.exporter:apng",
    "webp": "watercolor_rig.export.animated.exporter:webp",
    "gif": "watercolor_rig.export.animated.exporter:gif",
    "webm": "watercolor_rig.export.video.exporter:webm",
    "prores": "watercolor_rig.export.video.exporter:prores",
    "mp4": "watercolor_rig.export.video.exporter:mp4",
    "aseprite": "watercolor_rig.export.aseprite_file.exporter:aseprite",
    "aseprite-sheet": "watercolor_rig.export.sprite_sheet.exporter:aseprite",
    "texturepacker-sheet": "watercolor_rig.export.sprite_sheet.exporter:texturepacker",
}
"""Name to the object, as in `pyproject.toml`."""
