import { lastingWords } from '../values/lasting.ts';

/** What differs between Secret Tokens and client secrets: how each is called, and what people are told of it. */
export interface CredentialKind {
  list: 'tokens.list' | 'clientSecrets.list';
  create: 'tokens.create' | 'clientSecrets.create';
  revoke: 'tokens.revoke' | 'clientSecrets.revoke';
  noun: 'tokens' | 'clientSecrets';
  title: string;
  about: string;
  plural: string;
  label: string;
  made: string;
  none: string;
  noneMeans: string;
  issue: string;
  issueTitle: string;
  does: string;
  name: string;
  revokeMeans: string;
  lasting: readonly (readonly [days: string, words: string])[];
  days: string;
  shownTitle: string;
  valueLabel: string;
  whereToEnter: string;
}

/** P1, P2: what is issued to a provisioning client, by kind. */
export const credentialKinds = {
  token: {
    list: 'tokens.list',
    create: 'tokens.create',
    revoke: 'tokens.revoke',
    noun: 'tokens',
    title: 'Secret Tokens',
    about:
      'Several are valid at once: issue the next one, enter it in Entra, see that it is used, then revoke the old one.',
    plural: 'tokens',
    label: 'Secret Tokens',
    made: 'issued',
    none: 'No token yet',
    noneMeans: 'Entra’s provisioning cannot call before it has one, or another way to authenticate.',
    issue: 'Issue a token',
    issueTitle: 'Issue a Secret Token',
    does: 'Issue',
    name: 'Secret Token',
    revokeMeans: 'Whoever still calls with it is refused from now on.',
    lasting: lastingWords,
    days: '365',
    shownTitle: 'The token, this once',
    valueLabel: 'Secret Token',
    whereToEnter:
      'Enter both in Entra, under Provisioning, Admin credentials, and press Test Connection there. Portico keeps only a hash and cannot show the token again.',
  },
  clientSecret: {
    list: 'clientSecrets.list',
    create: 'clientSecrets.create',
    revoke: 'clientSecrets.revoke',
    noun: 'clientSecrets',
    title: 'OAuth client credentials',
    about:
      'Entra gets access tokens of some hours for them, at the token endpoint. Several are valid at once; who revokes one ends its access tokens too.',
    plural: 'client secrets',
    label: 'Client secrets',
    made: 'created',
    none: 'No client secret yet',
    noneMeans: 'It is needed only where Entra is to use OAuth.',
    issue: 'Create a client secret',
    issueTitle: 'Create a client secret',
    does: 'Create',
    name: 'Client secret',
    revokeMeans: 'It gives no access token any more, and those that it gave end now.',
    lasting: [
      ['365', 'one year'],
      ['730', 'two years'],
      ['1095', 'three years'],
    ],
    days: '730',
    shownTitle: 'The client secret, this once',
    valueLabel: 'Client secret',
    whereToEnter:
      'Enter all four in Entra, under Provisioning, with the authentication method OAuth 2.0 client credentials. Portico keeps only a hash and cannot show the secret again.',
  },
} as const satisfies Record<string, CredentialKind>;
