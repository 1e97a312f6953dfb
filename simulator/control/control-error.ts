import { CodedError } from '../http/coded-error.ts';

/** A refusal of the control API: HTTP status, a code to branch on, a sentence that names the field. */
export class ControlError extends CodedError {}

/** The thing named `what` is not there. */
export function notFound(what: string, key: string): ControlError {
  return new ControlError(404, 'notFound', `There is no ${what} '${key}'`);
}
