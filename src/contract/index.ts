/**
 * Owns what is said over REST: the entries with their shapes and rights, the problems, the event types, and a typed
 * client. Plain tables; runs in a browser too, so the console, the CLI and the server speak from one source.
 * Never does: anything with a database, a socket of its own, or a clock.
 * Start reading at `entries.ts`, then `entry.ts`.
 */
export type { CreateKey, Key, Operator, WhoAmI } from './access.ts';
export type { AccessRequest } from './access-requests.ts';
export type { Account, CreateLink, Link, PastUserName, Place, Session, UserNamePreview } from './accounts.ts';
export type { BreakGlass, BreakGlassUse } from './break-glass.ts';
export type { Check, CheckReport, SignInTest } from './checks.ts';
export { type Call, type CallInput, createClient, ProblemAnswer, type ProblemDocument, type Reach } from './client.ts';
export {
  type Client,
  type ClientChange,
  type ClientInput,
  type ClientKind,
  type ClientSettings,
  clientKinds,
} from './clients.ts';
export {
  type AccountType,
  accountTypes,
  type ClientAuthentication,
  type ConnectionSettings,
  clientAuthentications,
  firstSettings,
  providers,
  type RoleMapping,
  registrations,
  type UserNameRule,
  userNameRules,
} from './connection-settings.ts';
export type {
  Connection,
  ConnectionState,
  CreateConnection,
  Expiry,
  RedirectUri,
  StartingPoint,
  UpdateConnection,
} from './connections.ts';
export type { Directory, DirectorySettings, Group, Member, User, UserDetail } from './directories.ts';
export type { Domain } from './domains.ts';
export { type EntryName, entries } from './entries.ts';
export type { AnswerOf, BodyOf, Entry, GivenBodyOf, GivenQueryOf, ParamsOf, QueryOf } from './entry.ts';
export { type EventType, eventTypes } from './event-types.ts';
export type { Delivery, Event, Webhook } from './events.ts';
export type { AadstsExplanation, RefusedSignIn } from './explain.ts';
export type { CreateInvitation, Invitation } from './invitations.ts';
export type { LocalSignIn, Passkey } from './local-sign-in.ts';
export type { Attachment, Attempt, CreateMailbox, Mailbox, Message, MessageDetail, SendMessage } from './mail.ts';
export { type OpenidPresetName, openidPresets } from './openid-presets.ts';
export type { Organization } from './organizations.ts';
export { type ProblemName, problems, problemType } from './problems.ts';
export type { ProviderKey } from './provider-keys.ts';
export type { Cycle, HeldChange, RecordedRequest, RecordedRequestDetail, Replay } from './provisioning.ts';
export { allRights, type Right, type Role, rights, roles } from './rights.ts';
export type { Secret } from './secrets.ts';
export type { Plan, PlanStep, SetupPlan } from './setup-plan.ts';
export type { Page } from './shape.ts';
export type { AssertionTrust, ClientSecret, Token } from './ways-in.ts';
