/**
 * The page at `/stage`: the character on transparent ground, which does what is commanded in any Perform view.
 *
 * It begins where its address says (`?expression=happy&pose=center`), or else where the last command left the character. Words
 * appear only while there is no character to be seen. It runs for hours unattended, so it fetches anew what the project has
 * changed, and stands still while the server is away.
 */
import "../../../player/src/web/index.ts";
import type { WatercolorRigElement } from "../../../player/src/web/index.ts";
import { EVENTS_URL, request } from "../api/client.ts";
import type { Rig, StageCommand } from "../api/types.ts";
import { obey, PAGE_NAME, recast } from "../perform/direction.ts";
import { stateOf } from "../perform/states.ts";
import { after, listen, type Stop } from "../platform/timing.ts";

/** Changes to the project come in bursts. */
const RENEW_AFTER_MS = 500;

const CHANGING = ["sequence", "endpoints", "project", "reset"];

export class OnStage {
  private readonly element: WatercolorRigElement;
  private readonly words: HTMLElement;
  private shown = "";
  private last: StageCommand | null = null;
  private missed: StageCommand | null = null;
  private stopWaiting: Stop = () => undefined;

  constructor(
    page: HTMLElement,
    private readonly wanted: URLSearchParams,
    private readonly open: (url: string) => EventSource = (url) => new EventSource(url),
  ) {
    this.element = document.createElement("watercolor-rig");
    this.words = document.createElement("p");
    this.words.setAttribute("role", "alert");
    page.append(this.element, this.words);
  }

  /** Show the character and follow what happens, until stopped. */
  begin(): Stop {
    const events = this.open(EVENTS_URL);
    const stops = [
      listen(events, "stage", ({ data }: MessageEvent<string>) =>
        this.follow((JSON.parse(data) as { command: StageCommand }).command),
      ),
      ...CHANGING.map((type) => listen(events, type, () => this.renewSoon())),
      listen(window, "keydown", (event: KeyboardEvent) => this.press(event)),
      listen(this.element, "error", (event: CustomEvent<{ message: string }>) => this.say(event.detail.message)),
      listen(this.element, "go", () => this.say("")),
    ];
    void this.start();
    return () => {
      for (const stop of stops) stop();
      this.stopWaiting();
      events.close();
    };
  }

  private async start(): Promise<void> {
    const told = await request("get", "/api/v1/stage").catch(() => null);
    this.last ??= told;
    this.element.toggleAttribute("no-blink", this.last?.blinks === false);
    const begin = { expression: this.last?.expression, pose: this.last?.pose };
    for (const name of ["expression", "pose"] as const) {
      const value = this.wanted.get(name) ?? (this.isPlaced ? undefined : begin[name]);
      if (value !== undefined) this.element.setAttribute(name, value);
    }
    await this.renew();
  }

  /** The address says where the character is to be. */
  private get isPlaced(): boolean {
    return this.wanted.has("expression") || this.wanted.has("pose");
  }

  private follow(command: StageCommand): void {
    this.last = command;
    obey(this.element, command).catch(() => {
      this.missed = command; // for a state that came since the rig was fetched
      this.renewSoon();
    });
  }

  private renewSoon(): void {
    this.stopWaiting();
    this.stopWaiting = after(RENEW_AFTER_MS, () => void this.renew());
  }

  /** Fetch the rig, and play it if it is another one. */
  private async renew(): Promise<void> {
    let rig: Rig;
    try {
      rig = await request("get", "/api/v1/rig");
    } catch (error) {
      if (this.element.state === null) this.say(error instanceof Error ? error.message : String(error));
      return;
    }
    const text = JSON.stringify(rig);
    if (text === this.shown) return;
    this.shown = text;
    this.say("");
    recast(this.element, rig, this.missed ?? this.element.state);
    this.missed = null;
  }

  private press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || !/^\d$/.test(event.key)) return;
    const { states, state: now } = this.element;
    const state = now && stateOf(Number(event.key), states, now);
    if (!state) return;
    const { ms = null, blinks = true } = this.last ?? {};
    const command: StageCommand = { ...state, ms, blinks, wink: false, by: PAGE_NAME };
    this.last = command;
    void this.element.go(state.expression, { pose: state.pose, ms });
    request("post", "/api/v1/stage", { json: command }).catch(() => undefined); // it acts here all the same
  }

  private say(text: string): void {
    this.words.textContent = text;
  }
}
