// Where Chinese letters come from: the same woff2 slices for the map (`font-faces`) and the page (FontFace).
import type { FontFacesSpecification } from '@maplibre/maplibre-gl-style-spec';
import { FONT_SLICES } from './fonts.gen';

export const REGULAR = ['Noto Sans SC Regular'];
export const BOLD = ['Noto Sans SC Bold', 'Noto Sans SC Regular'];

const FOLDER = '/fonts/';

/** The style's `font-faces`: a slice is fetched when one of its characters is first drawn. */
export function fontFaces(): FontFacesSpecification {
  const face = (ranges: string, file: string) => ({ url: FOLDER + file, 'unicode-range': ranges.split(',') });
  return {
    'Noto Sans SC Regular': FONT_SLICES.map(([ranges, regular]) => face(ranges, regular)),
    'Noto Sans SC Bold': FONT_SLICES.flatMap(([ranges, , bold]) => (bold === null ? [] : [face(ranges, bold)])),
  };
}

/** Gives the page the same slices; backwards, because of several faces the browser takes the last added. */
export function addPageFonts(fonts: FontFaceSet): void {
  for (const [ranges, regular, bold] of [...FONT_SLICES].reverse()) {
    const add = (file: string, weight: string) =>
      fonts.add(
        new FontFace('Noto Sans SC', `url("${FOLDER}${file}") format("woff2")`, {
          unicodeRange: ranges,
          weight,
          display: 'swap',
        }),
      );
    add(regular, '400');
    if (bold !== null) add(bold, '700');
  }
}
