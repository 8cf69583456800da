"""Writes tests/golden/transitions.json and performance.json: where ways lead and what shows when, for both languages.

Usage: stage_golden.py [--check]
"""

import json
import random
import sys
from itertools import accumulate, product
from pathlib import Path

from watercolor_rig.core.easing import EASINGS, LINEAR
from watercolor_rig.core.errors import UnreachableError
from watercolor_rig.core.idle import blink_times
from watercolor_rig.core.ids import PathId
from watercolor_rig.core.performance import Blink, Cue, Go, Performance
from watercolor_rig.core.rig import ExpressionId, PoseId
from watercolor_rig.core.transitions import Clip, Leg, State, TransitionGraph

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden"

SEEDS = range(12)
EXPRESSIONS = ["calm", "glad", "Ängstlich", "𝒶h"]  # noqa: RUF001 - text that Python and JavaScript put into different orders
POSES = ["front", "left", "ｕp"]  # noqa: RUF001 - as above
STEPS = [1.0, 0.5, 2.0, 0.3]


def star() -> TransitionGraph:
    """Return what most rigs are: everything from one expression, and poses joined there."""
    clips = []
    for pose in ("center", "left"):
        ends = [State(ExpressionId(name), PoseId(pose)) for name in ("neutral", "happy", "ah", "blink")]
        clips += [_clip(f"neutral_to_{end.expression}__{pose}", ends[0], end, [1.0] * 8) for end in ends[1:]]
    center, left = clips[0].start, clips[-1].start
    clips.append(_clip("neutral_center_to_neutral_left", center, left, [1.0] * 16))
    return TransitionGraph(clips)


def ties() -> TransitionGraph:
    """Return a square with one diagonal, where every way has another that costs the same."""
    a, b, c, d = (State(ExpressionId(name), PoseId("front")) for name in "abcd")
    sides = [_clip("ab", a, b, [1.0] * 4), _clip("bd", b, d, [1.0] * 4), _clip("ac", a, c, [1.0] * 4)]
    return TransitionGraph([*sides, _clip("cd", c, d, [1.0] * 4), _clip("ad", a, d, [1.0] * 8)])


def random_graph(seed: int) -> TransitionGraph:
    """Return some clips, with and without weights, between states of a few expressions and poses."""
    dice = random.Random(seed)  # noqa: S311 - dice for games, not for secrets
    states = [State(ExpressionId(expression), PoseId(pose)) for expression, pose in product(EXPRESSIONS, POSES)]
    drawn = dice.sample(states, dice.randint(4, 10))
    pairs = [(a, b) for a in drawn for b in drawn if a != b and (a.expression == b.expression or a.pose == b.pose)]
    clips = []
    for number in range(dice.randint(2, 9) if pairs else 0):
        start, end = dice.choice(pairs)
        steps = [dice.choice(STEPS) for _ in range(dice.randint(1, 5))]
        clips.append(_clip(f"clip {number}", start, end, steps, dice.choice([None, None, 0.5, 2.0, 3.7])))
    return TransitionGraph(clips, drawn)


