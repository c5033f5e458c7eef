/** Makes a thing once for each name and shares it; one that could not be made is made anew. */
export function memoize<Thing>(
  made: Map<string, Promise<Thing>>,
  name: string,
  make: () => Promise<Thing>,
): Promise<Thing> {
  const known = made.get(name);
  if (known !== undefined) return known;
  const thing = make();
  made.set(name, thing);
  thing.catch(() => {
    // Another may have been made since, if all were forgotten meanwhile.
    if (made.get(name) === thing) made.delete(name);
  });
  return thing;
}
