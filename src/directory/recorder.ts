import { becomesDue, type World } from '#store';
import { type Answer, type Directory, type Exchange, scopeOf } from './exchange.ts';
import { touchContact, touchRefusal } from './queries/contact.ts';
import { insertRequests } from './queries/request.ts';
import { type RequestRow, requestRow } from './recorded-request.ts';

/** Within this time a request that changed nothing is recorded, in milliseconds. */
const flushMs = 200;
/** More than so many wait for nobody: the recorder must not become the bottleneck. */
const mostWaiting = 5000;
const atOnce = 100;
/** The last contact is written at most this often. */
const contactMs = 3000;

/** Records behind the answer what changed nothing, and when a provisioning client was last there. */
export interface Recorder {
  note(exchange: Exchange, answer: Answer): void;
  /** A client without a valid token was turned away. */
  refused(organizationId: string, directoryId: string, why: string): void;
  /** Writes what waits. */
  close(): Promise<void>;
}

type Place = Pick<Directory, 'organizationId' | 'id'>;

interface Waiting {
  directory: Place;
  rows: RequestRow[];
  contactAt: number | undefined;
  refusal: { at: number; why: string } | undefined;
}

/** Makes a recorder. Changes are recorded in their own transaction; only their contact is noted here. */
export function createRecorder(world: World): Recorder {
  const waiting = new Map<string, Waiting>();
  const contacts = new Map<string, number>();
  let size = 0;
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();

  const of = (directory: Place): Waiting => {
    const found = waiting.get(directory.id);
    if (found !== undefined) return found;
    const fresh = { directory, rows: [], contactAt: undefined, refusal: undefined };
    waiting.set(directory.id, fresh);
    timer ??= setTimeout(flush, flushMs);
    return fresh;
  };

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const all = [...waiting.values()];
    waiting.clear();
    size = 0;
    if (dropped > 0) world.log.warn({ dropped }, 'requests came faster than they could be recorded; some were not');
    dropped = 0;
    flushing = flushing.then(async () => {
      for (const one of all) {
        await write(one).catch((error: unknown) => world.log.error({ error }, 'requests could not be recorded'));
      }
    });
    return flushing;
  }

  async function write({ directory, rows, contactAt, refusal }: Waiting): Promise<void> {
    const scope = scopeOf(directory);
    if (contactAt !== undefined || refusal !== undefined) {
      const isFirst = contactAt !== undefined && !contacts.has(directory.id);
      await world.store.write(async (tx) => {
        if (contactAt !== undefined) await tx.run(touchContact, { ...scope, at: contactAt });
        if (refusal !== undefined) await tx.run(touchRefusal, { ...scope, at: refusal.at, refusal: refusal.why });
        const { organizationId } = directory;
        if (isFirst)
          await becomesDue(tx, { kind: 'directory.forget', organizationId, subject: directory.id, in: 60_000 });
      });
      if (contactAt !== undefined) contacts.set(directory.id, contactAt);
    }
    for (let from = 0; from < rows.length; from += atOnce) {
      const some = JSON.stringify(rows.slice(from, from + atOnce));
      await world.store.write((tx) => tx.run(insertRequests, { ...scope, rows: some }));
    }
  }

  return {
    note: (exchange, answer) => {
      const at = world.now();
      const lastContact = contacts.get(exchange.directory.id);
      if (lastContact === undefined || at - lastContact >= contactMs || at < lastContact)
        of(exchange.directory).contactAt = at;
      if (answer.recorded === true) return;
      if (size >= mostWaiting) {
        dropped++;
        return;
      }
      size++;
      of(exchange.directory).rows.push(requestRow(at, exchange, answer));
    },
    refused: (organizationId, id, why) => {
      of({ organizationId, id }).refusal = { at: world.now(), why };
    },
    close: flush,
  };
}
