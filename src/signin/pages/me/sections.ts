import { linksSection } from './links-section.ts';
import { passkeysSection } from './passkeys-section.ts';
import { personSection } from './person-section.ts';
import type { MeSection } from './section.ts';
import { sessionsSection } from './sessions-section.ts';
import { signInsSection } from './sign-ins-section.ts';

/** The parts of the person's page, in their order. */
export const sections: readonly MeSection[] = [
  personSection,
  linksSection,
  passkeysSection,
  sessionsSection,
  signInsSection,
];
