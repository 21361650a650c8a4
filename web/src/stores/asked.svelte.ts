// One question to the server as a page sees it: on its way, answered, or refused; a newer one takes the place of an older.
import { Problem } from '../api/ask';

export class Asked<T> {
  value: T | null = $state.raw(null);
  loading = $state(false);
  failed: string | null = $state(null);
  /** Asking again would not help: there is nothing, or the reader may not know. */
  final = $state(false);
  #control = new AbortController();

  /** Asks; the answer before stays until the next is there. */
  async ask(question: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    this.stop();
    const { signal } = (this.#control = new AbortController());
    this.loading = true;
    this.failed = null;
    try {
      const value = await question(signal);
      if (signal.aborted) return null;
      this.value = value;
      return value;
    } catch (error) {
      if (signal.aborted) return null;
      this.value = null;
      this.failed = error instanceof Error ? error.message : String(error);
      this.final = error instanceof Problem && [403, 404].includes(error.status);
      return null;
    } finally {
      if (!signal.aborted) this.loading = false;
    }
  }

  /** Lets the question go; a late answer is not heard. */
  stop(): void {
    this.#control.abort();
    this.loading = false;
  }
}
