import express, { type Express, type Request, type Response } from 'express';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { type Simulator, startSimulator } from '../listening.ts';
import { type GpRecord, newGpRecord } from './record.ts';
import { patientsPage, recordPage } from './record-page.ts';

export interface PracticeOptions {
  readonly port: number;
  /** The bearer token that Hearback must bring. */
  readonly token: string;
}

export interface Practice extends Simulator {
  readonly record: GpRecord;
  /** X-Request-Id of every transaction that was filed, repeats included. */
  readonly filed: () => readonly string[];
}

/**
 * A GP system that can be written to: `POST /fhir` takes a transaction; `GET /record` lists everybody, and
 * `GET /record/{nhs number}` shows a person's record (a page for a browser, JSON otherwise).
 */
export async function startPractice(options: PracticeOptions): Promise<Practice> {
  const record = newGpRecord();
  const ids: string[] = [];
  const simulator = await startSimulator(options.port, (app) => {
    app.post('/fhir', express.json({ type: '*/*', limit: '5mb' }), (request, response) => {
      for (const name of ['x-request-id', 'x-correlation-id']) {
        const value = request.headers[name];
        if (typeof value === 'string') response.setHeader(name, value);
      }
      if (request.headers.authorization !== `Bearer ${options.token}`) return refuse(response, 401, 'login');
      if (!isTransaction(request.body)) return refuse(response, 422, 'structure');
      const filed = record.file(request.body);
      if ('why' in filed) return refuse(response, filed.status, 'processing', filed.expression);
      ids.push(String(request.headers['x-request-id']));
      response.type('application/fhir+json').send(JSON.stringify(filed.response));
    });
    mountPages(app, record);
  });
  return { ...simulator, record, filed: () => ids };
}

function mountPages(app: Express, record: GpRecord): void {
  app.get('/record', (_request, response) => void response.type('html').send(patientsPage(record.patients())));
  app.get('/record/:nhs', (request: Request<{ nhs: string }>, response) => {
    const patient = record.patient(request.params.nhs);
    if (request.accepts(['json', 'html']) === 'html') response.type('html').send(recordPage(patient));
    else response.json(patient);
  });
}

function isTransaction(body: unknown): body is Bundle<FhirResource> {
  return (
    typeof body === 'object' &&
    body !== null &&
    'resourceType' in body &&
    body.resourceType === 'Bundle' &&
    'type' in body &&
    body.type === 'transaction'
  );
}

function refuse(response: Response, status: number, code: string, expression?: string): void {
  const issue = [{ severity: 'error', code, ...(expression !== undefined && { expression: [expression] }) }];
  response.status(status).type('application/fhir+json');
  response.send(JSON.stringify({ resourceType: 'OperationOutcome', issue }));
}
