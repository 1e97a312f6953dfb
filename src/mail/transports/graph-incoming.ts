import {
  EntraError,
  findByInternetMessageId,
  type Graph,
  GraphError,
  type GraphMessage,
  inboxDelta,
  isDeltaLost,
  readMime,
} from '#entra';
import { explainFailure } from './explain-failure.ts';
import { type Arrived, type IncomingTransport, LinkLost, TransportFault } from './transport.ts';

/** Messages on a page: they are read and written together, so few enough not to hold anybody else up. */
const pageSize = 10;

/** Receives by Graph's delta query of the inbox (Graph message-delta.md). */
export function createGraphIncoming({
  graph,
  forgetToken,
}: {
  readonly graph: Graph;
  readonly forgetToken: () => void;
}): IncomingTransport {
  const faultOf = async (error: unknown): Promise<unknown> => {
    if (isDeltaLost(error) || (error instanceof GraphError && error.code === 'foreignLink'))
      return new LinkLost('Graph does not know the link any more', { cause: error });
    if (!(error instanceof GraphError) && !(error instanceof EntraError)) return error;
    if (error instanceof GraphError && error.status === 401) forgetToken();
    const retryAfterMs = error instanceof GraphError ? error.retryAfterMs : undefined;
    const status = error instanceof GraphError ? error.status : 0;
    return new TransportFault(await explainFailure(error), { status, retryAfterMs, cause: error });
  };
  return {
    list: async (mailbox, { link, since }) => {
      const from = link === undefined ? { since: new Date(since).toISOString() } : { link };
      const page = await inboxDelta(graph, mailbox, { ...from, pageSize }).catch(async (error: unknown) => {
        throw await faultOf(error);
      });
      return {
        messages: page.messages.filter(({ isDraft }) => !isDraft).map(toArrived),
        link: page.nextLink ?? page.deltaLink ?? '',
        more: page.nextLink !== undefined,
      };
    },
    probe: async (mailbox) => {
      await findByInternetMessageId(graph, mailbox, 'inbox', '<nobody@portico.invalid>').catch(
        async (error: unknown) => {
          throw await faultOf(error);
        },
      );
    },
    read: async (mailbox, id) => {
      try {
        return await readMime(graph, mailbox, id);
      } catch (error) {
        if (isUnreadable(error)) return undefined;
        throw await faultOf(error);
      }
    },
  };
}

/** Gone meanwhile, or longer than is read into memory: no later attempt changes that. */
function isUnreadable(error: unknown): boolean {
  if (!(error instanceof GraphError)) return false;
  const { cause } = error;
  return error.code === 'ErrorItemNotFound' || (cause instanceof Error && 'code' in cause && cause.code === 'TOO_LONG');
}

const toArrived = (it: GraphMessage): Arrived => ({
  id: it.id,
  internetMessageId: it.internetMessageId,
  from: it.from,
  to: it.to,
  subject: it.subject,
  receivedAt: timeOf(it.receivedAt),
  sentAt: timeOf(it.sentAt),
});

function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
