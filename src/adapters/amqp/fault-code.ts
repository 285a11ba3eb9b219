/** Reply codes of AMQP 0-9-1 (section 1.2, "constants") under the names that the specification gives them. */
const REPLIES: ReadonlyMap<number, string> = new Map([
  [311, 'CONTENT_TOO_LARGE'],
  [312, 'NO_ROUTE'],
  [313, 'NO_CONSUMERS'],
  [320, 'CONNECTION_FORCED'],
  [402, 'INVALID_PATH'],
  [403, 'ACCESS_REFUSED'],
  [404, 'NOT_FOUND'],
  [405, 'RESOURCE_LOCKED'],
  [406, 'PRECONDITION_FAILED'],
  [501, 'FRAME_ERROR'],
  [502, 'SYNTAX_ERROR'],
  [503, 'COMMAND_INVALID'],
  [504, 'CHANNEL_ERROR'],
  [505, 'UNEXPECTED_FRAME'],
  [506, 'RESOURCE_ERROR'],
  [530, 'NOT_ALLOWED'],
  [540, 'NOT_IMPLEMENTED'],
  [541, 'INTERNAL_ERROR'],
]);

/** The name of a reply code. */
export function replyName(code: number): string {
  return REPLIES.get(code) ?? `AMQP_${code}`;
}

/** What the library says in words only. */
const SAID: readonly (readonly [RegExp, string])[] = [
  // The broker knows the user, and closes instead of opening the vhost; why, the library keeps to itself.
  [/Expected ConnectionOpenOk/, 'NOT_ALLOWED'],
  [/Heartbeat timeout/, 'HEARTBEAT_TIMEOUT'],
  [/ETIMEDOUT/, 'CONNECT_TIMEOUT'],
  [/SASL mechanism/, 'SASL_MECHANISM'],
  [/certificate/i, 'CERTIFICATE'],
  [/during opening handshake/, 'HANDSHAKE_ENDED'],
  [/Unexpected close|[Cc]hannel closed|Channel ended|Connection closed/, 'CONNECTION_LOST'],
];

/** Only these: any other word in capitals could be a name. */
const SYSTEM = /\b(?:ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EPIPE)\b/;

/** A code to log and keep. Messages are left out: the broker repeats in them what was sent, and the library addresses. */
export function codeOf(fault: unknown): string {
  const code: unknown = typeof fault === 'object' && fault !== null && 'code' in fault ? fault.code : undefined;
  if (typeof code === 'number') return replyName(code);
  if (typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code)) return code;
  if (!(fault instanceof Error)) return 'UNKNOWN';
  // A refused sign-in comes as words: `Handshake terminated by server: 403 (ACCESS-REFUSED) with message …`.
  const reply = /\b(\d{3}) \([A-Z-]+\)/.exec(fault.message)?.[1];
  if (reply !== undefined) return replyName(Number(reply));
  const said = SAID.find(([words]) => words.test(fault.message))?.[1];
  return said ?? SYSTEM.exec(fault.message)?.[0] ?? fault.name;
}

/** The reply code with which the broker refused, when it did. */
export function replyOf(fault: unknown): number | undefined {
  const code: unknown = typeof fault === 'object' && fault !== null && 'code' in fault ? fault.code : undefined;
  return typeof code === 'number' ? code : undefined;
}
