import { type Route } from "./route";

interface Node {
  readonly literals: Map<string, Node>;
  placeholder?: { readonly name: string; readonly node: Node };
  readonly routes: Map<string, Route>;
}

interface Match {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds the route of a request in as many steps as its path has segments. */
export class Router {
  readonly #root = newNode();
  readonly #fallback: Route;

  /** @param fallback answers what no route matches. */
  constructor(routes: Iterable<Route>, fallback: Route) {
    this.#fallback = fallback;
    for (const route of routes) {
      this.#add(route);
    }
  }

  match(method: string, path: string): Match {
    const parameters: Record<string, string> = {};
    let node: Node | undefined = this.#root;
    for (const segment of segments(path)) {
      const literal: Node | undefined = node.literals.get(segment.toLowerCase());
      if (!literal && node.placeholder) {
        parameters[node.placeholder.name] = decodeURIComponent(segment);
      }
      node = literal ?? node.placeholder?.node;
      if (!node) {
        return { route: this.#fallback, parameters };
      }
    }
    return { route: node.routes.get(method) ?? this.#fallback, parameters };
  }

  #add(route: Route): void {
    let node = this.#root;
    for (const segment of segments(route.path)) {
      const name = /^\{(.+)\}$/.exec(segment)?.[1];
      node = name === undefined ? literalChild(node, segment) : placeholderChild(node, name);
    }
    node.routes.set(route.method, route);
  }
}

function segments(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function newNode(): Node {
  return { literals: new Map(), routes: new Map() };
}

function literalChild(node: Node, segment: string): Node {
  const key = segment.toLowerCase();
  const child = node.literals.get(key) ?? newNode();
  node.literals.set(key, child);
  return child;
}

function placeholderChild(node: Node, name: string): Node {
  node.placeholder ??= { name, node: newNode() };
  return node.placeholder.node;
}
