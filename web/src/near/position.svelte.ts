// Where the officer is: the device's position with its accuracy and coordinate system, or a place that was typed.
import { crsOfBrowser, type Fix, type FixCrs } from './fix';

const CHOSEN = 'cim.near.crs';

interface Position {
  device: Fix | null;
  typed: Fix | null;
  state: 'asking' | 'there' | 'denied' | 'unavailable' | 'insecure';
  /** What was chosen; null leaves it to what is known of the browser. */
  chosen: FixCrs | null;
}

function remembered(): FixCrs | null {
  const crs = localStorage.getItem(CHOSEN);
  return crs === 'wgs84' || crs === 'gcj02' ? crs : null;
}

export const position = $state<Position>({ device: null, typed: null, state: 'asking', chosen: remembered() });

export const deviceCrs = () => position.chosen ?? crsOfBrowser(navigator.userAgent);

/** The place that questions and reports are about. */
export const here = (): Fix | null => position.typed ?? position.device;

export function chooseCrs(chosen: FixCrs | null): void {
  position.chosen = chosen;
  if (chosen === null) localStorage.removeItem(CHOSEN);
  else localStorage.setItem(CHOSEN, chosen);
  if (position.device !== null) position.device = { ...position.device, crs: deviceCrs() };
}

/** Follows the device until the answer is called. */
export function followDevice(): () => void {
  if (!isSecureContext || !('geolocation' in navigator)) {
    position.state = isSecureContext ? 'unavailable' : 'insecure';
    return () => {};
  }
  const found = ({ coords, timestamp }: GeolocationPosition) => {
    const { longitude: lng, latitude: lat, accuracy: accuracyM } = coords;
    position.device = { lng, lat, accuracyM, crs: deviceCrs(), at: timestamp, source: 'device', name: null };
    position.state = 'there';
  };
  const failed = ({ code, PERMISSION_DENIED }: GeolocationPositionError) => {
    // A moment without satellites does not take the last position away.
    if (code === PERMISSION_DENIED) Object.assign(position, { state: 'denied', device: null });
    else if (position.device === null) position.state = 'unavailable';
  };
  const watch = navigator.geolocation.watchPosition(found, failed, {
    enableHighAccuracy: true,
    maximumAge: 15_000,
    timeout: 20_000,
  });
  return () => navigator.geolocation.clearWatch(watch);
}
