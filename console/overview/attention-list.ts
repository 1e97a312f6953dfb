import type { BreakGlass, Client, Connection, Directory, Event, Message } from '#contract';
import { agoWords, endsWords, lengthWords } from '../values/time-words.ts';
import type { Tone } from '../values/tone.ts';

/** Entra's provisioning cycle, in milliseconds: 40 minutes. */
const cycle = 40 * 60_000;
const tellFromDays = 30;
const urgentDays = 7;

/** A break-glass credential that was not tried for so long may not work any more, in milliseconds: a year. */
const triedWithin = 365 * 86_400_000;

/** Something an operator should look at, and where. */
export type Attention = { id: string; tone: Extract<Tone, 'warning' | 'bad'>; what: string; why: string } & Way;

/** Where to look at it. */
type Way =
  | { place: 'secrets' | 'provisioning' | 'checks' | 'held'; connection: string }
  | { place: 'message'; connection: string; message: string }
  | { place: 'requests'; organization: string }
  | { place: 'operators' }
  | { place: 'clients' };

/** How many people of an organization wait to be let in. */
export interface WaitingPeople {
  organization: string;
  name: string;
  count: number;
  /** There are more than were counted. */
  more: boolean;
}

/** What is known when the list is made; what could not be asked is simply absent. */
export interface Known {
  connections: Connection[];
  directories: Directory[];
  troubledMail: Message[];
  failedTests: Event[];
  waiting: WaitingPeople[];
  /** Products; none where one may not see them. */
  clients: Client[];
  /** Undefined where one may not see them. */
  breakGlass: BreakGlass[] | undefined;
  now: number;
}

/** What needs attention, the most urgent first. */
export function listAttention(known: Known): Attention[] {
  const found = [
    ...known.connections.flatMap(endingSoon),
    ...known.clients.flatMap(secretOfProduct),
    ...known.connections.flatMap((connection) => silentDirectory(connection, known)),
    ...known.connections.flatMap((connection) => failingDirectory(connection, known)),
    ...known.directories.flatMap((directory) => heldChanges(directory, known)),
    ...known.connections.flatMap((connection) => failedTest(connection, known)),
    ...known.troubledMail.map((message) => troubled(message, known.now)),
    ...known.waiting.flatMap(peopleWaiting),
    ...wayInForTheWorstDay(known),
  ];
  return found.toSorted((one, other) => rank(one) - rank(other));
}

const rank = ({ tone }: Attention): number => (tone === 'bad' ? 0 : 1);

function endingSoon({ id, name, nextExpiry }: Connection): Attention[] {
  if (nextExpiry === null || nextExpiry.daysLeft > tellFromDays) return [];
  const { kind, daysLeft } = nextExpiry;
  const thing =
    kind === 'token' ? 'Secret Token' : kind === 'secret' ? 'client secret' : 'client secret of provisioning';
  const consequence = kind === 'secret' ? 'Then sign-in and mail fail.' : 'Then Entra’s provisioning is refused.';
  return [
    {
      id: `${id} ${nextExpiry.id}`,
      tone: daysLeft <= urgentDays ? 'bad' : 'warning',
      what: `${name}: ${thing} ${endsWords(daysLeft)}`,
      why:
        daysLeft < 0
          ? 'What uses it is being refused. Set a new one.'
          : `${consequence} Set the next one and switch in time.`,
      connection: id,
      place: kind === 'secret' ? 'secrets' : 'provisioning',
    },
  ];
}

function secretOfProduct({ name, nextExpiry }: Client): Attention[] {
  if (nextExpiry === null || nextExpiry.daysLeft > tellFromDays) return [];
  const { id, daysLeft } = nextExpiry;
  return [
    {
      id,
      tone: daysLeft <= urgentDays ? 'bad' : 'warning',
      what: `${name}: secret of the product ${endsWords(daysLeft)}`,
      why:
        daysLeft < 0
          ? 'The product is being refused. Add a secret and put it into its configuration.'
          : 'Then the product is refused. Add the next one, put it into its configuration, and remove this one.',
      place: 'clients',
    },
  ];
}

