import { act, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { isAvailable, run } from "../keys/commands.ts";
import { useStage } from "../stores/stage.ts";
import { show } from "../testing/page.tsx";
import { aFrame, digestOf } from "../testing/samples.ts";
import { Takes } from "./Takes.tsx";

const [older, newer] = [digestOf(1), digestOf(2)];
const take = (number: number, digest: string, in_place: boolean) => ({
  take: number,
  digest,
  made: "2026-11-23T06:37:21+00:00",
  engine: "openai",
  model: "gpt",
  cost_usd: 0.035,
  in_place,
});
const TAKES = "/api/v1/sequences/a_to_b__center/frames/0.5/takes";
const frame = aFrame(0.5, { digest: newer, takes: 2 });
const open = async (takes: readonly object[] = [take(2, newer, true), take(1, older, false)]) => {
  const answers = { [`GET ${TAKES}`]: takes, [`POST ${TAKES}/1`]: aFrame(0.5, { digest: older }) };
  const page = show(<Takes pathId="a_to_b__center" frame={frame} />, answers);
  await screen.findByText(takes.length > 1 ? "in place" : /One picture so far/);
  return page;
};
const press = (...command: Parameters<typeof run>) =>
  act(() => {
    run(...command);
  });

describe("the takes of a frame", () => {
  it("are compared on the stage with the picture in place by their number", async () => {
    await open();
    press("choose-take", 2);

    expect(useStage.getState().comparison).toMatchObject({ a: { digest: newer }, b: { digest: older } });
  });

  it("are put in place by Enter", async () => {
    const { calls } = await open();
    press("choose-take", 2);
    press("accept-take");

    await expect.poll(() => calls.map((call) => call.route)).toContain(`POST ${TAKES}/1`);
  });

  it("are let be by Backspace, and the comparison ends", async () => {
    await open();
    press("choose-take", 2);
    press("reject-take");

    expect(useStage.getState().comparison).toBeNull();
    expect(isAvailable("accept-take")).toBe(false);
  });

  it("leave Enter and Backspace to others while none is looked at", async () => {
    await open();

    expect([isAvailable("choose-take"), isAvailable("accept-take"), isAvailable("reject-take")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("leave the digits to others where there is nothing to choose", async () => {
    await open([]);

    expect(isAvailable("choose-take")).toBe(false);
  });

  it("can't be looked at when they are in place already", async () => {
    await open();
    press("choose-take", 1);

    expect(screen.queryByRole("button", { name: "Put in place" })).toBeNull();
  });

  it("are chosen with the pointer too", async () => {
    const { user, calls } = await open();
    await user.click(screen.getByRole("button", { name: /Take 2/ }));
    await user.click(screen.getByRole("button", { name: "Put in place" }));

    await expect.poll(() => calls.map((call) => call.route)).toContain(`POST ${TAKES}/1`);
  });
});
