/** The service's own sentence out of what its client makes of it, without what is new each time. */
export function serviceSentence(message: string): string {
  const [sentence = message] =
    /AADSTS\d+:.*/s.exec(message) ?? /(?<=- Description: ).*/s.exec(message) ?? [];
  return sentence.replace(/[-\s]*(Trace ID|Correlation ID|Timestamp):.*/s, "").trim();
}
