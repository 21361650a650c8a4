// What the server tells of one thing, of what is around it, and of hot spots.
import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import { get, send } from './ask';
import type { NearbyItem, Post, Responsibility, UnitName } from './types';

export interface Tie {
  readonly state: 'tied' | 'failed' | 'not_needed';
  readonly reason?: string;
  readonly method: string | null;
  readonly accuracy_m: number | null;
  readonly building_code: string | null;
  readonly building_distance_m: number | null;
  readonly address_code: string | null;
  readonly address_distance_m: number | null;
  readonly micro_grid_code: string | null;
  readonly comprehensive_grid_code: string | null;
  readonly exclusive_grid_code: string | null;
  readonly village_code: string | null;
  readonly town_code: string | null;
}

export interface CaseEvent {
  readonly no: number;
  readonly event: string;
  readonly from_state: string | null;
  readonly to_state: string;
  readonly at: string;
  readonly actor: string | null;
  readonly department_code: string | null;
  readonly note: string | null;
}

/** Texts are masked as far as the reader may not see persons. */
export interface Case {
  readonly case_no: string;
  readonly state: string;
  readonly title?: string;
  readonly content?: string;
  readonly raw_location?: string;
  readonly category_code?: string;
  readonly channel?: string;
  readonly request_type?: string;
  readonly urgency?: string;
  readonly lead_department_code?: string;
  readonly received_at?: string;
  readonly accepted_at?: string;
  readonly due_at?: string;
  readonly resolved_at?: string;
  readonly closed_at?: string;
  readonly repeat_of?: string;
  readonly locate_method?: string;
  readonly source_crs?: string;
  readonly accuracy_m?: number;
  readonly is_key?: boolean;
  readonly is_drill?: boolean;
  readonly lon: number | null;
  readonly lat: number | null;
  readonly ties: Tie | null;
  readonly events: readonly CaseEvent[];
  readonly reporter: { readonly name?: string; readonly phone?: string; readonly address?: string } | null;
}

export interface Person {
  readonly name: string | null;
  readonly phone: string | null;
  readonly address: string | null;
  readonly title: string | null;
  readonly content: string | null;
  readonly raw_location: string | null;
}

export interface Repeat {
  readonly case_no: string;
  readonly title: string;
  readonly state: string | null;
  readonly received_at: string | null;
  readonly days_after: number;
  readonly distance_m: number;
  readonly because: readonly string[];
}

export interface Repeats {
  readonly count: number;
  readonly open: number;
  readonly repeats: readonly Repeat[];
}

export interface CameraThing {
  readonly id: string;
  readonly name?: string;
  readonly status?: string;
  readonly ptz_type?: number;
  readonly azimuth_deg?: number;
  readonly field_angle_deg?: number;
  readonly range_m?: number;
  readonly mount_height_m?: number;
  readonly road_name?: string;
  readonly owner_department_code?: string;
  readonly installed_on?: string;
  readonly secrecy?: boolean;
  readonly lon: number | null;
  readonly lat: number | null;
  readonly ties: Tie | null;
}

export type SightState = 'clear' | 'assumed' | 'blocked';

export interface CameraView extends FeatureCollection<Polygon | MultiPolygon, { sight: SightState }> {
  readonly camera: {
    readonly is_assumed: boolean;
    readonly azimuth_deg: number | null;
    readonly range_m: number | null;
  };
}

export interface Video {
  readonly player_url: string | null;
  readonly still_url: string | null;
  readonly synthetic: boolean;
}

export interface Sight {
  readonly id: string;
  readonly name: string;
  readonly sight: SightState;
  readonly assumed?: readonly string[];
  readonly distance_m: number;
  readonly bearing_deg: number;
  readonly lon: number;
  readonly lat: number;
  readonly status?: string | null;
  readonly blocked_by?: { readonly code: string; readonly name?: string | null } | null;
}

export interface Listed<T> {
  readonly items: readonly T[];
  readonly more: boolean;
}

export interface Around {
  readonly target: {
    readonly name: string | null;
    readonly state: string | null;
    readonly building_code: string | null;
    readonly address: string | null;
    readonly lon: number;
    readonly lat: number;
  };
  readonly responsibility: Responsibility;
  readonly cameras: Listed<Sight>;
  readonly history: Listed<NearbyItem>;
  readonly cases: Listed<NearbyItem>;
  readonly key_places: Listed<NearbyItem>;
  readonly as_of: string;
}

