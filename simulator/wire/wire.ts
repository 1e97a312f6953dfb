import type { Duplex } from 'node:stream';

/** A connection read by lines and by counted bytes, as SMTP and IMAP are. All reads give undefined once it has ended. */
export type Wire = {
  /** The next line, without its end; longer ones than a mebibyte end the connection. */
  readonly line: () => Promise<string | undefined>;
  readonly bytes: (count: number) => Promise<Buffer | undefined>;
  /** What comes up to a marker, which is taken and left out; `most` bytes of it are kept waiting. */
  readonly until: (marker: string, most: number) => Promise<Buffer | undefined>;
  /** Whether a whole line has come already. */
  readonly hasLine: () => boolean;
  /** Resolves when something came, or the connection ended. */
  readonly arrival: () => Promise<void>;
  /** Puts bytes back in front of what comes. */
  readonly unread: (text: string) => void;
  readonly write: (text: string | Buffer) => void;
  /** Stops reading; what has come and was not read is dropped. */
  readonly release: () => void;
  readonly ended: () => boolean;
};

const longestLine = 1024 * 1024;

/** Reads a connection. What arrives is kept in one buffer that grows by doubling. */
export function openWire(socket: Duplex): Wire {
  let store = Buffer.alloc(4096);
  let [start, end] = [0, 0];
  let isOver = false;
  let next = Promise.withResolvers<void>();
  const wake = (): void => {
    next.resolve();
    next = Promise.withResolvers();
  };
  const take = (piece: Buffer): void => {
    if (end + piece.length > store.length) {
      const grown = Buffer.alloc(Math.max((end - start + piece.length) * 2, 4096));
      store.copy(grown, 0, start, end);
      [store, start, end] = [grown, 0, end - start];
    }
    piece.copy(store, end);
    end += piece.length;
    wake();
  };
  const finish = (): void => {
    isOver = true;
    wake();
  };
  socket.on('data', take).once('close', finish).once('end', finish).on('error', finish);
  const arrival = (): Promise<void> => (isOver ? Promise.resolve() : next.promise);
  const until = async (marker: string, most: number): Promise<Buffer | undefined> => {
    for (let seen = 0; ; ) {
      const found = store.subarray(start, end).indexOf(marker, Math.max(seen - marker.length, 0), 'latin1');
      if (found >= 0) {
        const taken = Buffer.from(store.subarray(start, start + found));
        start += found + marker.length;
        return taken;
      }
      seen = end - start;
      if (isOver || seen > most) {
        socket.destroy();
        return undefined;
      }
      await arrival();
    }
  };
  return {
    line: async () => (await until('\n', longestLine))?.toString('latin1').replace(/\r$/, ''),
    bytes: async (count) => {
      while (end - start < count && !isOver) await arrival();
      if (end - start < count) return undefined;
      start += count;
      return Buffer.from(store.subarray(start - count, start));
    },
    until,
    hasLine: () => store.subarray(start, end).includes('\n'),
    arrival,
    unread: (text) => {
      const rest = Buffer.concat([Buffer.from(text, 'latin1'), store.subarray(start, end)]);
      [store, start, end] = [rest, 0, rest.length];
    },
    write: (text) => {
      if (!socket.writableEnded && !socket.destroyed) socket.write(text);
    },
    release: () => {
      socket.off('data', take).off('end', finish).off('error', finish);
    },
    ended: () => isOver,
  };
}
