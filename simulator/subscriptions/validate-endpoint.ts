import { setTimeout as delay } from 'node:timers/promises';
import { GraphError } from '../graph/graph-error.ts';
import type { Incoming } from '../http/send.ts';
import type { World } from '../world.ts';

/** So long an address may take to answer the validation request, in milliseconds of real time. */
const patienceMs = 10_000;

/**
 * Asks a notification address to send a token back, decoded, as text/plain, within ten seconds (webhook delivery). Throws 400
 * InvalidRequest when it does not.
 */
export async function validateEndpoint(world: World, address: string): Promise<void> {
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${world.random.uuid()}`;
  const url = new URL(address);
  url.search = `${url.search === '' ? '?' : `${url.search}&`}validationToken=${encodeURIComponent(token)}`;
  const answer = await Promise.race([post(world, url.href), delay(patienceMs, 'late' as const, { ref: false })]);
  if (answer === 'late') throw refused('The validation request timed out: it must be answered within 10 seconds.');
  if (typeof answer === 'string') throw refused(`The notification address could not be reached: ${answer}`);
  if (answer.status !== 200) throw refused('Notification endpoint must respond with 200 OK to validation request.');
  if (!/^text\/plain\b/i.test(answer.contentType ?? ''))
    throw refused(`The content type must be text/plain, not '${answer.contentType ?? ''}'.`);
  if (answer.text !== token) throw refused('The answer must be the validation token, URL-decoded, and nothing else.');
}

async function post({ send }: World, url: string): Promise<Incoming | string> {
  try {
    return await send(url, { method: 'POST', headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '' });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function refused(message: string): GraphError {
  return new GraphError(400, 'InvalidRequest', `Subscription validation request failed. ${message}`);
}