export interface Unit extends UnitName {
  readonly kind: string | null;
  readonly chain: readonly UnitName[];
  readonly children: readonly UnitName[];
  readonly posts: readonly Post[];
  readonly figures: {
    readonly area_m2: number;
    readonly households: number;
    readonly population: number;
    readonly buildings: number;
    readonly cases: number;
    readonly open_cases: number;
    readonly cameras: number;
    readonly band?: 'below' | 'within' | 'above' | null;
  } | null;
  readonly revision: number;
  readonly geometry?: Polygon | MultiPolygon;
}

export interface Hotspot {
  readonly lon: number;
  readonly lat: number;
  readonly radius_m: number;
  readonly count: number;
  readonly open: number;
  readonly before: number;
  readonly trend: 'new' | 'rising' | 'steady' | 'falling';
  readonly unit_code: string | null;
  readonly covered_share: number;
  /** The newest of its cases. */
  readonly case_nos: readonly string[];
}

export interface Hotspots {
  readonly from: string;
  readonly to: string;
  readonly cases: number;
  readonly hotspots: readonly Hotspot[];
  readonly more: boolean;
  readonly as_of: string;
}

export interface Candidate {
  readonly lon: number;
  readonly lat: number;
  readonly name: string;
  readonly match_level: string;
  readonly accuracy_m: number;
  readonly building_code: string | null;
  readonly unit_code: string | null;
}

const one = encodeURIComponent;

export const fetchCase = (id: string, language: string, signal: AbortSignal): Promise<Case> =>
  get(`/v1/cases/${one(id)}`, language, signal);

export const fetchRepeats = (id: string, language: string, signal: AbortSignal): Promise<Repeats> =>
  get(`/v1/cases/${one(id)}/repeats`, language, signal);

export const fetchCamera = (id: string, language: string, signal: AbortSignal): Promise<CameraThing> =>
  get(`/v1/cameras/${one(id)}`, language, signal);

export const fetchView = (id: string, language: string, signal: AbortSignal): Promise<CameraView> =>
  get(`/v1/cameras/${one(id)}/view`, language, signal);

/** Who looks, at what and what for is recorded by the server. */
export const fetchVideo = (id: string, purpose: string, language: string, signal: AbortSignal): Promise<Video> =>
  get(`/v1/cameras/${one(id)}/video?purpose=${one(purpose)}`, language, signal);

export const fetchUnit = (id: string, language: string, signal: AbortSignal, geometry = false): Promise<Unit> =>
  get(`/v1/units/${one(id)}${geometry ? '?geometry=true' : ''}`, language, signal);

export function fetchAround(
  kind: string,
  id: string,
  radiusM: number,
  language: string,
  signal: AbortSignal,
): Promise<Around> {
  return get(`/v1/around/${one(kind)}/${one(id)}?radius_m=${radiusM}`, language, signal);
}

/** Where a point of another coordinate system lies in ours: the server converts, not the page. */
export async function fetchPlace(
  lon: number,
  lat: number,
  crs: string,
  language: string,
  signal: AbortSignal,
): Promise<{ lon: number; lat: number }> {
  const query = `lon=${lon}&lat=${lat}&radius_m=1&crs=${one(crs)}`;
  return (await get<Around>(`/v1/around?${query}`, language, signal)).target;
}

export const fetchHotspots = (from: Date, language: string, signal: AbortSignal): Promise<Hotspots> =>
  get(`/v1/hotspots?from=${one(from.toISOString())}`, language, signal);

export async function fetchCandidates(text: string, language: string, signal: AbortSignal): Promise<Candidate[]> {
  return (await get<{ candidates: Candidate[] }>(`/v1/locate?text=${one(text)}`, language, signal)).candidates;
}

/** Shows who called; the server keeps the reason. */
export async function postReveal(id: string, reason: string, language: string): Promise<Person> {
  const response = await send('POST', `/v1/cases/${one(id)}/reveal`, language, { reason });
  return (await response.json()) as Person;
}
