// Drafts of boundaries: what the server tells of them, and what may be asked of it.
import type { Finding } from './ask';
import { get, send } from './ask';

/** Longitude and latitude. */
export type Point = readonly [number, number];

export interface Draft {
  readonly id: number;
  readonly title: string;
  readonly state: 'draft' | 'submitted' | 'approved' | 'rejected' | 'published' | 'abandoned';
  readonly author: string;
  readonly base_rev: number;
  readonly op_count: number;
  readonly opens_outline: boolean;
  readonly created_at: string;
  readonly changed_at: string;
  readonly submitted_at: string | null;
  readonly reviewer: string | null;
  readonly reviewed_at: string | null;
  readonly effective_from: string | null;
  readonly doc_no: string | null;
  readonly rev: number | null;
}

/** What is done to borders; arcs and nodes by number, units by number or code. */
export type Operation =
  | { readonly op: 'move_vertex'; readonly arc: number; readonly index: number; readonly to: Point }
  | { readonly op: 'insert_vertex'; readonly arc: number; readonly index: number; readonly at: Point }
  | { readonly op: 'delete_vertex'; readonly arc: number; readonly index: number }
  | { readonly op: 'move_node'; readonly node: number; readonly to: Point }
  | { readonly op: 'split'; readonly unit: number | string; readonly line: readonly Point[] }
  | { readonly op: 'merge'; readonly into: number | string; readonly from: readonly (number | string)[] };

/** Operations of other clients are listed too: of those only the name is sure. */
export interface DoneOperation {
  readonly seq: number;
  readonly holds: boolean;
  readonly operation: { readonly op: string } & Readonly<Record<string, unknown>>;
  readonly actor: string;
  readonly at: string;
}

export interface UnitFigures {
  readonly id: number;
  readonly level: string;
  readonly code: string;
  readonly name: string;
  readonly area_m2: number;
  readonly parts: number;
  readonly households: number;
  readonly population: number;
  readonly buildings: number;
  readonly cases: number;
  readonly open_cases: number;
  readonly cameras: number;
  readonly band?: 'below' | 'within' | 'above';
}

/** Lines, points or areas where something is wrong. */
export interface Shape {
  readonly type: string;
  readonly coordinates: unknown;
}

export interface EditFinding extends Finding {
  readonly severity: 'error' | 'warning';
  readonly units: readonly string[];
  readonly geometry?: Shape;
}

export interface NodeState {
  readonly id: number;
  readonly at?: Point | null;
}
export interface ArcState {
  readonly id: number;
  readonly points?: readonly Point[] | null;
  readonly start?: number | null;
  readonly end?: number | null;
  readonly left?: number | null;
  readonly right?: number | null;
}
export interface FaceState {
  readonly id: number;
  readonly base?: number | null;
  readonly overlay?: number | null;
}
export interface UnitState {
  readonly id: number;
  readonly is_gone: boolean;
  readonly level?: string | null;
  readonly code?: string | null;
  readonly name?: string | null;
  readonly kind?: string | null;
  readonly parent?: number | null;
}

/** Elements as they are now; what is null or gone is no more. */
export interface Elements {
  readonly nodes: readonly NodeState[];
  readonly arcs: readonly ArcState[];
  readonly faces: readonly FaceState[];
  readonly units: readonly UnitState[];
}

export interface Topology extends Elements {
  readonly rev: number;
  readonly unit: number;
  readonly bounds: readonly [number, number, number, number];
}

export interface Edit {
  readonly changeset: Draft;
  readonly changed: Elements;
  readonly units: readonly UnitFigures[];
  readonly findings: readonly EditFinding[];
}

export interface DraftComment {
  readonly id: number;
  readonly actor: string;
  readonly at: string;
  readonly text: string;
  readonly position: Point | null;
}

export interface DraftEvent {
  readonly action: string;
  readonly actor: string;
  readonly at: string;
  readonly detail?: { readonly reason?: string };
}

export interface DraftDetail extends Draft {
  readonly head_rev: number;
  readonly ops: readonly DoneOperation[];
  readonly events: readonly DraftEvent[];
  readonly comments: readonly DraftComment[];
  readonly units: readonly UnitFigures[];
  readonly findings: readonly EditFinding[];
}

export interface Validation {
  readonly valid: boolean;
  readonly findings: readonly EditFinding[];
}

/** Counts of what goes from one unit to another. */
export interface Move {
  readonly level: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly cases: number;
  readonly open_cases: number;
  readonly cameras: number;
  readonly key_places: number;
  readonly buildings: number;
  readonly households: number;
  readonly population: number;
}

