import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Fhir } from 'fhir-lantana';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { fhirJsonToXml, xmlToFhirJson } from '../../../../src/adapters/fhir-rest/xml.ts';
import { checkStructure } from '../../../../src/core/fhir/structure.ts';
import { all, altered, patient, questionnaireResponse, task } from '../../core/fhir/synthetic-resources.ts';

const read = (text: string) => xmlToFhirJson(new TextEncoder().encode(text));
const inPatient = (inner: string) => read(`<Patient xmlns="http://hl7.org/fhir">${inner}</Patient>`);
const rules = (text: string) => read(text).findings.map(({ rule }) => rule);

describe('XML and JSON', () => {
  it.each(all.map((resource) => [resource.resourceType, resource] as const))(
    'say the same: a %s goes to XML and comes back unchanged',
    (_, resource) => {
      expect(read(fhirJsonToXml(resource))).toEqual({ content: resource, findings: [] });
    },
  );

  it('carry every text through unchanged', () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((value) => !/[^\P{Cc}\t\n\r\u007f-\u009f]|[\ufffe\uffff]/u.test(value));
    fc.assert(
      fc.property(text, text, (family, url) => {
        const resource = {
          resourceType: 'Patient',
          extension: [{ url, valueString: family }],
          name: [{ id: url, family }],
        };
        expect(read(fhirJsonToXml(resource)).content).toEqual(resource);
      }),
    );
  });

  it('agree with the package fhir where that converts right', () => {
    const lantana = new Fhir();
    for (const resource of [altered(task, { input: undefined }), questionnaireResponse])
      expect(JSON.parse(lantana.xmlToJson(fhirJsonToXml(resource)))).toEqual(resource);
  });

  it('keep the order that XML prescribes, whatever the order in JSON', () => {
    const xml = fhirJsonToXml({ birthDate: '1950', name: [{ family: 'T' }], resourceType: 'Patient', id: 'a' });
    expect(xml).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Patient xmlns="http://hl7.org/fhir"><id value="a"></id><name><family value="T"></family></name><birthDate value="1950"></birthDate></Patient>',
    );
  });
});

