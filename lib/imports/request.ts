import type { App } from '../core/app.ts';
import { CrmError, fromZod } from '../core/errors.ts';
import { readStoredFile, storeFile } from '../files/store.ts';
import { ImportRequest, type StoredImport } from './schema.ts';
import { startImport } from './store.ts';

/** An HTTP API takes 6 MB of base64, which are 4.5 MB of files. */
export const largestUpload = 4_718_592;

type Upload = { readonly name: string; readonly type: string; readonly bytes: Uint8Array };

/**
 * An import as HubSpot's clients send it (a form with `files` and `importRequest`), or as JSON when all files were uploaded before.
 * `body` has a letter for each byte. @throws CrmError 400
 */
export async function importFromRequest(app: App, body: string, contentType: string): Promise<StoredImport> {
  const { text, uploads } = await readBody(Buffer.from(body, 'latin1'), contentType);
  const request = parse(text);
  const files = request.files.map((file) => ({
    file,
    upload: file.fileId === undefined ? uploads.get(file.fileName) : undefined,
  }));
  const missing = files
    .filter(({ file, upload }) => file.fileId === undefined && !upload)
    .map(({ file }) => file.fileName);
  if (missing.length > 0) {
    throw new CrmError('VALIDATION_ERROR', `No file was sent with the name ${missing.join(', ')}`, {
      context: { fileName: missing },
    });
  }
  const sources: { id: string; key: string }[] = [];
  for (const { file, upload } of files) {
    const { id, key } = upload
      ? await storeFile(app, { name: upload.name, contentType: upload.type }, upload.bytes)
      : await readStoredFile(app, file.fileId ?? '');
    sources.push({ id, key });
  }
  return startImport(app, request, sources);
}

async function readBody(
  bytes: Buffer<ArrayBuffer>,
  contentType: string,
): Promise<{ text: string; uploads: Map<string, Upload> }> {
  if (!/^multipart\/form-data/i.test(contentType)) return { text: bytes.toString('utf8'), uploads: new Map() };
  const form = await readForm(bytes, contentType);
  const request = form.get('importRequest');
  const uploads = new Map<string, Upload>();
  for (const part of form.getAll('files')) {
    if (typeof part === 'string') continue;
    const name = part.name;
    uploads.set(name, {
      name,
      type: part.type || 'application/octet-stream',
      bytes: new Uint8Array(await part.arrayBuffer()),
    });
  }
  const text = request && typeof request !== 'string' ? await request.text() : (request ?? '');
  return { text, uploads };
}

async function readForm(bytes: Buffer<ArrayBuffer>, contentType: string): Promise<FormData> {
  try {
    return await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  } catch (error) {
    if (error instanceof TypeError) throw new CrmError('VALIDATION_ERROR', 'The body is no multipart form');
    throw error;
  }
}

function parse(text: string): ImportRequest {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new CrmError('VALIDATION_ERROR', 'Invalid input JSON: importRequest is not JSON', {
        context: { fields: ['importRequest'] },
      });
    throw error;
  }
  const result = ImportRequest.safeParse(given, { reportInput: true });
  if (!result.success) throw fromZod(result.error.issues, 'importRequest');
  return result.data;
}
