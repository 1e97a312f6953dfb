import { openConnection } from './connection.ts';
import { fetchCode, openLines, redeem, type SignInTarget, signIn } from './journey.ts';

/** What the generator is told to do with a server that signs people in. */
export type SignInJob =
  /** Whole sign-ins, so many browsers at once, for a time. */
  | { kind: 'sign-ins'; target: SignInTarget; logins: readonly string[]; clients: number; ms: number }
  /** Sign-ins at the tenant itself, one after the other. */
  | { kind: 'tenant'; target: SignInTarget; logins: readonly string[]; ms: number }
  /** Whole sign-ins that begin at so many a second, whatever becomes of those before them. */
  | { kind: 'rush'; target: SignInTarget; logins: readonly string[]; perSecond: number; ms: number }
  /** One whole sign-in of each, for their access tokens. */
  | { kind: 'tokens'; target: SignInTarget; logins: readonly string[] }
  /** Code exchanges; the codes are `given`, or fetched first by people who are signed in already. */
  | { kind: 'exchanges'; target: SignInTarget; logins: readonly string[]; clients: number; codes: number | GivenCode[] }
  /** Session checks as a product makes them: userinfo with an access token, another one each time. */
  | { kind: 'checks'; port: number; path: string; tokens: readonly string[]; clients: number; ms: number };

/** A code and what redeems it. */
export interface GivenCode {
  form: string;
  nonce: string;
}

/** What it saw; times in milliseconds, of those that were done within the time. `faults` are the different ones, ten at most. */
export interface SignInReport {
  perSecond: number;
  done: number;
  /** With those that ended after the time. */
  all: number;
  failed: number;
  p50: number;
  p99: number;
  most: number;
  requests: number;
  serverMs: number;
  upstreamMs: number;
  exchangeMs: number;
  faults: string[];
  tokens: string[];
}

const sorted = (values: number[]): number[] => values.sort((a, b) => a - b);
const at = (values: readonly number[], share: number): number =>
  values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** What is noted while a job is done. */
function openBook() {
  const times: number[] = [];
  const parts = { serverMs: [] as number[], upstreamMs: [] as number[], exchangeMs: [] as number[] };
  const faults = new Map<string, number>();
  const tokens: string[] = [];
  let [all, requests] = [0, 0];
  return {
    faults,
    tokens,
    fail: (error: unknown) => {
      const said = error instanceof Error ? error.message : String(error);
      faults.set(said, (faults.get(said) ?? 0) + 1);
    },
    done: (ms: number, counts: boolean, its: Partial<Awaited<ReturnType<typeof signIn>>> = {}) => {
      all += 1;
      if (!counts) return;
      times.push(ms);
      requests = its.requests ?? 1;
      for (const part of ['serverMs', 'upstreamMs', 'exchangeMs'] as const)
        if (its[part] !== undefined) parts[part].push(its[part]);
    },
    report: (spanMs: number): SignInReport => {
      const by = sorted(times);
      return {
        perSecond: times.length / (spanMs / 1000),
        done: times.length,
        all,
        failed: [...faults.values()].reduce((sum, one) => sum + one, 0),
        p50: at(by, 0.5),
        p99: at(by, 0.99),
        most: by.at(-1) ?? 0,
        requests,
        serverMs: at(sorted(parts.serverMs), 0.5),
        upstreamMs: at(sorted(parts.upstreamMs), 0.5),
        exchangeMs: at(sorted(parts.exchangeMs), 0.5),
        faults: [...faults.keys()].slice(0, 10),
        tokens,
      };
    },
  };
}

const mostFaults = 20;
const warmUpMs = 300;

