import type { Registered } from './record.ts';
import type { Entry, PatientRecord } from './record-view.ts';

const STYLE =
  'body{font:16px/1.5 Arial,sans-serif;margin:2rem;max-width:60rem}table{border-collapse:collapse}td,th{border:1px solid #aeb7bd;padding:.25rem .75rem;text-align:left}';

/** A person's record as a page: where the referrals stand, then consultations, newest first, with their coded entries. */
export function recordPage(record: PatientRecord): string {
  const referrals = record.referrals.map(
    ({ state, said }) => `<p><b>Referral: ${escaped(state)}</b> ${escaped(said ?? '')}</p>`,
  );
  const blocks = record.consultations.map((one) => {
    const rows = one.entries.map(
      (entry) =>
        `<tr><td>${escaped(entry.code ?? 'text')}</td><td>${escaped(entry.term)}</td><td>${escaped(entry.value ?? '')}</td><td>${escaped(entry.note ?? '')}</td></tr>`,
    );
    return `<section><h2>${escaped(one.date)} · ${escaped(one.title)}</h2><p>${escaped(one.author)}</p><table><tr><th>Code</th><th>Term</th><th>Value</th><th>Text</th></tr>${rows.join('')}</table></section>`;
  });
  const body = [...referrals, ...blocks].join('') || '<p>Nothing filed.</p>';
  return page(`${record.name}, NHS ${record.nhsNumber}`, body);
}

/** Everybody registered, each with a link. */
export function patientsPage(patients: readonly Registered[]): string {
  const rows = patients.map(
    ({ nhsNumber, name }) => `<li><a href="/record/${encodeURIComponent(nhsNumber)}">${escaped(name)}</a></li>`,
  );
  return page('Patients', `<ul>${rows.join('')}</ul>`);
}

/** A record for a terminal, at most `width` letters a line. */
export function recordText(record: PatientRecord, width = 110): string[] {
  const lines = [
    ...record.referrals.map(({ state, said }) => `Referral: ${state}${said === undefined ? '' : ` (${said})`}`),
    ...record.consultations.flatMap((one) => [
      `${one.date}  ${one.title}  (${one.author})`,
      ...one.entries.map(entryLine),
    ]),
  ];
  return (lines.length === 0 ? ['(nothing filed)'] : lines).map((line) =>
    line.length > width ? `${line.slice(0, width - 1)}…` : line,
  );
}

function entryLine(entry: Entry): string {
  const value = entry.value === undefined ? '' : ` = ${entry.value}`;
  const note = entry.note === undefined ? '' : `  ${entry.note}`;
  return `    ${(entry.code ?? 'text').padEnd(16)} ${entry.term}${value}${note}`;
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style><h1>${escaped(title)}</h1>${body}</html>`;
}

function escaped(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (letter) => names[letter] ?? letter);
}
