import { isReadableDocument, type MakeDocument } from '../document/readable-document.ts';
import { isObject } from '../mapping/plain-value.ts';

/** The one member of a component that is to be a document: `c5: { pdf: { title: …, sections: […] } }`. */
export const DOCUMENT_KEY = 'pdf';

/** The document that stands in a component of a tree, in place of a text. */
export function documentIn(part: unknown): { readonly document: unknown } | undefined {
  if (!isObject(part)) return undefined;
  const [key, ...others] = Object.keys(part);
  return key === DOCUMENT_KEY && others.length === 0 ? { document: part[DOCUMENT_KEY] } : undefined;
}

/** The tree of a message with its documents made, each as Base64 (ED-4 `Base64`), in place of what they say. */
export function withDocuments(tree: unknown, make: MakeDocument): unknown {
  if (Array.isArray(tree)) return tree.map((one: unknown) => withDocuments(one, make));
  if (!isObject(tree)) return tree;
  const found = documentIn(tree);
  if (found !== undefined && isReadableDocument(found.document)) return base64(make(found.document));
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, withDocuments(value, make)]));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
