import type { HttpRefusal } from './problem.ts';

const REFUSALS = {
  'too-large': {
    status: 413,
    finding: {
      severity: 'error',
      rule: 'http/body-too-large',
      place: {},
      message: 'The body is larger than is accepted here.',
      remedy: 'Send less in one request, or ask the operator to raise the limit for this partner.',
      issue: 'too-long',
    },
  },
  encoding: {
    status: 415,
    finding: {
      severity: 'error',
      rule: 'http/content-encoding',
      place: { expression: 'Content-Encoding' },
      message: 'The body is packed in a way that is not read here.',
      remedy: 'Send it plain or with Content-Encoding: gzip.',
      issue: 'not-supported',
    },
    headers: { 'accept-encoding': 'gzip, identity' },
  },
  'broken-gzip': {
    status: 400,
    finding: {
      severity: 'error',
      rule: 'http/broken-gzip',
      place: {},
      message: 'The body says that it is gzip and cannot be unpacked.',
      remedy: 'Send it plain, or pack it again.',
      issue: 'structure',
    },
  },
  'no-room': {
    status: 503,
    finding: {
      severity: 'error',
      rule: 'http/busy',
      place: {},
      message: 'Too much is being received at the moment; nothing of this request was kept.',
      remedy: 'Wait as long as Retry-After says, and send the same request again.',
      issue: 'transient',
    },
    headers: { 'retry-after': '5' },
  },
  'too-slow': {
    status: 408,
    finding: {
      severity: 'error',
      rule: 'http/body-too-slow',
      place: {},
      message: 'The body did not arrive in time.',
      remedy: 'Send the request again; nothing of it was kept.',
      issue: 'timeout',
    },
  },
} as const satisfies Record<string, HttpRefusal>;

/** The refusal for one thing that can be wrong with a body's transfer. */
export function bodyRefusal(why: keyof typeof REFUSALS): HttpRefusal {
  return REFUSALS[why];
}
