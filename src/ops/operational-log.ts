import winston from 'winston';
import type { Log } from '../ports.ts';
import { workFields } from './trace/work-context.ts';

export type LogLevel = 'error' | 'warn' | 'info';

/** Free text and personal data have no field here: a value is an id, a code, a count or a duration, and short. */
const LONGEST = 200;

/**
 * JSON lines on stderr (stdout belongs to what a command prints). One event a line: `{"at","level","event",…fields}`, the fields being
 * the event's own and those of the piece of work that it happened in (message, referral, leg, partner, correlation).
 * Values longer than 200 characters are cut: nothing that long is an id or a code, and it may be somebody's data.
 */
export function operationalLog(level: LogLevel, to?: NodeJS.WritableStream): Log {
  const logger = winston.createLogger({
    level,
    format: winston.format.printf(({ level: of, message, fields }) =>
      JSON.stringify({ at: new Date().toISOString(), level: of, event: message, ...Object(fields) }),
    ),
    transports: [
      to === undefined
        ? new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info'] })
        : new winston.transports.Stream({ stream: to }),
    ],
  });
  const write =
    (of: LogLevel) =>
    (event: string, fields: Parameters<Log['info']>[1] = {}) => {
      const short = Object.entries({ ...workFields(), ...fields }).map(([name, value]) => [
        name,
        typeof value === 'string' && value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value,
      ]);
      // Apart from the event: a field called `message` would be added to winston's own text, and `level` would replace its own.
      logger.log({ level: of, message: event, fields: Object.fromEntries(short) });
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}
