import { request as http } from 'node:http';
import { request as https } from 'node:https';
import * as z from 'zod/mini';

/** What CloudFormation sends to the function of a custom resource. */
export const CustomResourceEvent = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.optional(z.string()),
  ResourceProperties: z.optional(z.record(z.string(), z.unknown())),
});
export type CustomResourceEvent = z.output<typeof CustomResourceEvent>;

export type Outcome = { readonly Status: 'SUCCESS' } | { readonly Status: 'FAILED'; readonly Reason: string };

const tries = 4;
const timeoutMs = 10_000;

/**
 * Tells CloudFormation how it went; a stack whose resource never answers hangs for an hour, so it is tried more than once.
 * @throws when the address answers nothing but errors.
 */
export async function respond(event: CustomResourceEvent, physicalId: string, outcome: Outcome): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = event;
  const PhysicalResourceId = event.PhysicalResourceId ?? physicalId;
  const body = JSON.stringify({ ...outcome, PhysicalResourceId, StackId, RequestId, LogicalResourceId, Data: {} });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await put(new URL(ResponseURL), body);
    } catch (error) {
      if (attempt === tries) throw error;
    }
  }
}

/** The address is signed for a request without a content type. */
const put = (url: URL, body: string) =>
  new Promise<void>((resolve, reject) => {
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const send = url.protocol === 'http:' ? http : https;
    const request = send(url, { method: 'PUT', headers, timeout: timeoutMs }, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      if (statusCode < 300) response.once('end', resolve);
      else reject(new Error(`The response address answered ${statusCode}`));
    });
    request.once('timeout', () => request.destroy(new Error('The response address did not answer')));
    request.once('error', reject);
    request.end(body);
  });
