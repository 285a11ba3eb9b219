import { expect, it } from '@jest/globals';
import { openPostgresStore } from '../../../../src/store/postgres/open-store.ts';
import { readPlace, type Tls } from '../../../../src/store/postgres/place.ts';
import { changes, entry } from '../../../contract/store/samples.ts';
import { closingAfterEach } from '../../../fixtures/closing.ts';
import { AUTHORITY, SERVER_CERTIFICATE, SERVER_KEY } from '../../../fixtures/mllp/certificates.ts';
import { openEncryptedFront } from '../../../fixtures/postgres/encrypted-front.ts';
import { describeOnPostgres } from '../../../fixtures/postgres/test-server.ts';

await describeOnPostgres('an encrypted record', (server) => {
  const closing = closingAfterEach();

  it('is opened when the server proves its name, and not otherwise', async () => {
    const address = new URL(await server.database());
    const certificate = { cert: SERVER_CERTIFICATE, key: SERVER_KEY };
    const front = closing(
      await openEncryptedFront({ host: address.hostname, port: Number(address.port || 5432) }, certificate),
    );
    address.port = String(front.port);
    const opening = (host: string, tls: Tls) => {
      address.hostname = host;
      return openPostgresStore({ place: readPlace(address.href, { tls }), patienceMs: 200 });
    };
    for (const [host, tls] of [
      ['127.0.0.1', { ca: AUTHORITY }],
      ['localhost', { ca: AUTHORITY }],
      ['127.0.0.1', { ca: AUTHORITY, serverName: 'localhost' }],
    ] as const) {
      const store = closing(await opening(host, tls));
      await store.apply(changes({ journal: [entry()] }));
      expect((await store.journal({ limit: 9 })).length).toBeGreaterThan(0);
    }
    await expect(opening('127.0.0.1', {})).rejects.toMatchObject({ code: 'not-openable', message: /certificate/ });
    const another = { ca: AUTHORITY, serverName: 'record.example.org' };
    await expect(opening('127.0.0.1', another)).rejects.toMatchObject({ code: 'not-openable', message: /altnames/ });
    expect(front.plain()).toBe(0);
  });
});
