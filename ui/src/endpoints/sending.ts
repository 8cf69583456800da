/** Sends a picture with its progress, which `fetch` can't tell. */
import { ApiError, errorFrom, urlOf } from "../api/client.ts";
import type { EndpointCell } from "../api/types.ts";
import type { Cell } from "./dropNames.ts";

/** Put a picture into its cell; `onShare` hears from 0 to 1 how much of it has gone. Throws `ApiError`. */
export function sendPicture(cell: Cell, file: Blob, onShare: (share: number) => void): Promise<EndpointCell> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open("PUT", urlOf("/api/v1/endpoints/{expression}/{pose}", { ...cell }));
    call.setRequestHeader("content-type", file.type || "application/octet-stream");
    call.setRequestHeader("accept", "application/json");
    call.responseType = "json";
    call.upload.onprogress = (event) => onShare(event.total === 0 ? 0 : event.loaded / event.total);
    call.onload = () => {
      if (call.status >= 200 && call.status < 300) resolve(call.response as EndpointCell);
      else reject(errorFrom(call.status, call.response));
    };
    call.onerror = () => {
      reject(new ApiError(0, "unreachable", "The picture did not reach the studio's server; drop it again."));
    };
    call.send(file);
  });
}
