import type { ScimError, ScimType } from '#scim';

/** What to change, by the keyword of a refusal (RFC 7644 §3.12). */
const remedies: Readonly<Partial<Record<ScimType, string>>> = {
  invalidFilter: 'Change the matching attribute in the attribute mapping to one that can be searched.',
  tooMany: 'Match by userName, externalId or the work e-mail.',
  uniqueness:
    'Look for the one that has it already: map the matching attribute so that Entra finds it, or change it in Entra.',
  mutability: 'Take the attribute out of the attribute mapping.',
  invalidSyntax: 'The request is not SCIM 2.0; check the application that sends it.',
  invalidPath: 'Correct the target attribute in the attribute mapping.',
  noTarget: 'Correct the target attribute in the attribute mapping.',
  invalidValue: 'Correct the value in Entra, or the expression in the attribute mapping.',
};

const byStatus: Readonly<Record<number, string>> = {
  403: 'Nothing has to be changed in Entra.',
  404: 'It was deleted here, or never created: restart provisioning to have Entra look it up anew.',
  412: 'Somebody else changed it in between.',
  413: 'Raise PORTICO_BODY_LIMIT.',
  503: 'Entra tries again by itself.',
};

/** A refusal as a sentence: why, and what to change. */
export function describeRefusal({ status, scimType, detail }: ScimError): string {
  const remedy = (scimType === undefined ? undefined : remedies[scimType]) ?? byStatus[status];
  return `Refused: ${detail}.${remedy === undefined ? '' : ` ${remedy}`}`;
}
