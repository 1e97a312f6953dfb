import { byItself, record } from '#events';
import { becomesDue, type DueOutcome, type DueWork, only, type Transaction, type World } from '#store';
import { knownClient } from '../provider/client-metadata.ts';
import { signLogoutToken } from '../provider/sign-logout-token.ts';
import { findProductSession, listProductSessions, removeProductSession } from '../queries/product-session.ts';
import { expireGrant } from '../queries/provider-artifact.ts';

const minute = 60_000;
/** Waits between attempts; after the last one the product is given up. Two and a half hours in all. */
const waits = [1000, 5000, 30_000, 2 * minute, 10 * minute, 30 * minute, 100 * minute];
const answerWithinMs = 10_000;

/** What a product is to be told of, as the subject of due work: account, session, client, its `sid`, and when the end was asked for. */
const subjectOf = (it: { accountId: string; sessionId: string; clientId: string; sid: string; at: number }) =>
  `${it.accountId}/${it.sessionId}/${it.clientId}/${it.sid}/${it.at}`;

/** It becomes due that the products of ended sessions are told; `at` is when their end was asked for, epoch milliseconds. */
export async function productsAreToBeTold(
  tx: Transaction,
  organizationId: string,
  ended: readonly { id: string; accountId: string }[],
  at: number,
): Promise<void> {
  const sessionIds = JSON.stringify(ended.map(({ id }) => id));
  const accounts = new Map(ended.map(({ id, accountId }) => [id, accountId]));
  for (const { sessionId, clientId, sid } of await tx.run(listProductSessions, { organizationId, sessionIds })) {
    const subject = subjectOf({ accountId: accounts.get(sessionId) ?? '', sessionId, clientId, sid, at });
    await becomesDue(tx, { kind: 'signin.tellProduct', organizationId, subject });
  }
}

/**
 * S11: tells one product that one session is over, by a logout token at its address (OpenID Connect Back-Channel Logout 1.0 §2.5): due work,
 * tried again for a while. A product without an address is not told. The event says how long it took from the request on.
 */
export async function tellProduct(world: World, work: DueWork): Promise<DueOutcome> {
  const { organizationId } = work;
  const [accountId = '', sessionId = '', clientId = '', sid = '', at = ''] = work.subject.split('/');
  const key = { organizationId, sessionId, clientId, sid };
  const row = only(await world.store.read(findProductSession, key));
  if (row === undefined) return undefined;
  const client = await knownClient(world, clientId);
  const address = client?.backchannelLogoutUri ?? null;
  const forget = async (tx: Transaction) => {
    await tx.run(removeProductSession, key);
    if (row.grantId !== null) await tx.run(expireGrant, { grantId: row.grantId, at: world.now() });
  };
  if (client === undefined || address === null) {
    await world.store.write(forget);
    return undefined;
  }
  const token = await signLogoutToken(world, { clientId, alg: client.idTokenAlg, accountId, sid });
  const fault = await post(world, address, token);
  const wait = waits[work.attempts - 1];
  if (fault !== undefined && wait !== undefined) return { retryIn: wait };
  await world.store.write(async (tx) => {
    await forget(tx);
    await record(world, tx, byItself, {
      organizationId,
      type: fault === undefined ? 'session.product_told' : 'session.product_missed',
      subject: { type: 'session', id: sessionId },
      data: {
        account: accountId,
        client: clientId,
        attempts: work.attempts,
        ...(fault === undefined ? { ms: Math.max(0, world.now() - Number(at)) } : { fault }),
      },
    });
  });
  return undefined;
}

/** Posts a logout token; gives what went wrong, or undefined. §2.8: 200, or 204 as some frameworks answer. */
async function post(world: World, address: string, token: string): Promise<string | undefined> {
  try {
    const answer = await world.fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Portico' },
      body: new URLSearchParams({ logout_token: token }).toString(),
      redirect: 'manual',
      signal: AbortSignal.timeout(answerWithinMs),
    });
    await answer.body?.cancel();
    return answer.status === 200 || answer.status === 204 ? undefined : `answered ${answer.status}`;
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return error.cause instanceof Error ? error.cause.message : error.message;
  }
}
