import { type ProblemName, problems, problemType } from '#contract';
import { code, page, table } from './markdown.ts';

/** Every problem of REST. */
export function problemsPage(): string {
  return page(
    '# Problems',
    'A request that is refused is answered by a problem document ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)), `application/problem+json`: `detail` says what happened, `errors` which fields are wrong, `remedy` what to do next, `requestId` what to look for in the log.',
    table(
      ['type', 'status', 'title'],
      (Object.keys(problems) as ProblemName[]).map((name) => [
        code(problemType(name)),
        String(problems[name].status),
        problems[name].title,
      ]),
    ),
  );
}
