import type { Properties } from "../../lifecycle/lifecycle";
import type { CheckFailure } from "../../rotation/decision";
import { isUnknown } from "../../rotation/unknown";
import list from "../../schema.json";

/** The package's name, which is the namespace of its configuration, too. */
export const PACKAGE = list.name;

const SETTINGS: Readonly<Record<string, { readonly type: string }>> = list.config.variables;

/** What the engine, or an SDK, puts beside the settings. */
const NOT_SETTINGS = new Set(["version", "pluginDownloadURL", "pluginChecksums", "__internal"]);

/** What is wrong with a provider's configuration. A value is told by its type alone: it may be a secret. */
export function configurationFailures(given: Properties): CheckFailure[] {
  return Object.entries(given).flatMap(([property, value]) => {
    if (NOT_SETTINGS.has(property) || isUnknown(value)) return [];
    const setting = SETTINGS[property];
    const reason = setting === undefined ? noSuchSetting(property) : problem(setting.type, value);
    return reason === undefined ? [] : [{ property, reason }];
  });
}

function noSuchSetting(property: string): string {
  const names = Object.keys(SETTINGS);
  const likely = names.find((name) => name.toLowerCase() === property.toLowerCase());
  return `the provider ${PACKAGE} has no such setting: ${likely === undefined ? `it has ${names.join(", ")}` : `did you mean ${likely}?`}`;
}

/** The stack's configuration, and SDKs for some of it, have texts of all values. */
function problem(type: string, value: unknown): string | undefined {
  switch (type) {
    case "boolean":
      return ["true", "false", ""].includes(String(value)) ? undefined : "it is not true or false";
    case "array":
      return isTexts(value) ? undefined : "it is not a list of texts";
    default:
      return typeof value === "string" ? undefined : "it is not a text";
  }
}

function isTexts(value: unknown): boolean {
  if (typeof value !== "string") {
    return Array.isArray(value) && value.every((each) => typeof each === "string");
  }
  try {
    return value === "" || isTexts(JSON.parse(value) as unknown);
  } catch {
    return false;
  }
}

/** A provider's configuration as a stack's: texts, by the name of the setting. */
export function configurationReader(given: Properties): (key: string) => string | undefined {
  return (key) => {
    const value = given[key.slice(`${PACKAGE}:`.length)];
    if (value === undefined || value === null) return undefined;
    return typeof value === "string" ? value : JSON.stringify(value);
  };
}
