import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Handler, isAvailable, register, run } from "./commands.ts";
import { followKeys } from "./listening.ts";

let stops: (() => void)[];
const on = (command: Parameters<typeof register>[0]): ReturnType<typeof vi.fn<Handler>> => {
  const handler = vi.fn<Handler>();
  stops.push(register(command, handler));
  return handler;
};

beforeEach(() => {
  document.body.innerHTML =
    "<button id='button'></button><div data-stage id='stage'></div><select id='select'></select>";
  stops = [followKeys()];
});

afterEach(() => {
  for (const stop of stops) stop();
});

function press(key: string, init: KeyboardEventInit = {}, type = "keydown"): boolean {
  const event = new KeyboardEvent(type, { key, bubbles: true, cancelable: true, ...init });
  return !(document.activeElement ?? document.body).dispatchEvent(event);
}

function click(id: string): void {
  document.getElementById(id)?.dispatchEvent(new Event("pointerdown", { bubbles: true }));
}

test("a key runs its command and nothing else", () => {
  const play = on("play");

  expect(press(" ")).toBe(true);
  expect(play).toHaveBeenCalledOnce();
});

test("a key whose command is not available now is left to the browser", () => {
  expect(press("r")).toBe(false);
});

test("1 chooses a take while takes are open and shows 100 % otherwise", () => {
  const actual = on("zoom-actual");
  press("1");
  expect(actual).toHaveBeenCalledOnce();

  const choose = on("choose-take");
  press("1");
  press("4");
  expect(choose.mock.calls).toEqual([[1], [4]]);
  expect(actual).toHaveBeenCalledOnce();
});

test("holding a key repeats steps, and nothing that toggles", () => {
  const [step, loop] = [on("next-frame"), on("loop-mode")];
  for (const repeat of [false, true, true]) {
    press("ArrowRight", { repeat });
    press("b", { repeat });
  }

  expect(step).toHaveBeenCalledTimes(3);
  expect(loop).toHaveBeenCalledOnce();
});

test("peeking ends with the key, or when the window is left", () => {
  const peek = on("peek");
  press("\\");
  press("\\", {}, "keyup");
  press("\\");
  window.dispatchEvent(new Event("blur"));

  expect(peek.mock.calls).toEqual([[1], [0], [1], [0]]);
});

test("Tab moves the focus, and hides the panels only after a click on the stage", () => {
  const panels = on("panels");
  expect(press("Tab")).toBe(false);
  click("stage");
  expect(press("Tab")).toBe(true);
  expect(press("Tab", { shiftKey: true })).toBe(false);
  expect(press("Tab")).toBe(false);

  expect(panels).toHaveBeenCalledOnce();
});

test("Space on a button that was clicked plays; on one reached by Tab it presses the button", () => {
  const play = on("play");
  document.getElementById("button")?.focus();
  click("button");
  expect(press(" ")).toBe(true);
  expect(press(" ", {}, "keyup")).toBe(true);
  press("Tab");
  expect(press(" ")).toBe(false);

  expect(play).toHaveBeenCalledOnce();
});

test("while a dialog is open no key reaches what lies below", () => {
  const play = on("play");
  document.body.innerHTML = "<dialog open></dialog>";
  press(" ");

  expect(play).not.toHaveBeenCalled();
});

test("a key that something nearer has used is used up", () => {
  const play = on("play");
  document.body.onkeydown = (event) => event.preventDefault();
  press(" ");
  document.body.onkeydown = null;

  expect(play).not.toHaveBeenCalled();
});

test("the newest handler has the command, and gives it back", () => {
  const older = on("undo");
  const newer = vi.fn<Handler>();
  const stop = register("undo", newer);
  run("undo");
  stop();
  run("undo");

  expect([older, newer].map((handler) => handler.mock.calls.length)).toEqual([1, 1]);
  expect(isAvailable("redo")).toBe(false);
  expect(run("redo")).toBe(false);
});

test("Enter in a field that gives the focus away on it does not play", () => {
  const play = on("play");
  document.body.innerHTML = "<input>";
  const field = document.querySelector("input");
  field?.focus();
  if (field) field.onkeydown = () => field.blur();
  press("Enter");

  expect(play).not.toHaveBeenCalled();
});
