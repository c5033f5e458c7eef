import * as fs from "node:fs/promises";
import * as path from "node:path";
import { type AzureNative, startAzureNative } from "../azureNativeStandIn/startAzureNative";
import { codeBlocks, read } from "../package/documents";
import { EngineFixture } from "../support/engineFixture";

/** The programs that a guide shows under a heading. */
export function programsUnder(heading: string, document: string): string[] {
  const section = read(document)
    .split(/^## /m)
    .find((each) => each.startsWith(`${heading}\n`));
  return codeBlocks("ts", section ?? "");
}

/** A stack whose program is one that a guide shows, for the tests of a file. */
export function guideStack(): GuideStack {
  const stack = new GuideStack();
  beforeAll(() => stack.start());
  afterAll(() => stack.stop());
  return stack;
}

class GuideStack {
  engine!: EngineFixture;
  azureNative!: AzureNative;

  async start(): Promise<void> {
    this.engine = await EngineFixture.start({ project: path.join(__dirname, "project") });
    this.azureNative = await startAzureNative(this.engine.simulator);
  }

  async stop(): Promise<void> {
    this.azureNative.stop();
    await this.engine.stop();
  }

  /** The program of the commands that follow; undefined stands for a guide that shows none. */
  async program(text: string | undefined): Promise<void> {
    if (text === undefined) throw new Error("the guide does not show that program");
    await fs.writeFile(path.join(this.engine.workspace.projectFolder, "index.ts"), text);
  }

  async configure(values: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      await this.engine.workspace.setConfig(name, value);
    }
  }

  /** Runs `pulumi <args>`, and tells what it prints. */
  async pulumi(...args: string[]): Promise<string> {
    const { environment: env } = this.azureNative;
    const command = this.engine.workspace.pulumi(args, { env });
    return (await this.engine.keep(command)).stdout;
  }

  up(): Promise<string> {
    return this.pulumi("up", "--yes", "--skip-preview");
  }

  /** A setting of the app that the guides set. */
  appSetting(name: string): string {
    const group = `/subscriptions/${this.engine.simulator.subscriptionId}/resourceGroups/my-group`;
    return String(
      this.azureNative.appSettings.of(`${group}/providers/Microsoft.Web/sites/my-app`)[name],
    );
  }
}
