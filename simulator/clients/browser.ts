import { signIn } from './setting.ts';

/** A browser for programs that open one: signs in whoever `PORTICO_LOGIN` names, and goes where that leads. */
const [url = ''] = process.argv.slice(2);
await fetch(await signIn(url, process.env['PORTICO_LOGIN'] ?? ''));
