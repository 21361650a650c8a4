// The colours a theme must name: the map's ground, roads, labels and the five states of work.

/** How a case stands, as far as a map needs to tell cases apart. */
export const CASE_STATES = ['new', 'doing', 'due', 'overdue', 'closed'] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** One class of road: its surface and its edge. */
export interface RoadTone {
  readonly fill: string;
  readonly casing: string;
}

/** Every colour the map uses in one theme. */
export interface Palette {
  readonly dark: boolean;
  readonly outside: string;
  readonly ground: string;
  /** Faint tints that tell towns apart at small scales, by colour index. */
  readonly towns: readonly [string, string, string, string, string];
  readonly water: string;
  readonly waterEdge: string;
  readonly waterText: string;
  readonly motorway: RoadTone;
  readonly trunk: RoadTone;
  readonly main: RoadTone;
  readonly street: RoadTone;
  readonly lane: RoadTone;
  readonly path: string;
  readonly roadText: string;
  readonly building: string;
  readonly buildingEdge: string;
  readonly buildingSide: string;
  readonly buildingAssumed: string;
  readonly buildingText: string;
  readonly border: string;
  readonly borderHalo: string;
  readonly grid: string;
  readonly microGrid: string;
  readonly exclusive: string;
  readonly text: string;
  readonly textQuiet: string;
  readonly halo: string;
  readonly camera: string;
  readonly cameraOff: string;
  readonly keyPlace: string;
  readonly station: string;
  readonly accent: string;
  readonly mark: string;
  readonly states: Readonly<Record<CaseState, string>>;
}
