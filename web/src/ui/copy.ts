// Puts text into the clipboard.

/** Whether it went there: browsers allow it only on pages over TLS or of the same machine, and users may forbid it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
