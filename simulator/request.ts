import { Failure } from "./failure";
import { type RoutedRequest } from "./route";

/** The value of a placeholder in the path of a request's route. */
export function parameter(request: RoutedRequest, name: string): string {
  return request.parameters[name] ?? "";
}

/** The JSON object in the body of a request. */
export function jsonBody<Body extends object>(request: RoutedRequest): Partial<Body> {
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    body = undefined;
  }
  if (typeof body !== "object" || body === null) {
    const message = "The request content was invalid and could not be deserialized.";
    throw new Failure(400, "InvalidRequestContent", message);
  }
  return body;
}

/** The location in the body of a PUT request, which every new resource needs. */
export function requireLocation(location: string | undefined): string {
  if (!location) {
    const message = "The location property is required for this definition.";
    throw new Failure(400, "LocationRequired", message);
  }
  return location;
}
