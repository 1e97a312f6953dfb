/** One parameter of a fault. */
export type FaultParameter = {
  readonly name: string;
  readonly type: 'integer' | 'number' | 'text' | readonly string[];
  readonly required?: true;
  readonly means: string;
};

/** A misfortune that can be called by name. */
export type FaultKind = {
  readonly name: string;
  readonly does: string;
  readonly parameters: readonly FaultParameter[];
};

const path: FaultParameter = {
  name: 'path',
  type: 'text',
  means: 'only requests whose path and query contain this text; all, when left out',
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
    name: 'throttle',
    does: 'Graph answers 429 TooManyRequests with a Retry-After that may be a fraction.',
    parameters: [{ name: 'retryAfter', type: 'number', means: 'seconds; 2.128 when left out' }, path],
  },
  {
    name: 'unavailable',
    does: 'Answers 503 without doing anything: Graph serviceNotAvailable, the login host AADSTS90033.',
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
