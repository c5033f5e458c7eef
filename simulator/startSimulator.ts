import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificates } from "./certificateAuthority";
import { listen } from "./server";
import { Simulator } from "./simulator";
import { type SimulatorOptions } from "./simulatorOptions";

/**
 * Starts an embedded Azure: Resource Manager, Entra ID, the Batch service and the secrets of key
 * vaults on one HTTPS server on localhost, at free ports, with a certificate authority and
 * credentials of its own.
 *
 * @example
 * const simulator = await startSimulator({ keyPropagationMs: 500 });
 * const account = simulator.account(simulator.createAccount({ name: "acct" }));
 * // ... run the program under test with simulator.environment() ...
 * account.keyWorks("Primary");
 * await simulator.close();
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const certificates = await createCertificates();
  const directory = await mkdtemp(join(tmpdir(), "azure-simulator-"));
  const file = join(directory, "certificate-authority.pem");
  await writeFile(file, certificates.authority);
  const listening = await listen(certificates);
  return new Simulator(listening, { pem: certificates.authority, file }, options);
}
