// One machine that works on the outbox, as a process of its own, to be killed: `node mail-machine.ts <command> <json>`.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '#config';
import {
  activateConnection,
  connectionWork,
  createConnection,
  createOrganization,
  getConnection,
  markTested,
  setSecret,
  switchSecret,
  withEntra,
} from '#connections';
import { byItself } from '#events';
import { createMailbox, getMessage, sendMessage, sendQueued } from '#mail';
import { migrate, openStore, rawStatement, startWorker } from '#store';

const connectionId = 'contoso';
const quiet = () => undefined;
const { store, sealer } = openStore(readConfig(process.env));
const log = { debug: quiet, info: quiet, warn: quiet, error: console.error };
const world = withEntra({ config: readConfig(process.env), store, sealer, now: Date.now, fetch, log });
const [command = '', text = '{}'] = process.argv.slice(2);
const given: Record<string, string> = JSON.parse(text);
const value = (name: string): string => given[name] ?? '';
const say = (it: unknown): void => console.log(JSON.stringify(it));

if (command === 'setup') {
  await migrate(store, Date.now());
  const { id: organizationId } = await createOrganization(world, byItself, { name: 'Contoso' });
  await createConnection(world, byItself, organizationId, {
    id: connectionId,
    name: 'Contoso',
    startFrom: value('tenant'),
    cloud: 'simulated',
    clientId: value('clientId'),
    mailOut: true,
  });
  const secret = await setSecret(world, byItself, organizationId, connectionId, { value: value('secret') });
  await switchSecret(world, byItself, organizationId, connectionId, secret.id);
  const { version } = await getConnection(world, organizationId, connectionId);
  await markTested(world, byItself, organizationId, connectionId, version);
  await activateConnection(world, byItself, organizationId, connectionId);
  const settings = { types: [], receive: false, pollSeconds: 60 };
  await createMailbox(world, byItself, organizationId, connectionId, { address: value('address'), ...settings });
  say({ organizationId });
  await store.close();
}

if (command === 'work') {
  const organizationId = value('organizationId');
  // The leases of the machine before ran out: it is long dead.
  await store.write((tx) => tx.run(rawStatement('update due set lease = null, leased_until = null'), {}));
  const worker = startWorker(world, { ...connectionWork, 'mail.send': sendQueued }, randomUUID());
  const id =
    given['message'] ??
    (
      await sendMessage(
        world,
        byItself,
        organizationId,
        connectionId,
        { mailbox: value('address'), to: [value('recipient')], cc: [], subject: value('subject'), text: 'x' },
        undefined,
      )
    ).id;
  say({ id });
  for (;;) {
    const { state, attemptList } = await getMessage(world, organizationId, connectionId, id);
    if (state !== 'queued' && state !== 'sending') {
      say({ state, attempts: attemptList.map(({ outcome, detail }) => `${outcome}: ${detail}`) });
      break;
    }
    await sleep(25);
  }
  await worker.stop();
  await store.close();
}
