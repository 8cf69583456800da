import { describe, expect, it } from "vitest";
import type { Job } from "../api/types.ts";
import { aJob } from "../testing/samples.ts";
import { retryOrder } from "./retry.ts";

const theJob = (given: Partial<Job> = {}) => aJob("j1", { title: "Make 3 sequences", total: 9, ...given });
const failure = { subject: "a_to_b__center", t: 0.5, reason: "refused", code: "rejected" };

describe("retrying one frame", () => {
  it("of a run asks for what is missing of its sequence, with the same engine", () => {
    const order = retryOrder(theJob({ order: { ...theJob().order, engine: "openai" } }), failure);

    expect(order).toMatchObject({ engine: "openai", work: { kind: "sequences", paths: ["a_to_b__center"] } });
  });

  it("of a run that made everything anew does not make the rest anew again", () => {
    const overwriting = theJob({
      order: {
        ...theJob().order,
        work: { kind: "sequences", paths: null, depth: null, overwrite: true, refresh: true },
      },
    });

    expect(retryOrder(overwriting, failure)?.work).toMatchObject({ overwrite: false });
  });

  it("of a regenerate asks for this frame only", () => {
    const job = theJob({
      order: {
        ...theJob().order,
        work: {
          kind: "regenerate",
          path_id: "a_to_b__center",
          times: [0.25, 0.5],
          anchor_start_t: null,
          anchor_end_t: null,
          note: "keep",
        },
      },
    });

    expect(retryOrder(job, failure)?.work).toMatchObject({ times: [0.5], note: "keep" });
  });

  it("of expressions is left to the whole job", () => {
    const job = theJob({
      order: { ...theJob().order, work: { kind: "expressions", expressions: null, pose: "center", overwrite: false } },
    });

    expect(retryOrder(job, failure)).toBeNull();
  });
});
