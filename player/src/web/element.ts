/**
 * `<watercolor-rig src="rig.json" expression="happy" pose="center">`: a character on a page.
 *
 * Attributes say where it is to be, methods tell it to go, events tell what it does. It loads everything before it shows
 * anything, and what is asked of it until then waits.
 */
import { type State, TransitionGraph } from "../graph.ts";
import { type How, Live, type Plan, type Stop } from "../live.ts";
import { browserClock, listen, soon, watchSize, watchStillness } from "../platform/browser.ts";
import { checkRig, clipsOf, type Rig } from "../rig.ts";
import { Painter } from "./painter.ts";
import { fetchRig, loadSheets } from "./sheets.ts";
import { breathOf, dress } from "./style.ts";

/** How to go somewhere; without `pose` the character stays at the one where it is. */
export interface GoOptions extends How {
  readonly pose?: string | undefined;
}

/** A command for later, counted from the call: to an expression or a pose or both, or a blink. */
export interface RigCue extends GoOptions {
  readonly atMs: number;
  readonly expression?: string | undefined;
  readonly blink?: boolean | undefined;
}

interface Character {
  readonly rig: Rig;
  readonly graph: TransitionGraph;
  readonly painter: Painter;
}

const RELOADING = ["src", "fps", "seed"];
const GOING = ["expression", "pose"];

export class WatercolorRigElement extends HTMLElement {
  static readonly observedAttributes: readonly string[] = [...RELOADING, ...GOING, "no-blink"];