/** Does a job. */
export async function doSignInJob(job: SignInJob): Promise<SignInReport> {
  if (job.kind === 'checks') return check(job);
  if (job.kind === 'rush') return rush(job);
  if (job.kind === 'exchanges') return exchange(job);
  const [lines, book] = [openLines(), openBook()];
  const started = performance.now();
  const from = job.kind === 'tokens' ? started : started + warmUpMs;
  const end = job.kind === 'tokens' ? Number.POSITIVE_INFINITY : from + job.ms;
  const clients = job.kind === 'tokens' ? 8 : job.kind === 'tenant' ? 1 : job.clients;
  const most = job.kind === 'tokens' ? job.logins.length : Number.POSITIVE_INFINITY;
  let next = 0;
  const one = async () => {
    while (next < most && performance.now() < end && book.faults.size < mostFaults) {
      const number = next++;
      const begun = performance.now();
      try {
        const its = await signIn(
          lines,
          job.target,
          job.logins[number % job.logins.length] ?? '',
          job.kind === 'tenant',
        );
        const over = performance.now();
        book.done(over - begun, begun >= from && over <= end, its);
        if (job.kind === 'tokens') book.tokens[number] = its.accessToken;
      } catch (error) {
        book.fail(error);
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, one));
  lines.close();
  return book.report(job.kind === 'tokens' ? performance.now() - started : job.ms);
}

async function rush({ target, logins, perSecond, ms }: SignInJob & { kind: 'rush' }): Promise<SignInReport> {
  const [lines, book] = [openLines(), openBook()];
  const started = performance.now();
  const underWay = new Set<Promise<void>>();
  const many = Math.floor((perSecond * ms) / 1000);
  for (let number = 0; number < many; number++) {
    const due = started + (number * 1000) / perSecond;
    for (let left = due - performance.now(); left > 0; left = due - performance.now())
      await new Promise((wake) => setTimeout(wake, left));
    const one = signIn(lines, target, logins[number % logins.length] ?? '')
      .then((its) => book.done(performance.now() - due, true, its), book.fail)
      .finally(() => underWay.delete(one));
    underWay.add(one);
  }
  await Promise.all(underWay);
  lines.close();
  return book.report(ms);
}

/** Codes are fetched by people who are signed in, so that only their exchange is measured. */
async function exchange({ target, logins, clients, codes }: SignInJob & { kind: 'exchanges' }): Promise<SignInReport> {
  const [lines, book] = [openLines(), openBook()];
  const waiting: { form: URLSearchParams; nonce: string }[] = [];
  if (typeof codes === 'number') {
    const browsers = await Promise.all(
      logins.slice(0, 8).map(async (login) => {
        const cookies = new Map<string, string>();
        await fetchCode(lines, target, login, cookies);
        return { login, cookies };
      }),
    );
    await Promise.all(
      browsers.map(async ({ login, cookies }) => {
        while (waiting.length < codes) waiting.push(await fetchCode(lines, target, login, cookies));
      }),
    );
  } else for (const { form, nonce } of codes) waiting.push({ form: new URLSearchParams(form), nonce });
  const started = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let code = waiting.pop(); code !== undefined; code = waiting.pop()) {
        try {
          const { exchangeMs } = await redeem(lines, target, code);
          book.done(exchangeMs, true, { exchangeMs });
        } catch (error) {
          book.fail(error);
        }
      }
    }),
  );
  lines.close();
  return book.report(performance.now() - started);
}

/** Asks for another token each time; each answer has to name a person. */
async function check({ port, path, tokens, clients, ms }: SignInJob & { kind: 'checks' }): Promise<SignInReport> {
  const book = openBook();
  const started = performance.now();
  const [from, end] = [started + warmUpMs, started + warmUpMs + ms];
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      const connection = await openConnection(port);
      for (let number = client; performance.now() < end && book.faults.size < mostFaults; number += clients * 7919) {
        const token = tokens[number % tokens.length];
        const begun = performance.now();
        try {
          const { status, body } = await connection.send(
            `GET ${path} HTTP/1.1\r\nhost: localhost:${port}\r\nauthorization: Bearer ${token}\r\n\r\n`,
          );
          if (status !== 200 || !/"sub":"[^"]+"/.test(body)) throw new Error(`${status} ${body.slice(0, 200)}`);
          const over = performance.now();
          book.done(over - begun, begun >= from && over <= end);
        } catch (error) {
          book.fail(error);
          if (connection.ended()) break;
        }
      }
      connection.close();
    }),
  );
  return book.report(ms);
}
