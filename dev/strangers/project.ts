import type { InstallerName } from "./installers";

/** Somebody's Pulumi project, as data: what it is made of, and what comes of it. */
export interface StrangersProject {
  readonly name: string;
  readonly installer: InstallerName;
  /** Major version of the Node.js that everything runs with. */
  readonly node: 20 | 22 | 24;
  /** Which @pulumi/pulumi it asks for. */
  readonly sdk: string;
  readonly language: "JavaScript" | "TypeScript";
  readonly modules: "CommonJS" | "ES modules";
  /** What is particular about it, for the table. */
  readonly special: string;
  /** Every file by its path in the project. */
  readonly files: Readonly<Record<string, string>>;
  /** The folder with Pulumi.yaml. @default the project's own */
  readonly programFolder?: string;
  /** The folder with the package.json that asks for this package. @default that with Pulumi.yaml */
  readonly packageFolder?: string;
  /** The folder where the installer runs. @default the project's own */
  readonly installFolder?: string;
  /** More packages that it asks for, and in which version. */
  readonly packages?: Readonly<Record<string, string>>;
  /** More fields of that package.json. */
  readonly packageJson?: Readonly<Record<string, unknown>>;
  /** More arguments of the command that installs. */
  readonly installArguments?: readonly string[];
  /** Installed commands to run before Pulumi: a build, a check of types. */
  readonly commands?: readonly (readonly string[])[];
  /** Added to the environment of every command. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where it cannot work: what fails, with which words, and why. */
  readonly failure?: Failure;
}

interface Failure {
  readonly step: "install" | "preview";
  readonly output: RegExp;
  /** For the table. */
  readonly reason: string;
}
