// Draws every icon of the map and the legend from paths, at the screen's pixel ratio, in the theme's colours.
import type { CaseState, Palette } from './themes';

/** Radius of the sector pictures in CSS pixels; the style scales them to metres on the ground. */
export const SECTOR_RADIUS_PX = 48;

/** An icon's square side in CSS pixels and how to draw it around the origin. */
interface Icon {
  readonly side: number;
  readonly draw: (canvas: CanvasRenderingContext2D) => void;
}

const TURN = 2 * Math.PI;

function polygon(canvas: CanvasRenderingContext2D, points: readonly (readonly [number, number])[]): void {
  canvas.beginPath();
  for (const [x, y] of points) canvas.lineTo(x, y);
  canvas.closePath();
}

function disc(canvas: CanvasRenderingContext2D, radius: number): void {
  canvas.beginPath();
  canvas.arc(0, 0, radius, 0, TURN);
}

/** Fills and gives an edge in the ground's colour, so that marks stay apart where they meet. */
function finish(canvas: CanvasRenderingContext2D, fill: string, edge: string, width = 1.6): void {
  canvas.lineJoin = 'round';
  canvas.lineWidth = width * 2;
  canvas.strokeStyle = edge;
  canvas.stroke();
  canvas.fillStyle = fill;
  canvas.fill();
}

/** The shapes of the five states: ring, disc, triangle, diamond, small square. */
function caseMark(state: CaseState, palette: Palette): Icon {
  const fill = palette.states[state];
  const edge = palette.halo;
  const draw = (canvas: CanvasRenderingContext2D) => {
    switch (state) {
      case 'new':
        disc(canvas, 7);
        finish(canvas, fill, edge);
        disc(canvas, 3.6);
        canvas.fillStyle = edge;
        canvas.fill();
        break;
      case 'doing':
        disc(canvas, 6.4);
        finish(canvas, fill, edge);
        break;
      case 'due':
        polygon(canvas, [
          [0, -7.6],
          [7.4, 5.6],
          [-7.4, 5.6],
        ]);
        finish(canvas, fill, edge);
        break;
      case 'overdue':
        polygon(canvas, [
          [0, -8.6],
          [8.6, 0],
          [0, 8.6],
          [-8.6, 0],
        ]);
        finish(canvas, fill, edge);
        break;
      case 'closed':
        polygon(canvas, [
          [-4.4, -4.4],
          [4.4, -4.4],
          [4.4, 4.4],
          [-4.4, 4.4],
        ]);
        finish(canvas, fill, edge);
        break;
    }
  };
  return { side: 24, draw };
}

/** The legend's sign for a grid at small scales. */
function dot(fill: string, palette: Palette): Icon {
  return {
    side: 16,
    draw: (canvas) => {
      disc(canvas, 4);
      finish(canvas, fill, palette.halo, 1);
    },
  };
}

/** A ring whose red part is the overdue share in quarters; three sizes by the number inside. */
function countRing(size: number, quarters: number, palette: Palette): Icon {
  const radius = 11 + 3 * size;
  return {
    side: 2 * radius + 6,
    draw: (canvas) => {
      disc(canvas, radius);
      canvas.fillStyle = palette.halo;
      canvas.fill();
      canvas.lineWidth = 3;
      canvas.strokeStyle = palette.states.doing;
      disc(canvas, radius - 1.5);
      canvas.stroke();
      if (quarters > 0) {
        canvas.strokeStyle = palette.states.overdue;
        canvas.beginPath();
        canvas.arc(0, 0, radius - 1.5, -TURN / 4, -TURN / 4 + (TURN * Math.min(4, quarters)) / 4);
        canvas.stroke();
      }
    },
  };
}

/** A field of view, pointing north; the style turns and scales it. */
function sector(fieldDeg: number, color: string, dark: boolean): Icon {
  return {
    side: 2 * SECTOR_RADIUS_PX + 4,
    draw: (canvas) => {
      const half = (Math.min(360, fieldDeg) / 360) * Math.PI;
      canvas.beginPath();
      if (fieldDeg < 360) canvas.moveTo(0, 0);
      canvas.arc(0, 0, SECTOR_RADIUS_PX, -TURN / 4 - half, -TURN / 4 + half);
      canvas.closePath();
      canvas.globalAlpha = dark ? 0.12 : 0.08;
      canvas.fillStyle = color;
      canvas.fill();
      canvas.globalAlpha = 0.5;
      canvas.lineWidth = 0.8;
      canvas.strokeStyle = color;
      canvas.stroke();
    },
  };
}

function camera(color: string, palette: Palette): Icon {
  return {
    side: 24,
    draw: (canvas) => {
      disc(canvas, 8.6);
      finish(canvas, color, palette.halo, 1);
      canvas.fillStyle = palette.halo;
      canvas.beginPath();
      canvas.roundRect(-5.2, -3.2, 7, 6.4, 1.4);
      canvas.fill();
      polygon(canvas, [
        [2.4, -0.9],
        [5.2, -2.8],
        [5.2, 2.8],
        [2.4, 0.9],
      ]);
      canvas.fill();
    },
  };
}

