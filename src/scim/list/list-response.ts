/** URN of the answer to a list or search. */
const LIST_RESPONSE_URN = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** The body that answers a list (RFC 7644 §3.4.2), made of resources that are text already. Numbers stay numbers. */
export function listResponseText(page: { totalResults: number; startIndex: number; resources: readonly string[] }) {
  const { totalResults, startIndex, resources } = page;
  const head = { schemas: [LIST_RESPONSE_URN], totalResults, startIndex, itemsPerPage: resources.length };
  return `${JSON.stringify(head).slice(0, -1)},"Resources":[${resources.join(',')}]}`;
}
