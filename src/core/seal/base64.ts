/** The bytes of standard base64 (RFC 4648 §4) with its padding; undefined for anything that is not written in exactly that way. */
export function base64Bytes(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** 32 bytes in base64, or undefined. */
export function base64Hash(text: string): Uint8Array | undefined {
  const bytes = base64Bytes(text);
  return bytes?.length === 32 ? bytes : undefined;
}
