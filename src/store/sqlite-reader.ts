import { connect } from './sqlite-connection.ts';
import type { Value } from './statement.ts';

/** The connection that reads, in this thread. */
export interface Reader {
  all(sql: string, values: readonly Value[]): Record<string, unknown>[];
  /** What is read from now on sees what was committed until now. To be called before anybody is told of a commit. */
  lookAnew(): void;
  close(): void;
}

/**
 * Opens the connection that reads. What is read in one turn of the event loop is read from one state of the database, that of the
 * last commit that anybody here was told of or a later one: its locks are taken once, which costs as much as a look into an index.
 */
export function createReader(path: string): Reader {
  const connection = connect(path, { readOnly: true, cacheKb: 64_000 });
  let endOfTurn: NodeJS.Immediate | undefined;
  const lookAnew = (): void => {
    clearImmediate(endOfTurn);
    if (connection.isInTransaction()) connection.all('commit', []);
  };
  return {
    all: (sql, values) => {
      if (!connection.isInTransaction()) {
        connection.all('begin', []);
        endOfTurn = setImmediate(lookAnew);
      }
      return connection.all(sql, values);
    },
    lookAnew,
    close: () => {
      lookAnew();
      connection.close();
    },
  };
}
