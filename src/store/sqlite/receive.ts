import type { Message } from '../../core/message.ts';
import type { Changes, Reception } from '../../ports-changes.ts';
import { optionalText, type Row, text } from '../rows/row.ts';
import { fromBody, fromMessage, toAnswer } from '../rows/row-message.ts';
import { StoreError } from '../store-error.ts';
import { applyChanges, hasMoved, takenBy, writeEntry } from './apply-changes.ts';
import type { Connection } from './connection.ts';
import { INSERT_BODY, INSERT_RECEIVED, RECEIVED_BEFORE } from './statements-message.ts';

/**
 * Records an inbound message with everything it changes, once per partner and identity. A repeat and a conflict
 * leave one line in the log and nothing else; stale and taken leave nothing.
 */
export function receive(connection: Connection, now: string, message: Message, changes: Changes): Reception {
  if (message.direction !== 'in' || message.answer === undefined) {
    throw new StoreError('misuse', `message ${message.id} is not an inbound message with its answer`);
  }
  if (restsOnOthers(changes)) {
    const former = formerly(connection, message);
    if (former !== undefined) return receivedBefore(connection, message, former);
    if (hasMoved(connection, changes)) return { kind: 'stale' };
    const referral = takenBy(connection, changes);
    if (referral !== undefined) return { kind: 'taken', referral };
  }
  if (connection.run(INSERT_RECEIVED, fromMessage(message, true)) === 0) {
    const former = formerly(connection, message);
    if (former === undefined) throw new StoreError('corrupt', `message ${message.id} was received and is not there`);
    return receivedBefore(connection, message, former);
  }
  connection.run(INSERT_BODY, fromBody(message));
  applyChanges(connection, changes, now);
  return { kind: 'first' };
}

/** Whether there is anything that may have moved on since. Most messages only queue work: then nothing is asked before writing. */
function restsOnOthers({ referral, resources = [], unique = [], further = [] }: Changes): boolean {
  return referral !== undefined || resources.length > 0 || unique.length > 0 || further.some(restsOnOthers);
}

function formerly(connection: Connection, { partner, identity }: Message): Row | undefined {
  return connection.all(RECEIVED_BEFORE, { partner, identity })[0];
}

function receivedBefore(connection: Connection, message: Message, former: Row): Reception {
  const id = text(former, 'id');
  const referral = optionalText(former, 'referral');
  const about = {
    at: message.at,
    actor: message.partner,
    message: id,
    ...(referral === undefined ? {} : { referral }),
  };
  if (text(former, 'digest') !== message.digest) {
    // Not `digest`: that word proves the message that the entry names, and these bytes are others.
    const detail = { channel: message.channel, sent: message.digest };
    writeEntry(connection, { ...about, kind: 'message.conflict', detail });
    return { kind: 'conflict', message: id };
  }
  const answer = toAnswer(former);
  if (answer === undefined) throw new StoreError('corrupt', `message ${id} was received without an answer`);
  writeEntry(connection, { ...about, kind: 'message.repeated', detail: { channel: message.channel } });
  return { kind: 'repeat', message: id, answer };
}
