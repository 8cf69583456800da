/**
 * Money and time in words, the same everywhere.
 *
 * A price that nobody knows is said to be unknown, never shown as nothing; `~` marks what is estimated.
 */

import type { Estimate, Money } from "../api/types.ts";

/** What a job may cost without being asked about, in US dollars. */
export const ASK_ABOVE_USD = 1;

/** An amount in US dollars: cents where there are any, more digits below ten cents so that a frame's price is visible. */
export function usd(amount: number): string {
  if (amount === 0) return "$0.00";
  if (amount < 0.0005) return "< $0.001";
  const digits = amount < 0.1 ? 3 : 2;
  const text = amount.toFixed(digits);
  return `$${digits === 3 && text.endsWith("0") ? text.slice(0, -1) : text}`;
}

/** A length of time in the largest units that still tell something. */
export function duration(seconds: number): string {
  if (seconds < 1) return "< 1 s";
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 10 && whole % 60 !== 0) return `${minutes} min ${whole % 60} s`;
  const rounded = Math.round(whole / 60);
  if (rounded < 60) return `${rounded} min`;
  const hours = Math.floor(rounded / 60);
  return rounded % 60 === 0 ? `${hours} h` : `${hours} h ${rounded % 60} min`;
}

/** The price of a job before it is started. */
export function price(estimate: Price): string {
  if (!estimate.paid) return "free";
  if (estimate.cost_usd === null) return "price unknown";
  if (estimate.cost_usd === 0) return "$0.00";
  const expected = `~${usd(estimate.cost_usd)}`;
  return mostOf(estimate) > estimate.cost_usd ? `${expected}, at most ${usd(mostOf(estimate))}` : expected;
}

type Price = Pick<Estimate, "cost_usd" | "cost_at_most_usd" | "paid">;

function mostOf(estimate: Price): number {
  return Math.max(estimate.cost_usd ?? 0, estimate.cost_at_most_usd ?? 0);
}

/** `Regenerate 3 frames · free · ~2 s`: what stands on a button before it is pressed. */
export function priced(action: string, estimate: (Price & Pick<Estimate, "seconds" | "frames">) | undefined): string {
  if (estimate === undefined || estimate.frames === 0) return action;
  const time = estimate.seconds < 1 ? duration(estimate.seconds) : `~${duration(estimate.seconds)}`;
  return `${action} · ${price(estimate)} · ${time}`;
}

/** `1 frame`, `3 frames`. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount.toLocaleString("en")} ${amount === 1 ? noun : plural}`;
}

/** Whether a person must agree to the price first: it is high, or nobody knows it. */
export function asksFirst(estimate: Price): boolean {
  return estimate.paid && (estimate.cost_usd === null || mostOf(estimate) > ASK_ABOVE_USD);
}

/** `$0.43 of $5.00`, and what may have been billed beside it. */
export function spent(money: Money): string {
  const part = usd(money.spent_usd);
  return money.budget_usd === null ? part : `${part} of ${usd(money.budget_usd)}`;
}

/** What the sum leaves out, in a sentence, or null where it is complete. */
export function spentCaveat(money: Money): string | null {
  const parts: string[] = [];
  if (money.perhaps_usd > 0)
    parts.push(`up to ${usd(money.perhaps_usd)} more for calls that the service did not report`);
  if (money.unpriced_calls > 0) parts.push(`${count(money.unpriced_calls, "call")} whose price is not known`);
  return parts.length === 0 ? null : `and ${parts.join(", and ")}`;
}

/** What a budget would still allow, in US dollars; null without a budget. */
export function left(money: Money): number | null {
  return money.budget_usd === null ? null : Math.max(0, money.budget_usd - money.spent_usd - money.perhaps_usd);
}

/** A budget as typed: a number of dollars, null for none, or what is wrong with it. */
export function parseBudget(text: string): { budget_usd: number | null } | { fault: string } {
  const bare = text.trim().replace(/^\$/, "").replace(",", ".").trim();
  if (bare === "") return { budget_usd: null };
  const amount = Number(bare);
  if (!Number.isFinite(amount) || amount < 0) {
    return {
      fault: `"${text.trim()}" is no amount of dollars; write one such as 5 or 2.50, or leave it empty for no limit`,
    };
  }
  return { budget_usd: amount };
}
