import { type Right, rights, roles } from '#contract';
import { code, page, table } from './markdown.ts';

const holds = (list: readonly Right[], right: Right): string => (list.includes(right) ? 'yes' : '');

/** Every right, and which role holds it. */
export function rightsPage(): string {
  const names = Object.keys(roles) as (keyof typeof roles)[];
  const rows = (Object.entries(rights) as [Right, string][]).map(([right, about]) => [
    code(right),
    about,
    ...names.map((role) => holds(roles[role].rights, right)),
  ]);
  return page(
    '# Rights',
    'An API key holds a set of rights; an operator holds those of one role. Every entry of the REST API names the right it needs, and without it answers 403 with that name. An API key can be narrowed to one organization: everything of another one is then not there (404).',
    table(
      ['role', 'may'],
      names.map((role) => [code(role), roles[role].about]),
    ),
    table(['right', 'lets its holder', ...names], rows),
  );
}
