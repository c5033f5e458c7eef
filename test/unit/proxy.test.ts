import { EventEmitter } from "node:events";
import { createPipelineRequest, type PipelineRequest } from "@azure/core-rest-pipeline";
import { PROXY_ANSWERED, throughProxy } from "../../provider/azure/http/proxy";

/* Two requests of Microsoft's client by one agent, which tells of both. */

const agent = Object.assign(new EventEmitter(), { proxy: new URL("http://user:pass@proxy:8080") });

function requestTo(host: string): PipelineRequest {
  const request = createPipelineRequest({ url: `https://${host}/` });
  request.agent = agent as unknown as NonNullable<PipelineRequest["agent"]>;
  return request;
}

function answered(request: PipelineRequest, statusCode: number): void {
  const getHeader = () => request.requestId;
  agent.emit(PROXY_ANSWERED, { statusCode, statusText: "so" }, { getHeader });
}

test("a refusal is that of its own request, whatever the client makes of it", async () => {
  const [refused, failed, passed] = ["one", "two", "three"].map(requestTo) as [
    PipelineRequest,
    PipelineRequest,
    PipelineRequest,
  ];
  const response = { request: passed, status: 403, headers: passed.headers };
  const outcomes = Promise.allSettled([
    throughProxy(refused, () => Promise.resolve().then(() => response)),
    throughProxy(failed, () => Promise.reject(new Error("Parse Error"))),
    throughProxy(passed, () => Promise.resolve().then(() => response)),
  ]);
  answered(refused, 403);
  answered(failed, 407);
  answered(passed, 200);
  const [one, two, three] = await outcomes;
  expect(one).toMatchObject({
    reason: { message: "the proxy proxy:8080 refused to connect to one (403 so)" },
  });
  expect(two).toMatchObject({ reason: { statusCode: 407 } });
  expect(three).toEqual({ status: "fulfilled", value: response });
  expect(agent.listenerCount(PROXY_ANSWERED)).toBe(0);
});

test("what fails without a refusal fails as it did", async () => {
  const sent = throughProxy(requestTo("one"), () => Promise.reject(new Error("cut")));
  await expect(sent).rejects.toThrow("cut");
});
