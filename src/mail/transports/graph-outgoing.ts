import {
  createDraftMime,
  findByInternetMessageId,
  type Graph,
  GraphError,
  type GraphMessage,
  sendDraft,
  sendMail,
} from '#entra';
import { explainFailure } from './explain-failure.ts';
import type { Outgoing, OutgoingTransport, Verdict } from './transport.ts';

/**
 * How far a message has come. Graph's sendMail is not idempotent, and a draft is: it can be looked for by its Message-ID,
 * and sending it takes it out of Drafts, so that it is sent once.
 */
type Progress =
  | { readonly way: 'direct' }
  | {
      readonly way: 'draft';
      readonly draftId: string | null;
      /** Whether the request to send the draft may have reached Graph. */
      readonly issued: boolean;
      /** How often was looked since, without an answer to what became of it. */
      readonly looks: number;
    };

type DraftProgress = Extract<Progress, { way: 'draft' }>;

/** Waits before looking again: Sent Items and Drafts may show a change late. */
const lookWaits = [2000, 5000, 15_000, 30_000, 60_000] as const;
/** A draft that is still there after so many looks was not sent. */
const looksAtDraft = 2;

interface Context {
  readonly graph: Graph;
  /** The application permissions in the token; undefined where it can't be read. */
  readonly roles: () => Promise<readonly string[] | undefined>;
  readonly forgetToken: () => void;
}

/** Sends by Graph: as a draft of our own Message-ID where the app may write drafts, else by sendMail. */
export function createGraphOutgoing(context: Context): OutgoingTransport {
  return {
    send: async (message) => {
      const earlier = message.progress as Progress | undefined;
      if (earlier?.way === 'direct') return leftInDoubt;
      if (earlier !== undefined) return resume(context, message, earlier);
      let roles: readonly string[] | undefined;
      try {
        roles = await context.roles();
      } catch (error) {
        return tryLater(context, error, undefined);
      }
      const onlySend = roles?.includes('Mail.Send') === true && !roles.includes('Mail.ReadWrite');
      return onlySend ? sendDirectly(context, message) : sendAsDraft(context, message);
    },
  };
}

const leftInDoubt: Verdict = {
  outcome: 'uncertain',
  status: null,
  detail:
    'Portico stopped before the answer to sendMail came. The app may only send, not look into Sent Items, so nobody can tell whether it was sent. Ask the recipient, or look into Sent Items of the mailbox. Grant Mail.ReadWrite, and Portico finds out by itself.',
};

async function sendAsDraft(context: Context, message: Outgoing): Promise<Verdict> {
  const begun: DraftProgress = { way: 'draft', draftId: null, issued: false, looks: 0 };
  await message.keep(begun);
  let draft: GraphMessage;
  try {
    draft = await createDraftMime(context.graph, message.mailbox, await message.mime());
  } catch (error) {
    if (error instanceof GraphError && error.status === 403) return sendWithoutDraft(context, message, error);
    return refusal(context, error, mayHaveArrived(error) ? begun : undefined);
  }
  return issue(context, message, draft.id, false);
}

/** Asks Graph to send a draft. `before`: whether an earlier attempt may have asked so already. */
async function issue(context: Context, message: Outgoing, draftId: string, before: boolean): Promise<Verdict> {
  const issued: DraftProgress = { way: 'draft', draftId, issued: true, looks: 0 };
  await message.keep(issued);
  try {
    await sendDraft(context.graph, message.mailbox, draftId);
    return { outcome: 'sent', status: 202, detail: 'Microsoft Graph accepted it.' };
  } catch (error) {
    if (error instanceof GraphError && isNoDraft(error)) {
      return lookAgain(
        issued,
        error.status,
        'The draft is not in Drafts any more. Portico looks for it in Sent Items.',
      );
    }
    if (!mayHaveArrived(error)) return refusal(context, error, { ...issued, issued: before });
    const asked = error instanceof GraphError ? error.retryAfterMs : undefined;
    const words = `${await explainFailure(error)} It may have been sent: Portico looks into Sent Items.`;
    return lookAgain(issued, statusOf(error), words, asked);
  }
}

