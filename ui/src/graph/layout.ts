/**
 * Places for the expressions of the graph, the same on every run.
 *
 * A circle in the given order, then the force layout of Fruchterman and Reingold ("Graph drawing by force-directed
 * placement", 1991) with a fixed number of steps and nothing drawn by chance; the result is fitted into the unit
 * square. `separated` then pushes apart what would overlap on the screen.
 */

/** A place in the unit square. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

interface Edge {
  readonly start: string;
  readonly end: string;
}

interface Moving {
  x: number;
  y: number;
}

const STEPS = 240;

/** Return a place for every node; edges that name unknown nodes count for nothing. */
export function layOut(nodes: readonly string[], edges: readonly Edge[]): ReadonlyMap<string, Place> {
  const bodies: Moving[] = nodes.map((_, at) => onCircle(at, nodes.length));
  const index = new Map(nodes.map((node, at) => [node, at]));
  const springs = springsOf(edges, index);
  const ideal = Math.sqrt(1 / Math.max(1, nodes.length));
  for (let step = 0; step < STEPS; step += 1) {
    relax(bodies, springs, ideal, 0.1 * (1 - step / STEPS));
  }
  fit(bodies);
  return new Map(nodes.map((node, at) => [node, bodies[at] ?? { x: 0.5, y: 0.5 }]));
}

function onCircle(at: number, length: number): Moving {
  const angle = (2 * Math.PI * at) / Math.max(1, length) - Math.PI / 2;
  return { x: 0.5 + 0.4 * Math.cos(angle), y: 0.5 + 0.4 * Math.sin(angle) };
}

function springsOf(edges: readonly Edge[], index: ReadonlyMap<string, number>): readonly (readonly [number, number])[] {
  const springs = new Map<string, readonly [number, number]>();
  for (const edge of edges) {
    const a = index.get(edge.start);
    const b = index.get(edge.end);
    if (a === undefined || b === undefined || a === b) continue;
    const pair = [Math.min(a, b), Math.max(a, b)] as const;
    springs.set(pair.join("-"), pair);
  }
  return [...springs.values()];
}

function relax(
  bodies: readonly Moving[],
  springs: readonly (readonly [number, number])[],
  ideal: number,
  most: number,
) {
  const forces = bodies.map(() => ({ x: 0, y: 0 }));
  const push = (a: number, b: number, strength: (distance: number) => number) => {
    const [one, two, from, to] = [bodies[a], bodies[b], forces[a], forces[b]];
    if (one === undefined || two === undefined || from === undefined || to === undefined) return;
    const [dx, dy] = [one.x - two.x, one.y - two.y];
    const distance = Math.max(Math.hypot(dx, dy), 1e-3);
    const force = strength(distance) / distance;
    from.x += dx * force;
    from.y += dy * force;
    to.x -= dx * force;
    to.y -= dy * force;
  };
  for (let a = 0; a < bodies.length; a += 1) {
    for (let b = a + 1; b < bodies.length; b += 1) push(a, b, (distance) => (ideal * ideal) / distance);
  }
  for (const [a, b] of springs) push(a, b, (distance) => (-distance * distance) / ideal);
  bodies.forEach((body, at) => {
    const force = forces[at] ?? { x: 0, y: 0 };
    const length = Math.max(Math.hypot(force.x, force.y), 1e-9);
    // A weak pull to the middle keeps parts that hang together with nothing from flying away.
    body.x += (force.x / length) * Math.min(length, most) + (0.5 - body.x) * 0.01;
    body.y += (force.y / length) * Math.min(length, most) + (0.5 - body.y) * 0.01;
  });
}

function fit(bodies: readonly Moving[]) {
  for (const axis of ["x", "y"] as const) {
    const values = bodies.map((body) => body[axis]);
    const low = Math.min(...values);
    const span = Math.max(...values) - low;
    for (const body of bodies) body[axis] = span < 1e-6 ? 0.5 : (body[axis] - low) / span;
  }
}

/** The rectangle that places are kept in. */
export interface Bounds {
  readonly width: number;
  readonly height: number;
}

const SEPARATING_PASSES = 80;

/** Return the places with no two nearer than `distance`, as far as the bounds have room for that. */
export function separated(
  places: ReadonlyMap<string, Place>,
  distance: number,
  bounds: Bounds,
): ReadonlyMap<string, Place> {
  const names = [...places.keys()];
  const bodies: Moving[] = names.map((name) => ({ ...(places.get(name) ?? { x: 0, y: 0 }) }));
  const room = Math.sqrt((bounds.width * bounds.height) / Math.max(1, names.length));
  const least = Math.min(distance, 0.8 * room);
  for (let pass = 0; pass < SEPARATING_PASSES; pass += 1) {
    if (!pushApart(bodies, least, bounds)) break;
  }
  return new Map(names.map((name, index) => [name, bodies[index] ?? { x: 0, y: 0 }]));
}

/** Push every pair that is too near apart by half of what is missing on either side; whether any was. */
function pushApart(bodies: readonly Moving[], least: number, bounds: Bounds): boolean {
  let moved = false;
  bodies.forEach((one, a) => {
    bodies.slice(a + 1).forEach((two, b) => {
      const [dx, dy] = [two.x - one.x, two.y - one.y];
      const distance = Math.hypot(dx, dy);
      if (distance >= least - 0.5) return;
      moved = true;
      // Two in one place part in a direction of their own, the same on every run.
      const angle = distance < 1e-6 ? a + 2.4 * b : Math.atan2(dy, dx);
      const push = (least - distance) / 2;
      shift(one, -push * Math.cos(angle), -push * Math.sin(angle), bounds);
      shift(two, push * Math.cos(angle), push * Math.sin(angle), bounds);
    });
  });
  return moved;
}

function shift(body: Moving, dx: number, dy: number, bounds: Bounds): void {
  body.x = Math.min(Math.max(body.x + dx, 0), bounds.width);
  body.y = Math.min(Math.max(body.y + dy, 0), bounds.height);
}

/** The curve of an edge between two places, bowed to its right-hand side so that both directions are visible. */
export interface Curve {
  readonly path: string;
  /** The middle of the curve, for its label and its handle. */
  readonly middle: Place;
}

/** Return the curve from the rim of one node to the rim of the other; `radius` and places in the same unit. */
export function curveBetween(from: Place, to: Place, radius: number, bow: number): Curve {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const distance = Math.max(Math.hypot(dx, dy), 1e-6);
  const [ux, uy] = [dx / distance, dy / distance];
  const control = { x: (from.x + to.x) / 2 - uy * bow, y: (from.y + to.y) / 2 + ux * bow };
  const begin = towards(from, control, radius);
  const end = towards(to, control, radius + 5);
  const middle = {
    x: 0.25 * begin.x + 0.5 * control.x + 0.25 * end.x,
    y: 0.25 * begin.y + 0.5 * control.y + 0.25 * end.y,
  };
  return { path: `M${at(begin)}Q${at(control)} ${at(end)}`, middle };
}

function towards(from: Place, to: Place, distance: number): Place {
  const length = Math.max(Math.hypot(to.x - from.x, to.y - from.y), 1e-6);
  return { x: from.x + ((to.x - from.x) / length) * distance, y: from.y + ((to.y - from.y) / length) * distance };
}

function at(place: Place): string {
  return `${place.x.toFixed(1)} ${place.y.toFixed(1)}`;
}
