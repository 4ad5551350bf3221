const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The 18-character form of a Salesforce id: the last three tell which of the others are capitals. */
export function fullId(id: string): string {
  if (!/^[A-Za-z0-9]{15}$/.test(id)) return id;
  const suffix = [0, 5, 10].map((start) => {
    const capitals = [...id.slice(start, start + 5)].map((letter, bit) => (/[A-Z]/.test(letter) ? 1 << bit : 0));
    return letters[capitals.reduce((sum, bit) => sum + bit, 0)];
  });
  return id + suffix.join('');
}
