import { styleText } from 'node:util';
import { ConfigError } from '#config';
import { ProblemAnswer, type ProblemDocument } from '#contract';
import { Misuse } from './cli.ts';
import { NotReached } from './reach.ts';

/** What is told of a failure, and the exit code that says which kind it is. */
export interface Failure {
  text: string;
  exitCode: 1 | 2;
}

/** A failure in words: what happened, the fields, what to do next, the request id. With `json` a problem stays as it came. */
export function failureOf(error: unknown, json: boolean): Failure {
  if (error instanceof ProblemAnswer) {
    return { text: json ? JSON.stringify(error.problem, null, 2) : tell(error.problem), exitCode: 1 };
  }
  if (error instanceof Misuse || error instanceof ConfigError)
    return { text: `portico: ${error.message}`, exitCode: 2 };
  if (error instanceof NotReached) return { text: `portico: ${error.message}`, exitCode: 1 };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `portico: this failed in a way that was not foreseen\n${text}`, exitCode: 1 };
}

function tell(problem: ProblemDocument): string {
  const { title, status, detail, remedy, errors = [], requestId } = problem;
  const trail = ['aadsts', 'correlationId', 'timestamp'].flatMap((name) =>
    typeof problem[name] === 'string' ? problem[name] : [],
  );
  return [
    styleText('red', `portico: ${detail ?? title}`, { stream: process.stderr }),
    ...errors.map((it) => `  ${it.field}: ${it.detail}`),
    ...(remedy === undefined ? [] : [`Next: ${remedy}.`.replace(/\.\.$/, '.')]),
    ...(trail.length === 0 ? [] : [trail.join(', ')]),
    styleText('dim', `${title} (${status})${requestId === undefined ? '' : `, request ${requestId}`}`, {
      stream: process.stderr,
    }),
  ].join('\n');
}