export interface MovedThing {
  readonly kind: string;
  readonly id: string;
  readonly name: string | null;
  readonly state: string | null;
  readonly lon: number;
  readonly lat: number;
  readonly from: string | null;
  readonly to: string | null;
}

export interface Impact {
  readonly moves: readonly Move[];
  readonly items: readonly MovedThing[];
  readonly item_count: number;
  readonly straddling: readonly { readonly code: string; readonly households: number }[];
  readonly codes_created: readonly string[];
  readonly codes_retired: readonly string[];
  readonly as_of: string;
}

export interface Published {
  readonly changeset: Draft;
  readonly rev: number;
  readonly effective_from: string;
  readonly is_effective: boolean;
}

/** An operation that cannot be done again, with every element that somebody else changed too. */
export interface Conflict {
  readonly seq: number;
  readonly operation: { readonly op: string };
  readonly elements: readonly {
    readonly kind: string;
    readonly id: number;
    readonly base?: ElementState | null;
    readonly mine?: ElementState | null;
    readonly theirs?: ElementState | null;
  }[];
}
export interface ElementState {
  readonly geometry?: Shape;
  readonly units?: readonly string[];
}

/** What was answered, with the version that the next change has to name. */
export interface Versioned<T> {
  readonly value: T;
  readonly version: string;
}

const DRAFTS = '/v1/changesets';

async function versioned<T>(pending: Promise<Response>): Promise<Versioned<T>> {
  const response = await pending;
  return { value: (await response.json()) as T, version: response.headers.get('etag') ?? '' };
}

export function fetchDrafts(
  language: string,
  after?: number,
): Promise<{ readonly items: readonly Draft[]; readonly next?: number | null }> {
  return get(`${DRAFTS}${after === undefined ? '' : `?after=${after}`}`, language);
}

export async function postDraft(title: string, language: string): Promise<Draft> {
  return (await (await send('POST', DRAFTS, language, { title })).json()) as Draft;
}

/** The draft with its version. */
export function fetchDraft(id: number, language: string): Promise<Versioned<DraftDetail>> {
  return getVersioned(`${DRAFTS}/${id}`, language);
}

async function getVersioned<T>(path: string, language: string): Promise<Versioned<T>> {
  let version = '';
  const value = await get<T>(path, language, undefined, [], (headers) => (version = headers.get('etag') ?? ''));
  return { value, version };
}

export type Step = 'ops' | 'undo' | 'redo' | 'submit' | 'withdraw' | 'approve' | 'reject' | 'publish' | 'rebase';

/** One step of a draft, upon the version that was read. */
export function postStep<T>(
  id: number,
  step: Step,
  version: string,
  language: string,
  body?: unknown,
): Promise<Versioned<T>> {
  return versioned(send('POST', `${DRAFTS}/${id}/${step}`, language, body, undefined, { 'if-match': version }));
}

export function abandonDraft(id: number, version: string, language: string): Promise<Versioned<Draft>> {
  return versioned(send('DELETE', `${DRAFTS}/${id}`, language, undefined, undefined, { 'if-match': version }));
}

export async function postComment(
  id: number,
  comment: { readonly text: string; readonly position?: Point },
  language: string,
): Promise<void> {
  await send('POST', `${DRAFTS}/${id}/comments`, language, comment);
}

export function fetchImpact(id: number, language: string): Promise<Impact> {
  return get(`${DRAFTS}/${id}/impact?limit=200`, language);
}

export function fetchValidation(id: number, language: string): Promise<Validation> {
  return get(`${DRAFTS}/${id}/validate`, language);
}

/** Borders around a unit as a draft has them, or as they are published. */
export function fetchTopology(
  unit: number | string,
  draft: number | null,
  marginM: number,
  language: string,
): Promise<Topology> {
  const of = draft === null ? '' : `&changeset=${draft}`;
  return get(`/v1/topology/${encodeURIComponent(unit)}?margin_m=${marginM}${of}`, language);
}

/** The ground of a unit before or after a revision. */
export interface GroundFeature {
  readonly properties: { readonly level: string; readonly side: string };
  readonly geometry: { readonly coordinates: readonly (readonly (readonly Point[])[])[] };
}

/** What a revision changed, as ground before and after. */
export async function fetchGround(rev: number, language: string): Promise<readonly GroundFeature[]> {
  const path = `/v1/revisions/${rev}/difference?format=geojson`;
  return (await get<{ features: readonly GroundFeature[] }>(path, language)).features;
}

/** The figures of a unit as it is published. */
export async function fetchFigures(unit: number | string, language: string): Promise<UnitFigures> {
  return (await get<{ figures: UnitFigures }>(`/v1/units/${encodeURIComponent(unit)}`, language)).figures;
}
