import type { World } from '../world.ts';

/** A permission in words, as people read it on the consent page. */
export type ScopeWords = { readonly title: string; readonly about: string };

/** Words for the scopes of Microsoft's APIs that people meet most; ours, after the Microsoft Graph permissions reference. */
const words: Readonly<Record<string, ScopeWords>> = {
  openid: {
    title: 'Sign you in',
    about: 'The app knows who you are when you sign in with your work or school account.',
  },
  profile: { title: 'View your basic profile', about: 'The app sees your name, user name and picture.' },
  email: { title: 'View your email address', about: 'The app reads your primary email address.' },
  offline_access: {
    title: 'Maintain access to data you have given it access to',
    about: 'The app keeps what you allow it even while you do not use it.',
  },
  'User.Read': {
    title: 'Sign you in and read your profile',
    about: 'The app reads your profile and basic company information.',
  },
  'User.ReadBasic.All': {
    title: "Read all users' basic profiles",
    about: 'The app sees names and pictures of the people in your organization.',
  },
  'User.Read.All': {
    title: "Read all users' full profiles",
    about: 'The app reads everything in the profiles of your organization.',
  },
  'User.ReadWrite.All': {
    title: "Read and write all users' full profiles",
    about: 'The app changes profiles of your organization.',
  },
  'Mail.Read': { title: 'Read your mail', about: 'The app reads the mail in your mailbox.' },
  'Mail.ReadWrite': {
    title: 'Read and write access to your mail',
    about: 'The app reads, changes and deletes mail in your mailbox; it can not send.',
  },
  'Mail.Send': { title: 'Send mail as you', about: 'The app sends mail in your name.' },
  'MailboxSettings.Read': {
    title: 'Read your mailbox settings',
    about: 'The app sees time zone, language and automatic replies.',
  },
  'Group.Read.All': { title: 'Read all groups', about: 'The app lists groups and reads what they hold.' },
  'Group.ReadWrite.All': { title: 'Read and write all groups', about: 'The app makes and changes groups.' },
  'GroupMember.Read.All': {
    title: 'Read group memberships',
    about: 'The app sees which groups there are and who is in them.',
  },
  'Directory.Read.All': {
    title: 'Read directory data',
    about: 'The app reads users, groups and apps of your organization.',
  },
  'Directory.AccessAsUser.All': {
    title: 'Access the directory as you',
    about: 'The app may do in the directory what you may do.',
  },
  'Application.ReadWrite.All': {
    title: 'Read and write applications',
    about: 'The app makes and changes app registrations.',
  },
  user_impersonation: { title: 'Act as you', about: 'The app uses this service in your name.' },
};

/** How a scope of an API reads. */
export function scopeWords(world: World, appId: string, name: string): ScopeWords {
  const api = world.applications.get(appId)?.displayName ?? appId;
  return (
    words[name] ?? { title: `${name} (${api})`, about: `The app uses ${api} in your name, as far as ${name} goes.` }
  );
}
