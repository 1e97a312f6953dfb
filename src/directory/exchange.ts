import type { DirectorySettings } from '#contract';
import type { Cause } from '#events';
import type { Change, JsonValue } from '#scim';
import type { ResourceTypes } from './directory-types.ts';

/** A directory as the SCIM service works on it. */
export interface Directory {
  organizationId: string;
  id: string;
  /** The Tenant URL: addresses in answers begin with it. */
  baseUrl: string;
  settings: DirectorySettings;
  /** Users and groups with the directory's own extensions. */
  types: ResourceTypes;
}

/** An authenticated request of a provisioning client. */
export interface Exchange {
  directory: Directory;
  token: { id: string; name: string };
  cause: Cause;
  userAgent: string | null;
  method: string;
  /** Below the Tenant URL, with the query, as it was written. */
  path: string;
  query: URLSearchParams;
  headers: Pick<Headers, 'get'>;
  /** The body as it came, and what it says. Null where there is none. */
  body: { text: string; json: JsonValue } | null;
  /** The id that what is created gets, where it was said before. */
  assignedId?: string;
  /** When it arrived, by `performance.now()`. */
  startedAt: number;
  /** Who released it, where the brake had held it, and the version that the user had then. */
  released?: { by: string; version: number };
}

/** What a request did, in a sentence that the person who configures the provisioning client can follow. */
export interface Outcome {
  kind: 'read' | 'changed' | 'unchanged' | 'refused';
  text: string;
  resourceId?: string;
  /** The name of whom it was about, where neither filter nor body says it. */
  about?: string;
  changes?: readonly Change[];
}

/** What is answered. */
export interface Answer {
  status: number;
  body: string | null;
  headers?: Readonly<Record<string, string>>;
  outcome: Outcome;
  /** Whether it was recorded in the transaction of the change. */
  recorded?: boolean;
  /** The operations of which it was made, to be recorded each. */
  parts?: readonly { exchange: Exchange; answer: Answer }[];
}

/** The scope of every query. */
export const scopeOf = ({
  organizationId,
  id,
}: Pick<Directory, 'organizationId' | 'id'>): { organizationId: string; directoryId: string } => ({
  organizationId,
  directoryId: id,
});