  private readonly canvas: HTMLCanvasElement;
  private readonly dressFor: (size: readonly [number, number] | null) => void;
  private given: unknown = null;
  private character: Character | null = null;
  private live: Live | null = null;
  private loading: { readonly promise: Promise<Live>; readonly abort: AbortController } | null = null;
  private stops: Stop[] = [];
  private size: readonly [number, number] = [0, 0];
  private isStill = false;
  private isAsked = false;
  private ownLabel: string | null = null;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("part", "canvas");
    [this.canvas.width, this.canvas.height] = [0, 0];
    this.dressFor = dress(root);
    root.append(this.canvas, document.createElement("slot"));
  }

  /** The rig as an object instead of `src`; its sheets are seen from the page. Null where `src` counts. */
  get rig(): Rig | null {
    return this.character?.rig ?? (this.given as Rig | null);
  }

  set rig(rig: Rig | null) {
    this.given = rig;
    this.reload();
  }

  /** Where the character can rest; empty until it is loaded. */
  get states(): readonly State[] {
    return this.character?.graph.states ?? [];
  }

  /** Where it was last told to go; null until it is loaded. */
  get state(): State | null {
    return this.live?.state ?? null;
  }

  /**
   * Go to an expression, from the frame that stands. The answer is true on arrival, and false where another command came first
   * or the element was taken off the page. Rejects with `UnreachableError`, `RangeError`, or what broke while loading.
   */
  async go(expression: string, { pose, ...how }: GoOptions = {}): Promise<boolean> {
    const live = await this.loaded();
    return live.go({ expression, pose: pose ?? live.state.pose }, how);
  }

  /** Carry out cues, counted from now, until another `go` or `play`; answers and rejects as `go` does. */
  async play(cues: Iterable<RigCue>): Promise<boolean> {
    const live = await this.loaded();
    return live.play(plansOf(cues, live.state));
  }

  /** Blink, if the character rests where it can. */
  async blink(): Promise<void> {
    (await this.loaded()).blink();
  }

  connectedCallback(): void {
    if (Object.hasOwn(this, "rig")) {
      // it was set before the browser knew this element
      const { rig } = this;
      delete (this as { rig?: unknown }).rig;
      this.given = rig;
    }
    if (!this.hasAttribute("role")) this.setAttribute("role", "img");
    this.stops = [
      watchSize(this.canvas, (...size) => this.fit(size)),
      watchStillness((still) => {
        this.isStill = still;
        this.live?.setStill(still);
      }),
      listen(document, "visibilitychange", () => this.live?.wake()),
    ];
    this.reload();
  }

  disconnectedCallback(): void {
    for (const stop of this.stops.splice(0)) stop();
    this.unload();
  }

  attributeChangedCallback(name: string): void {
    if (RELOADING.includes(name)) this.reload();
    else if (name === "no-blink") this.live?.setBlinking(!this.hasAttribute("no-blink"));
    else if (this.live) this.followSoon();
  }

  /** The character, once it is there. */
  private async loaded(): Promise<Live> {
    if (!this.loading) {
      throw new Error("the character is on no page, or has no src; put it on the page and set src or rig first");
    }
    return this.loading.promise;
  }

  private unload(): void {
    this.loading?.abort.abort(new Error("the character was taken off the page, or another rig was given"));
    this.loading = null;
    this.live?.stop();
    this.live = null;
  }

  private reload(): void {
    this.unload();
    const src = this.getAttribute("src");
    if (!this.isConnected || (this.given === null && src === null)) return;
    const abort = new AbortController();
    const promise = this.load(src ?? "", abort.signal);
    this.loading = { promise, abort };
    promise.catch((error: unknown) => {
      if (!abort.signal.aborted) this.tellTrouble(error);
    });
  }

  private async load(src: string, signal: AbortSignal): Promise<Live> {
    await Promise.resolve(); // attributes that are set one after another load once
    signal.throwIfAborted();
    const inline = this.given === null ? null : { rig: checkRig(this.given, "rig"), base: document.baseURI };
    const { rig, base } = inline ?? (await fetchRig(src, signal));
    const graph = new TransitionGraph(clipsOf(rig));
    const sheets = await loadSheets(rig.sheets, base);
    signal.throwIfAborted();
    this.character = { rig, graph, painter: new Painter(rig, sheets, this.canvas) };
    this.dressFor(rig.size);
    const live = this.begin(this.character);
    this.tell("ready", { states: graph.states, size: rig.size });
    return live;
  }

  /** Show the character where the attributes want it, or where it rests first if they name no state of it. */
  private begin({ rig, graph, painter }: Character): Live {
    const { expression, pose } = this.wanted(rig.start);
    const start = graph.states.find((state) => state.expression === expression && state.pose === pose);
    const fps = this.numberOf("fps", (value) => value > 0) ?? rig.fps;
    const seed = this.numberOf("seed", Number.isInteger) ?? Math.floor(Math.random() * 2 ** 32);
    painter.resize(...this.size);
    this.canvas.style.setProperty("--breath", breathOf(seed));
    const live = new Live(graph, start ?? rig.start, {
      fps,
      blinks: rig.blinks,
      seed,
      clock: browserClock,
      show: (file) => painter.show(Number(file)),
      left: (from, state) => {
        this.describe(state);
        this.tell("go", { from, state });
      },
      arrived: (state) => this.tell("arrive", { state }),
    });
    this.live = live;
    live.setStill(this.isStill);
    live.setBlinking(!this.hasAttribute("no-blink"));
    this.describe(live.state);
    if (!start) this.follow();
    return live;
  }

  /** Attributes that are set one after another are one command. */
  private followSoon(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    soon(() => {
      this.isAsked = false;
      this.follow();
    });
  }

  private follow(): void {
    const { live } = this;
    if (!live) return;
    try {
      void live.go(this.wanted(live.state));
    } catch (error) {
      this.tellTrouble(error);
    }
  }

  private wanted(now: State): State {
    return {
      expression: this.getAttribute("expression") ?? now.expression,
      pose: this.getAttribute("pose") ?? now.pose,
    };
  }

  private numberOf(name: string, isGood: (value: number) => boolean): number | null {
    const text = this.getAttribute(name);
    if (text === null) return null;
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value) && isGood(value)) return value;
    this.tellTrouble(
      new RangeError(`${name}="${text}": expected ${name === "fps" ? "a number above 0" : "a whole number"}`),
    );
    return null;
  }

  private fit(size: readonly [number, number]): void {
    this.size = size;
    this.character?.painter.resize(...size);
  }

  /** Name what is shown for those who don't see it, unless the page does. */
  private describe({ expression }: State): void {
    if (this.hasAttribute("aria-label") && this.getAttribute("aria-label") !== this.ownLabel) return;
    if (this.hasAttribute("aria-labelledby")) return;
    this.ownLabel = expression.replaceAll("_", " ");
    this.setAttribute("aria-label", this.ownLabel);
  }

  private tellTrouble(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.tell("error", { message, error });
  }

  private tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Cues with whole states: what one doesn't say stays as the one before left it. */
function plansOf(cues: Iterable<RigCue>, now: State): Plan[] {
  let { expression, pose } = now;
  const inTime = [...cues].sort((one, other) => one.atMs - other.atMs);
  return inTime.map(({ atMs, blink = false, ms, easing, ...cue }) => {
    if (blink) return { atMs, blink };
    if (cue.expression === undefined && cue.pose === undefined) {
      throw new RangeError(`a cue at ${atMs} ms goes nowhere; give it an expression, a pose or blink: true`);
    }
    expression = cue.expression ?? expression;
    pose = cue.pose ?? pose;
    return { atMs, ms, easing, state: { expression, pose } };
  });
}

declare global {
  interface HTMLElementTagNameMap {
    "watercolor-rig": WatercolorRigElement;
  }
}
