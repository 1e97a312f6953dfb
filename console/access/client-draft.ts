import type { Client, ClientInput, ClientKind, ClientSettings } from '#contract';

/** A client as the dialog edits it: lists as text, one in each line. */
export interface ClientDraft {
  name: string;
  kind: ClientKind;
  redirectUris: string;
  postLogoutRedirectUris: string;
  backchannelLogoutUri: string;
  firstParty: boolean;
  byKey: boolean;
  jwksUri: string;
  jwks: string;
  idTokenAlg: ClientSettings['idTokenAlg'];
  requirePushedRequests: boolean;
  deviceFlow: boolean;
  resources: string;
  organizations: string;
  identifier: string;
  apiScopes: string;
  jwt: boolean;
  mayExchange: boolean;
}

const joined = (lines: readonly string[] | null | undefined): string => lines?.join('\n') ?? '';

/** What the dialog begins with: a client as it is, or a new one. */
export const draftOf = (client: Client | undefined): ClientDraft => ({
  name: client?.name ?? '',
  kind: client?.kind ?? 'web',
  redirectUris: joined(client?.redirectUris),
  postLogoutRedirectUris: joined(client?.postLogoutRedirectUris),
  backchannelLogoutUri: client?.backchannelLogoutUri ?? '',
  firstParty: client?.firstParty ?? true,
  byKey: client?.authentication === 'privateKeyJwt',
  jwksUri: client?.jwksUri ?? '',
  jwks: client?.jwks == null ? '' : JSON.stringify(client.jwks, null, 1),
  idTokenAlg: client?.idTokenAlg ?? 'RS256',
  requirePushedRequests: client?.requirePushedRequests ?? false,
  deviceFlow: client?.deviceFlow ?? false,
  resources: joined(client?.resources.map(({ resource, scopes }) => [resource, ...scopes].join(' '))),
  organizations: joined(client?.organizations),
  identifier: client?.identifier ?? '',
  apiScopes: joined(client?.apiScopes),
  jwt: client?.tokenFormat === 'jwt',
  mayExchange: client?.mayExchange ?? false,
});

/** Whether people sign in to clients of a kind. */
export const isOfPeople = (kind: ClientKind): boolean => kind !== 'machine' && kind !== 'api';

/** Whether a kind can keep a secret or a key. */
export const canProve = (kind: ClientKind): boolean => kind === 'web' || !isOfPeople(kind);

/** What the API takes for it. */
export function inputOf(draft: ClientDraft): Omit<ClientInput, 'kind'> {
  const { name, kind } = draft;
  const people = isOfPeople(kind);
  const resources = draft.resources
    .split('\n')
    .map((line) => words(line))
    .flatMap(([resource, ...scopes]) => (resource === undefined ? [] : [{ resource, scopes }]));
  return {
    name,
    resources,
    ...(people
      ? {
          redirectUris: words(draft.redirectUris),
          postLogoutRedirectUris: words(draft.postLogoutRedirectUris),
          backchannelLogoutUri: draft.backchannelLogoutUri.trim() || null,
          firstParty: draft.firstParty,
          idTokenAlg: draft.idTokenAlg,
          requirePushedRequests: draft.requirePushedRequests,
          organizations: words(draft.organizations).length === 0 ? null : words(draft.organizations),
        }
      : {}),
    ...(kind === 'native' ? { deviceFlow: draft.deviceFlow } : {}),
    ...(canProve(kind)
      ? {
          authentication: draft.byKey ? 'privateKeyJwt' : 'secret',
          jwksUri: draft.byKey ? draft.jwksUri.trim() || null : null,
          jwks: draft.byKey && draft.jwks.trim() !== '' ? parsed(draft.jwks) : null,
        }
      : {}),
    ...(kind === 'api'
      ? {
          identifier: draft.identifier.trim() || null,
          apiScopes: words(draft.apiScopes),
          tokenFormat: draft.jwt ? 'jwt' : 'opaque',
          mayExchange: draft.mayExchange,
        }
      : {}),
  };
}

/** The keys as they were typed; the API says what is wrong with them. */
function parsed(text: string): { keys: Record<string, unknown>[] } {
  try {
    return JSON.parse(text);
  } catch {
    return { keys: [] };
  }
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
