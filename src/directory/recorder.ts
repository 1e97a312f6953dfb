import type { World } from '#store';
import { createCycleRecorder } from './cycles/cycle-recorder.ts';
import { type Answer, type Directory, type Exchange, scopeOf } from './exchange.ts';
import { touchRefusal } from './queries/contact.ts';
import { insertRequests } from './queries/request.ts';
import { type RequestRow, requestRow } from './recorded-request.ts';

/** Within this time a request that changed nothing is recorded, in milliseconds. */
const flushMs = 200;
/** More than so many wait for nobody: the recorder must not become the bottleneck. */
const mostWaiting = 5000;
const atOnce = 500;

/** Notes that a client was turned away at the gate: 401 without a valid token, 403 while the directory is closed. */
export type Refused = (organizationId: string, directoryId: string, status: 401 | 403, why: string) => void;

/** Records behind the answer what changed nothing, the cycles, and when a provisioning client was last there. */
export interface Recorder {
  note(exchange: Exchange, answer: Answer): void;
  /** Counts in its cycle what is not worth a record of its own: a request beyond the limit. */
  count(exchange: Exchange, answer: Answer): void;
  refused: Refused;
  /** Writes what waits. */
  close(): Promise<void>;
}

type Place = Pick<Directory, 'organizationId' | 'id'>;

interface Waiting {
  directory: Place;
  rows: RequestRow[];
  refusal: { at: number; status: number; why: string } | undefined;
}

/** Makes a recorder. Changes are recorded in their own transaction; only their cycle is noted here. */
export function createRecorder(world: World): Recorder {
  const waiting = new Map<string, Waiting>();
  const cycles = createCycleRecorder(world);
  let size = 0;
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();

  const of = (directory: Place): Waiting => {
    const found = waiting.get(directory.id);
    if (found !== undefined) return found;
    const fresh = { directory, rows: [], refusal: undefined };
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

  async function write({ directory, rows, refusal }: Waiting): Promise<void> {
    const scope = scopeOf(directory);
    if (refusal !== undefined) {
      const { at, status, why } = refusal;
      await world.store.write((tx) => tx.run(touchRefusal, { ...scope, at, status, refusal: why }));
    }
    for (let from = 0; from < rows.length; from += atOnce) {
      const some = JSON.stringify(rows.slice(from, from + atOnce));
      await world.store.write((tx) => tx.run(insertRequests, { ...scope, rows: some }));
    }
  }

  return {
    note: (exchange, answer) => {
      const at = world.now();
      cycles.note(at, exchange, answer);
      if (answer.recorded === true) return;
      if (size >= mostWaiting) {
        dropped++;
        return;
      }
      size++;
      of(exchange.directory).rows.push(requestRow(at, exchange, answer));
    },
    count: (exchange, answer) => cycles.note(world.now(), exchange, answer),
    refused: (organizationId, id, status, why) => {
      of({ organizationId, id }).refusal = { at: world.now(), status, why };
    },
    close: async () => {
      await flush();
      await cycles.close();
    },
  };
}
