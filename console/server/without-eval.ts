/**
 * zod compiles its parsers with `new Function` where it may; the page's Content-Security-Policy forbids that and would
 * report the attempt. Imported first, so that it is set before the contract builds its shapes.
 */
import { config } from 'zod';

config({ jitless: true });
