import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { register } from "../keys/commands.ts";
import { usePlayback } from "../stores/playback.ts";
import { useSelection } from "../stores/selection.ts";
import { useSettings } from "../stores/settings.ts";
import { aFrame } from "../testing/samples.ts";
import { TransportBar } from "./TransportBar.tsx";

const FRAMES = [0, 0.25, 0.5, 1].map((t) => aFrame(t));

beforeEach(() => {
  useSettings.setState(useSettings.getInitialState());
  useSelection.setState(useSelection.getInitialState());
  usePlayback.setState({ ...usePlayback.getInitialState(), t: 0.25 });
});

afterEach(cleanup);

test("it says which frame is on the stage, of how many", () => {
  render(<TransportBar frames={FRAMES} flagged={0} />);

  expect(screen.getByText("2 / 4")).toBeTruthy();
  expect(screen.getByText("t 0.25")).toBeTruthy();
});

test("a number of frames a second is taken when it can be played, and the last one stays otherwise", async () => {
  render(<TransportBar frames={FRAMES} flagged={0} />);
  const field = screen.getByLabelText<HTMLInputElement>("fps");
  await userEvent.clear(field);
  await userEvent.type(field, "24");
  expect(useSettings.getState().fps).toBe(24);

  await userEvent.clear(field);
  await userEvent.type(field, "240{Enter}");
  expect(useSettings.getState().fps).toBe(24);
  expect(field.value).toBe("24");
});

test("the play button plays, shows the way to pause, and how far decoding is", async () => {
  const play = vi.fn();
  const stop = register("play", play);
  usePlayback.setState({ loaded: 1, toLoad: 4 });
  render(<TransportBar frames={FRAMES} flagged={0} />);
  await userEvent.click(screen.getByRole("button", { name: "Play" }));
  stop();

  expect(play).toHaveBeenCalledOnce();
  expect(screen.getByRole<HTMLProgressElement>("progressbar").value).toBe(1);
});

test("frames to check can be selected only where there are some", () => {
  const { rerender } = render(<TransportBar frames={FRAMES} flagged={0} />);
  expect(screen.queryByRole("button", { name: /to check/ })).toBeNull();

  rerender(<TransportBar frames={FRAMES} flagged={2} />);
  expect(screen.getByRole("button", { name: "Select 2 to check" })).toBeTruthy();
});
