/** One parameter of a fault. */
export type FaultParameter = {
  readonly name: string;
  readonly type: 'integer' | 'number' | 'text' | readonly string[];
  readonly required?: true;
  readonly means: string;
};

/** A refusal of the login host that a fault stands for, and which requests meet it. */
export type ForcedRefusal = {
  /** The number after AADSTS. */
  readonly code: number;
  readonly at: readonly ('authorize' | 'token')[];
  /** Grant types at the token endpoint; all, when left out. */
  readonly grants?: readonly string[];
  readonly suberror?: string;
  /** At authorize only requests with `prompt=none`: the others ask the person. */
  readonly silent?: true;
  /** At the token endpoint only clients that present a secret. */
  readonly bySecret?: true;
};

/** A misfortune that can be called by name. */
export type FaultKind = {
  readonly name: string;
  readonly does: string;
  readonly forces?: ForcedRefusal;
  readonly parameters: readonly FaultParameter[];
};

const path: FaultParameter = {
  name: 'path',
  type: 'text',
  means: 'only requests whose path and query contain this text; all, when left out',
};

const app: FaultParameter = {
  name: 'app',
  type: 'text',
  means: 'only requests of the application with this client id; all, when left out',
};

/** Grants of a person's sign-in, at which what befell him comes to light. */
const personal = [
  'authorization_code',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:device_code',
  'device_code',
];

const mailbox: FaultParameter = {
  name: 'mailbox',
  type: 'text',
  means: 'address of the only mailbox it is for; all, when left out',
};

/** Every fault takes this one as well. */
export const times: FaultParameter = {
  name: 'times',
  type: 'integer',
  means: 'how often it strikes; until cleared, when left out',
};

