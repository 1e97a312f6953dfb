import { readCommandLine } from '#config';
import { type CallInput, createClient, type EntryName, ProblemAnswer, type Reach } from '#contract';
import { type Given, Misuse } from './cli.ts';
import { findLogin } from './login-file.ts';

/** No Portico answers at that address. */
export class NotReached extends Error {
  override readonly name = 'NotReached';
}

/** The server that is meant and the key to it: by settings, else by what `portico login` kept. Throws {@link Misuse}. */
export async function findReach(): Promise<Reach & { key: string }> {
  const { url, apiKey, defaultUrl, folder } = readCommandLine();
  if (apiKey !== undefined) return { url: url ?? defaultUrl, key: apiKey };
  const kept = await findLogin(folder, url);
  if (kept !== undefined) return kept;
  throw new Misuse(
    `there is no API key for ${url ?? defaultUrl}; run \`portico login\`, or set PORTICO_URL and PORTICO_API_KEY; keys are issued in the console, under API keys`,
  );
}

/** Calls an entry at a server. Throws {@link ProblemAnswer}, or {@link NotReached} with a sentence for people. */
export async function callAt(reach: Reach, name: EntryName, input: Given): Promise<unknown> {
  try {
    return await createClient(reach)(name, input as CallInput<EntryName>);
  } catch (error) {
    if (error instanceof ProblemAnswer) throw error;
    if (error instanceof SyntaxError)
      throw new NotReached(`what answers at ${reach.url} is not Portico; check PORTICO_URL`, { cause: error });
    const code = whyUnreached(error);
    if (code === undefined) throw error;
    throw new NotReached(
      `Portico does not answer at ${reach.url} (${code}); start it with \`portico serve\`, or set PORTICO_URL to its address`,
      { cause: error },
    );
  }
}

/** Why no answer came: the system's word, e.g. `ECONNREFUSED`, else the cause's own; undefined for any other failure. */
function whyUnreached(error: unknown): string | undefined {
  if (!(error instanceof TypeError) || error.cause === undefined) return undefined;
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.message : String(cause);
}
