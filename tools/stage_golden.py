"""Writes tests/golden/transitions.json: where the ways lead, for the Python and the TypeScript tests alike.

Usage: stage_golden.py [--check]
"""

import json
import random
import sys
from itertools import product
from pathlib import Path

from watercolor_rig.core.errors import UnreachableError
from watercolor_rig.core.ids import PathId
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


def texts() -> dict[Path, str]:
    """Return the text of every file, one case a line."""
    graphs = [star(), *map(random_graph, SEEDS)]
    cases = {"transitions.json": [transitions(graph) for graph in graphs]}
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
    times = [sum(steps[:place]) / sum(steps) for place in range(len(steps) + 1)]
    return Clip(PathId(path), start, end, tuple(times), tuple(f"{round(100 * t):03d}.png" for t in times), weight)


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
