import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { show } from "../testing/page.tsx";
import { aJob } from "../testing/samples.ts";
import { JobCard } from "./JobCard.tsx";

const failure = { subject: "a_to_b__center", t: 0.5, reason: "the service refused the picture", code: "rejected" };
const buttons = () => screen.queryAllByRole("button").map((button) => button.textContent);

describe("a job's card", () => {
  it("pauses and cancels what runs", async () => {
    const { user, calls } = show(<JobCard job={aJob("j1")} />, { "POST /api/v1/jobs/j1/pause": aJob("j1") });
    await user.click(screen.getByRole("button", { name: "Pause" }));

    expect(calls.map((call) => call.route)).toEqual(["POST /api/v1/jobs/j1/pause"]);
    expect(buttons()).toEqual(["Pause", "Cancel"]);
  });

  it("continues what was interrupted", () => {
    show(<JobCard job={aJob("j1", { state: "interrupted", message: "the studio was closed" })} />, {});

    expect(buttons()).toEqual(["Continue"]);
    expect(screen.getByText("the studio was closed")).toBeTruthy();
  });

  it("shows each failure with its reason, and asks again for that frame alone", async () => {
    const job = aJob("j1", { state: "failed", made: 2, failed: 1, failures: [failure] });
    const { user, calls } = show(<JobCard job={job} />, { "POST /api/v1/jobs": aJob("j2") });
    await user.click(screen.getByRole("button", { name: "Retry" }));

    expect(screen.getByText(failure.reason)).toBeTruthy();
    expect(calls[0]?.json).toMatchObject({ work: { kind: "sequences", paths: ["a_to_b__center"] } });
    expect(await screen.findByRole("button", { name: "Asked again" })).toBeTruthy();
  });

  it("offers no second retry of a job that went on elsewhere", () => {
    const job = aJob("j1", { state: "failed", failed: 1, failures: [failure], retried_as: "j2" });
    show(<JobCard job={job} />, {});

    expect(buttons()).toEqual(["a_to_b__center at 0.5"]);
  });

  it("shows no bar while it does not know how much there is to make", () => {
    show(<JobCard job={aJob("j1", { total: 0 })} />, {});

    expect(screen.queryByRole("progressbar")).toBeNull();
  });
});
