/** URN of the answer to a list or search. */
const LIST_RESPONSE_URN = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** A page: by index it says where it starts, by cursor (RFC 9865 §2) what comes after it and before it. */
export interface ListPage {
  totalResults: number;
  startIndex?: number;
  nextCursor?: string;
  previousCursor?: string;
  resources: readonly string[];
}

/** The body that answers a list (RFC 7644 §3.4.2), made of resources that are text already. Numbers stay numbers. */
export function listResponseText({ resources, totalResults, ...place }: ListPage): string {
  const head = { schemas: [LIST_RESPONSE_URN], totalResults, ...place, itemsPerPage: resources.length };
  return `${JSON.stringify(head).slice(0, -1)},"Resources":[${resources.join(',')}]}`;
}
