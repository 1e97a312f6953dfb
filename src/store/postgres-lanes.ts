import type pg from 'pg';

/** A connection on which statements follow one another without waiting for each other's answers. */
interface Lane {
  client: Promise<pg.PoolClient>;
  asked: number;
  /** When it was opened or last answered, by `performance.now()`. */
  moved: number;
}

/** So many statements wait on one lane before another one is opened. */
const mostAsked = 32;
/** A lane that has not answered for so long, in milliseconds, has something slow on it: nothing more is put behind that. */
const slowMs = 5;

/**
 * Runs reads on few connections, many on each: sending one to a connection that is busy anyway wakes nobody, and that costs
 * more than most reads. A lane is opened when one is asked for and goes back to the pool when it has nothing left to do.
 */
export function createLanes(pool: pg.Pool, most: number): (query: pg.QueryConfig) => Promise<pg.QueryResult> {
  const lanes: Lane[] = [];

  function choose(): Lane {
    const now = performance.now();
    const free = lanes.find((lane) => lane.asked < mostAsked && now - lane.moved < slowMs);
    if (free !== undefined) return free;
    const [least] = lanes.toSorted((a, b) => a.asked - b.asked);
    if (least !== undefined && lanes.length >= most) return least;
    const opened = { client: pool.connect(), asked: 0, moved: now };
    lanes.push(opened);
    return opened;
  }

  return async (query) => {
    const lane = choose();
    lane.asked += 1;
    let broken = true;
    try {
      const client = await lane.client;
      const result = await client.query(query);
      broken = false;
      return result;
    } catch (error) {
      // What the database itself refuses leaves the connection as it was.
      broken = !(error instanceof Error && 'severity' in error && error.severity === 'ERROR');
      throw error;
    } finally {
      lane.moved = performance.now();
      lane.asked -= 1;
      if (lane.asked === 0 || broken) close(lane, broken);
    }
  };

  function close(lane: Lane, broken: boolean): void {
    const index = lanes.indexOf(lane);
    if (index < 0) return;
    lanes.splice(index, 1);
    lane.client.then(
      (client) => client.release(broken),
      () => undefined,
    );
  }
}
