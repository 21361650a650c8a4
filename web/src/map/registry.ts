// All layers of the map, in the order of the layer list; nothing draws that is not in it.
import { comprehensiveGrids, exclusiveGrids, microGrids, towns, villages } from './layers/boundary';
import { buildings } from './layers/buildings';
import { cases, closedCases } from './layers/cases';
import { cameraCounts, cameras, keyPlaces, placeNames, stations } from './layers/facilities';
import { findings } from './layers/findings';
import { ground, waterNames } from './layers/ground';
import { roads } from './layers/roads';
import type { LayerRecord } from './record';

export const REGISTRY: readonly LayerRecord[] = [
  towns,
  villages,
  comprehensiveGrids,
  exclusiveGrids,
  microGrids,
  // Later records are drawn above earlier ones of the same anchor: closed cases lie under the open ones.
  closedCases,
  findings,
  cameras,
  cameraCounts,
  keyPlaces,
  stations,
  cases,
  ground,
  roads,
  buildings,
  waterNames,
  placeNames,
];

/** Records in the order in which they are listed: the work before the facilities. */
export const LISTED: readonly LayerRecord[] = REGISTRY.filter((record) => record.listed);

/** The ids that are on before anybody touches the list. */
export const SHOWN_AT_FIRST: readonly string[] = REGISTRY.filter((record) => record.shown).map((record) => record.id);
