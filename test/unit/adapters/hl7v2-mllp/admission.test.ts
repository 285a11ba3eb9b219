import { describe, expect, it } from '@jest/globals';
import { type Admission, admitted, type Peer, speaker } from '../../../../src/adapters/hl7v2-mllp/admission.ts';
import { readHead } from '../../../../src/core/hl7v2/head.ts';
import { ref } from '../../../fixtures/mllp/messages.ts';

const ANYBODY: Admission = { certificates: [], commonNames: [], addresses: [], sender: {} };
const partner = (name: string, admission: Partial<Admission>) => ({ name, admission: { ...ANYBODY, ...admission } });
const names = (peer: Peer, ...partners: ReturnType<typeof partner>[]) =>
  admitted(peer, partners).map(({ name }) => name);

const shown = (sha256: string, commonName = 'elm', trusted = true) => ({ sha256, commonName, trusted });

describe('who may speak for a partner', () => {
  it('by address: one, a network, or IPv4 written as IPv6', () => {
    const elm = partner('elm', { addresses: ['10.20.0.0/16', '192.0.2.7', '2001:db8::/32'] });
    for (const address of ['10.20.3.4', '::ffff:10.20.3.4', '192.0.2.7', '2001:db8::1']) {
      expect([address, names({ address }, elm)]).toEqual([address, ['elm']]);
    }
    for (const address of ['10.21.3.4', '192.0.2.8', '2001:db9::1', '']) {
      expect([address, names({ address }, elm)]).toEqual([address, []]);
    }
  });

  it('by a certificate that is listed, whoever signed it', () => {
    const elm = partner('elm', { certificates: ['aa'] });
    expect(names({ address: '10.0.0.1', certificate: shown('aa', 'x', false) }, elm)).toEqual(['elm']);
    expect(names({ address: '10.0.0.1', certificate: shown('bb') }, elm)).toEqual([]);
    expect(names({ address: '10.0.0.1' }, elm)).toEqual([]);
  });

  it('by a name, only where an authority of ours vouches for it', () => {
    const elm = partner('elm', { commonNames: ['elm'] });
    expect(names({ address: '10.0.0.1', certificate: shown('aa') }, elm)).toEqual(['elm']);
    expect(names({ address: '10.0.0.1', certificate: shown('aa', 'elm', false) }, elm)).toEqual([]);
    expect(names({ address: '10.0.0.1', certificate: shown('aa', 'oak') }, elm)).toEqual([]);
  });

  it('where both are asked for, by both', () => {
    const elm = partner('elm', { certificates: ['aa'], addresses: ['10.0.0.1'] });
    expect(names({ address: '10.0.0.1', certificate: shown('aa') }, elm)).toEqual(['elm']);
    expect(names({ address: '10.0.0.2', certificate: shown('aa') }, elm)).toEqual([]);
    expect(names({ address: '10.0.0.1' }, elm)).toEqual([]);
  });
});

describe('whose message it is', () => {
  const head = (application: string) => readHead(Buffer.from(ref({ id: 'A', application })));
  const elm = partner('elm', { sender: { application: 'ELM', facility: 'Z99001' } });
  const oak = partner('oak', { sender: { application: 'OAK' } });

  it('the one that sends as this application and facility', () => {
    expect(speaker(head('ELM'), [elm, oak])?.name).toBe('elm');
    expect(speaker(head('OAK^1.2.3^ISO'), [elm, oak])?.name).toBe('oak');
    expect(speaker(head('ASH'), [elm, oak])).toBeUndefined();
  });

  it('nobody’s, when it could be two partners’', () => {
    expect(speaker(head('ELM'), [elm, partner('twin', { sender: { facility: 'Z99001' } })])).toBeUndefined();
    expect(speaker(head('ASH'), [partner('one', {}), partner('other', {})])).toBeUndefined();
  });

  it('of one that is named and one that takes anything, the named one’s', () => {
    expect(speaker(head('OAK'), [partner('any', {}), oak])?.name).toBe('oak');
  });
});
