/** Statements on message and message_body. SQLite's stand beside them; those that write take any number of rows (`:rows`). */

/** Whether these or other bytes came under these identities before, and what was answered then. */
export const RECEIVED_BEFORE = `
select m.partner, m.identity, m.id, m.digest, m.referral, m.answer_status, m.answer_headers, b.answer_body
from json_populate_recordset(null::message, :rows) w
join message m on m.partner = w.partner and m.direction = 'in' and m.received = 1
  and short(m.identity) = short(w.identity) and m.identity = w.identity
left join message_body b on b.message = m.id`;

const MESSAGE = `id, direction, received, partner, channel, identity, correlation, digest, at, content_type, headers, verdict,
  findings, answer_status, answer_headers, referral, mapping`;

export const INSERT_MESSAGES = `
insert into message (${MESSAGE}) select ${MESSAGE} from json_populate_recordset(null::message, :rows)`;

export const INSERT_BODIES = `
insert into message_body (message, body, answer_body)
select message, body, answer_body from json_populate_recordset(null::message_body, :rows)`;

export const KNOWN_MESSAGES = 'select id from message where id = any(:ids)';

export const LINK_MESSAGES = `
update message set referral = l.referral from json_populate_recordset(null::message, :rows) l where message.id = l.id`;

export const SET_READERS = `
update message set mapping = r.mapping from json_populate_recordset(null::message, :rows) r where message.id = r.id`;

export const MESSAGE_BY_ID = `
select m.*, b.body, b.answer_body from message m left join message_body b on b.message = m.id where m.id = :id`;

export const MESSAGES_OF_REFERRAL = `
select m.*, b.body, b.answer_body from message m left join message_body b on b.message = m.id
where m.referral = :referral order by m.at, m.id`;
