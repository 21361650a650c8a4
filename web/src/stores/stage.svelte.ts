// What the panels that are loaded later put on the map, and which of them are open.
import type { FeatureCollection } from 'geojson';
import type { Extras, Selection } from '../map/layers/selection';

/** Drawn in addition to the map; `extras` are the layers that the marks need. */
export interface Drawing {
  readonly marks: FeatureCollection;
  readonly extras: Extras;
  /** Codes of the grids that answer for it. */
  readonly grid?: string | null;
  readonly exclusive?: string | null;
  /** Nothing else is to be drawn. */
  readonly alone?: boolean;
}

interface Stage {
  /** Of the thing that is open. */
  thing: Drawing | null;
  /** Of the hot spots. */
  spots: Drawing | null;
  /** A numbered plate on the map was clicked. */
  picked: ((index: number) => void) | null;
  spotsOpen: boolean;
  searchOpen: boolean;
}

export const stage = $state<Stage>({ thing: null, spots: null, picked: null, spotsOpen: false, searchOpen: false });

/** Puts marks on the map without making every feature observable. */
export function draw(of: 'thing' | 'spots', drawing: Drawing | null): void {
  stage[of] = drawing === null ? null : Object.freeze(drawing);
}

/** What the map shows of the place that was asked, the thing that is open and the hot spots. */
export function staged(asked: Selection): Selection {
  const { thing, spots } = stage;
  const drawings = [thing?.alone === true ? null : spots, thing].filter((one) => one !== null);
  if (drawings.length === 0) return asked;
  const features = [...drawings.flatMap(({ marks }) => marks.features), ...asked.marks.features];
  return {
    grid: thing?.grid ?? asked.grid,
    exclusive: thing?.exclusive ?? asked.exclusive,
    marks: { type: 'FeatureCollection', features },
    extras: [(thing ?? spots)?.extras].filter((one) => one !== undefined),
  };
}
