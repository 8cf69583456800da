/** The element for pages that bundle their scripts; importing it makes `<watercolor-rig>` known, once. */
import { WatercolorRigElement } from "./element.ts";

export { type GoOptions, type RigCue, WatercolorRigElement } from "./element.ts";

if (!customElements.get("watercolor-rig")) customElements.define("watercolor-rig", WatercolorRigElement);
