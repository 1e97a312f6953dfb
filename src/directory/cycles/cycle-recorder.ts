import { becomesDue, idAt, only, type Transaction, type World } from '#store';
import { type Answer, type Directory, type Exchange, scopeOf } from '../exchange.ts';
import { touchContact } from '../queries/contact.ts';
import { findCounts } from '../queries/count.ts';
import { addToCycle, findLastCycle, insertCycle } from '../queries/cycle.ts';
import { silenceMs } from './cycle.ts';
import { countRequest, emptyTally, type Tally } from './tally.ts';

/** What a first request did is written after so long, later ones at most so often, in milliseconds. */
const firstMs = 200;
const betweenMs = 3000;

type Place = Pick<Directory, 'organizationId' | 'id'>;

interface Waiting {
  directory: Place;
  /** By user agent: a client keeps its own while its token is rotated. */
  tallies: Map<string, Tally>;
}

/** Finds cycles in the traffic: counts in memory, and writes behind the answer what a few seconds brought. */
export interface CycleRecorder {
  note(at: number, exchange: Exchange, answer: Answer): void;
  /** Writes what waits. */
  close(): Promise<void>;
}

/** Makes a recorder of cycles; it writes the last contact too. */
export function createCycleRecorder(world: World): CycleRecorder {
  let waiting = new Map<string, Waiting>();
  const known = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let writtenAt = Number.NEGATIVE_INFINITY;
  let writing: Promise<void> = Promise.resolve();

  function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writtenAt = performance.now();
    const all = [...waiting.values()];
    waiting = new Map();
    writing = writing.then(async () => {
      for (const one of all) {
        await writeOne(one).catch((error: unknown) => world.log.error({ error }, 'a cycle could not be recorded'));
      }
    });
    return writing;
  }

  async function writeOne({ directory, tallies }: Waiting): Promise<void> {
    const isFirst = !known.has(directory.id);
    await world.store.write(async (tx) => {
      const scope = scopeOf(directory);
      const at = Math.max(...Array.from(tallies.values(), ({ lastAt }) => lastAt));
      // Its row is locked from here on: of two machines one begins a cycle, and the other goes on with it.
      await tx.run(touchContact, { ...scope, at });
      for (const [client, tally] of tallies) await keep(tx, directory, client, tally);
      const { organizationId, id: subject } = directory;
      if (isFirst) await becomesDue(tx, { kind: 'directory.forget', organizationId, subject, in: 60_000 });
    });
    known.add(directory.id);
  }

  return {
    note: (at, exchange, answer) => {
      const { directory } = exchange;
      const client = (exchange.userAgent ?? '').slice(0, 200);
      const place = waiting.get(directory.id) ?? { directory, tallies: new Map<string, Tally>() };
      waiting.set(directory.id, place);
      const tally = place.tallies.get(client) ?? emptyTally(at);
      place.tallies.set(client, tally);
      countRequest(tally, at, exchange, answer);
      timer ??= setTimeout(write, Math.max(firstMs, writtenAt + betweenMs - performance.now()));
    },
    close: write,
  };
}

async function keep(tx: Transaction, directory: Place, client: string, tally: Tally): Promise<void> {
  const scope = scopeOf(directory);
  const last = only(await tx.run(findLastCycle, { ...scope, client }));
  const { firstAt, ...values } = tally;
  if (last !== undefined && firstAt - last.lastAt < silenceMs) {
    await tx.run(addToCycle, { ...scope, id: last.id, ...values });
    return;
  }
  const counts = only(await tx.run(findCounts, scope));
  // What this cycle created is counted already, and a little that it created since; what was there before tells about its kind.
  const resources = Math.max(0, (counts?.users ?? 0) + (counts?.groups ?? 0) - tally.created + tally.deleted);
  await tx.run(insertCycle, { ...scope, id: idAt(firstAt), client, firstAt, resources, ...values });
}
