/** What somebody asked an admin to consent to (admin consent workflow). */
export type ConsentRequest = {
  readonly id: string;
  readonly appId: string;
  readonly userId: string;
  /** Scope names by the app id of their API. */
  readonly scopes: Readonly<Record<string, readonly string[]>>;
  readonly justification: string;
  readonly createdDateTime: number;
  status: 'pending' | 'approved' | 'denied';
};