describe('xmlToFhirJson', () => {
  it('makes lists, numbers and booleans where R4 has them, also for single values', () => {
    const { content } = inPatient(
      '<active value="false"/><name><given value="Ada"/></name><telecom><rank value="2"/></telecom><multipleBirthInteger value="0"/>',
    );
    expect(content).toEqual({
      resourceType: 'Patient',
      active: false,
      name: [{ given: ['Ada'] }],
      telecom: [{ rank: 2 }],
      multipleBirthInteger: 0,
    });
  });

  it('keeps codes as strings and decimals as numbers', () => {
    const xml = `<Observation xmlns="http://hl7.org/fhir"><code><coding><code value="871731000000106"/></coding></code>
      <valueQuantity><value value="-1.50"/></valueQuantity></Observation>`;
    expect(read(xml).content).toMatchObject({
      code: { coding: [{ code: '871731000000106' }] },
      valueQuantity: { value: -1.5 },
    });
  });

  it('aligns extensions in lists of primitives by nulls', () => {
    const extension = '<extension url="urn:x"><valueCode value="y"/></extension>';
    const { content } = inPatient(
      `<name><given value="A"/><given>${extension}</given><given id="c" value="C"/><given value="D"/></name>`,
    );
    expect(content).toEqual({
      resourceType: 'Patient',
      name: [
        {
          given: ['A', null, 'C', 'D'],
          _given: [null, { extension: [{ url: 'urn:x', valueCode: 'y' }] }, { id: 'c' }, null],
        },
      ],
    });
    expect(checkStructure(content, loadR4Model())).toEqual([]);
  });

  it('takes an extension in place of a boolean', () => {
    const { content, findings } = inPatient(
      '<active><extension url="urn:x"><valueCode value="unknown"/></extension></active>',
    );
    expect(findings).toEqual([]);
    expect(content).toEqual({
      resourceType: 'Patient',
      _active: { extension: [{ url: 'urn:x', valueCode: 'unknown' }] },
    });
  });

  it('keeps a narrative as XHTML with its namespace, whatever prefix it was written with', () => {
    const div =
      '<h:div xmlns:h="http://www.w3.org/1999/xhtml" title="&quot;&lt;"><h:p>a &amp; <![CDATA[<b>]]></h:p><h:br/><h:p></h:p></h:div>';
    const { content, findings } = inPatient(`<text><status value="generated"/>${div}</text>`);
    expect(findings).toEqual([]);
    expect(content).toMatchObject({
      text: {
        div: '<div xmlns="http://www.w3.org/1999/xhtml" title="&quot;&lt;"><p>a &amp; &lt;b&gt;</p><br/><p></p></div>',
      },
    });
  });

  it('keeps the foreign attributes of a narrative with their namespace, so that it can be written again', () => {
    const div =
      '<div xmlns="http://www.w3.org/1999/xhtml"><p xmlns:o="urn:o&amp;" xml:lang="cy" o:x="1">a</p><p>b</p></div>';
    const { content, findings } = inPatient(`<text><status value="generated"/>${div}</text>`);
    expect(findings).toEqual([]);
    expect(content).toMatchObject({ text: { div } });
    expect(read(fhirJsonToXml(content))).toEqual({ content, findings: [] });
  });

  it('reads resources with a prefix, comments, declarations and processing instructions', () => {
    const xml =
      '\ufeff<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<?style x?><!-- a --><f:Patient xmlns:f="http://hl7.org/fhir"><!-- b --><f:id value="1"/></f:Patient>\n<!-- c -->';
    expect(read(xml)).toEqual({ content: { resourceType: 'Patient', id: '1' }, findings: [] });
  });

  it.each([
    ['an unknown element', '<nmae><family value="x"/></nmae>', 'fhir/unknown-element at Patient.nmae'],
    ['an unknown element with a value', '<brithDate value="1950"/>', 'fhir/unknown-element at Patient.brithDate'],
    [
      'a single element given twice',
      '<birthDate value="1950"/><birthDate value="1951"/>',
      'fhir/cardinality at Patient.birthDate',
    ],
    [
      'a single object given twice',
      '<maritalStatus><text value="a"/></maritalStatus><maritalStatus><text value="b"/></maritalStatus>',
      'fhir/cardinality at Patient.maritalStatus',
    ],
    ['an empty value', '<birthDate value=""/>', 'fhir/empty at Patient.birthDate'],
    ['no value at all', '<birthDate/>', 'fhir/empty at Patient.birthDate'],
    ['an element without content', '<name/>', 'fhir/empty at Patient.name[0]'],
    ['a boolean that is none', '<active value="yes"/>', 'fhir/json-type at Patient.active'],
    ['a number that is none', '<multipleBirthInteger value="two"/>', 'fhir/json-type at Patient.multipleBirthInteger'],
    [
      'an unknown resource inside',
      '<contained><Organisation><id value="a"/></Organisation></contained>',
      'fhir/resource-type at Patient.contained[0]',
    ],
  ])('loses nothing that is wrong: %s is left for the structural check', (_, inner, expected) => {
    const { content, findings } = inPatient(inner);
    expect(findings).toEqual([]);
    expect(checkStructure(content, loadR4Model()).map(({ rule, place }) => `${rule} at ${place.expression}`)).toEqual([
      expected,
    ]);
  });

  it.each([
    ['text between elements', 'Smith', 'xml/text', 'Patient'],
    ['a foreign attribute', '<birthDate value="1950" unit="x"/>', 'xml/attribute', 'Patient.birthDate'],
    ['data in attributes', '<name family="x"/>', 'xml/attribute', 'Patient.name[0]'],
    [
      'an element of another namespace',
      '<x:name xmlns:x="urn:x"><x:family value="x"/></x:name>',
      'xml/namespace',
      'Patient.name[0]',
    ],
    ['two resources in one place', '<contained><Basic/><Basic/></contained>', 'xml/resource', 'Patient.contained[0]'],
    ['no resource in its place', '<contained/>', 'xml/resource', 'Patient.contained[0]'],
    ['a narrative that is not XHTML', '<text><div><p/></div></text>', 'xml/namespace', 'Patient.text.div'],
    ['a name that means something in JSON', '<_birthDate value="1950"/>', 'xml/name', 'Patient'],
    ['a prototype', '<name><__proto__ value="1"/></name>', 'xml/name', 'Patient.name[0]'],
  ])('refuses %s, with line and place', (_, inner, rule, expression) => {
    const { findings } = inPatient(`\n${inner}`);
    expect(findings[0]).toMatchObject({ severity: 'error', rule, place: { expression } });
    expect(findings[0]?.place.line).toBeGreaterThan(0);
  });

  it('warns of a decimal that a number cannot hold', () => {
    const xml = '<Quantity/>'.replace(
      '<Quantity/>',
      '<Observation xmlns="http://hl7.org/fhir"><valueQuantity><value value="0.12345678901234567890"/></valueQuantity></Observation>',
    );
    expect(read(xml).findings).toMatchObject([
      { severity: 'warning', rule: 'xml/precision', place: { expression: 'Observation.valueQuantity.value' } },
    ]);
  });

  it('refuses every document type, and so every entity', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><Patient xmlns="http://hl7.org/fhir"/>';
    const outside = '<!DOCTYPE x SYSTEM "file:///etc/passwd"><Patient xmlns="http://hl7.org/fhir"/>';
    const endless = `<!DOCTYPE x [${'<!ENTITY a "b">'.repeat(10_000)}`;
    for (const text of [bomb, outside, endless, `\n<!-- a -->${outside}`, '<!DOCTYPE', '<a><!ENTITY x "y"></a>'])
      expect(read(text)).toMatchObject({ findings: [{ rule: 'xml/doctype', issue: 'security' }] });
    expect(rules('<a>&nbsp;</a>')).toEqual(['xml/syntax']);
  });

  it.each([
    '',
    '   ',
    'text',
    '{"resourceType":"Patient"}',
    '<a>',
    '<a></b>',
    '</a>',
    '<a/><b/>',
    '<a b=c/>',
    '<a b="1" b="2"/>',
    '<a b="1"c="2"/>',
    '<a b="<"/>',
    '<a b="1/>',
    '<a b/>',
    '<1/>',
    '< a/>',
    '<a>&</a>',
    '<a>&#0;</a>',
    '<a>&#xD800;</a>',
    '<a>&#x110000;</a>',
    '<a b="&bogus;"/>',
    '<a><!-- -- --></a>',
    '<a><!-- </a>',
    '<a><![CDATA[</a>',
    '<a><?x</a>',
    '<x:a/>',
    '<a/>text',
    '<a>\u0001</a>',
    '<?xml version="2.0"?><a/>',
  ])('says of malformed XML where it is malformed, and does not throw: %j', (text) => {
    const { content, findings } = read(text);
    expect(content).toBeUndefined();
    expect(findings).toMatchObject([{ severity: 'error', rule: 'xml/syntax', place: { line: 1 } }]);
  });

  it('refuses other encodings than UTF-8', () => {
    const utf16 = Buffer.from('\ufeff<Patient xmlns="http://hl7.org/fhir"/>', 'utf16le');
    expect(xmlToFhirJson(utf16).findings).toMatchObject([{ rule: 'xml/encoding' }]);
    const latin1 = Buffer.from('<Patient xmlns="http://hl7.org/fhir"><id value="é"/></Patient>', 'latin1');
    expect(xmlToFhirJson(latin1).findings).toMatchObject([{ rule: 'xml/encoding' }]);
    expect(rules('<?xml version="1.0" encoding="ISO-8859-1"?><Patient xmlns="http://hl7.org/fhir"/>')).toEqual([
      'xml/encoding',
    ]);
  });

  it('refuses a root outside the FHIR namespace', () => {
    expect(rules('<Patient/>')).toEqual(['xml/namespace']);
    expect(rules('<Patient xmlns="urn:hl7-org:v3"/>')).toEqual(['xml/namespace']);
  });

  it('bounds depth, number of elements, attributes and namespaces, and size', () => {
    const limited = ['xml/limit'];
    expect(rules('<a>'.repeat(1_000_000))).toEqual(limited);
    expect(rules(`<a>${'<b/>'.repeat(1_000_000)}</a>`)).toEqual(limited);
    expect(rules(`<a ${Array.from({ length: 100 }, (_, i) => `b${i}="1"`).join(' ')}/>`)).toEqual(limited);
    expect(rules(`<a ${Array.from({ length: 40 }, (_, i) => `xmlns:b${i}="1"`).join(' ')}/>`)).toEqual(limited);
    expect(rules(' '.repeat(11 * 1024 * 1024))).toEqual(limited);
  });

  it('never throws on any bytes or any damage to a valid document', () => {
    const valid = fhirJsonToXml(patient);
    const damage = fc.tuple(
      fc.nat(valid.length),
      fc.nat(20),
      fc.constantFrom('', '<', '>', '"', '&', '/', ' ', '</name>', '<x>', '<!', 'é', '\0'),
    );
    fc.assert(
      fc.property(damage, fc.uint8Array({ maxLength: 60 }), ([at, length, patch], bytes) => {
        const { content, findings } = read(valid.slice(0, at) + patch + valid.slice(at + length));
        expect(content !== undefined || findings.length > 0).toBe(true);
        if (content !== undefined) checkStructure(content, loadR4Model());
        expect(xmlToFhirJson(bytes).findings.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('repeats no value of the body in a finding', () => {
    const { findings } = inPatient('Zebedee<birthDate Zebedee="1" value="Zebedee"/>');
    expect(findings.length).toBeGreaterThan(1);
    expect(JSON.stringify(findings)).not.toContain('Zebedee');
    const malformed = [
      '<Zebedee>',
      '</Zebedee>',
      '<Zebedee></a></Zebedee>',
      '<Zebedee:a/>',
      '<a Zebedee:b="1"/>',
      '<a Zebedee="1" Zebedee="2"/>',
      '<Zebedee:a:b/>',
      '<a>&Zebedee;</a>',
      '<a xmlns="http://www.w3.org/2000/xmlns/" Zebedee="1"/>',
      '<!DOCTYPE Zebedee><a/>',
      '<?Zebedee',
    ];
    for (const text of malformed) {
      expect(read(text).findings).toHaveLength(1);
      expect(JSON.stringify(read(text))).not.toContain('Zebedee');
    }
  });
});

describe('fhirJsonToXml', () => {
  it('cannot be made to write markup that a value holds', () => {
    const div = '<div xmlns="http://www.w3.org/1999/xhtml"></div></text><evil/><text>';
    const resource = {
      resourceType: 'Patient',
      text: { status: 'generated', div },
      name: [{ family: '"/><evil a="' }],
    };
    const { content, findings } = read(fhirJsonToXml(resource));
    expect(findings).toEqual([]);
    expect(Object.keys(content as object)).toEqual(['resourceType', 'text', 'name']);
    expect(content).toMatchObject({ name: [{ family: '"/><evil a="' }] });
  });

  it('writes for characters that XML does not have the sign for an unknown one', () => {
    const { content } = read(fhirJsonToXml({ resourceType: 'Patient', name: [{ family: 'a\u0001b\uffff' }] }));
    expect(content).toEqual({ resourceType: 'Patient', name: [{ family: 'a\ufffdb\ufffd' }] });
  });

  it('throws, and loses nothing in silence, when a resource holds what R4 does not have', () => {
    for (const resource of [
      { resourceType: 'Patient', nmae: [] },
      { resourceType: 'Patience' },
      { resourceType: 'Patient', name: ['x'] },
      null,
    ])
      expect(() => fhirJsonToXml(resource)).toThrow();
  });
});
