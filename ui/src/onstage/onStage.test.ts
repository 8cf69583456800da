import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { StageCommand } from "../api/types.ts";
import { PAGE_NAME } from "../perform/direction.ts";
import { aCommand, aRig, giveCanvases } from "../testing/character.ts";
import { OnStage } from "./onStage.ts";

let answers: Record<string, unknown>;
let sent: unknown[];
let events: EventTarget & { close: () => void };
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  giveCanvases();
  sent = [];
  answers = { "/api/v1/rig": aRig(), "/api/v1/stage": null };
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    if (init.method === "POST") sent.push(JSON.parse(init.body as string));
    const answer = answers[url];
    return Promise.resolve(answer instanceof Response ? answer.clone() : Response.json(answer));
  });
  events = Object.assign(new EventTarget(), { close: () => undefined });
});

afterEach(() => {
  stop();
  document.body.replaceChildren();
  vi.useRealTimers();
});

async function opened(search = ""): Promise<void> {
  const stage = new OnStage(document.body, new URLSearchParams(search), () => events as EventSource);
  stop = stage.begin();
  await vi.advanceTimersByTimeAsync(10);
}

async function tell(type: string, data: unknown = {}): Promise<void> {
  events.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  await vi.advanceTimersByTimeAsync(1000);
}

const command = (expression: string, given: Partial<StageCommand> = {}): Promise<void> =>
  tell("stage", { type: "stage", command: aCommand(expression, given) });
const character = (): HTMLElementTagNameMap["watercolor-rig"] => document.querySelector("watercolor-rig")!;
const seen = (): unknown[] => [character().state?.expression, document.querySelector("p")?.textContent];
const press = (key: string): boolean => window.dispatchEvent(new KeyboardEvent("keydown", { key }));

test("it shows the character where it rests first, and no words", async () => {
  await opened();

  expect(seen()).toEqual(["calm", ""]);
});

test("it begins where the address says, or else where the last command left it", async () => {
  answers["/api/v1/stage"] = aCommand("glad");
  await opened("?expression=very_sad");
  expect(seen()).toEqual(["very_sad", ""]);
  stop();
  document.body.replaceChildren();

  await opened();
  expect([seen(), character().hasAttribute("no-blink")]).toEqual([["glad", ""], true]);
});

test("it does what other pages say, and not twice what it said itself", async () => {
  await opened();
  await command("glad", { blinks: true });
  expect([seen(), character().hasAttribute("no-blink")]).toEqual([["glad", ""], false]);

  await command("very_sad", { by: PAGE_NAME });
  expect(seen()).toEqual(["glad", ""]);
});

test("its keys go to the states at its pose, and other pages hear of it", async () => {
  await opened();
  press("3");
  press("x");
  await vi.advanceTimersByTimeAsync(1000);

  expect(seen()).toEqual(["very_sad", ""]);
  expect(sent).toEqual([{ expression: "very_sad", pose: "front", ms: null, blinks: true, wink: false, by: PAGE_NAME }]);
});

test("a state that the address names wrongly is told in words, until it goes somewhere", async () => {
  await opened("?expression=happy");
  expect(seen()).toEqual(["calm", expect.stringContaining("no state 'happy' at 'front'")]);

  await command("glad");
  expect(seen()).toEqual(["glad", ""]);
});

test("where there is nothing to show it says why, and shows it as soon as it is there", async () => {
  const detail = "no sequence has all its frames yet; make one, and it can be performed";
  answers["/api/v1/rig"] = Response.json({ code: "x", detail, problems: [] }, { status: 404 });
  await opened();
  expect(seen()).toEqual([undefined, detail]);

  answers["/api/v1/rig"] = aRig();
  await tell("sequence");
  expect(seen()).toEqual(["calm", ""]);
});

test("frames that were made anew are shown without leaving the state", async () => {
  await opened();
  await command("glad");
  const before = character().rig;
  const changed = aRig();
  const [sheet] = changed.sheets;
  if (sheet) sheet.file = "/api/v1/pictures/other.png";
  answers["/api/v1/rig"] = changed;
  await tell("sequence");

  expect(seen()).toEqual(["glad", ""]);
  expect(character().rig?.sheets[0]?.file).not.toBe(before?.sheets[0]?.file);
});

test("while the server is away the character stays", async () => {
  await opened("?expression=glad");
  answers["/api/v1/rig"] = new Response("", { status: 503 });
  await tell("reset");

  expect(seen()).toEqual(["glad", ""]);
});

test("a command for a state that it does not know yet is followed once the rig has it", async () => {
  const whole = aRig();
  answers["/api/v1/rig"] = { ...whole, clips: whole.clips.slice(0, 1) };
  await opened();
  answers["/api/v1/rig"] = whole;
  await command("very_sad");

  expect(seen()).toEqual(["very_sad", ""]);
});
