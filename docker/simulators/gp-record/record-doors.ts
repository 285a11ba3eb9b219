import express, { type Express, type Request, type Response } from 'express';
import { readPatients } from './read-patients.ts';
import { patientsPage, recordPage } from './record-page.ts';
import { recordText } from './record-text.ts';
import type { PatientList } from './registered.ts';
import type { PatientRecord } from './shown-record.ts';

interface Shown {
  readonly patients: PatientList;
  readonly patient: (nhsNumber: string) => PatientRecord;
  /** False: only documents are taken. */
  readonly setStructured: (on: boolean) => void;
}

/**
 * What both styles offer people beside the wire: `GET /record` lists everybody; `GET /record/{nhs number}` shows a person's
 * record as a page, as text or as JSON; `POST /control/patients` registers (or moves) people; `POST /control/switch`
 * (`{"structured":false}`) leaves documents as the only thing taken.
 */
export function mountRecordDoors(app: Express, { patients, patient, setStructured }: Shown): void {
  app.get('/record', (_request, response) => sendPage(response, patientsPage(patients.all())));
  app.get('/record/:nhs', (request: Request<{ nhs: string }>, response) => {
    const record = patient(request.params.nhs);
    switch (request.accepts(['json', 'html', 'text'])) {
      case 'html':
        return sendPage(response, recordPage(record));
      case 'text':
        return void response.type('text').send(`${recordText(record).join('\n')}\n`);
      default:
        return void response.json(record);
    }
  });
  app.post('/control/patients', express.json(), (request, response) => {
    try {
      for (const one of readPatients(request.body)) patients.register(one);
      response.json({ registered: patients.all().length });
    } catch {
      response
        .status(400)
        .json({ error: 'say nhsNumber, family, given, birthDate, gender and perhaps movedTo of each' });
    }
  });
  app.post('/control/switch', express.json(), (request, response) => {
    const on: unknown = request.body?.structured;
    if (typeof on !== 'boolean') return void response.status(400).json({ error: 'say structured: true or false' });
    setStructured(on);
    response.json({ structured: on });
  });
}

/** A page that runs nothing and loads nothing, whatever was filed. */
export function sendPage(response: Response, page: string): void {
  response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'");
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('cache-control', 'no-store');
  response.type('html').send(page);
}
