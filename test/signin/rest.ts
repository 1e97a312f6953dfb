import { type Caller, issueKey } from '#access';
import { allRights, type Right } from '#contract';
import type { Stage } from './stage.ts';

type Body = Record<string, unknown> & { items?: Record<string, unknown>[] };

/** Calls REST as a holder of rights: all of them, unless a key says otherwise. */
export interface Rest {
  call(method: string, path: string, body?: unknown, key?: string): Promise<{ status: number; body: Body }>;
  keyWith(rights: readonly Right[], organization?: string | null): Promise<string>;
}

/** Opens REST of a stage. */
export async function openRest(stage: Pick<Stage, 'world' | 'url'>): Promise<Rest> {
  const caller: Caller = {
    type: 'operator',
    id: 'o',
    name: 'Owner',
    rights: new Set(allRights),
    organization: null,
    expiresAt: Number.MAX_SAFE_INTEGER,
    sessionId: null,
    source: { requestId: 'r', address: '127.0.0.1', userAgent: null },
  };
  const keyWith: Rest['keyWith'] = async (rights, organization = null) =>
    (await issueKey(stage.world, caller, { name: 'test', rights: [...rights], organization })).value;
  const owner = await keyWith(allRights);
  return {
    keyWith,
    call: async (method, path, body, key = owner) => {
      const answer = await fetch(`${stage.url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const parsed: Body = text === '' ? {} : JSON.parse(text);
      return { status: answer.status, body: parsed };
    },
  };
}
