/** Which cell of the grid a dropped picture belongs to, by its name: `{expression}__{pose}.png`. */

/** A cell by its two ids. */
export interface Cell {
  readonly expression: string;
  readonly pose: string;
}

export interface Placed<F> extends Cell {
  readonly file: F;
}

export interface Unplaced<F> {
  readonly file: F;
  /** Why it has no cell, and what to do about it. */
  readonly reason: string;
}

interface Named {
  readonly name: string;
}

const PICTURE = /\.(png|jpe?g|webp)$/i;

/** Return expression and pose that a file name states, or null where it states none. */
export function cellOfName(name: string): Cell | null {
  if (!PICTURE.test(name)) return null;
  const parts = name.replace(PICTURE, "").split("__");
  const [expression, pose] = parts;
  return parts.length === 2 && expression && pose ? { expression, pose } : null;
}

/** Give every file its cell; a file without one is told why. */
export function placeByName<F extends Named>(
  files: readonly F[],
  expressions: readonly string[],
): { readonly placed: readonly Placed<F>[]; readonly unplaced: readonly Unplaced<F>[] } {
  const placed: Placed<F>[] = [];
  const unplaced: Unplaced<F>[] = [];
  const taken = new Map<string, string>();
  for (const file of files) {
    const cell = cellOfName(file.name);
    const reason = cell === null ? faultOfName(file.name) : faultOfCell(cell, file.name, expressions, taken);
    if (cell === null || reason !== null) unplaced.push({ file, reason: reason ?? "" });
    else {
      taken.set(cellKey(cell), file.name);
      placed.push({ ...cell, file });
    }
  }
  return { placed, unplaced };
}

/** One text for a cell, to be used as a key. */
export function cellKey(cell: Cell): string {
  return `${cell.expression}__${cell.pose}`;
}

function faultOfName(name: string): string {
  return PICTURE.test(name)
    ? `"${name}" names no place; call it {expression}__{pose}.png, or drop it on its cell`
    : `"${name}" is no picture that can be read; drop a PNG, JPEG or WebP file`;
}

function faultOfCell(
  cell: Cell,
  name: string,
  expressions: readonly string[],
  taken: ReadonlyMap<string, string>,
): string | null {
  if (!expressions.includes(cell.expression)) {
    return `"${name}": no expression "${cell.expression}" in the project; rename the file or drop it on its cell`;
  }
  const other = taken.get(cellKey(cell));
  return other === undefined ? null : `"${name}" is for the same place as "${other}"; drop one of them`;
}
