"""The export `godot`: pages of a sheet and a `SpriteFrames` resource of Godot 4, an animation for each sequence.

A frame is an `AtlasTexture`: the region of a page, with margins where clear borders were cut off. Its duration is
counted in ticks of the animation's speed, as the studio counts. Pages are named relative to the resource, so the
folder may lie anywhere in a project.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from watercolor_rig.export.api import Clip, Exporter, ExportJob, Outbox, Setting, write_bytes
from watercolor_rig.export.sprite_sheet.exporter import PAGE_SETTINGS, layout_of, page_stem, write_page
from watercolor_rig.export.sprite_sheet.planning import Page, Sprite, plan_pages
from watercolor_rig.export.timing import round_of

_PLAYS = Setting("no", ("no", "yes"), "whether animations begin again after their end")


@dataclass(frozen=True, slots=True)
class GodotExport:
    """`frames.tres` and its pages."""

    summary: str = "sprite sheets with a SpriteFrames resource for Godot 4"
    settings: Mapping[str, Setting] = field(default_factory=lambda: {**PAGE_SETTINGS, "loop": _PLAYS})

    def export(self, clips: Sequence[Clip], job: ExportJob, outbox: Outbox) -> None:
        """Write the pages, then `frames.tres`, which speaks of them; see `Exporter`."""
        pages = plan_pages(clips, job.fps, layout_of(job.settings))
        images = [f"{page_stem(at, len(pages))}.{job.settings['picture']}" for at in range(len(pages))]
        for image, page in zip(images, pages, strict=True):
            write_page(page, image, job, outbox)
        text = "\n".join(_lines(clips, pages, images, job))
        write_bytes(outbox, "frames.tres", (text + "\n").encode())


@dataclass(slots=True)
class _Atlas:
    """The textures of a resource: equal ones are one."""

    ids: dict[tuple[int, str, str], str] = field(default_factory=dict)

    def texture(self, page: int, corner: tuple[int, int], sprite: Sprite) -> str:
        """Return the id of the texture that shows a sprite."""
        left, top, width, height = sprite.kept
        region = f"Rect2({corner[0]}, {corner[1]}, {width}, {height})"
        margin = f"Rect2({left}, {top}, {sprite.size[0] - width}, {sprite.size[1] - height})"
        return self.ids.setdefault((page, region, margin), f"frame_{len(self.ids)}")


def _lines(clips: Sequence[Clip], pages: Sequence[Page], images: Sequence[str], job: ExportJob) -> Iterator[str]:
    atlas = _Atlas()
    textures: dict[str, list[str]] = {}
    for number, page in enumerate(pages):
        for sprite in page.sprites:
            texture = atlas.texture(number, page.corners[sprite.cell], sprite)
            textures.setdefault(sprite.clip, []).append(texture)
    steps = 1 + len(images) + len(atlas.ids)
    yield f'[gd_resource type="SpriteFrames" load_steps={steps} format=3]\n'
    for number, image in enumerate(images):
        yield f'[ext_resource type="Texture2D" path={_text(image)} id="{number}_page"]'
    for (number, region, margin), name in atlas.ids.items():
        yield f'\n[sub_resource type="AtlasTexture" id="{name}"]'
        yield f'atlas = ExtResource("{number}_page")'
        yield f"region = {region}"
        yield f"margin = {margin}"
    loops = "true" if job.settings["loop"] == "yes" else "false"
    animations = ", ".join(_animation(clip, textures[clip.name], job.fps, loops) for clip in clips)
    yield f"\n[resource]\nanimations = [{animations}]"


def _animation(clip: Clip, textures: Sequence[str], fps: float, loops: str) -> str:
    frames = ", ".join(
        f'{{\n"duration": {round(step.ticks, 6)},\n"texture": SubResource("{texture}")\n}}'
        for step, texture in zip(round_of(clip), textures, strict=True)
    )
    return f'{{\n"frames": [{frames}],\n"loop": {loops},\n"name": &{_text(clip.name)},\n"speed": {float(fps)}\n}}'


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


godot: Exporter = GodotExport()
