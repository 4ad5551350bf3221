/** A sum that is exact: whole units and millionths, each a whole number. Decimal fractions of a double would drift. */
export type Amount = { readonly whole: number; readonly micro: number };

const places = 6;
const perUnit = 10 ** places;
/** Larger numbers are no amounts: nine thousand of them still add up exactly. */
const largest = 1e12;

/** The amount of a number property's value, to six decimal places; undefined when it is none, or beyond a trillion. */
export function amountOf(value: string | undefined): Amount | undefined {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value ?? '') ?? [];
  if (whole === '' || Number(whole) > largest) return undefined;
  const by = sign === '-' ? -1 : 1;
  const amount = { whole: by * Number(whole), micro: by * Number(fraction.slice(0, places).padEnd(places, '0')) };
  return { whole: amount.whole || 0, micro: amount.micro || 0 };
}

/** The sum as a number of JSON. */
export const toNumber = ({ whole, micro }: Amount): number => {
  const units = whole + Math.trunc(micro / perUnit);
  return Number((units + (micro % perUnit) / perUnit).toFixed(places));
};
