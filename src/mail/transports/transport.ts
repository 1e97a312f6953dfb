/** A message on its way out, as a transport sees it. */
export interface Outgoing {
  /** Address of the mailbox it is sent from. */
  readonly mailbox: string;
  /** Message-ID of our own, with its angle brackets: what earlier attempts are looked for by. */
  readonly internetMessageId: string;
  /** The message in MIME, made when first asked for. */
  readonly mime: () => Promise<string>;
  /**
   * What this transport last kept of the message, in its own terms; undefined where nothing can have left the house.
   */
  readonly progress: unknown;
  /**
   * Keeps how far it has come before a step that can't be taken back. Throws {@link AttemptLost} where another machine
   * has taken the message over: nothing more may be done with it then.
   */
  readonly keep: (progress: unknown) => Promise<void>;
}

/** What became of an attempt. `status` is the server's; `detail` tells what happened, why, and what to do next. */
export type Verdict = { readonly status: number | null; readonly detail: string } & (
  | { readonly outcome: 'sent' | 'failed' | 'uncertain' }
  | {
      readonly outcome: 'retry';
      /** Milliseconds after which to try again; without it later each time. */
      readonly after?: number;
      /** Whether the server wants to hear nothing about the whole mailbox until then. */
      readonly hold?: boolean;
      /** What to keep for the next attempt; undefined where nothing can have left the house. */
      readonly progress?: unknown;
      /** Whether the message may have been sent already. */
      readonly inDoubt?: boolean;
    }
);

/** Hands messages over, each to be delivered once. */
export interface OutgoingTransport {
  /** Makes one attempt. Throws only {@link AttemptLost} and what is a fault of our own. */
  send(message: Outgoing): Promise<Verdict>;
}

/** A message that arrived, as a list shows it. */
export interface Arrived {
  /** The server's id; stays the same wherever the message is moved. */
  readonly id: string;
  readonly internetMessageId: string | undefined;
  readonly from: string | undefined;
  readonly to: readonly string[];
  readonly subject: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number | undefined;
  readonly sentAt: number | undefined;
}

/** What arrived since a link was given, or since a time. */
export interface ArrivedPage {
  readonly messages: readonly Arrived[];
  /** Where the next page, or the next round, begins. */
  readonly link: string;
  /** Whether more is waiting already. */
  readonly more: boolean;
}

/** Tells what arrived in a mailbox, without a gap. */
export interface IncomingTransport {
  /** One page after `link`; without it what arrived since `since` (epoch milliseconds). Throws {@link LinkLost}. */
  list(mailbox: string, from: { link: string | undefined; since: number }): Promise<ArrivedPage>;
  /** The whole message in MIME; undefined where it is gone, or too large to be read. */
  read(mailbox: string, id: string): Promise<string | undefined>;
  /** Looks whether the mailbox is there and may be read. Throws {@link TransportFault}. */
  probe(mailbox: string): Promise<void>;
}

/** A transport's sides for one connection. Others than Graph join here. */
export interface Transport {
  readonly outgoing: OutgoingTransport;
  readonly incoming: IncomingTransport;
}

/** Another machine has taken the message over. */
export class AttemptLost extends Error {}

/** The server no longer knows the link; the mailbox is to be read anew from a time. */
export class LinkLost extends Error {}

/** A server refused or could not be reached; `words` tell what happened, why, and what to do next. */
export class TransportFault extends Error {
  /** The server's status; 0 where it gave none. */
  readonly status: number;
  /** Milliseconds that the server asks to wait. */
  readonly retryAfterMs: number | undefined;
  constructor(words: string, of: { status: number; retryAfterMs: number | undefined; cause: unknown }) {
    super(words, { cause: of.cause });
    this.status = of.status;
    this.retryAfterMs = of.retryAfterMs;
  }
}
