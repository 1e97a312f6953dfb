import { connect } from 'node:net';

/** An answer as it came: its status, its head and its body as text. */
export interface Answer {
  status: number;
  head: string;
  body: string;
}

/** One keep-alive connection with one request under way at a time. */
export interface Connection {
  send(request: string): Promise<Answer>;
  /** Whether the server ended it. */
  ended(): boolean;
  close(): void;
}

/** Connects to a server of this machine; requests are texts of HTTP/1.1, so that the generator costs little. */
export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  let received: Buffer = Buffer.alloc(0);
  let ended = false;
  const fail = (error: Error) => {
    ended = true;
    waiting?.reject(error);
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = readAnswer(received);
    if (answer === undefined) return;
    received = Buffer.alloc(0);
    const { resolve } = waiting ?? {};
    waiting = undefined;
    resolve?.(answer);
  });
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    ended: () => ended,
    close: () => socket.destroy(),
  };
}

/** The whole answer, or undefined while some of it is missing. */
function readAnswer(data: Buffer): Answer | undefined {
  const end = data.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = data.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  if (status === 204 || status === 304) return { status, head, body: '' };
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) return readChunked(data, end + 4, status, head);
  const from = end + 4;
  return data.length < from + Number(length)
    ? undefined
    : { status, head, body: data.toString('utf8', from, from + Number(length)) };
}

function readChunked(data: Buffer, from: number, status: number, head: string): Answer | undefined {
  const parts: Buffer[] = [];
  for (let at = from; ; ) {
    const line = data.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(data.toString('latin1', at, line), 16);
    if (data.length < line + 2 + size + 2) return undefined;
    if (size === 0) return { status, head, body: Buffer.concat(parts).toString('utf8') };
    parts.push(data.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
