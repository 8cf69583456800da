"""Orders as the API spells them, turned into those of the workshop."""

from decimal import Decimal
from fractions import Fraction

from watercolor_rig.app.studio import orders
from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.times import END, START, from_json_number
from watercolor_rig.server import work_schemas as schemas


def to_order(order: schemas.WorkOrder) -> orders.Order:
    """Return the order for the workshop; whoever starts it adds the trusted frames.

    Raises:
        UsageError: for a time that is not strictly between 0 and 1.
    """
    return orders.Order(
        work=_work(order.work),
        engine=order.engine,
        model=order.model,
        quality=order.quality,
        max_workers=order.max_workers,
        max_cost_usd=None if order.max_cost_usd is None else Decimal(repr(order.max_cost_usd)),
    )


def _work(work: schemas.AnyWork) -> orders.Work:
    match work:
        case schemas.SequencesWork():
            return orders.SequencesWork(_tuple(work.paths), work.depth, work.overwrite, work.refresh)
        case schemas.ExpressionsWork():
            return orders.ExpressionsWork(_tuple(work.expressions), work.pose, work.overwrite)
        case schemas.RegenerateWork():
            return orders.RegenerateWork(
                path_id=work.path_id,
                times=tuple(sorted({_tween(t) for t in work.times})),
                anchor_start_t=None if work.anchor_start_t is None else from_json_number(work.anchor_start_t),
                anchor_end_t=None if work.anchor_end_t is None else from_json_number(work.anchor_end_t),
                note=work.note,
            )
        case schemas.ExportWork():
            return orders.ExportWork(_tuple(work.paths), work.format, work.fps)
        case schemas.FormatWork():
            return orders.FormatWork(
                work.format, _tuple(work.paths), work.fps, work.scale, work.background, work.settings
            )


def from_order(order: orders.Order) -> schemas.WorkOrder:
    """Return an order as the API spells it."""
    return schemas.WorkOrder(
        work=_told(order.work),
        engine=order.engine,
        model=order.model,
        quality=order.quality,
        max_workers=order.max_workers,
        max_cost_usd=None if order.max_cost_usd is None else float(order.max_cost_usd),
    )


def _told(work: orders.Work) -> schemas.AnyWork:
    match work:
        case orders.SequencesWork():
            return schemas.SequencesWork(
                kind="sequences",
                paths=_list(work.paths),
                depth=work.depth,
                overwrite=work.overwrite,
                refresh=work.refresh,
            )
        case orders.ExpressionsWork():
            return schemas.ExpressionsWork(
                kind="expressions", expressions=_list(work.expressions), pose=work.pose, overwrite=work.overwrite
            )
        case orders.RegenerateWork():
            return schemas.RegenerateWork(
                kind="regenerate",
                path_id=work.path_id,
                times=[float(t) for t in work.times],
                anchor_start_t=None if work.anchor_start_t is None else float(work.anchor_start_t),
                anchor_end_t=None if work.anchor_end_t is None else float(work.anchor_end_t),
                note=work.note,
            )
        case orders.ExportWork():
            return schemas.ExportWork(kind="export", paths=_list(work.paths), format=work.format, fps=work.fps)
        case orders.FormatWork():
            return schemas.FormatWork(
                kind="format",
                format=work.format,
                paths=_list(work.paths),
                fps=work.fps,
                scale=work.scale,
                background=work.background,
                settings=work.settings,
            )


def _tween(number: float) -> Fraction:
    t = from_json_number(number)
    if not START < t < END:
        raise UsageError(f"t={number} is not strictly between 0 and 1; 0 and 1 are the endpoints themselves")
    return t


def _tuple(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


def _list(names: tuple[str, ...] | None) -> list[str] | None:
    return None if names is None else list(names)