/** All faults. `GET /_control/faults` and the table in docs/simulator.md come from here. */
export const faultTable = [
  {
    name: 'aadsts',
    does: 'The login host refuses with the given AADSTS code, in the real envelope.',
    parameters: [
      { name: 'code', type: 'integer', required: true, means: 'the number after AADSTS' },
      { name: 'at', type: ['authorize', 'token'], required: true, means: 'which endpoint refuses' },
      {
        name: 'as',
        type: ['page', 'redirect'],
        means: "at authorize: Entra's own error page, or back to the app; by the code's habit, when left out",
      },
      { name: 'suberror', type: 'text', means: 'the suberror member, such as consent_required or basic_action' },
      { name: 'claims', type: 'text', means: 'the claims challenge, JSON as text' },
    ],
  },
  {
    name: 'secret-expired',
    does: 'Client secrets count as expired: AADSTS7000222 at the token endpoint.',
    forces: { code: 7000222, at: ['token'], bySecret: true },
    parameters: [app],
  },
  {
    name: 'secret-removed',
    does: 'Client secrets count as removed: AADSTS7000215 at the token endpoint, as for a wrong one.',
    forces: { code: 7000215, at: ['token'], bySecret: true },
    parameters: [app],
  },
  {
    name: 'consent-missing',
    does: 'Consent was withdrawn: AADSTS65001 at authorize, and for the codes and refresh tokens that are left.',
    forces: { code: 65001, at: ['authorize', 'token'], grants: personal, suberror: 'consent_required' },
    parameters: [app],
  },
  {
    name: 'admin-approval',
    does: 'The app asks for what only an administrator may grant: AADSTS90094 at authorize.',
    forces: { code: 90094, at: ['authorize'] },
    parameters: [app],
  },
  {
    name: 'assignment-required',
    does: 'The app demands an assignment that the person has not: AADSTS50105.',
    forces: { code: 50105, at: ['authorize', 'token'], grants: personal },
    parameters: [app],
  },
  {
    name: 'app-disabled',
    does: 'The enterprise app is disabled in the tenant: AADSTS7000112.',
    forces: { code: 7000112, at: ['authorize', 'token'] },
    parameters: [app],
  },
  {
    name: 'user-disabled',
    does: "The person's account is disabled: AADSTS50057.",
    forces: { code: 50057, at: ['authorize', 'token'], grants: personal },
    parameters: [app],
  },
  {
    name: 'account-locked',
    does: 'Smart lockout after too many wrong passwords: AADSTS50053 at authorize.',
    forces: { code: 50053, at: ['authorize'] },
    parameters: [app],
  },
  {
    name: 'password-expired',
    does: 'The password has to be changed: AADSTS50055 at authorize.',
    forces: { code: 50055, at: ['authorize'] },
    parameters: [app],
  },
  {
    name: 'refresh-token-revoked',
    does: 'Sign-ins were revoked or the password was changed: AADSTS50173 for refresh tokens.',
    forces: { code: 50173, at: ['token'], grants: ['refresh_token'] },
    parameters: [app],
  },
  {
    name: 'mfa-required',
    does: 'A second factor is needed now: AADSTS50076 wherever nobody can be asked (silent sign-in, codes, refresh tokens, on-behalf-of).',
    forces: { code: 50076, at: ['authorize', 'token'], grants: personal, suberror: 'basic_action', silent: true },
    parameters: [app],
  },
  {
    name: 'conditional-access-block',
    does: 'A Conditional Access policy blocks the sign-in: AADSTS53003.',
    forces: { code: 53003, at: ['authorize', 'token'], suberror: 'message_only' },
    parameters: [app],
  },
  {
    name: 'device-not-compliant',
    does: 'A Conditional Access policy wants a compliant device: AADSTS53000.',
    forces: { code: 53000, at: ['authorize', 'token'], grants: personal, suberror: 'message_only' },
    parameters: [app],
  },
  {
    name: 'device-code-blocked',
    does: 'A Conditional Access policy blocks the device code flow: AADSTS53003 when the code is redeemed.',
    forces: {
      code: 53003,
      at: ['token'],
      grants: ['urn:ietf:params:oauth:grant-type:device_code', 'device_code'],
      suberror: 'message_only',
    },
    parameters: [app],
  },
  {
    name: 'tenant-unknown',
    does: 'A tenant is not there any more: AADSTS90002 at every endpoint that is asked for it, discovery included.',
    parameters: [
      { name: 'tenant', type: 'text', means: 'the name or id as it stands in the path; all, when left out' },
    ],
  },
  {
    name: 'key-rotated',
    does: 'The signing keys rotate twice before the next token that the app reads is signed: its key is in no key document read before.',
    parameters: [],
  },
  {
    name: 'unknown-kid',
    does: 'Tokens that the app reads are signed by a key that no key document names.',
    parameters: [],
  },
  {
    name: 'clock-skew',
    does: 'Tokens that the app reads carry dates as of a clock that is wrong.',
    parameters: [
      { name: 'seconds', type: 'number', required: true, means: 'by how much' },
      {
        name: 'clock',
        type: ['fast', 'slow'],
        means: 'fast: not valid yet; slow: valid no longer; fast, when left out',
      },
    ],
  },
  {
    name: 'quarantine',
    does: 'A provisioning job goes into quarantine at the end of its next cycle, whatever came of it.',
    parameters: [{ name: 'job', type: 'text', means: 'id of the provisioning job; all, when left out' }],
  },
  {
    name: 'claims-challenge',
    does: 'Graph answers 401 insufficient_claims with a claims challenge, to tokens whose client declared that it understands them (cp1).',
    parameters: [path],
  },
  {
    name: 'throttle',
    does: 'Graph answers 429 TooManyRequests with a Retry-After that may be a fraction.',
    parameters: [{ name: 'retryAfter', type: 'number', means: 'seconds; 2.128 when left out' }, path],
  },
  {
    name: 'unavailable',
    does: 'Answers 503 without doing anything: Graph serviceNotAvailable, the login host AADSTS90033, EWS with an empty body.',
    parameters: [path],
  },
  {
    name: 'slow',
    does: 'Waits before the request is looked at.',
    parameters: [{ name: 'ms', type: 'integer', required: true, means: 'milliseconds of real time' }, path],
  },
  {
    name: 'hold-answer',
    does: 'Does the work, then holds the answer back until the time is over or the fault is cleared.',
    parameters: [
      { name: 'ms', type: 'integer', means: 'milliseconds of real time; until cleared, when left out' },
      path,
    ],
  },
  {
    name: 'drop-answer',
    does: 'Does the work, then cuts the connection instead of answering.',
    parameters: [path],
  },
  {
    name: 'sync-state-lost',
    does: 'A delta with a token answers 410 syncStateNotFound: the client has to start over.',
    parameters: [path],
  },
  {
    name: 'lifecycle-event',
    does: 'Each subscription gets a lifecycle event once: after reauthorizationRequired changes are passed over until it is reauthorized or renewed, subscriptionRemoved removes it, missed comes in place of the next notifications.',
    parameters: [
      {
        name: 'event',
        type: ['reauthorizationRequired', 'subscriptionRemoved', 'missed'],
        required: true,
        means: 'which one',
      },
      { name: 'subscription', type: 'text', means: 'id of the only subscription it is for; all, when left out' },
    ],
  },
  {
    name: 'mailbox-full',
    does: 'A mailbox that sends is full: SMTP 554 5.2.2, Graph and EWS ErrorQuotaExceeded.',
    parameters: [mailbox],
  },
  {
    name: 'sender-thread-limit',
    does: 'SMTP submission answers a message with 432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded.',
    parameters: [mailbox],
  },
  {
    name: 'security-defaults',
    does: 'SMTP AUTH is refused with 535 5.7.139, by a policy of the organization.',
    parameters: [],
  },
  {
    name: 'secret-delay',
    does: 'A new client secret is refused with AADSTS7000215 for some seconds, as right after its creation at Entra.',
    parameters: [
      {
        name: 'seconds',
        type: 'number',
        required: true,
        means: 'seconds of the simulated clock since the secret was made',
      },
    ],
  },
  {
    name: 'replication-delay',
    does: 'Graph answers 404 for applications, service principals, users and groups just made, and leaves them out of lists.',
    parameters: [
      {
        name: 'seconds',
        type: 'number',
        required: true,
        means: 'seconds of the simulated clock since the object was made',
      },
    ],
  },
  {
    name: 'grant-delay',
    does: 'Graph answers 403 as if a permission just granted was not there, though the token names it.',
    parameters: [
      {
        name: 'seconds',
        type: 'number',
        required: true,
        means: 'seconds of the simulated clock since it was granted',
      },
    ],
  },
] as const satisfies readonly FaultKind[];

