/**
 * Notices that a chain of links leads back to where it has been, with Brent's algorithm: it
 * remembers one link, a later one after 1, 2, 4, … steps, so that a long chain takes no more memory
 * than a short one. A loop is found before it has been gone through three times.
 */
export class LoopDetector {
  #remembered: string | undefined;
  #steps = 0;
  #stepsUntilNext = 1;

  /** Takes the next link of the chain; true if it is one that was taken before. */
  isBackAt(link: string): boolean {
    if (link === this.#remembered) return true;
    this.#steps += 1;
    if (this.#steps === this.#stepsUntilNext) {
      this.#remembered = link;
      this.#steps = 0;
      this.#stepsUntilNext *= 2;
    }
    return false;
  }
}
