import { describe, expect, it } from "vitest";
import { aFormat } from "../testing/samples.ts";
import {
  type FormatChoices,
  formatFault,
  formatWork,
  parseFps,
  parseScale,
  pathsOf,
  settingFault,
} from "./exportWork.ts";

describe("the scope of an export", () => {
  it.each([
    ["all" as const, null],
    ["shown" as const, ["a", "b"]],
    ["open" as const, ["a"]],
  ])("%s", (scope, paths) => {
    expect(pathsOf(scope, "a", ["a", "b"])).toEqual(paths);
  });

  it("is everything when nothing is open", () => {
    expect(pathsOf("open", null, [])).toBeNull();
  });
});

describe("frames per second", () => {
  it.each([
    ["12", 12],
    ["23,976", 23.976],
    ["60", 60],
    ["0.5", null],
    ["61", null],
    ["", null],
    ["fast", null],
  ])("typed as %j", (text, fps) => {
    expect(parseFps(text)).toBe(fps);
  });
});

const PADDING = { name: "padding", default: "2", words: null, least: 0, most: 64, meaning: "pixels" };
const PICTURE = { name: "picture", default: "png", words: ["png", "webp"], least: null, most: null, meaning: "pages" };
const NAME = { name: "name", default: "eve", words: null, least: null, most: null, meaning: "any text" };
const SHEET = aFormat("sheet", { settings: [PADDING, PICTURE, NAME] });
const CHOICES: FormatChoices = { name: "sheet", scale: "1", background: null, settings: {} };

describe("the scale of an export", () => {
  it.each([
    ["1", 1],
    ["0,5", 0.5],
    ["4", 4],
    ["0", null],
    ["4.1", null],
    ["", null],
    ["big", null],
  ])("typed as %j", (text, scale) => {
    expect(parseScale(text)).toBe(scale);
  });
});

describe("a setting of a format", () => {
  it.each([
    [PADDING, "64", null],
    [PADDING, "65", "padding is a whole number from 0 to 64"],
    [PADDING, "1.5", "padding is a whole number from 0 to 64"],
    [PADDING, "", "padding is a whole number from 0 to 64"],
    [PICTURE, "webp", null],
    [PICTURE, "gif", "there is no picture gif"],
    [NAME, "anything", null],
  ])("%j as %j", (setting, value, fault) => {
    expect(settingFault(setting, value)).toBe(fault);
  });
});

describe("an export in a format", () => {
  it("names only the settings that differ from the defaults", () => {
    const choices = { ...CHOICES, scale: "0.5", background: "#00ff00", settings: { padding: "2", picture: "webp" } };

    expect(formatWork(SHEET, choices, ["a"], 24)).toEqual({
      kind: "format",
      format: "sheet",
      paths: ["a"],
      fps: 24,
      scale: 0.5,
      background: "#00ff00",
      settings: { picture: "webp" },
    });
  });

  it.each([
    ["as it is", SHEET, CHOICES, null],
    ["nothing chosen", undefined, CHOICES, "choose a format"],
    ["a broken plug-in", aFormat("sheet", { fault: "reinstall it" }), CHOICES, "reinstall it"],
    ["no scale", SHEET, { ...CHOICES, scale: "" }, "the scale is a number from 0.01 to 4"],
    [
      "a number too large",
      SHEET,
      { ...CHOICES, settings: { padding: "99" } },
      "padding is a whole number from 0 to 64",
    ],
  ])("%s", (_, format, choices, fault) => {
    expect(formatFault(format, choices)).toBe(fault);
  });
});
