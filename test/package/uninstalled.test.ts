import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { CommandResult } from "../../dev/workspace/command";
import { PACKAGE_NAME, packPackage } from "../../dev/workspace/packedPackage";
import type { SimulatedAccount } from "../../simulator";
import { EngineFixture } from "../support/engineFixture";
import { codeBlocks, read } from "./documents";

/*
 * A project from which the package was removed while a rotation is in state; docs/guides/upgrade-and-remove.md
 * shows what Pulumi prints.
 */

jest.setTimeout(180_000);

const [MESSAGE = "", PROGRAM_MESSAGE = ""] = codeBlocks(
  "text",
  read("docs/guides/upgrade-and-remove.md"),
);

let engine: EngineFixture;
let account: SimulatedAccount;

beforeAll(async () => {
  engine = await EngineFixture.start();
  account = engine.newAccount("account");
  await engine.up({ accountId: account.id, revokeOnDelete: true });
  const installed = path.join(engine.workspace.projectFolder, "node_modules", PACKAGE_NAME);
  await fs.rm(installed, { recursive: true });
});
afterAll(() => engine.stop());

/** What a command prints that has to fail, and to leave everything as it was. */
async function printed(command: Promise<CommandResult>): Promise<string> {
  const { stdout } = await command;
  expect(account.regenerations).toHaveLength(1);
  expect(await engine.resource()).toBeDefined();
  // The file's place differs, and so does the space at the ends of lines.
  return stdout.replace(/- \/.*\/node_modules/g, "- …/node_modules").replace(/ +$/gm, "");
}

test("the program says which package is missing", async () => {
  const preview = await printed(engine.workspace.preview({ expectFailure: true }));
  expect(preview).toContain(PROGRAM_MESSAGE);
});

test("refresh, destroy and the up of a program without the rotation fail as the guide shows, and change nothing", async () => {
  const { workspace } = engine;
  const refresh = await printed(workspace.refresh({ expectFailure: true }));
  expect(refresh).toContain(MESSAGE.replace("error: ", "error: Preview failed: "));
  expect(await printed(workspace.destroy({ expectFailure: true }))).toContain(MESSAGE);
  const program = path.join(workspace.projectFolder, "index.js");
  const text = await fs.readFile(program, "utf8");
  await fs.writeFile(program, "");
  expect(await printed(workspace.up({ skipPreview: true, expectFailure: true }))).toContain(
    MESSAGE,
  );
  await fs.writeFile(program, text);
});

test("state lets go of the rotation without the package", async () => {
  const { stdout } = await engine.workspace.pulumi(["stack", "export"]);
  const { urn = "" } = (await engine.resource()) ?? {};
  await engine.workspace.pulumi(["state", "delete", urn, "--yes"]);
  expect(await engine.resource()).toBeUndefined();
  expect(account.regenerations).toHaveLength(1);
  await engine.workspace.pulumi(["stack", "import"], { input: stdout });
});

test("once the package is installed again, destroy does what was asked for", async () => {
  await engine.workspace.installPackage(PACKAGE_NAME, await packPackage());
  await engine.workspace.destroy();
  expect(await engine.resource()).toBeUndefined();
  expect(account.regenerations).toHaveLength(3);
});
