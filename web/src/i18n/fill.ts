// Fills the gaps of a sentence.

/** Replaces `{name}` by the value of that name; a gap without a value stays visible, so that it is found. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (gap, name: string) => {
    const value = values[name];
    return value === undefined ? gap : String(value);
  });
}
