import { databaseCode } from '../store-error.ts';

/** SQLSTATE classes and codes after which a connection is gone, or was never made (PostgreSQL, appendix A); 53300: no room now. */
const GONE = /^(?:08...|57P0[1-5]|25P0[34]|53300)$/;
/** The system's and the resolver's: ECONNREFUSED, EPIPE, EAI_AGAIN. Not ERR_…: a wrong certificate will be wrong again. */
const NETWORK = /^E(?:[A-Z]{3,}|AI_AGAIN)$/;
/** What the library says without a code. */
const SAID =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout expired|timeout exceeded when trying to connect)/;

/** True when the connection ended, or could not be made: what was under way may be tried again on another one. */
export function isConnectionLost(thrown: unknown): boolean {
  const code = databaseCode(thrown);
  if (code !== undefined) return NETWORK.test(code) || GONE.test(code);
  return thrown instanceof Error && SAID.test(thrown.message);
}

/** Two transactions were in each other's way, and the server undid this one. */
export function isToBeRepeated(thrown: unknown): boolean {
  const code = databaseCode(thrown);
  return code === '40001' || code === '40P01';
}
