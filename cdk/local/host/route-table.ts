import type { RouteModel } from '../model.ts';

type Node = {
  readonly literal: Map<string, Node>;
  /** By the variable's name: two routes may call the same place differently. */
  readonly variables: Map<string, Node>;
  readonly greedy: Map<string, Leaf>;
  readonly here: Leaf;
};
/** Method (or `ANY`) → route. */
type Leaf = Map<string, RouteModel>;

export type Match = { readonly route: RouteModel; readonly parameters: Readonly<Record<string, string>> };

const node = (): Node => ({ literal: new Map(), variables: new Map(), greedy: new Map(), here: new Map() });

/** The routes of the HTTP APIs with API Gateway's precedence: literal before `{variable}` before `{greedy+}` before `$default`. */
export class RouteTable {
  private readonly root = node();
  private readonly fallback: RouteModel | undefined;

  constructor(routes: readonly RouteModel[]) {
    this.fallback = routes.find(({ routeKey }) => routeKey === '$default');
    for (const route of routes) if (route.routeKey !== '$default') this.add(route);
  }

  /** The route that serves a request, with path variables decoded. A path with a slash at its end counts as the one without. */
  match(method: string, path: string): Match | undefined {
    const found = this.find(path, (leaf) => leaf.get(method) ?? leaf.get('ANY'));
    return found ?? (this.fallback && { route: this.fallback, parameters: {} });
  }

  /** Which API a path belongs to, whatever the method. */
  apiOf(path: string): RouteModel['api'] | undefined {
    const found = this.find(path, (leaf) => leaf.values().next().value) ?? (this.fallback && { route: this.fallback });
    return found?.route.api;
  }

  private find(path: string, pick: (leaf: Leaf) => RouteModel | undefined): Match | undefined {
    const segments = path.split('/').slice(1);
    const found = walk(this.root, segments, 0, pick);
    if (found || segments.at(-1) !== '' || segments.length < 2) return found;
    return walk(this.root, segments.slice(0, -1), 0, pick);
  }

  private add(route: RouteModel): void {
    const [method = '', path = ''] = route.routeKey.split(' ');
    let at = this.root;
    for (const segment of path.split('/').slice(1)) {
      const [, name, plus] = /^\{([^+}]+)(\+?)\}$/.exec(segment) ?? [];
      if (name && plus) {
        child(at.greedy, name, () => new Map()).set(method, route);
        return;
      }
      at = name ? child(at.variables, name, node) : child(at.literal, segment, node);
    }
    at.here.set(method, route);
  }
}

function child<T>(children: Map<string, T>, name: string, make: () => T): T {
  const known = children.get(name);
  if (known) return known;
  const made = make();
  children.set(name, made);
  return made;
}

function walk(at: Node, segments: readonly string[], index: number, pick: (leaf: Leaf) => RouteModel | undefined): Match | undefined {
  const segment = segments[index];
  if (segment === undefined) {
    const route = pick(at.here);
    return route && { route, parameters: {} };
  }
  const literal = at.literal.get(segment);
  const found = literal && walk(literal, segments, index + 1, pick);
  if (found) return found;
  // A variable never stands for nothing: `/a/` does not match `/a/{id}`.
  if (segment === '') return undefined;
  for (const [name, next] of at.variables) {
    const deeper = walk(next, segments, index + 1, pick);
    if (deeper) return { route: deeper.route, parameters: { [name]: decode(segment), ...deeper.parameters } };
  }
  for (const [name, leaf] of at.greedy) {
    const route = pick(leaf);
    if (route) return { route, parameters: { [name]: decode(segments.slice(index).join('/')) } };
  }
  return undefined;
}

/** What cannot be decoded stays as it came. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
