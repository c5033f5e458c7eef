import { RestError, type PipelinePolicy } from "@azure/core-rest-pipeline";

/** Read as a stream whatever the status: the client would otherwise read without a limit. */
const ANY_STATUS = new Set([Number.POSITIVE_INFINITY]);

/** The code of the error for an answer that is larger than any that is expected. */
const TOO_LARGE = "ERR_ANSWER_TOO_LARGE";

/**
 * Reads the bodies of answers, up to a size: a server that sends without end must not fill the
 * memory.
 * @param maximum in bytes.
 */
export function limitedBody(maximum: number): PipelinePolicy {
  return {
    name: "limitedBody",
    async sendRequest(request, next) {
      request.streamResponseStatusCodes = ANY_STATUS;
      const { readableStreamBody: stream, ...response } = await next(request);
      const chunks: Buffer[] = [];
      let size = 0;
      try {
        for await (const chunk of stream ?? []) {
          size += chunk.length;
          if (size > maximum) break; // which closes the stream
          chunks.push(chunk as Buffer);
        }
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new RestError(`the answer broke off (${message})`, { code: "ECONNRESET", request });
      }
      if (size > maximum) {
        const limit = String(maximum / 2 ** 20);
        throw new RestError(`the answer is larger than ${limit} MiB`, { code: TOO_LARGE, request });
      }
      return { ...response, bodyAsText: Buffer.concat(chunks).toString("utf8") };
    },
  };
}
