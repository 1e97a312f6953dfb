import type { Check } from '#contract';
import { discoverProvider, MetadataError } from '#openid';
import type { LiveConnection } from './connection.ts';
import { type EntraWorld, mayBePlain } from './entra-world.ts';

const about = {
  name: 'openid.discovery',
  title: 'Metadata document',
  matters:
    'It names the addresses and keys that sign-in depends on; an id token is taken only from exactly its issuer.',
  link: null,
};
const flow = {
  name: 'openid.flow',
  title: 'What the provider can do',
  matters: 'Portico asks for a code with PKCE and proves itself in one way; the provider has to allow both.',
  link: null,
};

const methods = {
  secret: 'client_secret_post',
  secretBasic: 'client_secret_basic',
  certificate: 'private_key_jwt',
  federatedCredential: 'private_key_jwt',
} as const;

/** Reads the metadata document of another OpenID provider afresh, and compares what it can do with what is asked of it. */
export async function checkProvider(world: EntraWorld, { settings }: LiveConnection): Promise<readonly Check[]> {
  const { provider: kind, issuer, metadataUrl, clientAuthentication, responseType, responseMode } = settings;
  if (kind !== 'openid' || metadataUrl === null) return [];
  try {
    const provider = await discoverProvider({ metadataUrl, issuer }, world.fetch, mayBePlain(world));
    if (provider.issuer !== issuer)
      throw new MetadataError('wrongIssuer', `it says its issuer is ${provider.issuer}, this connection has ${issuer}`);
    const saw = `${issuer} answers at ${metadataUrl}.`;
    const read: Check = { ...about, outcome: 'passed', saw, next: null };
    const method = methods[clientAuthentication];
    const lacks = [
      !provider.authenticationMethods.includes(method) &&
        `it takes ${provider.authenticationMethods.join(', ')}, not ${method}: change how Portico proves itself`,
      !provider.responseTypes.includes(responseType) && `it does not name the response type "${responseType}"`,
      responseMode === 'form_post' &&
        !(provider.responseModes?.includes('form_post') ?? false) &&
        'it does not name the response mode form_post',
      provider.challengeMethods?.includes('S256') === false &&
        'it names PKCE methods, but not S256; Portico sends S256 all the same',
    ].filter((it) => it !== false);
    if (lacks.length === 0) {
      const can = `It signs with ${provider.algorithms.join(', ')}, and takes ${method}.`;
      return [read, { ...flow, outcome: 'passed', saw: can, next: null }];
    }
    const next = 'Compare the settings with what the provider supports, then test a sign-in.';
    return [read, { ...flow, outcome: 'warning', saw: `Of its metadata: ${lacks.join('; ')}.`, next }];
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    const next =
      error.code === 'unreachable'
        ? 'Check DNS, firewall and proxy of this machine.'
        : 'Start the connection from the issuer, as the provider names it, again.';
    return [{ ...about, outcome: 'failed', saw: `${error.message}.`, next }];
  }
}
