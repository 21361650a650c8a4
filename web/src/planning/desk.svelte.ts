// The draft that is open: its borders, what the server says of them, and every step that changes it.
import { Problem } from '../api/ask';
import {
  abandonDraft,
  type Conflict,
  type Draft,
  type DraftDetail,
  type Edit,
  type EditFinding,
  fetchDraft,
  fetchFigures,
  fetchImpact,
  fetchTopology,
  fetchValidation,
  type Impact,
  type Operation,
  postComment,
  type Point,
  postStep,
  type Published,
  type Step,
  type Topology,
  type UnitFigures,
  type Validation,
  type Versioned,
} from '../api/drafts';
import { language } from '../i18n/index.svelte';
import { apply, EMPTY, type Graph, type Handle, move } from './graph';

/** Neighbours must be there as a whole to be seen and chosen. */
const MARGIN_M = 800;
/** After a step the figures are asked for, unless another step comes first. */
const SETTLES_MS = 400;

type Box = Topology['bounds'];
const within = ([west, south, east, north]: Box, [lng, lat]: Point) =>
  lng >= west && lng <= east && lat >= south && lat <= north;

export class Desk {
  readonly id: number;
  detail: DraftDetail | null = $state.raw(null);
  /** The borders of the draft, and those that are published, as far as they were loaded. */
  graph: Graph = $state.raw(EMPTY);
  published: Graph = $state.raw(EMPTY);
  /** What a move would look like, before the server has said so. */
  preview: Graph | null = $state.raw(null);
  impact: Impact | null = $state.raw(null);
  validation: Validation | null = $state.raw(null);
  /** Figures of published units, by number: what was before. */
  before: ReadonlyMap<number, UnitFigures> = $state.raw(new Map());
  busy = $state(false);
  /** Why the last step was refused, and where. */
  refusal: { readonly reason: string; readonly findings: readonly EditFinding[] } | null = $state.raw(null);
  conflicts: readonly Conflict[] = $state.raw([]);
  /** Why there is nothing to see. */
  failed: string | null = $state(null);
  #version = '';
  #units: (number | string)[] = [];
  /** Boxes around the same units in the draft and as published: what lies in both can be compared. */
  #known: readonly (readonly [Box, Box])[] = $state.raw([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(id: number) {
    this.id = id;
  }

  /** Borders as they are to be drawn. */
  get drawn(): Graph {
    return this.preview ?? this.graph;
  }

  /** Whether a place was loaded from the draft and from what is published. */
  isKnown(at: Point): boolean {
    return this.#known.some(([mine]) => within(mine, at)) && this.#known.some(([, ghost]) => within(ghost, at));
  }

  async open(): Promise<void> {
    this.failed = null;
    try {
      await this.#read();
    } catch (error) {
      this.failed = reasonOf(error);
      return;
    }
    await this.#settle();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #read(): Promise<void> {
    const { value, version } = await fetchDraft(this.id, language());
    this.detail = value;
    this.#version = version;
  }

  /** Brings the borders around a unit; those of others that are here stay. */
  async load(unit: number | string, marginM = MARGIN_M): Promise<number | null> {
    this.refusal = null;
    try {
      // A unit that the draft made is not published yet: its neighbours' ghost is there already.
      const isOwn = typeof unit === 'number' && unit < 0;
      const [mine, ghost] = await Promise.all([
        fetchTopology(unit, this.id, marginM, language()),
        isOwn ? null : fetchTopology(unit, null, marginM, language()).catch(() => null),
      ]);
      this.graph = apply(this.graph, mine);
      if (!this.#units.includes(mine.unit)) this.#units.push(mine.unit);
      if (ghost !== null) {
        this.published = apply(this.published, ghost);
        this.#known = [...this.#known, [mine.bounds, ghost.bounds]];
      }
      return mine.unit;
    } catch (error) {
      this.refusal = { reason: reasonOf(error), findings: [] };
      return null;
    }
  }

  /** Shows where a handle would go. */
  drag(handle: Handle, to: Point): void {
    this.preview = move(this.graph, handle, to);
  }

  /** Does an operation; the answer, or nothing when it was refused, which leaves all as it was. */
  async draw(operation: Operation): Promise<Edit | null> {
    return this.#edit('ops', operation);
  }

  undo(): Promise<Edit | null> {
    return this.#edit('undo');
  }

  redo(): Promise<Edit | null> {
    return this.#edit('redo');
  }

  async #edit(step: 'ops' | 'undo' | 'redo', body?: unknown): Promise<Edit | null> {
    const edit = await this.#step<Edit>(step, body);
    if (edit !== null) {
      this.graph = apply(this.graph, edit.changed);
      this.#changed(edit.changeset, edit);
    }
    this.preview = null;
    return edit;
  }

  async #step<T>(step: Step, body?: unknown): Promise<T | null> {
    return this.#send(() => postStep<T>(this.id, step, this.#version, language(), body));
  }

  async #send<T>(ask: () => Promise<Versioned<T>>): Promise<T | null> {
    if (this.busy) return null;
    this.busy = true;
    this.refusal = null;
    try {
      const { value, version } = await ask();
      this.#version = version;
      return value;
    } catch (error) {
      this.refusal = { reason: reasonOf(error), findings: findingsOf(error) };
      this.conflicts = conflictsOf(error);
      if (error instanceof Problem && error.status === 412) await this.#reload();
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** Somebody else changed it: what is here is old. */
  async #reload(): Promise<void> {
    const { reason } = this.refusal ?? { reason: '' };
    await this.#read().catch(() => undefined);
    this.graph = EMPTY;
    this.published = EMPTY;
    this.#known = [];
    for (const unit of this.#units) await this.load(unit);
    this.refusal = { reason, findings: [] };
    await this.#settle();
  }

  #changed(draft: Draft, edit?: Edit): void {
    if (this.detail === null) return;
    this.detail = { ...this.detail, ...draft, ...(edit ? { units: edit.units, findings: edit.findings } : {}) };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#settle(), SETTLES_MS);
  }

  /** Operations, consequences and proof, as they are now. */
  async #settle(): Promise<void> {
    if (this.#closed) return;
    const [detail, impact, validation] = await Promise.all([
      fetchDraft(this.id, language()).catch(() => null),
      fetchImpact(this.id, language()).catch(() => null),
      fetchValidation(this.id, language()).catch(() => null),
    ]);
    if (this.#closed || this.busy) return;
    if (detail !== null) {
      this.detail = detail.value;
      this.#version = detail.version;
    }
    this.impact = impact;
    this.validation = validation;
    await this.#rememberBefore();
  }

  async #rememberBefore(): Promise<void> {
    const unknown = (this.detail?.units ?? []).filter(({ id }) => id > 0 && !this.before.has(id));
    const found = await Promise.all(unknown.map(({ id }) => fetchFigures(id, language()).catch(() => null)));
    if (this.#closed || unknown.length === 0) return;
    const before = new Map(this.before);
    for (const figures of found) if (figures !== null) before.set(figures.id, figures);
    this.before = before;
  }

  async submit(): Promise<boolean> {
    return this.#decide('submit');
  }
  async withdraw(): Promise<boolean> {
    return this.#decide('withdraw');
  }
  async approve(effectiveFrom: string, docNo: string): Promise<boolean> {
    return this.#decide('approve', {
      effective_from: effectiveFrom,
      doc_no: docNo.trim() === '' ? null : docNo.trim(),
    });
  }
  async reject(reason: string): Promise<boolean> {
    return this.#decide('reject', { reason });
  }

  async #decide(step: Step, body?: unknown): Promise<boolean> {
    const draft = await this.#step<Draft>(step, body);
    if (draft !== null) this.#changed(draft);
    return draft !== null;
  }

  async abandon(): Promise<boolean> {
    const draft = await this.#send(() => abandonDraft(this.id, this.#version, language()));
    if (draft !== null) this.#changed(draft);
    return draft !== null;
  }

  async publish(): Promise<Published | null> {
    const published = await this.#step<Published>('publish');
    if (published !== null) this.#changed(published.changeset);
    return published;
  }

  /** Sets the draft on what others published meanwhile; all borders are read anew. */
  async rebase(keepBeforeConflict: boolean): Promise<boolean> {
    const edit = await this.#step<Edit>('rebase', { keep_before_conflict: keepBeforeConflict });
    if (edit === null) return false;
    this.conflicts = [];
    this.before = new Map();
    await this.#reload();
    this.refusal = null;
    return true;
  }

  async say(text: string, position: Point | null): Promise<boolean> {
    try {
      await postComment(this.id, position === null ? { text } : { text, position }, language());
      await this.#read();
      return true;
    } catch (error) {
      this.refusal = { reason: reasonOf(error), findings: [] };
      return false;
    }
  }
}

export function reasonOf(error: unknown): string {
  if (error instanceof Problem) return error.detail ?? error.message;
  return error instanceof Error ? error.message : String(error);
}

function findingsOf(error: unknown): readonly EditFinding[] {
  return error instanceof Problem ? (error.findings as readonly EditFinding[]) : [];
}

function conflictsOf(error: unknown): readonly Conflict[] {
  const told = error instanceof Problem ? (error.told as { conflicts?: readonly Conflict[] } | null) : null;
  return told?.conflicts ?? [];
}
