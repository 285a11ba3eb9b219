import { harmless, htmlText as text } from './harmless.ts';
import { headline, shortSystem, visibility } from './record-text.ts';
import type { Registered } from './registered.ts';
import type { Consultation, Entry, PatientRecord, ShownDocument } from './shown-record.ts';

const STYLE =
  'body{font:16px/1.5 Arial,sans-serif;margin:2rem;max-width:75rem;color:#212b32}table{border-collapse:collapse;width:100%}td,th{border:1px solid #768692;padding:.25rem .75rem;text-align:left;vertical-align:top}caption{text-align:left;font-weight:bold;padding:.25rem 0}';

/** A person's record as a page: where the referrals stand, then consultations, newest first, then documents. */
export function recordPage(held: PatientRecord): string {
  const record = harmless(held);
  const referrals = record.referrals.map(
    ({ state, said }) => `<li><strong>${text(state)}</strong> ${text(said ?? '')}</li>`,
  );
  const parts = [
    ...(referrals.length === 0 ? [] : [`<h2>Referrals</h2><ul>${referrals.join('')}</ul>`]),
    ...record.consultations.map(consultation),
    ...(record.documents.length === 0 ? [] : [documents(record.documents)]),
    ...(record.waiting.length === 0 ? [] : [waiting(record.waiting)]),
  ];
  return htmlPage(headline(record), parts.join('') || '<p>Nothing filed.</p>');
}

/** Everybody registered, each with a link. */
export function patientsPage(patients: readonly Registered[]): string {
  const rows = patients.map(
    ({ nhsNumber, given, family }) =>
      `<li><a href="/record/${encodeURIComponent(nhsNumber)}">${text(`${given} ${family}`)}</a></li>`,
  );
  return htmlPage('Patients', rows.length === 0 ? '<p>Nobody is registered.</p>' : `<ul>${rows.join('')}</ul>`);
}

/** A whole page; `title` as plain text, `body` as HTML. */
export function htmlPage(title: string, body: string): string {
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${text(title)}</title><style>${STYLE}</style></head>`,
    `<body><main><h1>${text(title)}</h1>${body}</main></body></html>`,
  ].join('');
}

/** A table with its heads, `caption` as plain text, cells as HTML. */
export function htmlTable(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((one) => `<th scope="col">${text(one)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('');
  return `<table><caption>${text(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

const ENTRY_HEADS = ['Kind', 'Code', 'System', 'Term', 'Value', 'Unit', 'Text', 'Date', 'Recorded', 'Patient access'];

function consultation({ date, title, author, enteredBy, entries }: Consultation): string {
  const entered = enteredBy === undefined ? '' : `; entered by ${text(enteredBy)}`;
  const table = htmlTable('Entries', ENTRY_HEADS, entries.map(entryCells));
  return `<section><h2>${text(date)} · ${text(title)}</h2><p>Author: ${text(author)}${entered}</p>${table}</section>`;
}

function entryCells({ code, system, term, value, unit, note, at, recorded, hiddenFromPatient }: Entry): string[] {
  const cells = [
    code === undefined ? 'Text only' : 'Coded',
    code ?? '',
    shortSystem(system),
    term,
    value ?? '',
    unit ?? '',
    note ?? '',
    at.slice(0, 16),
    recorded?.slice(0, 16) ?? '',
    visibility({ ...(hiddenFromPatient && { hiddenFromPatient }) }),
  ];
  return cells.map(text);
}

function documents(all: readonly ShownDocument[]): string {
  const rows = all.map((one) =>
    [
      one.date,
      one.title,
      one.author,
      one.enteredBy,
      one.note ?? '',
      `${one.contentType}, ${one.bytes} bytes`,
      one.sha256,
      one.recorded.slice(0, 16),
      visibility(one),
    ].map(text),
  );
  const heads = ['Date', 'Title', 'Author', 'Entered by', 'Text', 'Content', 'SHA-256', 'Recorded', 'Patient access'];
  return `<section><h2>Documents</h2>${htmlTable('Documents', heads, rows)}</section>`;
}

function waiting(all: readonly string[]): string {
  return `<section><h2>Waits to be filed</h2><ul>${all.map((one) => `<li>${text(one)}</li>`).join('')}</ul></section>`;
}
