import type { Express, Request } from 'express';
import { sendPage } from '../gp-record/record-doors.ts';
import type { Desk } from './desk.ts';
import type { Inbox } from './inbox.ts';
import { inboxPage } from './inbox-page.ts';

/** `GET /inbox` is a page with buttons; `POST /inbox/{id}/file` and `/reject` are what they press. */
export function mountInbox(app: Express, inbox: Inbox, desk: Desk): void {
  app.get('/inbox', (_request, response) => sendPage(response, inboxPage(inbox.items())));
  app.post('/inbox/:id/:act', (request: Request<{ id: string; act: string }>, response) => {
    const { id, act } = request.params;
    if (act !== 'file' && act !== 'reject') return void response.status(404).json({ error: 'file or reject' });
    try {
      desk[act](id);
      response.redirect(303, '/inbox');
    } catch {
      response.status(409).json({ error: 'there is no such item, or it is decided' });
    }
  });
}
