const plain = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/** A number as text in one spelling: no plus, no zeros that say nothing, no exponent. Undefined when it is not a number. */
export function readNumber(text: string): string | undefined {
  const [, sign = '', whole = '', fraction = ''] = plain.exec(text) ?? [];
  if (whole === '' && fraction === '') return readExponent(text);
  const digits = whole.replace(/^0+(?=\d)/, '') || '0';
  const rest = fraction.replace(/0+$/, '');
  const value = rest ? `${digits}.${rest}` : digits;
  return sign === '-' && value !== '0' ? `-${value}` : value;
}

const exponent = /^([+-]?)(\d+)(?:\.(\d+))?e([+-]?\d{1,3})$/i;

function readExponent(text: string): string | undefined {
  const [, sign = '', whole, fraction = '', power] = exponent.exec(text) ?? [];
  if (whole === undefined || power === undefined) return undefined;
  const shift = Number(power);
  if (Math.abs(shift) > 308) return undefined;
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${fraction}${'0'.repeat(Math.max(0, shift))}`;
  const point = Math.max(0, -shift) + whole.length + shift;
  return readNumber(`${sign}${digits.slice(0, point)}.${digits.slice(point)}`);
}
