"""How the report looks: dark and light, on paper-like ground, usable with a keyboard, still where that is wished."""

STYLE = """
:root {
  color-scheme: light dark;
  --ground: #faf6ee; --text: #24211c; --card: #fff; --line: #d5ccbb; --quiet: #5d564a; --link: #7a4200;
  --bad: #a01220; --bad-ground: #fbe6e3; --good: #1e6135; --good-ground: #e2f2e5; --check: #e6e1d6; --check-2: #fff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #191815; --text: #ece7dc; --card: #24221e; --line: #4a453b; --quiet: #b9b1a2; --link: #f2b765;
    --bad: #ffa49b; --bad-ground: #4b201d; --good: #93dba6; --good-ground: #1c3a25;
    --check: #35322c; --check-2: #2a2823;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; color: var(--text); background: var(--ground); }
body > * { padding: 0 clamp(1rem, 3vw, 3rem); }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, input:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
h1 { font-size: 1.8rem; margin: 1.5rem 0 0; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
p { margin: 0.4rem 0; max-width: 60rem; }
ul, ol { margin: 0; padding: 0; list-style: none; }
footer { color: var(--quiet); padding-block: 2rem; }
.skip { position: absolute; left: -99rem; }
.skip:focus { position: static; }
.quiet { color: var(--quiet); font-size: 0.875rem; }
.note { background: var(--bad-ground); color: var(--text); padding: 0.5rem 0.8rem; border-radius: 0.4rem; }
.badge { display: inline-block; padding: 0 0.5em; border-radius: 1em; font-size: 0.8125rem; font-weight: 600; }
.badge.bad { color: var(--bad); background: var(--bad-ground); }
.badge.good { color: var(--good); background: var(--good-ground); }
.faults { color: var(--bad); font-size: 0.875rem; padding-left: 1.1em; list-style: disc; }
.group {
  margin: 2rem 0 0; padding: 1rem; border: 1px solid var(--line); border-radius: 0.6rem; background: var(--card);
  content-visibility: auto; contain-intrinsic-size: auto 48rem;
}
.group > header { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; align-items: baseline; }
.group > header p { margin: 0; }
.body { display: flex; gap: 1.2rem; align-items: flex-start; margin-top: 0.8rem; }
.player { flex: none; width: 15rem; margin: 0; }
.strip { flex: 1; display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: 0.8rem; }
.strip > li { max-width: 18rem; }
.strip > li, .first > li { border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.6rem; scroll-margin: 1rem; }
.conspicuous { border-color: var(--bad) !important; }
:target { outline: 3px solid var(--link); }
figure { margin: 0.4rem 0 0; }
figcaption { font-size: 0.8125rem; color: var(--quiet); }
img { display: block; width: 100%; height: auto; max-height: 20rem; object-fit: contain; border-radius: 0.25rem; }
.picture { background: repeating-conic-gradient(var(--check) 0 25%, var(--check-2) 0 50%) 0 0/16px 16px; }
.heat { background: #000; }
.first { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 0.8rem; }
.first > li { display: flex; gap: 0.8rem; background: var(--card); }
.first img { width: 6rem; flex: none; align-self: flex-start; }
.first div { min-width: 0; overflow-wrap: anywhere; }
.index { columns: 20rem; margin-top: 0.4rem; }
.index li { overflow-wrap: anywhere; }
.takes { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 0.4rem; }
.takes li { width: 5.5rem; font-size: 0.75rem; overflow-wrap: anywhere; }
summary { cursor: pointer; font-size: 0.875rem; padding: 0.2rem 0; }
dl { display: grid; grid-template-columns: 1fr auto; gap: 0 0.6rem; margin: 0; font-size: 0.8125rem; }
dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
.scale { max-width: 24rem; }
.ramp {
  height: 0.9rem; border-radius: 0.25rem;
  background: linear-gradient(90deg, #000004, #1f0c48, #550f6d, #88226a, #ba3655, #e35933, #f98c0a, #f9c932, #fcffa4);
}
.ramp + ol { display: flex; justify-content: space-between; font-size: 0.8125rem; color: var(--quiet); }
.hold { display: flex; gap: 0.5rem; align-items: center; margin: 0.8rem 0; }
.hold input { width: 1.1rem; height: 1.1rem; }
.held, .wish-play { display: none; }
body:has(#hold:checked) .moving { display: none; }
body:has(#hold:checked) .held { display: block; }
@media (prefers-reduced-motion: reduce) {
  html { scroll-behavior: auto; }
  .wish-hold { display: none; }
  .wish-play { display: inline; }
  .moving { display: none; }
  .held { display: block; }
  body:has(#hold:checked) .moving { display: block; }
  body:has(#hold:checked) .held { display: none; }
}
@media (max-width: 50rem) { .body { flex-direction: column; align-items: stretch; } }
@media print { .group { content-visibility: visible; break-inside: avoid; } .hold { display: none; } }
"""
