import type { KoaContextWithOIDC } from 'oidc-provider';
import { StoreUnavailable, type World } from '#store';
import type { Seen } from './browser-session.ts';
import type { ProviderPages } from './configuration.ts';

class UsedAlready extends Error {}

/**
 * Writes what a request to the provider changed, in one transaction, before it is answered: a code is used up and its tokens
 * are there, or neither. Where that fails the answer says so. Says whether somebody else had used it up in the same moment.
 */
export async function writeAtEnd(
  world: World,
  ctx: KoaContextWithOIDC,
  { changes }: Seen,
  { renderError }: ProviderPages,
): Promise<boolean> {
  const made = changes?.splice(0) ?? [];
  if (made.length === 0) return false;
  try {
    await world.store.write(async (tx) => {
      const done = await Promise.all(made.map((change) => change(tx)));
      if (done.includes(false)) throw new UsedAlready();
    });
    return false;
  } catch (error) {
    const [status, said] = answerOf(error);
    if (status === 500) world.log.error({ error }, 'the provider failed');
    ctx.remove('location');
    ctx.status = status;
    if (ctx.accepts('json', 'html') === 'html') await renderError?.(ctx, said, error as Error);
    else ctx.body = said;
    return error instanceof UsedAlready;
  }
}

function answerOf(error: unknown): [status: number, said: { error: string; error_description: string }] {
  if (error instanceof UsedAlready) {
    return [400, { error: 'invalid_grant', error_description: 'grant request is invalid' }];
  }
  if (error instanceof StoreUnavailable) {
    const description = 'the database is not available; try again in a moment';
    return [503, { error: 'temporarily_unavailable', error_description: description }];
  }
  return [500, { error: 'server_error', error_description: 'oops! something went wrong' }];
}
