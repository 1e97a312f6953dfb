import type pg from 'pg';

/** After so many transactions of this process, and each time four times as many, it is looked after the statistics. */
const firstLook = 100;

/**
 * Keeps PostgreSQL's planner from guessing about tables that have only begun to fill: without statistics it takes any index
 * that fits a little, and walks through a whole directory for one user. Its own daemon comes once a minute, and an initial
 * cycle brings thousands until then. Gives what is to be called after each transaction.
 */
export function createStatistics(pool: pg.Pool): () => void {
  let transactions = 0;
  let next = firstLook;
  return () => {
    transactions += 1;
    if (transactions < next) return;
    next *= 4;
    // What fails here is the daemon's task anyway.
    analyzeGrown(pool).catch(() => undefined);
  };
}

/** Analyzes the tables that have at least doubled since the planner heard of them. */
async function analyzeGrown(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select c.oid::regclass as name
       from pg_class c
      where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
        and pg_relation_size(c.oid) >= current_setting('block_size')::bigint * 2 * greatest(c.relpages, 1)`,
  );
  for (const { name } of rows) await pool.query(`analyze ${name}`);
}
