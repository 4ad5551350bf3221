import type { Fields } from './field.ts';
import { objectNamed } from './objects.ts';
import type { Records } from './records.ts';
import { sobject } from './sobject.ts';

/** The connected app that every org of localhost has, so that a demo can configure itself. */
export const demoApp = {
  clientId: '3MVG9.tsunagi-localhost-demo',
  clientSecret: 'tsunagi-localhost-demo-secret',
  /** Whom the app runs as, and the `sub` of its tokens. */
  username: 'integration@tsunagi.example.com',
} as const;

/** Who works in the org when nobody else is named. */
export const salesperson = 'sato.hanako@example.co.jp';

const people: readonly Fields[] = [
  {
    Username: demoApp.username,
    LastName: 'Integration',
    FirstName: 'Tsunagi',
    Email: demoApp.username,
    Alias: 'tsunagi',
  },
  { Username: salesperson, LastName: '佐藤', FirstName: '花子', Email: salesperson, Title: '営業', Alias: 'hsato' },
  {
    Username: 'suzuki.ichiro@example.co.jp',
    LastName: '鈴木',
    FirstName: '一郎',
    Email: 'suzuki.ichiro@example.co.jp',
    Title: '営業',
    Alias: 'isuzuki',
  },
  {
    Username: 'retired@example.co.jp',
    LastName: '山本',
    FirstName: '退職',
    Email: 'retired@example.co.jp',
    Alias: 'retired',
    IsActive: false,
  },
];

/** A new org has its users and nothing else. Does nothing when there are any. */
export function seedUsers(records: Records, now: string): void {
  const type = objectNamed('User') ?? sobject('User', '005', []);
  if (records.newest(type, 1).length > 0) return;
  let first: string | undefined;
  for (const person of people) {
    const id = records.nextId(type);
    first ??= id;
    const stamps = {
      CreatedDate: now,
      CreatedById: first,
      LastModifiedDate: now,
      LastModifiedById: first,
      SystemModstamp: now,
    };
    const Name = `${person.FirstName} ${person.LastName}`;
    records.save({
      type,
      fields: { Id: id, IsDeleted: false, IsActive: true, UserType: 'Standard', ...person, Name, ...stamps },
    });
  }
}
