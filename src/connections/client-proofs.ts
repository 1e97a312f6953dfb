import type { ConnectionSettings } from '#contract';
import { type ClientProof, signClientAssertion } from '#openid';
import type { World } from '#store';
import type { LiveConnection } from './connection.ts';
import type { EntraWorld } from './entra-world.ts';
import { listUsableSecrets } from './queries/secret.ts';

/** Where the value of a secret, or the key of a certificate, is sealed to. */
export const secretPlace = (organizationId: string, id: string) => ({
  table: 'secret',
  organizationId,
  id,
  column: 'value',
});

/** A way to prove to the provider that Portico is the connection's application. */
export interface UsableProof {
  /** Of the secret or the certificate; `federated` where nothing is kept. */
  id: string;
  name: string;
  hint: string;
  state: string;
  expiresAt: number | null;
  createdAt: number;
  proof: ClientProof;
}

/** What an assertion for Microsoft Entra says of whom it is for (workload identity federation). */
export const federatedAudience = 'api://AzureADTokenExchange';

/** The subject of a connection's assertions: what its federated credential at Microsoft Entra names. */
export const federatedSubjectOf = (connectionId: string): string => `connection:${connectionId}`;

/** Assertions are made for one request, and end soon. */
const assertionSeconds = 300;

/**
 * How the connection may prove itself, as its settings say: the current secret or certificate first, then the newest that
 * waits, then those that were in use before. While one takes over from another, whoever is refused with the first may try
 * the next. Empty where there is none.
 */
export async function clientProofsOf(
  world: EntraWorld,
  { organizationId, id, settings }: Pick<LiveConnection, 'organizationId' | 'id' | 'settings'>,
): Promise<UsableProof[]> {
  const { clientId, clientAuthentication } = settings;
  if (clientAuthentication === 'federatedCredential') {
    const about = { subject: federatedSubjectOf(id), audience: federatedAudience, seconds: assertionSeconds };
    const proof: ClientProof = { method: 'private_key_jwt', assertion: () => world.signAssertion(world, about) };
    return [{ id: 'federated', name: '', hint: '', state: 'current', expiresAt: null, createdAt: 0, proof }];
  }
  const kind = kindOf(clientAuthentication);
  const recipient = recipientOf(settings);
  const rows = await world.store.read(listUsableSecrets, { organizationId, connectionId: id, kind, recipient });
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    hint: row.hint,
    state: row.state,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    proof: proofOf(world, clientAuthentication, clientId ?? '', {
      value: world.sealer.open(row.value, secretPlace(organizationId, row.id)),
      certificate: row.certificate,
    }),
  }));
}

/**
 * To whom a secret of a connection with these settings is presented. It is kept with the secret and never changes: who may turn
 * the connection to a provider of their own does not get what was entrusted for another one.
 */
export const recipientOf = ({ provider, cloud, metadataUrl }: ConnectionSettings): string =>
  provider === 'entra' ? `Microsoft Entra ID, ${cloud}` : (metadataUrl ?? '');

/** What is stored for a kind of client authentication. */
export const kindOf = (clientAuthentication: ConnectionSettings['clientAuthentication']): 'secret' | 'certificate' =>
  clientAuthentication === 'certificate' ? 'certificate' : 'secret';

/** An opened secret, or the opened key of a certificate, as a proof. */
export function proofOf(
  { now }: Pick<World, 'now'>,
  clientAuthentication: ConnectionSettings['clientAuthentication'],
  clientId: string,
  { value, certificate }: { value: string; certificate: string | null },
): ClientProof {
  if (certificate === null) {
    const method = clientAuthentication === 'secretBasic' ? 'client_secret_basic' : 'client_secret_post';
    return { method, secret: value };
  }
  return {
    method: 'private_key_jwt',
    assertion: (tokenEndpoint, algorithms) =>
      signClientAssertion({ certificate, key: value }, { clientId, tokenEndpoint, algorithms, now: now() }),
  };
}
