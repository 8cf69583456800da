/** What a character needs of a browser that jsdom lacks, and a character to show. */
import { vi } from "vitest";
import type { Rig, StageCommand } from "../api/types.ts";
import { digestOf } from "./samples.ts";

export function giveCanvases(): void {
  const nothing = (): void => undefined;
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (this: HTMLCanvasElement) {
    return { canvas: this, clearRect: nothing, drawImage: nothing };
  } as never);
  Object.assign(HTMLImageElement.prototype, {
    decode(this: HTMLImageElement) {
      Object.defineProperties(this, { naturalWidth: { value: 8 }, naturalHeight: { value: 6 } });
      return Promise.resolve();
    },
  });
  vi.stubGlobal(
    "ResizeObserver",
    class {
      readonly observe = nothing;
      readonly disconnect = nothing;
    },
  );
  vi.stubGlobal("matchMedia", () => Object.assign(new EventTarget(), { matches: false }));
}

/** Ways from calm to glad and to sad at the front, and to calm at the left. */
export function aRig(given: Partial<Rig> = {}): Rig {
  const calm = { expression: "calm", pose: "front" };
  const ends = [
    { expression: "glad", pose: "front" },
    { expression: "very_sad", pose: "front" },
    { expression: "calm", pose: "left" },
  ];
  return {
    format: "watercolor-rig",
    version: 1,
    generator: "test",
    size: [8, 6],
    fps: 12,
    start: calm,
    blinks: [],
    sheets: [0, 1, 2, 3].map((place) => ({ file: `/api/v1/pictures/${digestOf(place)}.png`, size: [8, 6] })),
    pictures: [0, 1, 2, 3].map((place) => ({ base: null, patches: [[place, 0, 0, 8, 6, 0, 0]] })),
    clips: ends.map((end, place) => ({
      path: `calm_to_${end.expression}__${end.pose}`,
      start: calm,
      end,
      times: [0, 1],
      pictures: [0, place + 1],
      weight: null,
    })),
    left_out: [],
    ...given,
  };
}

export function aCommand(expression: string, given: Partial<StageCommand> = {}): StageCommand {
  return { expression, pose: "front", ms: 0, blinks: false, wink: false, by: "another page", ...given };
}
