import { describe, expect, it } from 'vitest';
import { moment, readDay, readMoment } from '../../../../cdk/local/services/salesforce/moment.ts';
import { longId, recordId } from '../../../../cdk/local/services/salesforce/record-id.ts';

describe('a record id', () => {
  it('has the checksum that Salesforce computes', () => {
    // As Salesforce's documentation shows them.
    for (const id of ['001A0000006Vm9rIAC', '001R00000033I6AIAU', '001R00000064wdtIAA'])
      expect(longId(id.slice(0, 15))).toBe(id);
  });

  it('is taken short or long, and refused when its checksum is wrong', () => {
    const id = recordId('00Q', 62 ** 3 + 10);
    expect(id).toMatch(/^00QTs0\w{9}\w{3}$/);
    expect(longId(id.slice(0, 15))).toBe(id);
    expect(longId(id)).toBe(id);
    expect(longId(id.toLowerCase())).toBeUndefined();
    for (const bad of ['', 'x', `${id}a`, '00Q-0000000000']) expect(longId(bad)).toBeUndefined();
  });

  it('of a later record is greater', () => {
    const ids = [1, 9, 10, 35, 36, 61, 62, 3843, 3844, 238_327].map((number) => recordId('003', number));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a moment', () => {
  it('has a resolution of one second and is read in any zone', () => {
    expect(moment(1_700_000_000_999)).toBe('2023-11-14T22:13:20.000+0000');
    for (const text of ['2023-11-14T22:13:20Z', '2023-11-15T07:13:20.987+09:00', '2023-11-15T07:13:20+0900'])
      expect(readMoment(text)).toBe('2023-11-14T22:13:20.000+0000');
    for (const bad of ['2023-11-14', '2023-13-14T00:00:00Z', '2023-11-14T22:13:20'])
      expect(readMoment(bad)).toBeUndefined();
  });

  it('of a day has to exist', () => {
    expect(readDay('2024-02-29')).toBe('2024-02-29');
    expect(readDay('2024-02-29T10:00:00Z')).toBe('2024-02-29');
    for (const bad of ['2023-02-29', '2023-2-1', 'today']) expect(readDay(bad)).toBeUndefined();
  });
});
