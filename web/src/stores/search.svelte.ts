// A search while somebody writes: waits for a pause, asks once, and never shows the answer to what was written before.
import { type Answer, answersTo } from './answers';
import { readQuery } from './query';

const PAUSE_MS = 180;

export class Search {
  text = $state('');
  answers: readonly Answer[] = $state.raw([]);
  /** What the answers belong to; none before the first. */
  answered: string | null = $state(null);
  busy = $state(false);
  failed: string | null = $state(null);
  /** The answer that Enter would take. */
  chosen = $state(0);
  #control = new AbortController();
  #pause: ReturnType<typeof setTimeout> | undefined;
  #hurried = false;

  constructor(
    readonly language: () => string,
    /** Takes the reader to an answer. */
    readonly go: (answer: Answer) => void,
  ) {}

  write(text: string): void {
    this.text = text;
    this.stop();
    const query = readQuery(text);
    if (query.point === null && query.kinds.length === 0 && !query.place) {
      this.answers = [];
      this.answered = query.text === '' ? null : query.text;
      this.failed = null;
      return;
    }
    this.busy = true;
    this.#pause = setTimeout(() => void this.#ask(), PAUSE_MS);
  }

  async #ask(): Promise<void> {
    const query = readQuery(this.text);
    const { signal } = (this.#control = new AbortController());
    try {
      const answers = await answersTo(query, this.language(), signal);
      if (signal.aborted) return;
      this.answers = answers;
      this.failed = null;
    } catch (error) {
      if (signal.aborted) return;
      this.answers = [];
      this.failed = error instanceof Error ? error.message : String(error);
    }
    this.answered = query.text;
    this.chosen = 0;
    this.busy = false;
    if (this.#hurried) this.take();
  }

  step(by: 1 | -1): void {
    const count = this.answers.length;
    if (count > 0) this.chosen = (this.chosen + by + count) % count;
  }

  /** Takes the chosen answer; where it is still on its way, as soon as it is there. */
  take(index = this.chosen): void {
    const answer = this.answers[index];
    this.#hurried = this.busy;
    if (!this.busy && answer !== undefined) this.go(answer);
  }

  /** Lets go of what is on its way. */
  stop(): void {
    clearTimeout(this.#pause);
    this.#control.abort();
    this.busy = false;
    this.#hurried = false;
  }
}
