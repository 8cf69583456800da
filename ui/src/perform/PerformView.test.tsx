import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { followKeys } from "../keys/listening.ts";
import { useNotices } from "../stores/notices.ts";
import { useSettings } from "../stores/settings.ts";
import { aCommand, aRig, giveCanvases } from "../testing/character.ts";
import { type Answers, Refusal, show } from "../testing/page.tsx";
import { PAGE_NAME } from "./direction.ts";
import { PerformView } from "./PerformView.tsx";

const ANSWERS: Answers = {
  "GET /api/v1/rig": aRig(),
  "GET /api/v1/stage": null,
  "GET /api/v1/endpoints": { poses: [], expressions: [], cells: [], ignored: [] },
  "POST /api/v1/stage": (json: unknown) => json,
};

beforeEach(() => {
  giveCanvases();
  useSettings.setState({ transitionMs: 0, blinks: true });
  useNotices.setState({ notices: [] });
});

const pressed = (): string[] =>
  screen
    .queryAllByRole("button", { pressed: true })
    .map((button) => button.querySelector(".perform-name")?.textContent ?? "");
const character = (): HTMLElement => screen.getByRole("img");

test("every state has a button, by pose, and the one that stands is pressed", async () => {
  show(<PerformView />, ANSWERS);
  await screen.findByRole("button", { name: "glad" });

  expect(screen.getAllByRole("region").map((region) => region.getAttribute("aria-label"))).toEqual([
    "Stage",
    "Direction",
    "Pose front",
    "Pose left",
  ]);
  expect([pressed(), character().getAttribute("aria-label")]).toEqual([["calm"], "calm"]);
});

test("a button sends the character there, here and on every stage", async () => {
  const { user, calls } = show(<PerformView />, ANSWERS);
  await user.click(await screen.findByRole("button", { name: "very sad" }));

  await waitFor(() => expect(pressed()).toEqual(["very sad"]));
  expect(character().getAttribute("aria-label")).toBe("very sad");
  expect(calls.at(-1)).toEqual({
    route: "POST /api/v1/stage",
    json: { expression: "very_sad", pose: "front", ms: 0, blinks: true, wink: false, by: PAGE_NAME },
  });
});

test("digits are keys of the states at the pose where it is", async () => {
  const stop = followKeys();
  const { user } = show(<PerformView />, ANSWERS);
  await screen.findByRole("button", { name: "glad" });
  await user.keyboard("2");
  await waitFor(() => expect(pressed()).toEqual(["glad"]));
  await user.keyboard("9");
  stop();

  expect(pressed()).toEqual(["glad"]);
});

test("what is set goes to the stages too", async () => {
  const { user, calls } = show(<PerformView />, ANSWERS);
  await screen.findByRole("button", { name: "glad" });
  await user.click(screen.getByRole("checkbox", { name: "Blinks by itself" }));
  await user.selectOptions(screen.getByRole("combobox"), "300 ms");
  await user.click(screen.getByRole("button", { name: "Blink" }));

  expect(character().hasAttribute("no-blink")).toBe(true);
  expect(calls.slice(-2).map(({ json }) => json)).toMatchObject([
    { expression: "calm", blinks: false, wink: false },
    { expression: "calm", blinks: false, wink: true, ms: 300 },
  ]);
});

test("it begins where it was told to be last", async () => {
  show(<PerformView />, { ...ANSWERS, "GET /api/v1/stage": aCommand("glad") });
  await waitFor(() => expect(pressed()).toEqual(["glad"]));
});

test("without a finished sequence it says what to do", async () => {
  show(<PerformView />, { ...ANSWERS, "GET /api/v1/rig": new Refusal(404, "no sequence has all its frames yet") });

  expect(await screen.findByText("Nobody on stage yet")).toBeTruthy();
});

test("a frame that does not load is named", async () => {
  HTMLImageElement.prototype.decode = () => Promise.reject(new DOMException("gone", "EncodingError"));
  show(<PerformView />, ANSWERS);

  expect(await screen.findByText(/\.png: no picture that this browser can show/)).toBeTruthy();
});

test("sequences that are left out are told with the reason", async () => {
  const rig = aRig({
    left_out: [{ path_id: "calm_to_mad__front", reason: "2 of 5 frames are not made yet; make them" }],
  });
  show(<PerformView />, { ...ANSWERS, "GET /api/v1/rig": rig });

  expect(await screen.findByText("1 sequence is left out")).toBeTruthy();
  expect(screen.getByText("calm_to_mad__front: 2 of 5 frames are not made yet; make them")).toBeTruthy();
});

test("the stage's address can be copied", async () => {
  const { user } = show(<PerformView />, ANSWERS);
  await user.click(await screen.findByRole("button", { name: "Copy" }));

  expect(await navigator.clipboard.readText()).toBe("http://localhost:3000/stage");
});

test("a stage that can't be told is a notice, and the character goes all the same", async () => {
  const refused = { ...ANSWERS, "POST /api/v1/stage": () => new Refusal(404, "no such state") };
  const { user } = show(<PerformView />, refused);
  await user.click(await screen.findByRole("button", { name: "glad" }));

  await waitFor(() => expect(useNotices.getState().notices.map(({ text }) => text)).toEqual(["no such state"]));
  expect(pressed()).toEqual(["glad"]);
});
