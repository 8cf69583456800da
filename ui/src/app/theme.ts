/** Dark or light: as the system says, unless the user has chosen. */
import { listen, type Stop } from "../platform/timing.ts";
import { type Theme, useSettings } from "../stores/settings.ts";

export function themeOf(chosen: Theme, systemIsLight: boolean): "dark" | "light" {
  if (chosen !== "system") return chosen;
  return systemIsLight ? "light" : "dark";
}

/** Keep the document's theme right until stopped. */
export function followTheme(): Stop {
  const system = window.matchMedia("(prefers-color-scheme: light)");
  const apply = (): void => {
    document.documentElement.dataset["theme"] = themeOf(useSettings.getState().theme, system.matches);
  };
  apply();
  const stopListening = listen(system, "change", apply);
  const stopFollowing = useSettings.subscribe(apply);
  return () => {
    stopListening();
    stopFollowing();
  };
}
