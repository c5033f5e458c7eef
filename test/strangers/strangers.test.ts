import { PROJECTS } from "../../dev/strangers/projects";
import { runProject } from "../../dev/strangers/runProject";
import { installedPulumi } from "../support/engineFixture";

/*
 * Two of the projects that `npm run strangers` runs, as different as two can be: what npm installs runs,
 * and nothing of this repository is linked.
 */

jest.setTimeout(300_000);

test.each(["npm", "pnpm-es-module-typescript"])(
  "the project %s installs the tarball, rotates, refreshes, asks for the status and is destroyed",
  async (name) => {
    const project = PROJECTS.find((each) => each.name === name);
    if (project === undefined) throw new Error(`There is no project ${name}`);
    const { sdk } = await runProject(project, {
      pulumi: await installedPulumi(),
      progress: () => undefined,
    });
    expect(sdk).toMatch(/^3\./);
  },
);
