import { type Answer, type Connection, openConnection } from './connection.ts';
import { type People, type Piece, requestText, type Target, works } from './works.ts';

/** What the generator is told to do: one kind of work, for a time or a number of answers. */
export interface Job {
  target: Target;
  work: string;
  clients: number;
  /** Milliseconds after the first 300, which do not count. */
  ms?: number;
  answers?: number;
  run: number;
}

/** What it saw. Times in milliseconds; `faults` are wrong answers, at most ten of them told. */
export interface Report {
  perSecond: number;
  answers: number;
  /** With those of the first moments. */
  all: number;
  p50: number;
  p99: number;
  faults: string[];
}

const warmUpMs = 300;

/** Whoever does not answer within this time can not do the work. */
const longestMs = 20_000;

function within(answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${longestMs / 1000} s`)), longestMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** Does a job and checks every answer. */
export async function run(job: Job, people: People): Promise<Report> {
  const { target, clients } = job;
  const make = works[job.work];
  if (make === undefined) throw new Error(`there is no work ${job.work}`);
  const connections = await Promise.all(Array.from({ length: clients }, () => openConnection(target.port)));
  const times: number[] = [];
  const faults: string[] = [];
  const started = performance.now();
  const from = job.answers === undefined ? started + warmUpMs : started;
  const end = job.ms === undefined ? Number.POSITIVE_INFINITY : from + job.ms;
  let left = job.answers ?? Number.POSITIVE_INFINITY;
  let last = started;
  let all = 0;
  const one = async (connection: Connection, next: () => Piece) => {
    while (performance.now() < end && left-- > 0 && faults.length < 10) {
      const piece = next();
      const asked = performance.now();
      const answer = await within(connection.send(piece.request)).catch((error: Error) => error);
      const answered = performance.now();
      const fault = answer instanceof Error ? answer.message : piece.fault(answer);
      if (answer instanceof Error || fault !== undefined) {
        faults.push(fault ?? '');
        // Nothing more is to be had on a connection that was lost, or where an answer may still come.
        if (answer instanceof Error) return;
      } else {
        all += 1;
        const promise = piece.promise?.(answer);
        if (promise !== undefined) people.promised.set(promise.id, promise);
        if (asked >= from && answered <= end) {
          times.push(answered - asked);
          last = answered;
        }
      }
    }
  };
  try {
    await Promise.all(
      connections.map((connection, client) => one(connection, make(target, people, client, clients, job.run))),
    );
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    const span = job.answers === undefined && job.ms !== undefined ? job.ms : last - from;
    return {
      perSecond: times.length / (span / 1000),
      answers: times.length,
      all,
      p50: at(0.5),
      p99: at(0.99),
      faults: [...new Set(faults)],
    };
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** Asks for everything that was acknowledged since it was last asked for; gives what is not there, ten at most. */
export async function findMissing(target: Target, people: People): Promise<string[]> {
  const promised = [...people.promised.values()];
  people.promised.clear();
  const missing: string[] = [];
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      const connection = await openConnection(target.port);
      for (let one = promised.pop(); one !== undefined; one = promised.pop()) {
        const { status, body } = await connection.send(requestText(target, 'GET', `/Users/${one.id}`));
        const shown = status === 200 ? (JSON.parse(body) as Record<string, unknown>) : {};
        const wrong = Object.entries(one.shows).filter(([name, value]) => shown[name] !== value);
        if (status !== 200 || wrong.length > 0) missing.push(`${one.id}: ${status} ${JSON.stringify(wrong)}`);
      }
      connection.close();
    }),
  );
  return missing.slice(0, 10);
}
