import { runInThisContext } from "node:vm";

/** Jest gives tests a copy of process.env; Node.js starts child processes with the real one. */
const ENVIRONMENTS = [process.env, (runInThisContext("process") as NodeJS.Process).env];

const before = ENVIRONMENTS.map((environment) => ({ ...environment }));

/** Sets variables of this process, which Microsoft's client reads itself; undefined removes one. */
export function setProcessEnvironment(changes: NodeJS.ProcessEnv): void {
  for (const environment of ENVIRONMENTS) {
    for (const [name, value] of Object.entries(changes)) put(environment, name, value);
  }
}

/** Undoes all that was set. */
export function restoreProcessEnvironment(): void {
  ENVIRONMENTS.forEach((environment, index) => {
    const earlier = before[index] ?? {};
    for (const name of Object.keys({ ...environment, ...earlier })) {
      put(environment, name, earlier[name]);
    }
  });
}

function put(environment: NodeJS.ProcessEnv, name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(environment, name);
  else environment[name] = value;
}
