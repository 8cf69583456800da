/** An address for a file of the person's own, given back when it is no longer shown. */
import { useEffect, useMemo } from "react";

export function useObjectUrl(file: Blob): string {
  const url = useMemo(() => URL.createObjectURL(file), [file]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return url;
}
