import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { show } from "../testing/page.tsx";
import { aFormat, aJob } from "../testing/samples.ts";
import { ExportForm } from "./ExportForm.tsx";

const LOOP = { name: "loop", default: "ping-pong", words: ["once", "ping-pong"], least: null, most: null, meaning: "" };
const CRF = { name: "crf", default: "20", words: null, least: 0, most: 63, meaning: "loss" };
const ANSWERS = {
  "GET /api/v1/sequences": [],
  "GET /api/v1/formats": [aFormat("aseprite-sheet"), aFormat("webm", { settings: [LOOP, CRF] })],
  "POST /api/v1/jobs": aJob("j1"),
};
const work = (calls: readonly { route: string; json: unknown }[]): unknown =>
  (calls.find((call) => call.route === "POST /api/v1/jobs")?.json as { work: unknown } | undefined)?.work;

describe("the form of exports", () => {
  it("exports animations as ever, and asks for no formats", async () => {
    const { user, calls } = show(<ExportForm />, ANSWERS);
    await user.click(screen.getByRole("button", { name: "Export" }));

    expect(work(calls)).toEqual({ kind: "export", paths: null, format: "webp", fps: 12 });
    expect(calls.map((call) => call.route)).not.toContain("GET /api/v1/formats");
  });

  it("offers every format with its settings", async () => {
    const { user, calls } = show(<ExportForm />, ANSWERS);
    await user.click(screen.getByRole("radio", { name: "Other programs" }));
    await user.selectOptions(await screen.findByRole("combobox", { name: "as" }), "webm");
    await user.selectOptions(screen.getByRole("combobox", { name: "loop" }), "once");
    await user.clear(screen.getByRole("textbox", { name: "crf" }));
    await user.type(screen.getByRole("textbox", { name: "crf" }), "30");
    await user.click(screen.getByRole("checkbox", { name: "on a colour" }));
    await user.click(screen.getByRole("button", { name: "Export" }));

    expect(work(calls)).toEqual({
      kind: "format",
      format: "webm",
      paths: null,
      fps: 12,
      scale: 1,
      background: "#ffffff",
      settings: { loop: "once", crf: "30" },
    });
  });

  it("says what is wrong with a setting, and exports nothing", async () => {
    const { user } = show(<ExportForm />, ANSWERS);
    await user.click(screen.getByRole("radio", { name: "Other programs" }));
    await user.selectOptions(await screen.findByRole("combobox", { name: "as" }), "webm");
    await user.type(screen.getByRole("textbox", { name: "crf" }), "0");

    expect(screen.getByText("crf is a whole number from 0 to 63")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Export" }).hasAttribute("disabled")).toBe(true);
  });
});
