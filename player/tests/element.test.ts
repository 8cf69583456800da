import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Rig } from "../src/index.ts";
import { listen } from "../src/platform/browser.ts";
import { WatercolorRigElement } from "../src/web/index.ts";
import { breathOf } from "../src/web/style.ts";
import { sampleRig } from "./samples.ts";

/** What a canvas was told, call by call, and the moves of those that watch. */
let drawn: unknown[][];
let resizers: ((entries: unknown[]) => void)[];
let media: { matches: boolean; change: () => void };
let images: Record<string, [number, number]>;

beforeEach(() => {
  vi.useFakeTimers();
  drawn = [];
  resizers = [];
  images = { "http://localhost:3000/sheet-0.webp": [16, 16], "http://localhost:3000/hero/sheet-0.webp": [16, 16] };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (this: HTMLCanvasElement) {
    return contextOf(this);
  } as never);
  Object.assign(HTMLImageElement.prototype, {
    decode(this: HTMLImageElement) {
      const size = images[this.src];
      if (!size) return Promise.reject(new DOMException("no picture", "EncodingError"));
      Object.defineProperty(this, "naturalWidth", { value: size[0] });
      Object.defineProperty(this, "naturalHeight", { value: size[1] });
      return Promise.resolve();
    },
  });
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(tell: (entries: unknown[]) => void) {
        resizers.push(tell);
      }
      readonly observe = vi.fn();
      disconnect(): void {
        resizers.pop();
      }
    },
  );
  const query = Object.assign(new EventTarget(), { matches: false });
  media = {
    get matches() {
      return query.matches;
    },
    set matches(matches: boolean) {
      query.matches = matches;
    },
    change: () => query.dispatchEvent(new Event("change")),
  };
  vi.stubGlobal("matchMedia", () => query);
});

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

function contextOf(canvas: HTMLCanvasElement): unknown {
  const tell =
    (name: string) =>
    (...args: unknown[]): void => {
      const isSeen = canvas.getRootNode() instanceof ShadowRoot;
      const plain = args.map((arg) => (typeof arg === "number" ? arg : (arg as Element).tagName.toLowerCase()));
      drawn.push([isSeen ? "seen" : "kept", name, ...plain]);
    };
  return { canvas, clearRect: tell("clear"), drawImage: tell("draw") };
}

function put(attributes: Record<string, string> = {}, rig: Rig | null = sampleRig()): WatercolorRigElement {
  const element = document.createElement("watercolor-rig");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (rig) element.rig = rig;
  document.body.append(element);
  return element;
}

function heard(element: Element): unknown[] {
  const events: unknown[] = [];
  for (const type of ["ready", "go", "arrive", "error"]) {
    listen(element, type, (event) => {
      const { message, from, state } = (event as CustomEvent<Record<string, never>>).detail as {
        message?: string;
        from?: { expression: string };
        state?: { expression: string };
      };
      events.push([type, message ?? [from, state].flatMap((each) => each?.expression ?? []).join(" → ")]);
    });
  }
  return events;
}

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const resize = (width: number, height: number): void =>
  resizers.at(-1)?.([
    { contentRect: { width: 0, height: 0 }, devicePixelContentBoxSize: [{ inlineSize: width, blockSize: height }] },
  ]);

test("a rig that was given inline is loaded, drawn where it rests first, and says that it is ready", async () => {
  const element = put();
  const events = heard(element);
  resize(16, 12);
  await settled();

  expect(events).toEqual([["ready", ""]]);
  expect(element.states.map((state) => state.expression)).toEqual(["calm", "glad", "eyes_shut"]);
  expect(element.state).toEqual({ expression: "calm", pose: "front" });
  expect(drawn).toContainEqual(["kept", "draw", "img", 0, 0, 8, 6, 0, 0, 8, 6]);
  expect(drawn.at(-1)).toEqual(["seen", "draw", "canvas", 0, 0, 16, 12]);
});

