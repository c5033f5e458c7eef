import { isDeepStrictEqual } from "node:util";
import { UNKNOWN } from "../../provider/rotation/unknown";
import { defined, isObject, type Json, objectIn } from "../support/json";
import type { Shape } from "./resourceTypes";

/** The outputs as far as the inputs tell them; all others are unknown, nested ones too. */
export function previewOutputs(shape: Shape, inputs: Json): Json {
  return Object.fromEntries(
    Object.entries(shape).map(([output, inner]) => {
      const input = inputs[output] ?? UNKNOWN;
      return [output, inner !== true && isObject(input) ? previewOutputs(inner, input) : input];
    }),
  );
}

/** The inputs that differ. */
export function changedInputs(olds: Json, news: Json): string[] {
  return [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (input) => !isDeepStrictEqual(comparable(input, olds[input]), comparable(input, news[input])),
  );
}

/** The inputs, each that Azure answers otherwise than at the last time as Azure answers it now. */
export function followDrift(inputs: Json, before: Json, now: Json): Json {
  const followed = Object.entries(inputs).map(([name, input]) => {
    if (isObject(input)) {
      return [name, followDrift(input, objectIn(before, name), objectIn(now, name))] as const;
    }
    return [name, isDeepStrictEqual(before[name], now[name]) ? input : now[name]] as const;
  });
  return defined(Object.fromEntries(followed));
}

/** "West Europe" and "westeurope" are one. */
function comparable(input: string, value: unknown): unknown {
  return input === "location" && typeof value === "string"
    ? value.toLowerCase().replaceAll(" ", "")
    : value;
}
