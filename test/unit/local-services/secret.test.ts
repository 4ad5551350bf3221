import { describe, expect, it } from 'vitest';
import { generateSecret } from '../../../cdk/local/services/secrets.ts';

describe('a generated secret', () => {
  it('has 32 characters of every kind by default', () => {
    const secret = generateSecret({});
    expect(secret).toHaveLength(32);
    for (const kind of [/[a-z]/, /[A-Z]/, /\d/, /[^\w\s]/]) expect(secret).toMatch(kind);
  });

  it('leaves out what is excluded', () => {
    const secret = generateSecret({
      PasswordLength: 200,
      ExcludePunctuation: true,
      ExcludeUppercase: true,
      ExcludeCharacters: 'abc123',
      IncludeSpace: true,
    });
    expect(secret).toMatch(/^[d-z04-9 ]{200}$/);
    expect(secret).toContain(' ');
  });

  it('stands in a template under its key', () => {
    const secret: unknown = JSON.parse(
      generateSecret({ SecretStringTemplate: '{"user":"u"}', GenerateStringKey: 'password', PasswordLength: 20 }),
    );
    expect(secret).toEqual({ user: 'u', password: expect.stringMatching(/^.{20}$/) });
  });

  it('cannot be made of nothing', () => {
    const exclude = { ExcludeLowercase: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludePunctuation: true };
    expect(() => generateSecret(exclude)).toThrow('excludes every character');
  });
});
