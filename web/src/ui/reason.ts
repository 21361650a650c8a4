// What a reader is told about a request that failed.
import { Problem } from '../api/ask';
import { t } from '../i18n/index.svelte';

/** What exactly is wrong says more than "refused": the fields, the password, the link. */
export function reason(error: unknown): string {
  if (!(error instanceof Problem)) return t('sign_in.no_answer');
  if (error.findings.length > 0) return error.findings.map((finding) => finding.message).join('\n');
  return error.status < 500 && error.detail !== null ? error.detail : error.message;
}
