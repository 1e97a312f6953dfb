import type { Answer, Exchange } from './exchange.ts';

/** Answers one route; the values of the pattern's `:keys` follow what is being answered in their order. */
export type Handler<Call = Exchange> = (call: Call, ...keys: string[]) => Answer | Promise<Answer>;

/** Handlers by `METHOD /pattern/:key`. Literal pieces match without case, keys match any piece. */
export type Routes<Call = Exchange> = Readonly<Record<string, Handler<Call>>>;

/** What a path led to: a handler with its keys, or the methods that the path would have taken. */
export type Match<Call = Exchange> =
  | { readonly handle: Handler<Call>; readonly keys: string[] }
  | { readonly allowed: readonly string[] };

type Route<Call> = { readonly method: string; readonly pieces: readonly string[]; readonly handle: Handler<Call> };

/** Compiles a table of routes into a lookup; the first pattern that fits wins. */
export function compileRoutes<Call = Exchange>(
  routes: Routes<Call>,
): (method: string, segments: readonly string[]) => Match<Call> {
  const byLength = new Map<number, Route<Call>[]>();
  for (const [key, handle] of Object.entries(routes)) {
    const [method = '', pattern = ''] = key.split(' ');
    const pieces = pattern.split('/').slice(1);
    const bucket = byLength.get(pieces.length) ?? [];
    bucket.push({ method, pieces, handle });
    byLength.set(pieces.length, bucket);
  }
  return (method, segments) => {
    const allowed: string[] = [];
    for (const route of byLength.get(segments.length) ?? []) {
      if (!fits(route.pieces, segments)) continue;
      if (route.method === method) {
        return { handle: route.handle, keys: segments.filter((_, index) => route.pieces[index]?.startsWith(':')) };
      }
      allowed.push(route.method);
    }
    return { allowed };
  };
}

function fits(pieces: readonly string[], segments: readonly string[]): boolean {
  return pieces.every(
    (piece, index) => piece.startsWith(':') || piece.toLowerCase() === segments[index]?.toLowerCase(),
  );
}
