import { Misuse } from './cli.ts';

const cancelled = () => new Misuse('nothing was done');

/** Asks yes or no at a terminal. */
export async function askYes(message: string): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message, initialValue: false });
  if (isCancel(answer)) throw cancelled();
  return answer;
}

/** Asks for a text at a terminal. */
export async function askText(message: string, initialValue: string): Promise<string> {
  const { text, isCancel } = await import('@clack/prompts');
  const answer = await text({ message, initialValue });
  if (isCancel(answer)) throw cancelled();
  return answer.trim();
}

/**
 * Asks for a value that is not to be seen: hidden at a terminal, else all of standard input. It never stands on a command
 * line, where other processes and the shell's history would see it.
 */
export async function askSecret(message: string): Promise<string> {
  if (!process.stdin.isTTY) {
    const value = (await readInput()).trim();
    if (value === '') throw new Misuse('the value is read from standard input, which is empty; pipe it in');
    return value;
  }
  const { password, isCancel } = await import('@clack/prompts');
  const answer = await password({ message });
  if (isCancel(answer)) throw cancelled();
  return answer.trim();
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
