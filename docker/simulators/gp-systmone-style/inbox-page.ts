import { htmlText, oneLine } from '../gp-record/harmless.ts';
import { htmlPage, htmlTable } from '../gp-record/record-page.ts';
import type { InboxItem } from './inbox.ts';

/** What waits and what was decided, with the two things that a person can do about it. */
export function inboxPage(items: readonly InboxItem[]): string {
  const rows = items.map((item) => {
    const shown = (text: string) => htmlText(oneLine(text));
    const acts = [
      ...(item.state === 'waiting' ? [button(item, 'file', 'File')] : []),
      ...(item.state === 'rejected' ? [] : [button(item, 'reject', 'Reject')]),
    ];
    return [item.id, item.kind, item.nhsNumber, item.received.slice(0, 19), item.state]
      .map(shown)
      .concat(acts.join(' '));
  });
  const heads = ['Item', 'Message', 'NHS number', 'Received', 'State', 'Decide'];
  return htmlPage('Workflow inbox', rows.length === 0 ? '<p>Nothing came.</p>' : htmlTable('Messages', heads, rows));
}

function button({ id }: InboxItem, act: 'file' | 'reject', words: string): string {
  const action = `/inbox/${encodeURIComponent(id)}/${act}`;
  return `<form method="post" action="${action}"><button aria-label="${words} ${htmlText(id)}">${words}</button></form>`;
}
