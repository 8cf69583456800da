import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ReactElement, useState } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { Button, Segments } from "./controls.tsx";

afterEach(cleanup);

type Size = "small" | "large";

function Sizes(): ReactElement {
  const [size, setSize] = useState<Size>("small");
  const choices = [
    { value: "small", label: "Small" },
    { value: "large", label: "Large" },
  ] as const;
  return <Segments label="Size" choices={choices} value={size} onChoose={setSize} />;
}

test("arrow keys move the choice, and the focus goes with it", async () => {
  render(<Sizes />);
  await userEvent.tab();
  await userEvent.keyboard("{ArrowRight}");

  expect(screen.getByRole("radio", { name: "Large" }).getAttribute("aria-checked")).toBe("true");
  expect(document.activeElement).toBe(screen.getByRole("radio", { name: "Large" }));
});

test("only the chosen one is reached by Tab", async () => {
  render(<Sizes />);
  await userEvent.tab();
  await userEvent.tab();

  expect(document.activeElement).toBe(document.body);
});

test("a button that can't be pressed says why", async () => {
  const onPress = vi.fn();
  render(<Button label="Undo" icon="undo" iconOnly disabledBecause="nothing to undo" onPress={onPress} />);
  const button = screen.getByRole("button", { name: "Undo" });
  await userEvent.click(button);

  expect(button.title).toBe("Undo: nothing to undo");
  expect(onPress).not.toHaveBeenCalled();
});

test("a button with a key names it", () => {
  render(<Button label="Redo" iconOnly keyHint="Ctrl + Y" onPress={() => undefined} />);

  expect(screen.getByRole("button", { name: "Redo" }).title).toBe("Redo (Ctrl + Y)");
});
