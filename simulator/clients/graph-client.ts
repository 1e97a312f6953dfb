import { ClientSecretCredential } from '@azure/identity';
import { Client, GraphError, PageIterator } from '@microsoft/microsoft-graph-client';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';
import { clientId, clientSecret, say, scopes, tenantId } from './setting.ts';

const credential = new ClientSecretCredential(tenantId, clientId, clientSecret);
const authProvider = new TokenCredentialAuthenticationProvider(credential, { scopes });
const client = Client.initWithMiddleware({ authProvider });
const names: string[] = [];
const first = await client.api('/users').select('displayName').top(2).get();
await new PageIterator(
  client,
  first,
  ({ displayName }: { displayName: string }) => names.push(displayName) > 0,
).iterate();
const missing = await client
  .api('/users/nobody@contoso.example')
  .get()
  .catch((error: unknown) => error);
say({ users: names.length, missing: missing instanceof GraphError && [missing.statusCode, missing.code] });
