"""What the repair of redrawn pictures reaches, as tables.

Known damage on hand-made characters is undone and compared with the undamaged drawing; real edits of image models are
shown before and after; what cannot be repaired must be flagged, and what needs no repair must come out as it went in.

    python benchmarks/repair.py [--shared DIR] [--pictures DIR]
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from repair_damage import Damage, damaged, place_of
from truth_sets import cases
from watercolor_rig.core.quality import Quality
from watercolor_rig.imaging.change import Mask, changed_pixels, still_region
from watercolor_rig.imaging.judge.judging import judge_expression, judge_tween
from watercolor_rig.imaging.picture import Rgba, decode
from watercolor_rig.imaging.premultiplied import from_premultiplied, over_grey, to_premultiplied
from watercolor_rig.imaging.repair.levels import difference, seen_levels
from watercolor_rig.imaging.repair.repairing import Repaired, RepairOptions, repair_expression, repair_tween

HAND_MADE = ("adventurer", "antonio", "cat", "princess", "princess_full", "sylvie")
DAMAGED = (
    ("adventurer", "center", ("happy_big", "happy_soft", "blink_closed")),
    ("cat", "center", ("surprised_ah", "speaking_uw")),
    ("antonio", "center", ("surprise", "blink_closed")),
    ("princess", "center", ("happy_big", "speaking_ah")),
    ("princess_full", "center", ("oh_round",)),
    ("sylvie", "blue", ("giggle",)),
)
_EDITED = Damage(noise=6, jpeg=90, wobble_px=0.3)
KINDS = {
    "shift 0.3 px": (Damage(dx=0.3), Damage(dx=-0.2, dy=0.22)),
    "shift 3 px": (Damage(dx=2.4, dy=-1.7), Damage(dx=-2.1, dy=2.2)),
    "shift 10 px": (Damage(dx=-9.6, dy=5.3),),
    "shift 30 px": (Damage(dx=22, dy=20.4),),
    "scale ±5 %": (Damage(scale=1.05), Damage(scale=0.95, dx=4)),
    "rotation ±1.5°": (Damage(turn_deg=1.5, dx=3.3), Damage(turn_deg=-1.5)),
    "lightness ±9": (Damage(lightness=9), Damage(lightness=-9)),
    "see-through, haze": (Damage(alpha=0.96, haze=4),),
    "JPEG 90": (Damage(jpeg=90),),
    "lines re-noised, σ 8": (Damage(noise=8),),
    "lines stray, 0.3 px": (Damage(wobble_px=0.3),),
    "all of it": (
        Damage(
            dx=3.2, dy=1.1, scale=1.01, turn_deg=0.4, lightness=9, alpha=0.96, haze=4, wobble_px=0.3, noise=6, jpeg=90
        ),
        Damage(dx=-13.2, dy=6, scale=0.97, lightness=-6, noise=6, jpeg=85, wobble_px=0.3),
    ),
}
FRAME = (1024, 1536)


@dataclass(frozen=True, slots=True)
class Undone:
    """What is left of one damage: the columns of the first table."""

    shift_px: float
    scale: float
    lightness: float
    outside: int
    farthest_px: float
    before_db: float
    after_db: float
    trusted: bool


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--pictures", type=Path, help="write the real edits before and after, and their regions")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    characters = arguments.shared / "data/characters"
    damage_table(characters)
    untouched_table(characters)
    real_table(characters, arguments.pictures)
    confusion_table(characters)
    tween_table(arguments.shared)
    time_table(characters)


def damage_table(characters: Path) -> None:
    """Print what is left of known damage."""
    columns: tuple[str, ...] = (
        "damage",
        "fits trusted",
        "residual shift, px",
        "scale, %",
        "lightness, levels: worst, median",
    )
    columns += ("pixels outside: frames, pixels, farthest", "inside before → after, dB")
    print(f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|")
    for name, damages in KINDS.items():
        found = [
            _undone(drawing, load(characters, who, "neutral", pose), damage)
            for who, pose, expressions in DAMAGED
            for drawing in (load(characters, who, expression, pose) for expression in expressions)
            for damage in damages
        ]
        lightness = [one.lightness for one in found]
        strays = [one.outside for one in found]
        cells = (
            name,
            f"{sum(one.trusted for one in found)} of {len(found)}",
            f"{max(one.shift_px for one in found):.3f}",
            f"{max(one.scale for one in found) * 100:.3f}",
            f"{max(lightness):.2f}, {np.median(lightness):.2f}",
            f"{np.count_nonzero(strays)}, {sum(strays)}, {max(one.farthest_px for one in found):.0f} px",
            f"{np.median([one.before_db for one in found]):.1f} → {np.median([one.after_db for one in found]):.1f}",
        )
        print(f"| {' | '.join(cells)} |", flush=True)


def untouched_table(characters: Path) -> None:
    """Print how many undamaged pictures come out as they went in."""
    same, everything = 0, 0
    for who in HAND_MADE:
        for drawing, neutral, _ in expressions_of(characters, who):
            repaired = repair_expression(drawing, neutral)
            same += not repaired.touched and np.array_equal(repaired.pixels, drawing)
            everything += 1
    print(f"\nundamaged and hand-made: {same} of {everything} bit for bit as they were\n")


def real_table(characters: Path, pictures: Path | None) -> None:
    """Print what real edits change before and after."""
    columns: tuple[str, ...] = (
        "edit",
        "visibly changed before → after",
        "drift before → after, px",
        "lightness, levels",
    )
    columns += ("score before → after",)
    print(f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|")
    for who in ("whale_girl", "tomari"):
        for drawing, neutral, name in expressions_of(characters, who):
            repaired = repair_expression(drawing, neutral)
            before = judge_expression(drawing, neutral)
            after = judge_expression(repaired.pixels, neutral, repaired)
            print(
                f"| {name} | {repaired.changed_before:.1%} → {repaired.changed_after:.1%}"
                f" | {before.parts['drift_px']:.2f} → {after.parts['drift_px']:.2f} | {repaired.colour.lightness:+.1f}"
                f" | {before.score:.2f} → {after.score:.2f} |",
                flush=True,
            )
            if pictures is not None:
                _show(pictures / f"{who}-{name}.png", drawing, neutral, repaired)


def confusion_table(characters: Path) -> None:
    """Print what is flagged: every picture is repaired and then judged."""
    print("\n| pictures | flagged | not flagged |")
    print("|---|---|---|")
    for kind, pairs in _kinds_to_detect(characters):
        flagged = [bool(_judged(made, neutral).faults) for made, neutral in pairs]
        print(f"| {kind} | {sum(flagged)} | {len(flagged) - sum(flagged)} |", flush=True)


def tween_table(shared: Path) -> None:
    """Print how in-betweens with known truth come through damage, and what is flagged of bad ones."""
    damage = Damage(dx=3.2, dy=-1.4, scale=1.01, lightness=4, noise=4)
    rows: dict[str, list[bool]] = {}
    before, after, outside = [], [], 0
    for case in list(cases("gt_svg", shared)):
        start, end, known = (decode(data, case.pair) for data in (case.start, case.end, case.known))
        share, still = float(case.t), still_region(start, end)
        moves = ~still
        known = np.where(still[..., None], start, known)
        answer = damaged(known, damage)
        repaired = repair_tween(answer, start, end, share)
        outside += int((changed_pixels(repaired.pixels, start) & still).sum())
        before.append(psnr(answer, known, moves))
        after.append(psnr(repaired.pixels, known, moves))
        for kind, made in (
            ("the truth", known),
            ("the truth, damaged and repaired", repaired.pixels),
            ("the truth, damaged", answer),
            ("a crossfade", _mixed(start, end, share)),
            ("the neighbour that is farther away", end if share <= 0.5 else start),
        ):
            kept = repaired if made is repaired.pixels else None
            rows.setdefault(kind, []).append(bool(judge_tween(made, start, end, share, kept).faults))
    gained = f"{np.median(before):.1f} → {np.median(after):.1f} dB"
    print(f"\n{len(before)} in-betweens with known truth, damaged and repaired: inside {gained} (median),")
    print(f"{outside} pixels outside the region that may move\n")
    print("| in-between | flagged | not flagged |")
    print("|---|---|---|")
    for kind, flagged in rows.items():
        print(f"| {kind} | {sum(flagged)} | {len(flagged) - sum(flagged)} |")


def time_table(characters: Path) -> None:
    """Print the seconds of processor time per frame, repair and judgement together, on one core."""
    print(f"\n| frame, {FRAME[0]}×{FRAME[1]} | processor time, median of 5, s |")
    print("|---|---|")
    whole = Damage(dx=3.2, dy=1.1, scale=1.01, lightness=6, alpha=0.96, haze=4, wobble_px=0.3, noise=6, jpeg=90)
    pairs = {
        "cut-out, painted (princess), all damage": (*_large(characters, "princess", "happy_big"), whole),
        "cut-out, line art (antonio), shifted": (*_large(characters, "antonio", "surprise"), Damage(dx=4.4, dy=2)),
        "painted ground (whale_girl), real edit": (*_large(characters, "whale_girl", "happy"), None),
        "hand-made, nothing to do": (*_large(characters, "princess", "happy_big"), Damage()),
    }
    for name, (drawing, neutral, damage) in pairs.items():
        answer = drawing if damage is None else damaged(drawing, damage)
        taken = []
        for _ in range(5):
            begin = time.process_time()
            _judged(answer, neutral)
            taken.append(time.process_time() - begin)
        print(f"| {name} | {np.median(taken):.2f} |", flush=True)


def load(characters: Path, who: str, expression: str, pose: str) -> Rgba:
    """Return an endpoint of a character."""
    file = characters / who / "frames/endpoints" / f"{expression}__{pose}.png"
    return decode(file.read_bytes(), file.name)


def expressions_of(characters: Path, who: str) -> Iterator[tuple[Rgba, Rgba, str]]:
    """Yield every expression of a character with the neutral of its pose, and its name."""
    for file in sorted((characters / who / "frames/endpoints").glob("*.png")):
        expression, _, pose = file.stem.partition("__")
        if expression != "neutral":
            yield load(characters, who, expression, pose), load(characters, who, "neutral", pose), expression


def psnr(made: Rgba, truth: Rgba, where: Mask) -> float:
    """Return the peak signal-to-noise ratio over grey within a region, at most 99 dB."""
    away = (over_grey(to_premultiplied(made)) - over_grey(to_premultiplied(truth)))[where]
    return float(min(99.0, -10 * np.log10(max(1e-12, float((away * away).mean())))))


def _undone(drawing: Rgba, neutral: Rgba, damage: Damage) -> Undone:
    answer = damaged(drawing, damage)
    repaired = repair_expression(answer, neutral)
    may_move = ~still_region(drawing, neutral)
    strays = changed_pixels(repaired.pixels, neutral) & ~may_move
    away = cv2.distanceTransform((~may_move).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    shift_px, scale = _residual(repaired, damage, neutral)
    return Undone(
        shift_px,
        scale,
        _lightness_left(answer, drawing, neutral),
        int(strays.sum()),
        float(np.asarray(away)[strays].max()) if strays.any() else 0.0,
        psnr(answer, drawing, may_move),
        psnr(repaired.pixels, drawing, may_move),
        repaired.fit.trusted,
    )


def _residual(repaired: Repaired, damage: Damage, neutral: Rgba) -> tuple[float, float]:
    """Return how far the figure still lies beside itself, mean in pixels, and the error of its scale.

    Lines that stray have a best place too: the similarity that fits their displacements by least squares.
    """
    rows, columns = np.nonzero(neutral[..., 3] > 8)
    places = np.stack([columns, rows], axis=1)[::97].astype(np.float64)
    there = place_of(places, damage, neutral.shape)
    known = np.column_stack([places[:, 0] + 1j * places[:, 1], np.ones(len(places))])
    (turn, shift), *_ = np.linalg.lstsq(known, there[:, 0] + 1j * there[:, 1], rcond=None)
    best = turn * known[:, 0] + shift
    matrix = np.asarray(repaired.fit.matrix).reshape(2, 3)
    if not repaired.fit.moves(neutral.shape):
        matrix = np.eye(2, 3)
    found = places @ matrix[:, :2].T + matrix[:, 2]
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    return float(np.abs(found[:, 0] + 1j * found[:, 1] - best).mean()), abs(scale / float(abs(turn)) - 1)


def _lightness_left(answer: Rgba, drawing: Rgba, neutral: Rgba) -> float:
    """Return the mean error of lightness after a repair without its lock, in levels, where nothing was saturated."""
    repaired = repair_expression(answer, neutral, options=RepairOptions(lock=False))
    usable = (drawing[..., 3] == 255) & (repaired.pixels[..., 3] == 255)
    usable &= (drawing[..., :3].max(axis=2) < 240) & (drawing[..., :3].min(axis=2) > 15)
    if int(usable.sum()) < 500:
        return 0.0
    first, second = (
        cv2.cvtColor(one[..., :3].astype(np.float32) / 255, cv2.COLOR_RGB2Lab)[..., 0]
        for one in (repaired.pixels, drawing)
    )
    return abs(float((np.asarray(first) - np.asarray(second))[usable].mean())) * 2.55


def _judged(answer: Rgba, neutral: Rgba) -> Quality:
    repaired = repair_expression(answer, neutral)
    return judge_expression(repaired.pixels, neutral, repaired)


def _kinds_to_detect(characters: Path) -> Iterator[tuple[str, list[tuple[Rgba, Rgba]]]]:
    hand_made = [(drawing, neutral) for who in HAND_MADE for drawing, neutral, _ in expressions_of(characters, who)]
    yield "hand-made, exact", hand_made
    few = [
        (load(characters, who, expressions[0], pose), load(characters, who, "neutral", pose))
        for who, pose, expressions in DAMAGED
    ]
    every = KINDS["all of it"]
    yield "hand-made, all damage, repaired", [(damaged(one, kind), neutral) for one, neutral in few for kind in every]
    real = [(one, neutral) for who in ("whale_girl", "tomari") for one, neutral, _ in expressions_of(characters, who)]
    yield "real edits, repaired", real
    yield "drawn afresh (mungi_dog)", [(one, neutral) for one, neutral, _ in expressions_of(characters, "mungi_dog")]
    framings = (Damage(scale=1.35), Damage(scale=0.7), Damage(dx=180, dy=40), Damage(turn_deg=14))
    yield "different framing", [(damaged(one, kind), neutral) for one, neutral in few for kind in framings]
    yield "painted checkerboard", [(damaged(one, Damage(ground="checkerboard", dx=2)), neutral) for one, neutral in few]
    yield (
        "another character",
        [
            (_resized(other, neutral.shape), neutral)
            for at, (_, neutral) in enumerate(few)
            for other in (few[(at + 1) % len(few)][1], few[(at + 3) % len(few)][1])
        ],
    )
    yield "the neutral again", [(neutral, neutral) for _, neutral in few]


def _resized(pixels: Rgba, shape: tuple[int, ...]) -> Rgba:
    made = cv2.resize(to_premultiplied(pixels), (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    return from_premultiplied(np.asarray(made, np.float32))


def _large(characters: Path, who: str, expression: str) -> tuple[Rgba, Rgba]:
    """Return an expression and its neutral as frames of `FRAME`; a wide picture is cut to its middle."""
    return _framed(load(characters, who, expression, "center")), _framed(load(characters, who, "neutral", "center"))


def _framed(pixels: Rgba) -> Rgba:
    height, width = pixels.shape[:2]
    keep = min(width, round(height * FRAME[0] / FRAME[1]))
    left = (width - keep) // 2
    return _resized(pixels[:, left : left + keep], (FRAME[1], FRAME[0]))


def _mixed(start: Rgba, end: Rgba, share: float) -> Rgba:
    mixed = to_premultiplied(start) * np.float32(1 - share) + to_premultiplied(end) * np.float32(share)
    return np.where(changed_pixels(start, end)[..., None], from_premultiplied(mixed), start)


def _show(file: Path, drawing: Rgba, neutral: Rgba, repaired: Repaired) -> None:
    """Write neutral, answer, repaired answer, and what differs from the neutral before and after (red where pasted)."""
    file.parent.mkdir(parents=True, exist_ok=True)
    first, came, made = (seen_levels(one) for one in (neutral, drawing, repaired.pixels))
    row_1 = np.hstack([first, came, made])
    row_2 = np.hstack([_heat(came, first, None), _heat(made, first, None), _heat(made, first, repaired.region)])
    Image.fromarray(np.vstack([row_1, row_2])).save(file)


def _heat(made: npt.NDArray[np.uint8], reference: npt.NDArray[np.uint8], region: Mask | None) -> npt.NDArray[np.uint8]:
    away = np.minimum(255, difference(made, reference).astype(np.int32) * 6).astype(np.uint8)
    red = away if region is None else np.where(region, 255, away).astype(np.uint8)
    return np.dstack([red, away, away])


if __name__ == "__main__":
    main()
