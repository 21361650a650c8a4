// What the server answers: the parts of the contract that the map reads.

export interface TileJson {
  readonly name?: string;
  readonly tiles: readonly string[];
  readonly minzoom: number;
  readonly maxzoom: number;
  readonly bounds?: readonly [number, number, number, number];
  readonly attribution?: string;
}

export interface Ready {
  readonly ready: boolean;
  readonly stale: boolean;
  readonly age_s: number;
  readonly snapshot: string | null;
  readonly counts: Readonly<Record<string, number>>;
}

/** What is loaded: the map says so beside itself. */
export interface CityFigures {
  readonly name: string | null;
  readonly synthetic: boolean;
  /** West, south, east, north. */
  readonly bounds: readonly [number, number, number, number] | null;
  readonly revision: number | null;
}

export interface UnitName {
  readonly level: string;
  readonly code: string;
  readonly name: string;
}

export interface Post {
  readonly post_no: string;
  readonly role: string;
  readonly vacant: boolean;
  readonly holder: string | null;
  readonly phone_masked: string | null;
}

export interface ChainUnit extends UnitName {
  readonly kind: string | null;
  readonly posts: readonly Post[];
}

export interface DepartmentRole {
  readonly role: 'lead' | 'assist';
  readonly code: string;
  readonly department: string;
  readonly rule: string;
}

export interface Responsibility {
  readonly inside: boolean;
  readonly chain: readonly ChainUnit[];
  readonly comprehensive_grid: UnitName | null;
  readonly exclusive_grid: ChainUnit | null;
  readonly responsible: (UnitName & { readonly rule: string }) | null;
  readonly departments: readonly DepartmentRole[];
  readonly on_boundary: boolean;
  readonly distance_to_border_m: number | null;
  readonly revision: number | null;
  readonly nearest: (UnitName & { readonly distance_m: number }) | null;
  readonly as_of: string;
}

export interface NearbyItem {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly distance_m: number;
  readonly bearing_deg: number;
  readonly lon: number;
  readonly lat: number;
  readonly state: string | null;
  readonly due_at?: string | null;
  readonly key_place_kind?: string;
}

export interface Nearby {
  readonly items: readonly NearbyItem[];
  readonly more: boolean;
  readonly as_of: string;
}
