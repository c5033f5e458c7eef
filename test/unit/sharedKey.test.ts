import { signGet } from "../../provider/azure/batch/sharedKey";
import vectors from "../fixtures/sharedkey-vectors.json";

describe("SharedKey signatures", () => {
  const key = Buffer.from(Array.from({ length: 64 }, (_, byte) => byte)).toString("base64");
  const signable = vectors.vectors.filter(({ headers }) => !("Content-Type" in headers));

  test.each(signable)(
    "are those of Microsoft's client for $url",
    ({ url, headers, authorization }) => {
      expect(signGet(new URL(url), headers["ocp-date"], vectors.account, key)).toBe(authorization);
    },
  );

  test("there are vectors to hold them against", () => {
    expect(signable.length).toBeGreaterThanOrEqual(2);
  });
});
