/** An element that is known to be there. */
export function at<T>(list: readonly T[], place: number): T {
  const found = list[place];
  if (found === undefined) throw new RangeError(`place ${place} of ${list.length}: expected one of them`);
  return found;
}
