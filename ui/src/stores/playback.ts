/** What the player does now. Its frame changes many times a second: subscribe to it outside React where you can. */
import { create } from "zustand";

export const SPEEDS: readonly number[] = [0.25, 0.5, 1, 2, 4];

interface PlaybackState {
  playing: boolean;
  /** Play was pressed; it begins as soon as all frames are decoded. */
  waiting: boolean;
  /** −1 plays backwards. */
  direction: 1 | -1;
  speed: number;
  /** The frame on the stage; null while no sequence is open. */
  t: number | null;
  /** The section that plays; null for the sequence's own end. */
  inT: number | null;
  outT: number | null;
  /** Frames decoded, or given up, of all that there are; playing starts when they are equal. */
  loaded: number;
  toLoad: number;
}

export const usePlayback = create<PlaybackState>(() => ({
  playing: false,
  waiting: false,
  direction: 1,
  speed: 1,
  t: null,
  inT: null,
  outT: null,
  loaded: 0,
  toLoad: 0,
}));
