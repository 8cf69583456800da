/** Pan by dragging, zoom by the wheel at the pointer, fit by a double click. */
import { type PointerEvent, type RefObject, useEffect, useState } from "react";
import { listen } from "../platform/timing.ts";
import { useStageView } from "./stageView.ts";
import { wheelFactor } from "./view.ts";

interface Handlers {
  "data-dragging": boolean;
  onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => void;
  onPointerMove: (event: PointerEvent<HTMLCanvasElement>) => void;
  onPointerUp: (event: PointerEvent<HTMLCanvasElement>) => void;
  onPointerCancel: () => void;
  onDoubleClick: () => void;
}

export function useDragging(canvas: RefObject<HTMLCanvasElement | null>): Handlers {
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    // React listens to wheels passively, and a passive listener can't keep the page from zooming as well.
    return listen(
      element,
      "wheel",
      (event: WheelEvent) => {
        event.preventDefault();
        const box = element.getBoundingClientRect();
        const point = { x: event.clientX - box.left, y: event.clientY - box.top };
        useStageView.getState().zoomAt(point, wheelFactor(event.deltaY, event.deltaMode));
      },
      { passive: false },
    );
  }, [canvas]);
  return {
    "data-dragging": dragging,
    onPointerDown: (event) => {
      if (event.button > 1) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDragging(true);
    },
    onPointerMove: (event) => {
      if (dragging) useStageView.getState().pan({ x: event.movementX, y: event.movementY });
    },
    onPointerUp: () => setDragging(false),
    onPointerCancel: () => setDragging(false),
    onDoubleClick: () => useStageView.getState().fit(),
  };
}