def transitions(graph: TransitionGraph) -> dict[str, object]:
    """Return a graph with every way in it and everything that is missing."""
    routes: list[object] = []
    refused: list[object] = []
    for start, end in product(graph.states, graph.states):
        try:
            routes.append([_pair(start), _pair(end), _legs(graph.route(start, end))])
        except UnreachableError as error:
            refused.append([_pair(start), _pair(end), str(error)])
    routes_from = [
        [number, clip.last // 2, _pair(end), _legs(graph.route_from(number, clip.last // 2, end))]
        for number, clip in enumerate(graph.clips)
        for end in graph.states
        if end not in graph.unreachable(clip.start)
    ]
    missing: list[object] = []
    for start in graph.states:
        path = graph.missing_path(start)
        sequences = [[_pair(a), _pair(b)] for a, b in path.sequences] if path else None
        missing.append([_pair(start), sequences, path.joins if path else 0])
    return {
        **_graph(graph),
        "routes": routes,
        "routes_from": routes_from,
        "refused": refused,
        "missing": missing,
    }


def rehearsed() -> list[dict[str, object]]:
    """Return what a rig does when it is interrupted, hurried, told the same again, and left alone."""
    graph = star()
    happy, left = State(ExpressionId("happy"), PoseId("center")), State(ExpressionId("ah"), PoseId("left"))
    neutral = State(ExpressionId("neutral"), PoseId("center"))
    scripts: list[list[Cue]] = [
        [],
        [Go(0, happy), Go(1000, left)],
        [Go(100, happy), Go(250, neutral), Go(300, left, 400, "ease-in-out"), Go(500, happy)],
        [Go(100, happy, 0), Go(500, left, 1000, "ease-out"), Go(600, left), Go(700, left, 100, "ease-in")],
        [Blink(100), Go(150, happy), Blink(200), Blink(1500), Blink(1600), Go(1610, neutral)],
        [Go(0, happy, 0), Go(next(blink_times(7)), neutral, 0)],  # a cue and a blink at one moment
        [Go(0, happy, None, "ease-in"), Go(0, left, 300), Blink(90), Go(3000, neutral, None, "ease-in-out")],
    ]
    return [
        _case(graph, neutral, script, seed, ["closed", "blink"], fps)
        for script, (seed, fps) in product(scripts, ((None, 24.0), (7, 12.5), (4_294_967_295, 24.0)))
    ]


def improvised(seed: int) -> dict[str, object]:
    """Return what any character does with any cues."""
    graph, dice = random_graph(seed), random.Random(seed)  # noqa: S311 - as above
    start = graph.clips[0].start if graph.clips else graph.states[0]
    goals = [state for state in graph.states if state not in graph.unreachable(start)]
    cues: list[Cue] = []
    for _ in range(20):
        at_ms = dice.choice([float(dice.randrange(6000)), dice.uniform(0, 6000)])
        go = Go(
            at_ms, dice.choice(goals), dice.choice([None, 0.0, 120.0, 700.7]), dice.choice([LINEAR, LINEAR, *EASINGS])
        )
        cues.append(Blink(at_ms) if dice.random() < 1 / 3 else go)
    return _case(graph, start, cues, dice.choice([None, seed, seed + 2**31]), EXPRESSIONS[2:], 24.0)


def texts() -> dict[Path, str]:
    """Return the text of every file, one case a line."""
    graphs = [star(), ties(), *map(random_graph, SEEDS)]
    cases = {
        "transitions.json": [transitions(graph) for graph in graphs],
        "performance.json": [*rehearsed(), *(improvised(seed) for seed in SEEDS)],
    }
    return {
        GOLDEN / name: "[\n" + ",\n".join(json.dumps(each, ensure_ascii=False) for each in listed) + "\n]\n"
        for name, listed in cases.items()
    }


def main() -> int:
    """Return the exit status."""
    for path, text in texts().items():
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != text:
            print(f"{path}: old; run tools/stage_golden.py", file=sys.stderr)
            return 1
    return 0


def _clip(path: str, start: State, end: State, steps: list[float], weight: float | None = None) -> Clip:
    ends = list(accumulate(steps, initial=0.0))
    times = [end / ends[-1] for end in ends]
    return Clip(PathId(path), start, end, tuple(times), tuple(f"{round(100 * t):03d}.png" for t in times), weight)


def _case(
    graph: TransitionGraph, start: State, cues: list[Cue], seed: int | None, blinks: list[str], fps: float
) -> dict[str, object]:
    performance = Performance(graph, start, cues, seed=seed, blinks=map(ExpressionId, blinks), fps=fps)
    shown: list[object] = []
    for ms in sorted({*range(0, 7000, 50), *(cue.at_ms for cue in cues), 20_000, 20_033.3, 60_000, 3_600_000}):
        now = performance.showing(ms)
        number = next(number for number, clip in enumerate(graph.clips) if clip.path == now.path)
        shown.append([ms, number, now.frame, graph.states.index(now.state), int(now.arrived)])
    held = [
        {"at_ms": cue.at_ms, "state": _pair(cue.state), "ms": cue.ms, "easing": cue.easing}
        if isinstance(cue, Go)
        else {"at_ms": cue.at_ms}
        for cue in cues
    ]
    return {
        **_graph(graph),
        "start": _pair(start),
        "cues": held,
        "seed": seed,
        "blinks": blinks,
        "fps": fps,
        "shown": shown,
    }


def _graph(graph: TransitionGraph) -> dict[str, object]:
    clips = [
        {
            "path": clip.path,
            "start": _pair(clip.start),
            "end": _pair(clip.end),
            "times": clip.times,
            "files": clip.files,
            "weight": clip.weight,
        }
        for clip in graph.clips
    ]
    return {"clips": clips, "states": [_pair(state) for state in graph.states]}


def _legs(legs: tuple[Leg, ...]) -> list[list[int]]:
    return [[leg.clip, leg.first, leg.last] for leg in legs]


def _pair(state: State) -> list[str]:
    return [state.expression, state.pose]


if __name__ == "__main__":
    sys.exit(main())