function silentDirectory({ id, name, state, live }: Connection, { directories, now }: Known): Attention[] {
  const directory = directories.find((candidate) => candidate.id === id);
  if (state !== 'active' || live?.provisioning !== true || directory?.lastContactAt == null) return [];
  const silent = now - Date.parse(directory.lastContactAt);
  const missed = Math.floor(silent / cycle);
  if (missed < 1) return [];
  return [
    {
      id: `${id} silent`,
      tone: missed >= 3 ? 'bad' : 'warning',
      what: `${name}: no provisioning for ${lengthWords(silent)}`,
      why: `Entra calls every 40 minutes; ${missed === 1 ? 'one cycle is' : `${missed} cycles are`} missing. Look whether its job is stopped or in quarantine.`,
      connection: id,
      place: 'provisioning',
    },
  ];
}

function failingDirectory({ id, name, state }: Connection, { directories }: Known): Attention[] {
  const quarantine = directories.find((candidate) => candidate.id === id)?.quarantine;
  if (state !== 'active' || quarantine === undefined || quarantine.risk === 'none') return [];
  const isHigh = quarantine.risk === 'high';
  return [
    {
      id: `${id} quarantine`,
      tone: isHigh ? 'bad' : 'warning',
      what: `${name}: ${isHigh ? 'Entra’s job is in quarantine, or will be' : 'much of the provisioning fails'}`,
      why: quarantine.why ?? '',
      connection: id,
      place: 'provisioning',
    },
  ];
}

function heldChanges({ id, held, heldSince }: Directory, { connections, now }: Known): Attention[] {
  if (held === 0 || heldSince === null) return [];
  const name = connections.find((connection) => connection.id === id)?.name ?? id;
  return [
    {
      id: `${id} held`,
      tone: 'bad',
      what: `${name}: ${held === 1 ? 'one user' : `${held} users`} would lose access`,
      why: `Held by the brake, ${agoWords(Date.parse(heldSince), now)}. Look who it is, and apply or drop it.`,
      connection: id,
      place: 'held',
    },
  ];
}

function failedTest(
  { id, name, draft, draftTestedAt, updatedAt }: Connection,
  { failedTests, now }: Known,
): Attention[] {
  if (draft === null || draftTestedAt !== null) return [];
  const failed = failedTests.find(({ subject, time }) => subject.id === id && time >= updatedAt);
  if (failed === undefined) return [];
  return [
    {
      id: `${id} test`,
      tone: 'warning',
      what: `${name}: the draft did not pass its test`,
      why: `Tested ${agoWords(Date.parse(failed.time), now)}. What is live stays as it is until the draft passes.`,
      connection: id,
      place: 'checks',
    },
  ];
}

function troubled({ id, connection, state, subject, to, at }: Message, now: number): Attention {
  const failed = state === 'failed';
  return {
    id,
    tone: failed ? 'bad' : 'warning',
    what: `Message “${subject}” ${failed ? 'was not sent' : 'may or may not have been sent'}`,
    why: `To ${to.join(', ')}, ${agoWords(Date.parse(at), now)}.${failed ? ' It will not be tried again.' : ' It is not repeated by itself.'}`,
    connection,
    place: 'message',
    message: id,
  };
}

function peopleWaiting({ organization, name, count, more }: WaitingPeople): Attention[] {
  if (count === 0) return [];
  const many = more ? `more than ${count}` : String(count);
  return [
    {
      id: `${organization} waiting`,
      tone: 'warning',
      what: `${name}: ${count === 1 && !more ? 'one person asks' : `${many} people ask`} to be let in`,
      why: 'They signed in and wait. Look who it is, and approve or decline.',
      organization,
      place: 'requests',
    },
  ];
}

function wayInForTheWorstDay({ breakGlass, now }: Known): Attention[] {
  if (breakGlass === undefined) return [];
  if (breakGlass.length === 0) {
    return [
      {
        id: 'break-glass',
        tone: 'warning',
        what: 'There is no break-glass operator',
        why: 'When the last sign-in link is lost, nobody gets in. Add one, print its credential, and lock it away.',
        place: 'operators',
      },
    ];
  }
  return breakGlass
    .filter(({ lastUsedAt }) => lastUsedAt === null || now - Date.parse(lastUsedAt) >= triedWithin)
    .map(({ id, name, lastUsedAt }) => ({
      id: `${id} not tried`,
      tone: 'warning',
      what: `Break-glass operator ${name} was ${lastUsedAt === null ? 'never tried' : 'not tried for a year'}`,
      why: 'Sign in by its credential at /operator/sign-in, so that it works on the day when it is needed.',
      place: 'operators',
    }));
}
