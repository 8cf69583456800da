"""Pictures as arrays: decoding, premultiplied alpha, change masks, flow, canvases."""
