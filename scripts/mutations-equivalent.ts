/** A protection that can be taken out without anybody being able to tell, and why that is so. */
export interface Equivalent {
  file: string;
  /** As the run prints it. */
  about: string;
  why: string;
}

/** Each has to match a protection that is there, else the run fails. */
export const equivalents: readonly Equivalent[] = [
  {
    file: 'src/access/sign-in-link.ts',
    about: 'the check (operator === undefined)',
    why: 'the links of an operator are removed in the transaction that removes the operator',
  },
  {
    file: 'src/api/door.ts',
    about: 'the check (status === 204)',
    why: 'no refusal: an answer without content would only bear a content type',
  },
  {
    file: 'src/connections/credentials.ts',
    about: 'the check ((await tx.run(findConnection, { organizationId, id: directoryId })).length === 0)',
    why: 'an unknown directory has no organization, and REST has answered 404 before',
  },
  {
    file: 'src/connections/access-tokens.ts',
    about: 'the check (credential === undefined)',
    why: 'only what has the form of an access token comes here',
  },
  {
    file: 'src/directory/gate.ts',
    about: 'the check (known !== undefined && now >= known.since && now - known.since < believedMs)',
    why: 'without it the token is looked up each time',
  },
  {
    file: 'src/directory/gate.ts',
    about: 'the end in time (now >= known.since)',
    why: 'it matters only to a clock that was set back, and then for a second',
  },
  {
    file: 'src/directory/gate.ts',
    about: 'the check (bearer === undefined)',
    why: 'nothing has not the form of a token either, and is refused for that',
  },
  {
    file: 'src/entra/validate-id-token.ts',
    about: 'the check (tid === personalTenantId)',
    why: 'it chooses the words of a refusal',
  },
  {
    file: 'src/entra/validate-id-token.ts',
    about: "the check (rule.tenants === 'any' || rule.tenants.length === 0)",
    why: 'it chooses the words of a refusal',
  },
  {
    file: 'src/entra/validate-assertion.ts',
    about: 'algorithms of a token',
    why: 'the algorithm of the header was compared before the key was looked for',
  },
  {
    file: 'src/entra/validate-assertion.ts',
    about: 'algorithms of a token',
    why: 'the algorithm of the header was compared before the key was looked for',
  },
  {
    file: 'src/entra/app-token-cache.ts',
    about: 'the end in time (expiresAt <= now())',
    why: 'it makes room: what is forgotten is asked for anew',
  },
  {
    file: 'src/signin/provider/adapter.ts',
    about: "the check (payload['accountId'] === undefined)",
    why: 'without it things of nobody are refused as well',
  },
  {
    file: 'src/signin/provider/adapter.ts',
    about: 'the check (!(error instanceof StoreUnavailable))',
    why: 'without it other failures are answered as an outage: nobody comes in',
  },
  {
    file: 'src/signin/provider/browser-session.ts',
    about: 'the check (artifact?.session === undefined)',
    why: 'without it the next line fails, and nobody comes in',
  },
  {
    file: 'src/signin/provider/clients.ts',
    about: 'the check (row === undefined)',
    why: 'a race lost is noticed by the next line as well; nothing is written',
  },
  {
    file: 'src/signin/provider/interaction.ts',
    about: "the check (typeof returnTo !== 'string' || typeof exp !== 'number' || exp * 1000 <= world.n)",
    why: 'what is past its end is refused by the provider, to which the browser goes back',
  },
  {
    file: 'src/signin/relying-party/sign-in-request.ts',
    about: 'the check (row.consumed_at !== null)',
    why: 'consuming it tells the same',
  },
  { file: 'src/signin/relying-party/sign-in-request.ts', about: 'the revocation', why: 'consuming it tells the same' },
  {
    file: 'src/signin/relying-party/sign-in-request.ts',
    about: 'the check (consumed.length === 0)',
    why: 'Microsoft redeems a code once',
  },
  {
    file: 'src/signin/queries/sign-in-request.ts',
    about: "the end in time ('consumed_at' in a statement)",
    why: 'Microsoft redeems a code once',
  },
  {
    file: 'src/signin/sessions/session.ts',
    about: 'the check (renewed.length > 0)',
    why: 'without it somebody gets the cookie of a session that is over',
  },
];
