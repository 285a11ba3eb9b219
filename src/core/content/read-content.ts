import { encodingFinding } from '../json/json-findings.ts';
import { reportSizeFindings } from '../json/report-size.ts';
import { readJson } from '../json/strict-json.ts';
import { decodeUtf8 } from '../json/utf8.ts';
import type { MappingFrom } from '../mapping/direction.ts';
import type { ContentLimits, ContentReading } from './content-reading.ts';
import { type ContentForm, formOf, mediaTypeFinding } from './media-type.ts';
import { readCsvRow } from './read-csv.ts';
import { readForm } from './read-form.ts';
import { readXmlTree } from './read-xml-tree.ts';

/** For what was let in at the door: only what no reader could take is beyond it. */
const RECORDED: ContentLimits = { maxDepth: 512, maxItems: 10_000, maxNodes: 1_000_000 };

/**
 * Reads the body of a report as the tree that a mapping reads (docs/mapping.md, "Directions"): at the door, behind it, and when
 * it is looked at again. Never throws; what is wrong is a finding, `report/media-type` when the body is something else.
 * @param limits those of the door; left out for what is in the record already
 */
export function readContent(
  body: Uint8Array,
  contentType: string,
  from: MappingFrom,
  limits: ContentLimits = RECORDED,
): ContentReading {
  const form = formOf(from);
  const wrong = mediaTypeFinding(contentType, from);
  if (wrong !== undefined || form === undefined) return { findings: wrong === undefined ? [] : [wrong] };
  const reading = form === 'json' ? readJson(body, limits) : readText(body, form, limits);
  if (!('value' in reading)) return reading;
  return { ...reading, findings: [...reading.findings, ...reportSizeFindings(reading.value, limits)] };
}

function readText(body: Uint8Array, form: Exclude<ContentForm, 'json'>, limits: ContentLimits): ContentReading {
  const decoded = decodeUtf8(body);
  if (!decoded.ok) return { findings: [{ ...encodingFinding('xml', decoded), rule: `${form}/encoding` }] };
  switch (form) {
    case 'form':
      return readForm(decoded.text, limits);
    case 'csv':
      return readCsvRow(decoded.text, limits);
    case 'xml':
      return readXmlTree(decoded.text, limits);
  }
}