test("a rig is fetched, and its sheets are seen from its address", async () => {
  const fetched = vi.fn((url: URL) =>
    Promise.resolve(Object.defineProperty(Response.json(sampleRig()), "url", { value: url.href })),
  );
  vi.stubGlobal("fetch", fetched);
  const element = put({ src: "hero/rig.json", expression: "glad" }, null);
  const events = heard(element);
  await settled();

  expect(events).toEqual([["ready", ""]]);
  expect(fetched.mock.calls.map(([url]) => url.href)).toEqual(["http://localhost:3000/hero/rig.json"]);
  expect(element.state?.expression).toBe("glad");
});

test("a rig that stands in the page is read from there", async () => {
  const script = document.createElement("script");
  [script.type, script.id, script.textContent] = ["application/json", "hero", JSON.stringify(sampleRig())];
  document.body.append(script);
  const element = put({ src: "#hero" }, null);
  await settled();

  expect(element.state?.expression).toBe("calm");
});

test("the picture is as large as fits, in the middle, sharp on any screen", async () => {
  put();
  await settled();
  resize(40, 12);
  expect(drawn.slice(-2)).toEqual([
    ["seen", "clear", 0, 0, 40, 12],
    ["seen", "draw", "canvas", 12, 0, 16, 12],
  ]);

  resize(4, 90);
  expect(drawn.at(-1)).toEqual(["seen", "draw", "canvas", 0, 43, 4, 3]);
});

test("going somewhere draws what differs, tells of it, and is answered on arrival", async () => {
  const element = put({ "no-blink": "" });
  const events = heard(element);
  await settled();
  drawn = [];
  const going = element.go("glad");
  await vi.advanceTimersByTimeAsync(500);

  expect(await going).toBe(true);
  expect(events).toEqual([
    ["ready", ""],
    ["go", "calm → glad"],
    ["arrive", "glad"],
  ]);
  expect(drawn.filter(([where]) => where === "kept")).toEqual([
    ["kept", "clear", 1, 1, 2, 2],
    ["kept", "draw", "img", 8, 0, 2, 2, 1, 1, 2, 2],
    ["kept", "clear", 1, 1, 3, 2],
    ["kept", "draw", "img", 8, 2, 3, 2, 1, 1, 3, 2],
  ]);
});

test("what is asked before it is loaded waits", async () => {
  const element = put();
  const going = element.go("glad", { ms: 0 });
  expect(element.state).toBeNull();
  await settled();

  expect(await going).toBe(true);
});

test("a changed attribute is a command, and several at once are one", async () => {
  const element = put();
  const events = heard(element);
  await settled();
  element.setAttribute("expression", "eyes_shut");
  element.setAttribute("pose", "front");
  element.setAttribute("expression", "glad");
  await vi.advanceTimersByTimeAsync(2000);

  expect(events.slice(1)).toEqual([
    ["go", "calm → glad"],
    ["arrive", "glad"],
  ]);
});

test("a state that is not there is an error event for an attribute and a rejection for a call", async () => {
  const element = put({ expression: "sad" });
  const events = heard(element);
  await settled();
  const words = "no state 'sad' at 'front'; there are 'calm' at 'front', 'glad' at 'front', 'eyes_shut' at 'front'";

  expect(events).toEqual([
    ["error", words],
    ["ready", ""],
  ]);
  await expect(element.go("sad")).rejects.toThrow(words);
  await expect(element.play([{ atMs: 5 }])).rejects.toThrow("a cue at 5 ms goes nowhere");
  expect(element.state?.expression).toBe("calm");
});

test("cues are carried out in time", async () => {
  const element = put({ "no-blink": "" });
  const events = heard(element);
  await settled();
  const whole = element.play([
    { atMs: 100, expression: "glad", ms: 0 },
    { atMs: 400, expression: "calm", ms: 0 },
    { atMs: 500, blink: true },
  ]);
  await vi.advanceTimersByTimeAsync(2000);

  expect(await whole).toBe(true);
  expect(events.slice(1)).toEqual([
    ["go", "calm → glad"],
    ["arrive", "glad"],
    ["go", "glad → calm"],
    ["arrive", "calm"],
  ]);
});