/** Signs of key places on a 24-unit square, drawn as strokes (after Lucide, ISC). */
const SIGNS: Readonly<Record<string, string>> = {
  school: 'M12 5 3 9.5 12 14l9-4.5zM7 12v4.5c2.8 2 7.2 2 10 0V12',
  hospital: 'M12 5.5v13M5.5 12h13',
  market: 'M4.5 9.5 6 5h12l1.5 4.5M5.5 10v9h13v-9M9.5 19v-5h5v5',
  park: 'M12 20v-6M12 4l5 7h-3l4 5H6l4-5H7z',
  plant: 'M4 19V9l5 3V9l5 3V5h4v14z',
  hazard_plant: 'M12 4.5 20.5 19h-17zM12 10v4M12 16.4v.2',
  shelter: 'M4 12l8-7 8 7M7 10.5V19h10v-8.500',
  hydrant: 'M9 19V9a3 3 0 0 1 6 0v10M7 19h10M7 12h10',
  port: 'M12 7v12M6 13c0 4 3 6 6 6s6-2 6-6M9 10h6M12 7a2 2 0 1 0 0-3 2 2 0 0 0 0 3',
  station: 'M7 5h10v10H7zM7 11h10M9 19l-2-4M15 19l2-4',
  nursing_home: 'M12 19s-7-4.300-7-9a3.700 3.700 0 0 1 7-1.800A3.700 3.700 0 0 1 19 10c0 4.700-7 9-7 9z',
  public_toilet: 'M9 5v14M9 9H6M15 5v14M15 9h3',
  construction_site: 'M4 19h16M6 19V8h12M18 8v3M6 13l5-5',
  other: 'M12 8v8M8 12h8M12 4.500 19.500 12 12 19.500 4.500 12z',
};

function sign(kind: string, palette: Palette): Icon {
  const path = new Path2D(SIGNS[kind] ?? SIGNS['other']);
  return {
    side: 24,
    draw: (canvas) => {
      canvas.beginPath();
      canvas.roundRect(-9, -9, 18, 18, 4.5);
      finish(canvas, kind === 'hazard_plant' ? palette.states.due : palette.keyPlace, palette.halo, 1);
      canvas.scale(0.62, 0.62);
      canvas.translate(-12, -12);
      canvas.lineWidth = 2.4;
      canvas.lineCap = 'round';
      canvas.lineJoin = 'round';
      canvas.strokeStyle = palette.halo;
      canvas.stroke(path);
    },
  };
}

function station(palette: Palette): Icon {
  return {
    side: 24,
    draw: (canvas) => {
      polygon(canvas, [
        [-8, -1],
        [0, -8.4],
        [8, -1],
        [8, 8],
        [-8, 8],
      ]);
      finish(canvas, palette.station, palette.halo, 1);
      canvas.fillStyle = palette.halo;
      canvas.fillRect(-2.2, 1.5, 4.4, 6.5);
    },
  };
}

function finding(palette: Palette): Icon {
  return {
    side: 20,
    draw: (canvas) => {
      polygon(canvas, [
        [-5.5, -6],
        [5.5, -6],
        [5.5, 3],
        [1.5, 3],
        [0, 7],
        [-1.5, 3],
        [-5.5, 3],
      ]);
      finish(canvas, palette.grid, palette.halo, 1.2);
    },
  };
}

/** The number plate of a listed thing; filled when it is the one looked at. */
function plate(active: boolean, palette: Palette): Icon {
  return {
    side: active ? 34 : 26,
    draw: (canvas) => {
      disc(canvas, active ? 13 : 9.6);
      finish(canvas, active ? palette.accent : palette.mark, palette.halo, 1.6);
    },
  };
}

/** The place that was asked about. */
function pin(palette: Palette): Icon {
  return {
    side: 44,
    draw: (canvas) => {
      canvas.lineCap = 'round';
      for (const [color, width] of [
        [palette.halo, 6],
        [palette.accent, 2.6],
      ] as const) {
        canvas.strokeStyle = color;
        canvas.lineWidth = width;
        disc(canvas, 9);
        canvas.stroke();
        for (let i = 0; i < 4; i++) {
          const [x, y] = [Math.round(Math.cos((i * TURN) / 4)), Math.round(Math.sin((i * TURN) / 4))];
          canvas.beginPath();
          canvas.moveTo(9 * x, 9 * y);
          canvas.lineTo(16 * x, 16 * y);
          canvas.stroke();
        }
      }
      disc(canvas, 2.4);
      canvas.fillStyle = palette.accent;
      canvas.fill();
    },
  };
}

/** Finds the icon by its name in the style; nothing for a name that is not ours. */
function iconOf(name: string, palette: Palette): Icon | undefined {
  const [family, first = '', second = ''] = name.split(':');
  switch (family) {
    case 'case':
      return first in palette.states ? caseMark(first as CaseState, palette) : undefined;
    case 'dot':
      return first in palette.states ? dot(palette.states[first as CaseState], palette) : undefined;
    case 'count':
      return countRing(Number(first), Number(second), palette);
    case 'sector':
      return sector(Number(first), second === 'off' ? palette.cameraOff : palette.camera, palette.dark);
    case 'camera':
      return camera(first === 'off' ? palette.cameraOff : palette.camera, palette);
    case 'place':
      return sign(first, palette);
    case 'station':
      return station(palette);
    case 'finding':
      return finding(palette);
    case 'plate':
      return plate(first === 'active', palette);
    case 'pin':
      return pin(palette);
    default:
      return undefined;
  }
}

/** Draws an icon; nothing for an unknown name. */
export function drawIcon(name: string, palette: Palette, pixelRatio: number): ImageData | undefined {
  const icon = iconOf(name, palette);
  if (icon === undefined) return undefined;
  const side = Math.ceil(icon.side * pixelRatio);
  const element = document.createElement('canvas');
  element.width = side;
  element.height = side;
  const canvas = element.getContext('2d');
  if (canvas === null) return undefined;
  canvas.translate(side / 2, side / 2);
  canvas.scale(pixelRatio, pixelRatio);
  icon.draw(canvas);
  return canvas.getImageData(0, 0, side, side);
}
