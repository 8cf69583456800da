/** The element's own style: as large as the rig where the page says nothing, and in proportion. */

/** Adults at rest breathe 12 to 20 times a minute, in for less time than out. */
const BREATH_MS = 4000;

/** Where in a breath a seed begins, as an animation's delay. */
export function breathOf(seed: number): string {
  return `${-((seed >>> 0) % BREATH_MS)}ms`;
}

const SHEET = (width: number, height: number, isShown: boolean): string => `
:host { display: inline-block; position: relative; width: ${width}px; max-width: 100%; aspect-ratio: ${width} / ${height}; }
:host([hidden]) { display: none; }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
slot { display: ${isShown ? "none" : "contents"}; }
:host([breathes]) canvas { animation: breath ${BREATH_MS}ms ease-in-out var(--breath, 0ms) infinite; transform-origin: 50% 100%; }
@keyframes breath { 40% { transform: scale(1, 1.008); } }
@media (prefers-reduced-motion: reduce) { :host([breathes]) canvas { animation: none; } }
`;

/**
 * Style a shadow root; the answer styles it again for a character of this size. A sheet made by script is allowed where the
 * page's content policy refuses style elements; older browsers have no such sheets.
 */
export function dress(root: ShadowRoot): (size: readonly [number, number] | null) => void {
  const write = writer(root);
  const dressFor = (size: readonly [number, number] | null): void =>
    write(SHEET(...(size ?? [300, 300]), size !== null));
  dressFor(null);
  return dressFor;
}

function writer(root: ShadowRoot): (css: string) => void {
  if ("adoptedStyleSheets" in root) {
    const sheet = new CSSStyleSheet();
    root.adoptedStyleSheets = [sheet];
    return (css) => sheet.replaceSync(css);
  }
  const style = document.createElement("style");
  (root as ShadowRoot).append(style);
  return (css) => {
    style.textContent = css;
  };
}
