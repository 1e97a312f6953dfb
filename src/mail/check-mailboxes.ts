import type { EntraWorld, LiveConnection } from '#connections';
import type { Check } from '#contract';
import { type MailboxRow, toMailbox } from './mailbox.ts';
import { listMailboxes } from './queries/mailbox.ts';
import { type IncomingTransport, TransportFault } from './transports/transport.ts';

const about = {
  name: 'mail.mailbox',
  matters: 'Mail is sent from, and taken in from, the mailboxes of this connection only.',
  link: null,
};
/** So many mailboxes are looked into; the rest shows by its last poll. */
const mostProbed = 10;

/** D6, D8: looks into each mailbox of a connection that moves mail: whether it is there, may be read, and was read of late. */
export async function checkMailboxes(world: EntraWorld, connection: LiveConnection): Promise<readonly Check[]> {
  const { organizationId, id, settings } = connection;
  if (!settings.mailOut && !settings.mailIn) return [];
  const found = await world.store.read(listMailboxes, { organizationId, connectionId: id, after: '', limit: 1000 });
  if (found.length === 0) {
    return [
      {
        ...about,
        title: 'Mailboxes',
        outcome: 'warning',
        saw: 'The connection has no mailbox yet.',
        next: `Add one: portico mailboxes create ${id} <address>`,
      },
    ];
  }
  const { openGraphTransport } = await import('./transports/graph.ts');
  const { incoming } = openGraphTransport(world, connection);
  const checks: Check[] = [];
  for (const mailbox of found.slice(0, mostProbed)) checks.push(await checkMailbox(incoming, settings.mailIn, mailbox));
  return [...checks, ...found.slice(mostProbed).flatMap((mailbox) => showFault(mailbox))];
}

async function checkMailbox(incoming: IncomingTransport, mailIn: boolean, mailbox: MailboxRow): Promise<Check> {
  const check = { ...about, title: `Mailbox ${mailbox.address}` };
  try {
    await incoming.probe(mailbox.address);
  } catch (error) {
    if (!(error instanceof TransportFault)) throw error;
    const onlySends = error.status === 403 && !(mailIn && mailbox.receive === 1);
    if (!onlySends) return { ...check, outcome: 'failed', saw: error.message, next: remedyFor(error) };
    return {
      ...check,
      outcome: 'waiting',
      saw: 'The app may not look into it. Where it may send (Mail.Send), the first message shows whether it does.',
      next: 'Send a message to yourself. With Mail.ReadWrite as well, Portico can tell after a lost answer whether a message was sent.',
    };
  }
  return showFault(mailbox)[0] ?? { ...check, outcome: 'passed', saw: lastPollOf(mailbox), next: null };
}

function showFault(mailbox: MailboxRow): Check[] {
  if (mailbox.fault === null) return [];
  return [
    {
      ...about,
      title: `Mailbox ${mailbox.address}`,
      outcome: 'warning',
      saw: `The last poll failed. ${mailbox.fault}`,
      next: 'It is tried again by itself.',
    },
  ];
}

const remedyFor = (error: TransportFault): string =>
  error.status === 0 || error.status === 429 || error.status >= 500
    ? 'Repeat the checks in a moment.'
    : 'Correct what is named, then repeat the checks.';

function lastPollOf(mailbox: MailboxRow): string {
  const { receive, lastPolledAt } = toMailbox(mailbox);
  if (!receive) return 'It is there and may be read. It does not receive.';
  return lastPolledAt === null
    ? 'It is there and may be read. It was not polled yet.'
    : `It is there and may be read. It was last polled at ${lastPolledAt}.`;
}
