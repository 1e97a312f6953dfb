import type { Client, ClientInput, Page } from '#contract';
import { type Cause, deployment, record } from '#events';
import { isSecretOf, mintCredential, notFound, Problem, parseCredential } from '#http';
import { only, type PageQuery, toPage, type World } from '#store';
import { findClient, insertClient, listClients, removeClient, updateClient } from '../queries/client.ts';

interface Row {
  id: string;
  name: string;
  kind: string;
  redirect_uris: string;
  post_logout_redirect_uris: string;
  hash: string;
  version: number;
  created_at: number;
  updated_at: number;
}

const toClient = (row: Row): Client => ({
  id: row.id,
  name: row.name,
  kind: row.kind as Client['kind'],
  redirectUris: JSON.parse(row.redirect_uris),
  postLogoutRedirectUris: JSON.parse(row.post_logout_redirect_uris),
  version: row.version,
  createdAt: new Date(row.created_at).toISOString(),
  updatedAt: new Date(row.updated_at).toISOString(),
});

const subjectOf = (client: { id: string; name: string }) => ({ type: 'client', id: client.id, name: client.name });

/** A page of the clients of the provider. */
export async function pageOfClients(world: World, query: PageQuery): Promise<Page<Client>> {
  const rows = await world.store.read(listClients, { after: query.cursor ?? '', limit: query.limit + 1 });
  return toPage(rows, query.limit, toClient, (row) => row.id);
}

/** A client. Throws `not-found`. */
export async function getClient(world: World, id: string): Promise<Client> {
  const row = only(await world.store.read(findClient, { id }));
  if (row === undefined) throw notFound('client', id);
  return toClient(row);
}

/** Adds a web client. Its secret is in this answer only. */
export function createClient(world: World, cause: Cause, input: ClientInput): Promise<Client & { secret: string }> {
  checkAddresses(input);
  const { id, value, hash } = mintCredential('client');
  return world.store.write(async (tx) => {
    const row = only(
      await tx.run(insertClient, { id, name: input.name, hash, at: world.now(), ...addressesOf(input) }),
    );
    if (row === undefined) throw new Error('the client was not inserted');
    await record(world, tx, cause, { organizationId: deployment, type: 'client.created', subject: subjectOf(row) });
    return { ...toClient(row), secret: value };
  });
}

/** Changes a client. */
export function changeClient(
  world: World,
  cause: Cause,
  id: string,
  change: { [Field in keyof ClientInput]?: ClientInput[Field] | undefined },
  version: number | undefined,
): Promise<Client> {
  return world.store.write(async (tx) => {
    const found = only(await tx.run(findClient, { id }));
    if (found === undefined) throw notFound('client', id);
    const before = toClient(found);
    const next: ClientInput = {
      name: change.name ?? before.name,
      redirectUris: change.redirectUris ?? before.redirectUris,
      postLogoutRedirectUris: change.postLogoutRedirectUris ?? before.postLogoutRedirectUris,
    };
    checkAddresses(next);
    const row = only(
      await tx.run(updateClient, {
        id,
        version: version ?? found.version,
        name: next.name,
        at: world.now(),
        ...addressesOf(next),
      }),
    );
    if (row === undefined)
      throw new Problem('version-changed', { detail: 'the client was changed meanwhile', remedy: 'read it again' });
    await record(world, tx, cause, {
      organizationId: deployment,
      type: 'client.updated',
      subject: subjectOf(row),
      data: { before, after: next },
    });
    return toClient(row);
  });
}

/** Removes a client: from the commit on it gets no tokens, and those it has are worth nothing. */
export function deleteClient(world: World, cause: Cause, id: string): Promise<void> {
  return world.store.write(async (tx) => {
    const removed = only(await tx.run(removeClient, { id }));
    if (removed === undefined) throw notFound('client', id);
    await record(world, tx, cause, {
      organizationId: deployment,
      type: 'client.deleted',
      subject: subjectOf({ id, name: removed.name }),
    });
  });
}

const addressesOf = (input: ClientInput) => ({
  redirectUris: JSON.stringify(input.redirectUris),
  postLogoutRedirectUris: JSON.stringify(input.postLogoutRedirectUris),
});

/** Addresses that the browser is sent to with something in hand are https; http is for this very machine. */
function checkAddresses(input: ClientInput): void {
  const errors = (['redirectUris', 'postLogoutRedirectUris'] as const).flatMap((field) =>
    input[field].flatMap((text, index) => {
      const fault = faultOf(text);
      return fault === undefined ? [] : [{ field: `${field}.${index}`, detail: fault }];
    }),
  );
  if (errors.length === 0) return;
  throw new Problem('invalid-request', { detail: 'an address of the client cannot be used', errors });
}

const thisMachine = ['localhost', '127.0.0.1', '[::1]'];

function faultOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null) return 'is not an absolute address';
  if (url.hash !== '' || text.includes('#')) return 'must have no fragment';
  if (url.username !== '' || url.password !== '') return 'must have no user name or password';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && thisMachine.includes(url.hostname))) return undefined;
  return 'must use https; http is possible for localhost only';
}

const idForm = /^[0-9a-f]{24}$/;

/** A client as the provider's library knows it; in place of the secret stands its hash, which `isClientSecret` compares. */
export async function clientMetadata(world: World, id: string): Promise<Record<string, unknown> | undefined> {
  // Whatever a browser sends as client_id comes here.
  const row = idForm.test(id) ? only(await world.store.read(findClient, { id })) : undefined;
  if (row === undefined) return undefined;
  const client = toClient(row);
  return {
    client_id: client.id,
    client_name: client.name,
    client_secret: row.hash,
    application_type: 'web',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    token_endpoint_auth_method: 'client_secret_basic',
  };
}

/** Whether a presented secret is the one of this client, whose hash is stored. */
export function isClientSecret(clientId: string, hash: string | undefined, presented: string): boolean {
  const credential = parseCredential('client', presented);
  return credential?.id === clientId && hash !== undefined && isSecretOf(credential.secret, hash);
}
