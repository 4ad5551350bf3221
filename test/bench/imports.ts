import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Started } from './system.ts';

type Json = Record<string, unknown>;
type Counters = Readonly<Record<string, number>>;

export type ImportFigure = {
  readonly rows: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** The most memory that the whole system held while it ran. */
  readonly megabytes: number;
};

async function request<T = Json>(system: Started, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${system.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${system.accessToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** What a process holds in memory now, as Linux says it. */
const residentMegabytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

let files = 0;

function fileOf(rows: number): Buffer {
  files += 1;
  const lines = Array.from(
    { length: rows },
    (_, n) =>
      `import${files}x${n}@example.co.jp,佐藤,花子${n},03-1234-${String(n % 10_000).padStart(4, '0')},高橋商店${n % 500}`,
  );
  return Buffer.from(['メール,姓,名,電話,会社', ...lines, ''].join('\r\n'), 'utf8');
}

const columns = [
  { columnObjectTypeId: '0-1', columnName: 'メール', propertyName: 'email', columnType: 'HUBSPOT_ALTERNATE_ID' },
  { columnObjectTypeId: '0-1', columnName: '姓', propertyName: 'lastname' },
  { columnObjectTypeId: '0-1', columnName: '名', propertyName: 'firstname' },
  { columnObjectTypeId: '0-1', columnName: '電話', propertyName: 'phone' },
  { columnObjectTypeId: '0-1', columnName: '会社', propertyName: 'company' },
];

/** Imports so many new contacts of five values through the whole system, the file by a signed address. */
export async function measureImport(system: Started, rows: number): Promise<ImportFigure> {
  const file = fileOf(rows);
  const place = await request<{ fileId: string; uploadUrl: string }>(system, 'POST', '/crm/v1/files', {
    name: 'people.csv',
    contentType: 'text/csv',
    size: file.length,
  });
  const put = await fetch(place.uploadUrl, { method: 'PUT', body: new Uint8Array(file) });
  if (!put.ok) throw new Error(`PUT: ${put.status} ${await put.text()}`);
  const begun = performance.now();
  const { id } = await request<{ id: string }>(system, 'POST', '/crm/v3/imports', {
    name: `bench ${rows}`,
    importOperations: { '0-1': 'UPSERT' },
    files: [
      {
        fileName: 'people.csv',
        fileFormat: 'CSV',
        fileId: place.fileId,
        fileImportPage: { hasHeader: true, columnMappings: columns },
      },
    ],
  });
  let megabytes = 0;
  for (;;) {
    const { state, metadata, message } = await request<{
      state: string;
      message?: string;
      metadata: { counters: Counters };
    }>(system, 'GET', `/crm/v3/imports/${id}`);
    megabytes = Math.max(megabytes, residentMegabytes(system.pid));
    if (state === 'FAILED') throw new Error(message);
    if (state === 'DONE') {
      if (metadata.counters.CREATED_OBJECTS !== rows)
        throw new Error(`made ${metadata.counters.CREATED_OBJECTS} of ${rows}`);
      break;
    }
    await pause(200);
  }
  const seconds = (performance.now() - begun) / 1000;
  return { rows, seconds, rowsPerSecond: rows / seconds, megabytes };
}
