import { RestError, type PipelinePolicy } from "@azure/core-rest-pipeline";
import { Readable } from "node:stream";

/** Read as a stream whatever the status: the client would otherwise read without a limit. */
const ANY_STATUS = new Set([Number.POSITIVE_INFINITY]);

/** The code of the error for an answer that is larger than any that is expected. */
const TOO_LARGE = "ERR_ANSWER_TOO_LARGE";

export const LIMITED_BODY = "limitedBody";

/**
 * Reads the bodies of answers, up to a size: a server that sends without end must not fill the
 * memory.
 * @param maximum in bytes.
 */
export function limitedBody(maximum: number): PipelinePolicy {
  return {
    name: LIMITED_BODY,
    async sendRequest(request, next) {
      request.streamResponseStatusCodes = ANY_STATUS;
      const { readableStreamBody, ...response } = await next(request);
      const stream = (readableStreamBody ?? Readable.from([])) as Readable;
      const bodyAsText = await read(stream, maximum).catch((error: unknown) => {
        if (error instanceof TooLarge) {
          const message = `the answer is larger than ${String(maximum / 2 ** 20)} MiB`;
          throw new RestError(message, { code: TOO_LARGE, request });
        }
        throw new RestError(`the answer broke off (${String(error)})`, {
          code: "ECONNRESET",
          request,
        });
      });
      return { ...response, bodyAsText };
    },
  };
}

class TooLarge extends Error {}

/** By events: iterating over a stream takes longer than all else that is done with an answer. */
function read(stream: Readable, maximum: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > maximum) stream.destroy(new TooLarge());
    });
    stream.once("end", () => {
      resolve(Buffer.concat(chunks).toString("utf8"));
    });
    stream.once("error", reject);
    stream.once("close", () => {
      reject(new Error("the connection was closed"));
    });
  });
}
