/** A refusal by HTTP status and a code to branch on. Each door that has such codes makes its own kind of it. */
export abstract class CodedError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
