import type { SimulatedAccount } from "../../simulator";
import { type Kubernetes, startKubernetes } from "../kubernetesStandIn/startKubernetes";
import type { EngineFixture } from "../support/engineFixture";
import { startExample } from "./exampleStack";

/* The cluster, and the plugin of Pulumi's kubernetes provider, are test/kubernetesStandIn: see there why. */

jest.setTimeout(120_000);

interface Secret {
  readonly metadata: { readonly name: string };
  readonly data: Readonly<Record<string, string>>;
}

interface Variable {
  readonly name: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

interface Deployment {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { env: Variable[] }[] } };
  };
}

let engine: EngineFixture;
let kubernetes: Kubernetes;
let account: SimulatedAccount;
let held: string;

beforeAll(async () => {
  engine = await startExample("aks");
  kubernetes = await startKubernetes();
  account = engine.newAccount("aks");
  held = account.keys().primary;
  await engine.workspace.setConfig("accountId", account.id);
  await engine.workspace.setConfig("image", "registry.example/jobs:1");
});
afterAll(async () => {
  kubernetes.stop();
  await engine.stop();
});

const env = () => ({ PULUMI_DEBUG_PROVIDERS: kubernetes.address });
const up = () => engine.keep(engine.workspace.up({ skipPreview: true, env: env() }));

/** The key that a pod gets which starts now. */
function keyOfPods(): string {
  const [deployment] = kubernetes.cluster.objects("Deployment") as unknown as Deployment[];
  const variable = deployment?.spec.template.spec.containers[0]?.env.find(
    ({ name }) => name === "BATCH_ACCOUNT_KEY",
  );
  const { name, key = "" } = variable?.valueFrom?.secretKeyRef ?? {};
  const secrets = kubernetes.cluster.objects("Secret") as unknown as Secret[];
  const secret = secrets.find(({ metadata }) => metadata.name === name);
  return Buffer.from(secret?.data[key] ?? "", "base64").toString();
}

/** What an action has the cluster do. */
async function callsOf(action: () => Promise<unknown>): Promise<string[]> {
  const before = kubernetes.cluster.calls.length;
  await action();
  return kubernetes.cluster.calls.slice(before);
}

test("the pods get the key that is in use, and no key changes", async () => {
  await up();
  expect(keyOfPods()).toBe(held);
  expect(account.regenerations).toEqual([]);
});

test("another image changes the pods, and neither key nor Secret", async () => {
  await engine.workspace.setConfig("image", "registry.example/jobs:2");
  expect(await callsOf(up)).toEqual(["update kubernetes:apps/v1:Deployment jobs"]);
  expect(keyOfPods()).toBe(held);
});

test("a bump shows Secret and pods in its preview, and changes nothing yet", async () => {
  await engine.workspace.setConfig("keyVersion", "2");
  const calls = await callsOf(async () => {
    const { stdout } = await engine.keep(engine.workspace.preview({ env: env() }));
    expect(stdout).toMatch(/\+- +kubernetes:core\/v1:Secret batch-key replace/);
    expect(stdout).toMatch(/~ +kubernetes:apps\/v1:Deployment jobs update/);
  });
  expect(calls).toEqual([]);
});

test("one update rotates, and moves the pods to a Secret with a new key before the old one goes", async () => {
  expect(await callsOf(up)).toEqual([
    "create kubernetes:core/v1:Secret batch-key",
    "update kubernetes:apps/v1:Deployment jobs",
    "delete kubernetes:core/v1:Secret batch-key",
  ]);
  expect(account.regenerations).toMatchObject([{ keyName: "Secondary" }]);
  expect(keyOfPods()).toBe(account.keys().secondary);
  expect([keyOfPods(), held].map((key) => account.accepts(key))).toEqual([true, true]);
});

test("no key stands in state in clear, nor in what was printed", async () => {
  const state = JSON.stringify(await engine.workspace.stackExport());
  expect(engine.secretsIn(state + engine.printed)).toBe(0);
  expect(state).not.toContain(Buffer.from(keyOfPods()).toString("base64"));
});
