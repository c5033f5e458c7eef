import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { SignInDiagnostics } from "../../provider/azure/signIn/signInDiagnostics";

const refused = () => Promise.reject(new Error("refused"));

/** Sends a request to the endpoint of managed identities, which is too busy, for a credential. */
function askIdentityEndpoint(diagnostics: SignInDiagnostics): Promise<unknown> {
  const busy = diagnostics.watch({
    sendRequest: (request) => Promise.resolve({ request, status: 500, headers: HEADERS }),
  });
  return busy.sendRequest(createPipelineRequest({ url: "https://identity-endpoint/token" }));
}
const HEADERS = createHttpHeaders();

test("a credential signs in once at a time, and each attempt fails for its own reason", async () => {
  const diagnostics = new SignInDiagnostics("https://authority");
  const order: string[] = [];
  const outcomes = await Promise.allSettled([
    diagnostics.run(async () => {
      order.push("first");
      await diagnostics
        .token(() => Promise.reject(new Error("no token")))
        .finally(() => order.push("no token"));
    }),
    diagnostics.run(() => {
      order.push("second");
      return refused();
    }),
  ]);
  expect(outcomes).toMatchObject([
    { reason: { message: "no token" } },
    { reason: { message: "refused" } },
  ]);
  expect(order).toEqual(["first", "no token", "second"]);
});

test("what the endpoint of managed identities answers tells why, whoever's client has asked it", async () => {
  const first = new SignInDiagnostics("https://authority");
  const second = new SignInDiagnostics("https://authority");
  const failed = second.run(async () => {
    await askIdentityEndpoint(first);
    return refused();
  });
  await expect(failed).rejects.toThrow("the managed identity endpoint did not answer");
});

test("what that endpoint answered before says nothing of an attempt", async () => {
  const diagnostics = new SignInDiagnostics("https://authority");
  await askIdentityEndpoint(diagnostics);
  await expect(diagnostics.run(refused)).rejects.toThrow("refused");
});
