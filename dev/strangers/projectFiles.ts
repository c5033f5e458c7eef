import * as path from "node:path";
import { PACKAGE_NAME, packPackage } from "../workspace/packedPackage";
import { INSTALLERS } from "./installers";
import type { StrangersProject } from "./project";

/** Every file of a project, by its path in it. */
export async function projectFiles(project: StrangersProject): Promise<Record<string, string>> {
  const installer = INSTALLERS[project.installer];
  return {
    ...installer.files,
    [path.join(packageFolder(project), "package.json")]: await packageJson(project),
    ...project.files,
  };
}

/** The folder with the package.json that asks for the packed package. */
export function packageFolder({ packageFolder: folder, programFolder }: StrangersProject): string {
  return folder ?? programFolder ?? ".";
}

/** It asks for the packed package, as `npm install <file>` writes it. */
async function packageJson(project: StrangersProject): Promise<string> {
  const content = {
    name: "stranger",
    version: "1.0.0",
    private: true,
    ...(project.modules === "ES modules" && { type: "module" }),
    ...project.packageJson,
    dependencies: {
      "@pulumi/pulumi": project.sdk,
      [PACKAGE_NAME]: `file:${await packPackage()}`,
      ...project.packages,
    },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
