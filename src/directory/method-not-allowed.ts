import { ScimError } from '#scim';

/** A refusal of a method, with those that there are. */
export class MethodNotAllowed extends ScimError {
  readonly allowed: readonly string[];
  constructor(method: string, allowed: readonly string[]) {
    super(405, undefined, `${method.slice(0, 20)} is not possible here; use ${allowed.join(' or ')}`);
    this.allowed = allowed;
  }
}
