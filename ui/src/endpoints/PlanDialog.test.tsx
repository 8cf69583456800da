import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import type { WorkOrder } from "../api/types.ts";
import { useSettings } from "../stores/settings.ts";
import { show } from "../testing/page.tsx";
import { aJob, anEngine, anEstimate } from "../testing/samples.ts";
import { PlanButton } from "./PlanDialog.tsx";

const openai = anEngine({
  name: "openai",
  default: false,
  paid: true,
  cost_usd: 0.035,
  makes: ["tweens", "expressions"],
});
const answers = {
  "GET /api/v1/engines": [anEngine(), openai],
  "POST /api/v1/estimate": (order: WorkOrder) =>
    order.engine === "openai"
      ? anEstimate({ engine: "openai", paid: true, cost_usd: 2.52, seconds: 600, calls: 72 })
      : anEstimate(),
  "POST /api/v1/jobs": aJob("j1"),
  "GET /api/v1/jobs": [],
};
const plan = async (given = {}) => {
  const page = show(<PlanButton label="Make…" paths={null} />, { ...answers, ...given });
  await page.user.click(screen.getByRole("button", { name: "Make…" }));
  return { ...page, jobs: () => page.calls.filter((call) => call.route === "POST /api/v1/jobs") };
};
const startButton = (name: string) => screen.findByRole("button", { name });

beforeEach(() => useSettings.setState({ engine: null }));

describe("the plan of a run", () => {
  it("has its price and time on the button before it is pressed", async () => {
    await plan();

    expect(await startButton("Start · free · ~4 s")).toBeTruthy();
  });

  it("can't be started while its price is being worked out", async () => {
    await plan({ "POST /api/v1/estimate": () => new Promise(() => undefined) });

    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Start" }).disabled).toBe(true);
  });

  it("starts a job with what was chosen", async () => {
    const { user, jobs } = await plan();
    await user.selectOptions(screen.getByLabelText("Depth"), "4 · 15 between");
    await user.type(screen.getByLabelText("Workers"), "8");
    await user.click(await startButton("Start · free · ~4 s"));

    expect(jobs()[0]?.json).toMatchObject({ engine: "auto", max_workers: 8, work: { kind: "sequences", depth: 4 } });
  });

  it("is closed by its start", async () => {
    const { user } = await plan();
    await user.click(await startButton("Start · free · ~4 s"));

    await expect.poll(() => screen.queryByRole("dialog")).toBeNull();
  });

  it("says what is wrong with a number of workers, and does not start with it", async () => {
    const { user } = await plan();
    await startButton("Start · free · ~4 s");
    await user.type(screen.getByLabelText("Workers"), "0");

    expect((await screen.findByRole("alert")).textContent).toContain("from 1 to 256");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: /^Start/ }).disabled).toBe(true);
  });

  it("says that there is nothing to make instead of offering to make it", async () => {
    await plan({ "POST /api/v1/estimate": anEstimate({ frames: 0, calls: 0 }) });

    expect(await screen.findByText("Nothing to make")).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Start" }).disabled).toBe(true);
  });

  it("can't be started with an engine that is not ready, and says why", async () => {
    const unready = anEngine({ name: "local", state: "unavailable", detail: "OpenCV is missing" });
    await plan({ "GET /api/v1/engines": [unready] });

    expect(await screen.findByText("local can't be used: OpenCV is missing")).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: /^Start/ }).disabled).toBe(true);
  });

  it("shows why its price can't be worked out", async () => {
    const { Refusal } = await import("../testing/page.tsx");
    await plan({ "POST /api/v1/estimate": new Refusal(422, "no sequence fits 'x'; the library lists them") });

    expect((await screen.findByRole("alert")).textContent).toContain("no sequence fits");
  });
});

describe("a run above a dollar", () => {
  const paidPlan = async () => {
    const page = await plan();
    await page.user.selectOptions(await screen.findByLabelText("Engine"), await screen.findByText(/^openai ·/));
    await page.user.click(await startButton("Start · ~$2.52 · ~10 min"));
    return page;
  };

  it("is asked about before it starts", async () => {
    const { jobs } = await paidPlan();

    expect(screen.getByRole("dialog", { name: "Spend about $2.52?" })).toBeTruthy();
    expect(jobs()).toHaveLength(0);
  });

  it("starts after a yes", async () => {
    const { user, jobs } = await paidPlan();
    await user.click(screen.getByRole("button", { name: "Start · ~$2.52" }));

    await expect.poll(() => jobs().length).toBe(1);
  });

  it("does not start after a no, and the plan is there again", async () => {
    const { user, jobs } = await paidPlan();
    await user.click(screen.getByRole("button", { name: "Cancel" }));

    expect(await startButton("Start · ~$2.52 · ~10 min")).toBeTruthy();
    expect(jobs()).toHaveLength(0);
  });
});
