/** What a document to the GP says: the same for every form that it is given. */
export interface DocumentFacts {
  readonly title: string;
  /** UTC instant of the newest thing that it tells. */
  readonly at: string;
  readonly referral: string;
  readonly patient: { readonly nhsNumber?: string; readonly name?: string; readonly birthDate?: string };
  /** One for each thing that happened, in order. */
  readonly lines: readonly string[];
  /** One for each score: what, how much, when. */
  readonly results: readonly string[];
  readonly authors: readonly string[];
}

export interface MadeDocument {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Gives a document its form: a PDF, or plain text. Pure: the same facts give the same bytes. */
export type MakeDocument = (facts: DocumentFacts) => MadeDocument;

/** The plain form, where no other is wired. */
export const plainDocument: MakeDocument = ({ title, at, referral, patient, lines, results, authors }) => {
  const { nhsNumber = 'not known', name = '', birthDate = 'not known' } = patient;
  const text = [
    title,
    `Patient: ${name} NHS number ${nhsNumber}, born ${birthDate}`,
    `Referral ${referral}, as of ${at}`,
    '',
    ...lines,
    ...(results.length === 0 ? [] : ['', ...results]),
    '',
    `Written by ${authors.join('; ') || 'Hearback'}; sent by Hearback.`,
    '',
  ].join('\n');
  return { contentType: 'text/plain; charset=utf-8', bytes: new TextEncoder().encode(text) };
};
