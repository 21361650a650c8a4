// How long a case has left, or how long it is late, in days, hours and minutes.

export interface Left {
  readonly late: boolean;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
}

export function left(dueMs: number, nowMs: number): Left {
  const minutes = Math.floor(Math.abs(dueMs - nowMs) / 60_000);
  return {
    late: dueMs < nowMs,
    days: Math.floor(minutes / 1440),
    hours: Math.floor(minutes / 60) % 24,
    minutes: minutes % 60,
  };
}
