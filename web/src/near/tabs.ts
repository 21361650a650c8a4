// The parts of the phone page, each with an address of its own, so that Back goes from a report to the list.
export const TABS = ['near', 'report', 'queue'] as const;
export type Tab = (typeof TABS)[number];

export function tabOf(hash: string): Tab {
  return TABS.find((tab) => hash === `#${tab}`) ?? 'near';
}
