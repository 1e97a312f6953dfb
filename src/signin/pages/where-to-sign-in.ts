import {
  connectionOfDomain,
  type EntraWorld,
  findLive,
  type LiveConnection,
  listSignInConnections,
  localOrganization,
  onlySignInConnection,
  organizationOf,
  someLocalOrganizations,
} from '#connections';

/** What a browser asks for when it comes to sign in. */
export interface AskedFor {
  /** The organization that the product, or the address, names. */
  organization: string | undefined;
  /** The connection that the product, or a button, names. */
  connection: string | undefined;
  /** The e-mail address that was typed, or that the product hints at. */
  email: string | undefined;
  /** The person typed it, and is to be told where it leads nowhere. */
  typed?: boolean;
  /** The connection that this browser used last. */
  last: string | undefined;
}

/** Where a person can sign in. Whether somebody has an account plays no part, so nothing can be learned of it. */
export interface WhereToSignIn {
  /** There is nothing to choose: this connection. */
  straight?: LiveConnection;
  /** Connections to offer, the last one used first. */
  choices: readonly LiveConnection[];
  /** The first of them where it is the one that this browser used last. */
  last?: LiveConnection;
  /** The organization whose people may have passwords, where it is known which one it is. */
  local?: { id: string; name: string };
  /** Whether any organization's people may have passkeys; a passkey says itself whose it is. */
  passkeys: boolean;
}

/**
 * S1: finds where a person signs in: at the connection that was named, at the one of the e-mail address's domain, at the only
 * one there is; by a password where the organization lets its people have one, and is known.
 */
export async function findWhereToSignIn(world: EntraWorld, asked: AskedFor): Promise<WhereToSignIn> {
  const { organization } = asked;
  const [named, ofDomain, locals] = await Promise.all([
    asked.connection === undefined ? undefined : signInConnection(world, asked.connection),
    asked.email === undefined ? undefined : connectionOfAddress(world, asked.email),
    someLocalOrganizations(world, 2),
  ]);
  const passkeys = locals.length > 0;
  if (named !== undefined) return { straight: named, choices: [], passkeys };
  const [onlyLocal] = locals.length === 1 ? locals : [];
  const organizationId = organization ?? ofDomain?.organizationId ?? onlyLocal?.id;
  const local = organizationId === undefined ? undefined : await localOrganization(world, organizationId);
  if (local !== undefined && organizationId !== undefined) {
    const ofAddress = ofDomain?.organizationId === organizationId ? [ofDomain] : undefined;
    const choices = ofAddress ?? (await offered(world, organization));
    return { ...(await withLast(world, asked, choices)), local: { id: organizationId, ...local }, passkeys };
  }
  if (ofDomain !== undefined) return { straight: ofDomain, choices: [], passkeys };
  const choices = await offered(world, organization);
  const [first, another] = choices;
  const only =
    organization !== undefined || passkeys || asked.typed === true ? undefined : await onlySignInConnection(world);
  const straight = another === undefined && asked.typed !== true ? (first ?? only) : undefined;
  return straight === undefined
    ? { ...(await withLast(world, asked, choices)), passkeys }
    : { straight, choices, passkeys };
}

const offered = async (world: EntraWorld, organization: string | undefined): Promise<LiveConnection[]> =>
  organization === undefined ? [] : listSignInConnections(world, organization);

/** Puts the connection that this browser used last before the others, where it may be offered at all. */
async function withLast(
  world: EntraWorld,
  { organization, email, last: id }: AskedFor,
  choices: readonly LiveConnection[],
): Promise<Pick<WhereToSignIn, 'choices' | 'last'>> {
  const last = id === undefined || email !== undefined ? undefined : await signInConnection(world, id);
  if (last === undefined || (organization !== undefined && last.organizationId !== organization)) return { choices };
  return { choices: [last, ...choices.filter((it) => it.id !== last.id)], last };
}

/** A connection by its id, while it is active and signs people in. */
export async function signInConnection(world: EntraWorld, id: string): Promise<LiveConnection | undefined> {
  const organizationId = await organizationOf(world, id);
  const found = organizationId === undefined ? undefined : await findLive(world, organizationId, id);
  return found?.settings.signIn === true ? found : undefined;
}

async function connectionOfAddress(world: EntraWorld, email: string): Promise<LiveConnection | undefined> {
  const domain = domainOf(email);
  const found = domain === undefined ? undefined : await connectionOfDomain(world, domain);
  return found?.settings.signIn === true ? found : undefined;
}

/** The domain of an e-mail address; undefined where it is none. */
export const domainOf = (email: string): string | undefined => /^[^\s@]+@([a-z0-9.-]+)$/i.exec(email)?.[1];