/** Finds out what became of an earlier attempt, and goes on from there. */
async function resume(context: Context, message: Outgoing, earlier: DraftProgress): Promise<Verdict> {
  const { graph } = context;
  const { mailbox, internetMessageId } = message;
  let draft: GraphMessage | undefined;
  try {
    const sent = await findByInternetMessageId(graph, mailbox, 'sentitems', internetMessageId);
    if (sent !== undefined)
      return { outcome: 'sent', status: 202, detail: 'It is in Sent Items: an earlier attempt sent it.' };
    draft = await findByInternetMessageId(graph, mailbox, 'drafts', internetMessageId);
  } catch (error) {
    return tryLater(context, error, earlier);
  }
  if (!earlier.issued) {
    return draft === undefined ? sendAsDraft(context, message) : issue(context, message, draft.id, false);
  }
  if (draft !== undefined && draft.id === earlier.draftId) {
    if (earlier.looks < looksAtDraft)
      return lookAgain(earlier, null, 'The draft is still in Drafts. Portico looks again before it sends it anew.');
    return issue(context, message, draft.id, true);
  }
  if (earlier.looks < lookWaits.length)
    return lookAgain(earlier, null, 'It is neither in Drafts nor in Sent Items yet. Portico looks again.');
  return {
    outcome: 'uncertain',
    status: null,
    detail:
      'Microsoft Graph was asked to send the draft; it left Drafts and did not come to Sent Items. It was probably sent, and somebody or a rule moved or removed it. Ask the recipient before sending it again.',
  };
}

/** The message is gone, or is no draft any more: an earlier request sent it. */
const isNoDraft = ({ code }: GraphError): boolean => code === 'ErrorItemNotFound' || code === 'ErrorInvalidOperation';

const lookAgain = (
  progress: DraftProgress,
  status: number | null,
  detail: string,
  askedMs: number | undefined = 0,
): Verdict => ({
  outcome: 'retry',
  status,
  detail,
  after: Math.max(askedMs, lookWaits[Math.min(progress.looks, lookWaits.length - 1)] ?? lookWaits[0]),
  progress: { ...progress, looks: progress.looks + 1 },
  inDoubt: progress.issued,
});

/** Exchange may grant sending by a role of its own that no token shows: where drafts are refused, it is tried directly. */
async function sendWithoutDraft(context: Context, message: Outgoing, refused: GraphError): Promise<Verdict> {
  const roles = await context.roles().catch(() => undefined);
  return roles?.includes('Mail.ReadWrite') === true
    ? refusal(context, refused, undefined)
    : sendDirectly(context, message);
}

async function sendDirectly(context: Context, message: Outgoing): Promise<Verdict> {
  const mime = await message.mime();
  const direct: Progress = { way: 'direct' };
  await message.keep(direct);
  try {
    await sendMail(context.graph, message.mailbox, mime);
    return { outcome: 'sent', status: 202, detail: 'Microsoft Graph accepted it, by sendMail.' };
  } catch (error) {
    if (!mayHaveArrived(error)) return refusal(context, error, undefined);
    return {
      outcome: 'uncertain',
      status: statusOf(error),
      detail: `${await explainFailure(error)} It may have been sent, and the app may only send, not look into Sent Items. Ask the recipient, or look into Sent Items of the mailbox. Grant Mail.ReadWrite, and Portico finds out by itself.`,
    };
  }
}

/** Failures to connect: nothing of the request left the house. */
const neverLeft = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT|TLS/;

/** Whether Graph may have done what it was asked. A 503 that names a time is a refusal (Graph throttling.md). */
function mayHaveArrived(error: unknown): boolean {
  if (!(error instanceof GraphError) || !error.uncertain) return false;
  if (error.status === 503 && error.retryAfterMs !== undefined) return false;
  const { cause } = error;
  return !(cause instanceof Error && 'code' in cause && neverLeft.test(String(cause.code)));
}

const lastingCodes =
  /^(ErrorSendAsDenied|ErrorInvalidRecipients|ErrorMessageSizeExceeded|ErrorInvalidUser|MailboxNotEnabledForRESTAPI|ResourceNotFound|Request_ResourceNotFound|ErrorMimeContentInvalid|ErrorMimeContentInvalidBase64String)$/;

/** What to make of a definite refusal: some last, the others are tried again. */
async function refusal(context: Context, error: unknown, progress: Progress | undefined): Promise<Verdict> {
  const lasting =
    error instanceof GraphError && (error.status === 400 || error.status === 413 || lastingCodes.test(error.code));
  return lasting
    ? { outcome: 'failed', status: error.status, detail: await explainFailure(error) }
    : tryLater(context, error, progress);
}

async function tryLater(context: Context, error: unknown, progress: Progress | undefined): Promise<Verdict> {
  const retryAfterMs = error instanceof GraphError ? error.retryAfterMs : undefined;
  if (error instanceof GraphError && error.status === 401) context.forgetToken();
  return {
    outcome: 'retry',
    status: statusOf(error),
    detail: await explainFailure(error),
    progress,
    inDoubt: progress?.way === 'draft' && progress.issued,
    ...(retryAfterMs === undefined ? {} : { after: retryAfterMs, hold: true }),
  };
}

const statusOf = (error: unknown): number | null =>
  error instanceof GraphError && error.status !== 0 ? error.status : null;
