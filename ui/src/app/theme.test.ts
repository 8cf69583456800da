import { expect, test } from "vitest";
import { themeOf } from "./theme.ts";

test("the system decides until the user does", () => {
  expect(themeOf("system", true)).toBe("light");
  expect(themeOf("system", false)).toBe("dark");
  expect(themeOf("dark", true)).toBe("dark");
  expect(themeOf("light", false)).toBe("light");
});
