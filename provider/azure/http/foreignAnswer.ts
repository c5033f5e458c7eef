import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { redact } from "../redact";

/** What a proxy, a gateway or a firewall has answered in a service's place, in words for a user. */
export interface ForeignAnswer {
  readonly problem: string;
  readonly next: string;
}

/**
 * Tells of an answer that does not have a service's form.
 * @param service in whose place it was given: "Azure Resource Manager".
 */
export function foreignAnswer(
  { status, headers }: Pick<PipelineResponse, "status" | "headers">,
  service: string,
): ForeignAnswer {
  const header = (name: string) => redact(headers.get(name) ?? "").slice(0, 100);
  const type = header("Content-Type") || "no content type";
  const server = header("Server");
  const what = `${String(status)}, ${type}${server === "" ? "" : `, server ${server}`}`;
  return {
    problem: `something between this machine and ${service} has answered in its place (${what})`,
    next: `check the proxy, gateway or firewall on the way${whatElse(status)}`,
  };
}

function whatElse(status: number): string {
  if (status >= 500) return ', and run "pulumi up" again in a few minutes';
  return status >= 300 && status < 400 ? ": it redirects, and redirects are not followed" : "";
}
