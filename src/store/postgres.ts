import pg from 'pg';
import { createLanes } from './postgres-lanes.ts';
import { createStatistics } from './postgres-statistics.ts';
import type { Statement, Values } from './statement.ts';
import { doWork, type Store, StoreUnavailable } from './store.ts';
import { createTogether } from './together.ts';
import { createTurns } from './turns.ts';

/** So many transactions with changes of one kind are under way at once: while they are on their way to disk others fill. */
const transactionsTogether = 3;

/** Retried as a whole: the database chose this transaction to give way (40001 serialization, 40P01 deadlock). */
const givenWay = new Set(['40001', '40P01']);

/**
 * Opens PostgreSQL, with so many connections at most, each of which it has to take within so many milliseconds. Statements are
 * named and prepared once for each connection; text that is a bigint arrives as a number, since all of ours are times and
 * counts below 2^53.
 */
export function openPostgres(url: string, connections = 10, withinMs = 5000): Store {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: withinMs,
    // Statements that do not wait for one another travel together.
    pipeline: true,
    types: {
      getTypeParser: (id, format) => (id === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(id, format)),
    },
  });
  pool.on('error', () => undefined);
  // One that is lost while it is in use fails its statements; that it says so once more must not end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const committed = createStatistics(pool);
  // The other half is for reads: nobody waits at the pool, which cannot tell a busy database from one that is gone.
  const lanes = Math.ceil(connections / 2);
  const turns = createTurns(connections - lanes);
  const runOn = (send: (query: pg.QueryConfig) => Promise<pg.QueryResult>) =>
    async function run<Params extends Values, Row>(statement: Statement<Params, Row>, params: Params): Promise<Row[]> {
      const { sql, bind } = statement.compile('postgres');
      try {
        const { rows } = await send({ name: statement.name, text: sql, values: bind(params) });
        return rows;
      } catch (error) {
        throw named(error);
      }
    };

  async function connect(): Promise<pg.PoolClient> {
    await turns.take();
    try {
      return await pool.connect();
    } catch (error) {
      const unavailable = new StoreUnavailable(error);
      turns.refuseAll(unavailable);
      turns.give();
      throw unavailable;
    }
  }

  async function once<T>(work: Parameters<Store['write']>[0]): Promise<T> {
    const client = await connect();
    let broken = false;
    try {
      // Travels with the first statement, which fails if this does.
      client.query('begin').catch(() => undefined);
      const run = runOn((query) => client.query(query));
      const result = (await doWork('postgres', run, work)) as T;
      await client.query('commit');
      committed();
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => {
        broken = true;
      });
      throw named(error);
    } finally {
      client.release(broken);
      turns.give();
    }
  }

  const write: Store['write'] = async (work) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(work);
      } catch (error) {
        if (attempt >= 5 || !givenWay.has(codeOf(error))) throw error;
      }
    }
  };

  return {
    dialect: 'postgres',
    read: runOn(createLanes(pool, lanes)),
    write,
    together: createTogether(write, transactionsTogether),
    close: () => pool.end(),
  };
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** Connection failures, and the classes 08, 53, 57 and 58 (connection, resources, operator, system), are outages. */
function named(error: unknown): unknown {
  if (error instanceof StoreUnavailable || !(error instanceof Error)) return error;
  const code = codeOf(error);
  const outage =
    /^(?:08|53|57|58)/.test(code) ||
    /^E[A-Z]+$/.test(code) ||
    /terminated|timeout exceeded|Connection ended/.test(error.message);
  return outage ? new StoreUnavailable(error) : error;
}
