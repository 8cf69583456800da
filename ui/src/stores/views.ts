/** The views of the window. */

export const VIEWS = ["review", "endpoints", "perform", "jobs", "exports"] as const;
export type View = (typeof VIEWS)[number];