/** Names of faults. */
export type FaultName = (typeof faultTable)[number]['name'];

/** The fault table as text, for a terminal. */
export function faultList(): string {
  const kinds = faultTable.map(({ name, does, parameters }: FaultKind) => {
    const rows = parameters.map(({ name: parameter, required, means }) => {
      return `    ${parameter.padEnd(12)} ${means}${required ? ' (required)' : ''}`;
    });
    return [name, `  ${does}`, ...rows].join('\n');
  });
  return `${kinds.join('\n\n')}\n\nEach also takes times: ${times.means}.\nPOST /_control/faults {"name":"…",…} calls one, DELETE /_control/faults clears all.\n`;
}

/** The fault table as Markdown, for docs/simulator.md. */
export function faultReference(): string {
  const rows = faultTable.map((kind: FaultKind) => {
    const parameters = kind.parameters.map(({ name, type, required, means }) => {
      const values = typeof type === 'string' ? type : type.map((value) => `\`${value}\``).join(' or ');
      return `\`${name}\` (${values}${required ? ', required' : ''}): ${means}`;
    });
    return `| \`${kind.name}\` | ${kind.does} | ${parameters.join('<br>')} |`;
  });
  return ['| fault | what it does | parameters |', '| --- | --- | --- |', ...rows].join('\n');
}
