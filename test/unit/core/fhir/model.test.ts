import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { buildR4Model } from '../../../../src/core/fhir/model.ts';
import { nearestName } from '../../../../src/core/fhir/model-nearest.ts';

const model = loadR4Model();

describe('R4Model', () => {
  it('knows all 146 resources of R4 and none of its abstract ones', () => {
    expect(model.resources).toHaveLength(146);
    expect(model.isResource('ServiceRequest')).toBe(true);
    for (const name of ['Resource', 'DomainResource', 'HumanName', 'string', 'constructor', '__proto__', ''])
      expect(model.isResource(name)).toBe(false);
  });

  it('tells type, cardinality and binding of an element', () => {
    expect(model.element('ServiceRequest', 'status')).toEqual({
      name: 'status',
      path: 'status',
      type: 'code',
      list: false,
      required: true,
      choice: false,
      binding: { strength: 'required', valueSet: 'http://hl7.org/fhir/ValueSet/request-status' },
    });
    expect(model.element('ServiceRequest', 'reasonCode')).toMatchObject({
      type: 'CodeableConcept',
      list: true,
      required: false,
    });
    expect(model.element('ServiceRequest', 'subject')?.targets).toEqual(['Patient', 'Group', 'Location', 'Device']);
    expect(model.element('Task', 'focus')).not.toHaveProperty('targets');
  });

  it('resolves a choice by its name in JSON and by its name in FHIRPath', () => {
    expect(model.element('Observation', 'valueQuantity')).toMatchObject({
      path: 'value',
      type: 'Quantity',
      choice: true,
    });
    expect(model.element('Observation', 'value')).toBeUndefined();
    expect(model.elementsNamed('Observation', 'value').map(({ type }) => type)).toContain('CodeableConcept');
    expect(model.elementsNamed('Observation', 'value')).toHaveLength(11);
    expect(model.elementsNamed('Observation', 'status').map(({ name }) => name)).toEqual(['status']);
    expect(model.elementsNamed('Observation', 'nonsense')).toEqual([]);
  });

  it('gives backbones their path as a type, also where one repeats another', () => {
    expect(model.element('Bundle', 'entry')?.type).toBe('Bundle.entry');
    expect(model.element('Bundle.entry', 'request')?.type).toBe('Bundle.entry.request');
    expect(model.element('Bundle.entry', 'link')?.type).toBe('Bundle.link');
    expect(model.element('QuestionnaireResponse.item.answer', 'item')?.type).toBe('QuestionnaireResponse.item');
    expect(model.typeNamed('Task.input')).toMatchObject({ kind: 'backbone' });
  });

  it('leads from every element to a type that it knows', () => {
    const lost = model.resources.flatMap((resource) =>
      model.elementsOf(resource).filter((element) => model.typeNamed(element.type) === undefined),
    );
    expect(lost).toEqual([]);
  });

  it('names a required choice once', () => {
    expect(model.typeNamed('Task.input')?.required.map(({ path }) => path)).toEqual(['type', 'value']);
  });

  it('knows the members of required value sets and says when it does not', () => {
    expect(model.requiredCodes('http://hl7.org/fhir/ValueSet/request-priority|4.0.1')?.codes).toEqual(
      new Set(['routine', 'urgent', 'asap', 'stat']),
    );
    expect(model.requiredCodes('http://hl7.org/fhir/ValueSet/mimetypes')).toBeUndefined();
    expect(model.requiredCodes('constructor')).toBeUndefined();
  });

  it('suggests the element or resource that a misspelt name was meant to be', () => {
    expect(model.nearestElement('ServiceRequest', 'reasoncode')).toBe('reasonCode');
    expect(model.nearestElement('ServiceRequest', 'subjcet')).toBe('subject');
    expect(model.nearestElement('ServiceRequest', 'elephant')).toBeUndefined();
    expect(model.nearestResource('Servicerequest')).toBe('ServiceRequest');
    expect(model.nearestResource('Observations')).toBe('Observation');
  });

  it('is built from data alone', () => {
    const small = buildR4Model(
      {
        Thing: {
          _kind: 'resource',
          _properties: [
            { _name: 'word', _type: 'code', _multiple: true, _valueSetStrength: 'required', _valueSet: 'urn:words|1' },
          ],
        },
      },
      { 'urn:words': { systems: [{ uri: 'urn:s', codes: [{ code: 'a' }] }] } },
    );
    expect(small.resources).toEqual(['Thing']);
    expect(small.element('Thing', 'word')).toMatchObject({ list: true, required: false });
    expect(small.requiredCodes('urn:words')?.codings).toEqual(new Set(['urn:s|a']));
  });
});

describe('nearestName', () => {
  it.each([
    ['staus', 'status'],
    ['STATUS', 'status'],
    ['sttaus', 'status'],
    ['statusss', 'status'],
    ['cod', 'code'],
    ['xyz', undefined],
    ['', undefined],
    ['s'.repeat(61), undefined],
  ])('finds for %j %j', (name, nearest) => {
    expect(nearestName(name, ['status', 'code', 'subject'])).toBe(nearest);
  });
});