test("it blinks by itself by the seed, unless it is told not to", async () => {
  const element = put({ seed: "7" });
  await settled();
  drawn = [];
  await vi.advanceTimersByTimeAsync(20_000);
  expect(drawn.length).toBeGreaterThan(4);

  element.toggleAttribute("no-blink");
  await vi.advanceTimersByTimeAsync(1000);
  drawn = [];
  await vi.advanceTimersByTimeAsync(60_000);
  expect(drawn).toEqual([]);
});

test("where the user wants less motion a way takes no time, from the moment on that the user says so", async () => {
  const element = put({ seed: "7" });
  await settled();
  media.matches = true;
  media.change();
  expect(await element.go("glad", { ms: 5000 })).toBe(true);
  drawn = [];
  await vi.advanceTimersByTimeAsync(60_000);

  expect(drawn).toEqual([]);
});

test("those who don't see it hear the expression, unless the page says it better", async () => {
  const element = put();
  await settled();
  expect([element.getAttribute("role"), element.getAttribute("aria-label")]).toEqual(["img", "calm"]);
  await element.go("eyes_shut", { ms: 0 });
  expect(element.getAttribute("aria-label")).toBe("eyes shut");

  element.setAttribute("aria-label", "Ada, the adventurer");
  await element.go("glad", { ms: 0 });
  expect(element.getAttribute("aria-label")).toBe("Ada, the adventurer");
});

test.each<[string, () => void, string]>([
  [
    "a sheet is missing",
    () => {
      images = {};
    },
    "sheet-0.webp: no picture that this browser can show; make sure that it is there, beside rig.json",
  ],
  [
    "a sheet has another size",
    () => {
      images = { "http://localhost:3000/sheet-0.webp": [9, 9] };
    },
    "sheet-0.webp: 9 × 9; rig.json expects 16 × 16, so export both again",
  ],
])("%s: the error names the file, and nothing is drawn", async (_, break_, message) => {
  break_();
  const element = put();
  const events = heard(element);
  const going = element.go("glad");
  await expect(going).rejects.toThrow(message);

  expect([events, drawn, element.state]).toEqual([[["error", message]], [], null]);
});

test("a rig that the server refuses is named with the answer", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("", { status: 404 })));
  const events = heard(put({ src: "rig.json" }, null));
  await settled();

  expect(events).toEqual([["error", "rig.json: the server answered 404; make sure that the file is at this address"]]);
});

test("a number that makes no sense is told, and the character is there all the same", async () => {
  const element = put({ fps: "fast", seed: "1.5" });
  const events = heard(element);
  await settled();

  expect(events).toEqual([
    ["error", 'fps="fast": expected a number above 0'],
    ["error", 'seed="1.5": expected a whole number'],
    ["ready", ""],
  ]);
});

test("taken off the page it draws no more and keeps no promise open", async () => {
  const element = put({ seed: "7" });
  await settled();
  const going = element.go("glad");
  await settled();
  element.remove();
  drawn = [];
  await vi.advanceTimersByTimeAsync(60_000);

  expect([await going, drawn, resizers, vi.getTimerCount()]).toEqual([false, [], [], 0]);
  await expect(element.go("glad")).rejects.toThrow("the character is on no page");
});

test("put on the page again it begins again", async () => {
  const element = put();
  await settled();
  element.remove();
  document.body.append(element);
  const events = heard(element);
  await settled();

  expect([events, element.state?.expression]).toEqual([[["ready", ""]], "calm"]);
});

test("another rig takes the place of the first one", async () => {
  const element = put();
  const [events, first] = [heard(element), element.go("glad")];
  element.rig = { ...sampleRig(), start: { expression: "glad", pose: "front" } };
  await expect(first).rejects.toThrow("another rig was given");
  await settled();

  expect([events, element.state?.expression]).toEqual([[["ready", ""]], "glad"]);
});

test("a seed says where in a breath the character begins", () => {
  expect([0, 1, 4001, -1].map(breathOf)).toEqual(["0ms", "-1ms", "-1ms", "-3295ms"]);
});
