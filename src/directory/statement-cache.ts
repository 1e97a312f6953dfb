import { createHash } from 'node:crypto';
import type { Statement, Values } from '#store';

/**
 * Statements that are made for the shape of a filter, each compiled once. Databases keep prepared ones by name, so only so
 * many get one; further shapes are compiled each time.
 */
export interface StatementCache {
  get<Params extends Values, Row>(
    shape: string,
    build: (name: string) => Statement<Params, Row>,
  ): Statement<Params, Row>;
}

const most = 200;

/** Makes an empty cache. */
export function createStatementCache(): StatementCache {
  const kept = new Map<string, object>();
  return {
    get: <Params extends Values, Row>(shape: string, build: (name: string) => Statement<Params, Row>) => {
      const found = kept.get(shape);
      // A shape is only ever asked for with the one builder whose name it begins with.
      if (found !== undefined) return found as Statement<Params, Row>;
      if (kept.size >= most) return build('');
      const made = build(`directory.list.${createHash('sha256').update(shape).digest('base64url').slice(0, 22)}`);
      kept.set(shape, made);
      return made;
    },
  };
}
