/** Statements on message and message_body. PostgreSQL's stand beside them under the same names. */

/** Whether these or other bytes came under this identity before, and what was answered then. */
export const RECEIVED_BEFORE = `
select m.id, m.digest, m.referral, m.answer_status, m.answer_headers, b.answer_body
from message m left join message_body b on b.message = m.id
where m.partner = :partner and m.direction = 'in' and m.identity = :identity and m.received = 1`;

export const INSERT_MESSAGE = `
insert into message (id, direction, received, partner, channel, identity, correlation, digest, at, content_type,
  headers, verdict, findings, answer_status, answer_headers, referral, mapping)
values (:id, :direction, :received, :partner, :channel, :identity, :correlation, :digest, :at, :contentType,
  :headers, :verdict, :findings, :answerStatus, :answerHeaders, :referral, :mapping)`;

/** Changes no row when these or other bytes came under this identity before. */
export const INSERT_RECEIVED = `${INSERT_MESSAGE}
on conflict (partner, direction, identity) where received = 1 do nothing`;

export const INSERT_BODY =
  'insert into message_body (message, body, answer_body) values (:message, :body, :answerBody)';

export const LINK_MESSAGE = 'update message set referral = :referral where id = :message';

export const SET_READER = 'update message set mapping = :mapping where id = :message';

export const MESSAGE_BY_ID = `
select m.*, b.body, b.answer_body from message m left join message_body b on b.message = m.id where m.id = :id`;

export const MESSAGES_OF_REFERRAL = `
select m.*, b.body, b.answer_body from message m left join message_body b on b.message = m.id
where m.referral = :referral order by m.at, m.id`;
