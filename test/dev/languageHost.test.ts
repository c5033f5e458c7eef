import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  InstallDependenciesRequest,
  ProgramInfo,
  RunPluginRequest,
  type RunPluginResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { REPOSITORY } from "../../dev/workspace/packedPackage";

/* The stand-in language host as the engine asks it for plugins that are folders of sources. */

let folder: string;
let host: ChildProcess;
let client: LanguageRuntimeClient;

beforeAll(async () => {
  folder = await fs.realpath(await fs.mkdtemp(path.join(tmpdir(), "language-host-test-")));
  const executable = path.join(REPOSITORY, "dev", "language-host", "pulumi-language-nodejs");
  const started = spawn(executable, ["127.0.0.1:1"], { stdio: ["pipe", "pipe", "inherit"] });
  host = started;
  const [port] = (await once(createInterface(started.stdout), "line")) as [string];
  client = new LanguageRuntimeClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  const ended = once(host, "exit");
  host.stdin?.end();
  await ended;
  await fs.rm(folder, { recursive: true });
});

/** The request for a plugin of one file. */
async function plugin(name: string, source: string, withSdk = true): Promise<RunPluginRequest> {
  const directory = path.join(folder, name);
  await fs.mkdir(path.join(directory, "node_modules", "@pulumi"), { recursive: true });
  await fs.writeFile(path.join(directory, "index.js"), source);
  if (withSdk) {
    const sdk = path.join("node_modules", "@pulumi", "pulumi");
    await fs.symlink(path.join(REPOSITORY, sdk), path.join(directory, sdk));
  }
  const info = new ProgramInfo()
    .setRootDirectory(directory)
    .setProgramDirectory(directory)
    .setEntryPoint(".");
  return new RunPluginRequest().setPwd(folder).setInfo(info).setArgsList(["127.0.0.1:2"]);
}

interface Collected {
  stdout: string;
  stderr: string;
  exitCode: number | undefined;
}

function collect(call: grpc.ClientReadableStream<RunPluginResponse>): Collected {
  const collected: Collected = { stdout: "", stderr: "", exitCode: undefined };
  call.on("data", (response: RunPluginResponse) => {
    collected.stdout += Buffer.from(response.getStdout_asU8()).toString();
    collected.stderr += Buffer.from(response.getStderr_asU8()).toString();
    if (response.hasExitcode()) collected.exitCode = response.getExitcode();
  });
  return collected;
}

test("a plugin runs in the engine's folder with its arguments and environment, and its end is told", async () => {
  const request = await plugin(
    "prints",
    `console.log([process.argv[2], process.cwd(), process.env.GIVEN, process.env.HOME].join());
     process.stderr.write("to standard error");
     process.exitCode = 7;`,
  );
  const call = client.runPlugin(request.setEnvList(["GIVEN=a=b", "EMPTY="]));
  const collected = collect(call);
  await once(call, "end");
  expect(collected).toEqual({
    stdout: `127.0.0.1:2,${folder},a=b,\n`,
    stderr: "to standard error",
    exitCode: 7,
  });
});

test("what a plugin prints comes before it ends; a host that is asked to cancel leaves it; the engine ends it", async () => {
  const request = await plugin("serves", "console.log(process.pid); setInterval(() => {}, 1000);");
  const call = client.runPlugin(request);
  call.on("error", () => undefined);
  const collected = collect(call);
  await once(call, "data");
  const pid = Number(collected.stdout);
  await new Promise((resolve) => client.cancel(new Empty(), resolve));
  expect(isRunning(pid)).toBe(true);
  call.cancel();
  while (isRunning(pid)) await delay(10);
  expect(collected.exitCode).toBeUndefined();
});

test("a plugin without Pulumi's SDK says so", async () => {
  const call = client.runPlugin(await plugin("bare", "", false));
  const collected = collect(call);
  await once(call, "end");
  expect(collected).toMatchObject({ stdout: "", exitCode: 1 });
  expect(collected.stderr).toMatch(/SDK is not installed.*npm install/);
});

test("nothing is installed for a plugin", async () => {
  const call = client.installDependencies(new InstallDependenciesRequest().setIsPlugin(true));
  const messages: unknown[] = [];
  call.on("data", (message: unknown) => messages.push(message));
  await once(call, "end");
  expect(messages).toEqual([]);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
