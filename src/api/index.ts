/**
 * Owns REST: one handler for each entry of the contract, the door in front of them, and `openapi.json`.
 * Never does: decide anything; a handler binds the request to one operation of a room.
 * Start reading at `door.ts`, then `handlers.ts`.
 */
export { createApi } from './door.ts';
export { openApi } from './open-api.ts';
