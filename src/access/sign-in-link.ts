import { byItself, type Cause, deployment, record } from '#events';
import { isSecretOf, mintCredential, parseCredential, type Source } from '#http';
import { newId, only, type Transaction, type World } from '#store';
import { insertSession } from './queries/console-session.ts';
import { findOperator, insertOperator, listOperators, updateLastSignIn } from './queries/operator.ts';
import { consumeLink, findLink, insertLink } from './queries/operator-link.ts';

const linkMs = 3_600_000;
/** A console session lasts so long. */
const sessionMs = 12 * 3_600_000;

/** A one-time link that signs an operator in to the console; valid for an hour. */
export interface SignInLink {
  url: string;
  expiresAt: string;
}

/** Issues a one-time link for an operator, in the transaction given. */
export async function issueLink(
  world: World,
  tx: Transaction,
  cause: Cause,
  operator: { id: string; name: string },
): Promise<SignInLink> {
  const { id, value, hash } = mintCredential('link');
  const expiresAt = world.now() + linkMs;
  await tx.run(insertLink, { id, operatorId: operator.id, hash, expiresAt });
  await record(world, tx, cause, {
    organizationId: deployment,
    type: 'operator.link_issued',
    subject: { type: 'operator', id: operator.id, name: operator.name },
  });
  return { url: `${world.config.url}/operator/sign-in?token=${value}`, expiresAt: new Date(expiresAt).toISOString() };
}

/**
 * The link that a fresh deployment prints at its start: makes the first owner, or a new link for an owner who never
 * signed in. Undefined once somebody did.
 */
export function firstLink(world: World): Promise<SignInLink | undefined> {
  return world.store.write(async (tx) => {
    const operators = await tx.run(listOperators, { after: '', limit: 2 });
    if (operators.length > 1 || operators.some((it) => it.last_sign_in_at !== null)) return undefined;
    const at = world.now();
    const [operator] =
      operators.length === 1
        ? operators
        : await tx.run(insertOperator, { id: newId(at), name: 'Owner', email: null, role: 'owner', breakGlass: 0, at });
    return operator === undefined ? undefined : issueLink(world, tx, byItself, operator);
  });
}

/** Whether a link's token would sign somebody in; it is not used up by asking. */
export async function isLinkValid(world: World, token: string): Promise<boolean> {
  const credential = parseCredential('link', token);
  if (credential === undefined) return false;
  const link = only(await world.store.read(findLink, { id: credential.id }));
  return link !== undefined && link.expires_at > world.now() && isSecretOf(credential.secret, link.hash);
}

/** Uses a link up and starts a console session; gives the cookie's value, or undefined where the link is not valid. */
export async function signInByLink(
  world: World,
  source: Source,
  token: string,
): Promise<{ cookie: string; maxAge: number } | undefined> {
  const credential = parseCredential('link', token);
  if (credential === undefined) return undefined;
  return world.store.write(async (tx) => {
    const now = world.now();
    const link = only(await tx.run(findLink, { id: credential.id }));
    if (link === undefined || link.expires_at <= now || !isSecretOf(credential.secret, link.hash)) return undefined;
    if ((await tx.run(consumeLink, { id: credential.id })).length === 0) return undefined;
    const operator = only(await tx.run(findOperator, { id: link.operator_id }));
    if (operator === undefined) return undefined;
    const session = mintCredential('console');
    await tx.run(insertSession, {
      id: session.id,
      operatorId: operator.id,
      hash: session.hash,
      at: now,
      expiresAt: now + sessionMs,
    });
    await tx.run(updateLastSignIn, { id: operator.id, at: now });
    const cause: Cause = {
      actor: {
        type: 'operator',
        id: operator.id,
        name: operator.name,
        address: source.address,
        userAgent: source.userAgent,
      },
      requestId: source.requestId,
    };
    await record(world, tx, cause, {
      organizationId: deployment,
      type: 'operator.signed_in',
      subject: { type: 'operator', id: operator.id, name: operator.name },
    });
    return { cookie: session.value, maxAge: sessionMs / 1000 };
  });
}
