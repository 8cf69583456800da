import { describe, expect, it } from "vitest";
import type { Job } from "../api/types.ts";
import { aJob } from "../testing/samples.ts";
import { actionsOf, announcement, factsOf, stateLabel, summaryOf, summaryWords } from "./jobList.ts";

const theJob = (given: Partial<Job> = {}) => aJob("j1", { title: "Make 3 sequences", total: 9, ...given });
const older = theJob({ id: "old", created: "2026-11-23T09:00:00Z", state: "done", made: 9 });
const newer = theJob({ id: "new", created: "2026-11-23T10:00:00Z" });

describe("the top bar", () => {
  it("says nothing when nothing goes on", () => {
    expect(summaryWords(summaryOf([older]))).toBeNull();
  });

  it("sums up the jobs that go on", () => {
    const jobs = [
      theJob({ id: "a", made: 2, failed: 1, total: 9, left_s: 10 }),
      theJob({ id: "b", total: 1, left_s: 95 }),
    ];

    expect(summaryWords(summaryOf(jobs))).toBe("3/10 · ~1 min 35 s left");
  });

  it("gives no time when one job's is not known", () => {
    expect(summaryWords(summaryOf([theJob({ left_s: 10 }), theJob({ id: "b" })]))).toBe("0/18");
  });

  it("says that everything is paused", () => {
    expect(summaryWords(summaryOf([theJob({ state: "paused", made: 3 })]))).toBe("paused at 3/9");
  });

  it("does not count to nothing while a job is being planned", () => {
    expect(summaryWords(summaryOf([theJob({ total: 0 })]))).toBe("planning …");
  });

  it("counts jobs that failed or were interrupted", () => {
    expect(
      summaryOf([older, theJob({ id: "x", state: "failed" }), theJob({ id: "y", state: "interrupted" })]).troubled,
    ).toBe(2);
  });
});

describe("a job's facts", () => {
  it("name what was spent of what was expected", () => {
    expect(factsOf(theJob({ made: 3, spent_usd: 0.1, expected_usd: 0.32 }))).toContain("$0.10 of ~$0.32");
  });

  it("say that a price is not known instead of a sum that looks whole", () => {
    expect(factsOf(theJob({ price_unknown: true, spent_usd: 0.1 }))).toContain(
      "$0.10 reported, price of some calls unknown",
    );
  });

  it("say what could not be made because of failures", () => {
    expect(factsOf(theJob({ failed: 1, blocked: 2 }))).toEqual([
      "0 of 9 frames made",
      "1 failed",
      "2 not possible without them",
    ]);
  });

  it("say what a cancelled one did not begin with", () => {
    expect(factsOf(theJob({ state: "cancelled", made: 3, blocked: 6 }))).toContain("6 not started");
  });

  it("call the things of an export files", () => {
    const order = { ...theJob().order, work: { kind: "export", format: "zip", fps: 12 } as const };

    expect(factsOf(theJob({ order, made: 1, total: 1 }))).toContain("1 of 1 file made");
  });

  it("say how long a finished one took", () => {
    expect(factsOf(theJob({ state: "done", made: 9, elapsed_s: 62 }))).toContain("took 1 min 2 s");
  });
});

describe("what can be done with a job", () => {
  it("while it runs is to pause and to cancel it", () => {
    expect(actionsOf(theJob())).toEqual({ pause: true, resume: false, cancel: true, retry: null });
  });

  it("while it is paused is to resume and to cancel it", () => {
    expect(actionsOf(theJob({ state: "paused" }))).toEqual({ pause: false, resume: true, cancel: true, retry: null });
  });

  it("after an interruption is to continue", () => {
    expect(actionsOf(theJob({ state: "interrupted", made: 4 })).retry).toBe("Continue");
  });

  it("after failures is to retry what is not there", () => {
    expect(actionsOf(theJob({ state: "failed", made: 6, failed: 1, blocked: 2 })).retry).toBe("Retry 3 frames");
  });

  it("when all is done is nothing", () => {
    expect(actionsOf(older)).toEqual({ pause: false, resume: false, cancel: false, retry: null });
  });
});

describe("what a screen reader hears", () => {
  it("is the result of a job that ends", () => {
    expect(announcement(newer, { ...newer, state: "done", made: 9 })).toBe(
      "Make 3 sequences: done, 9 of 9 frames made.",
    );
  });

  it("names the first reason of a failure", () => {
    const failures = [{ subject: "a/050.png", t: 0.5, reason: "the service refused the picture", code: "rejected" }];

    expect(announcement(newer, { ...newer, state: "failed", made: 8, failures })).toBe(
      "Make 3 sequences: failed, 8 of 9 frames made. the service refused the picture",
    );
  });

  it("is not every step of the progress", () => {
    expect(announcement(newer, { ...newer, made: 4 })).toBeNull();
  });

  it("is not the past that the first loading brings", () => {
    expect(announcement(undefined, older)).toBeNull();
  });
});

it("a job that made some of its frames is said to have failed in part", () => {
  expect(stateLabel(theJob({ state: "failed", made: 3 }))).toBe("Partly failed");
});
