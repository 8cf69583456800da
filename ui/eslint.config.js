/** Type-aware rules. Biome formats and watches over accessibility; ESLint over types, hooks and timers. */
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const TIMERS = ["setTimeout", "setInterval", "requestAnimationFrame", "requestIdleCallback", "queueMicrotask"];
const ADVICE = "goes through src/platform/timing.ts, so that it is always stopped and tests can turn the clock";

export default tseslint.config(
  { ignores: ["node_modules", "src/api/schema.ts", "tools", "eslint.config.js"] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  reactHooks.configs.flat["recommended-latest"],
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "no-alert": "error",
      "no-console": "error",
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "no-restricted-globals": ["error", ...TIMERS.map((name) => ({ name, message: `${name} ${ADVICE}` }))],
      "no-restricted-properties": [
        "error",
        ...TIMERS.flatMap((property) => [
          { object: "window", property, message: `${property} ${ADVICE}` },
          { object: "globalThis", property, message: `${property} ${ADVICE}` },
        ]),
        { object: "Date", property: "now", message: "playback and cache keys never depend on the wall clock" },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "MemberExpression[property.name='addEventListener']", message: `addEventListener ${ADVICE}` },
        { selector: "MemberExpression[property.name='removeEventListener']", message: `removeEventListener ${ADVICE}` },
      ],
    },
  },
  {
    files: ["src/platform/**", "player/src/platform/**"],
    rules: { "no-restricted-globals": "off", "no-restricted-properties": "off", "no-restricted-syntax": "off" },
  },
  {
    files: ["**/*.test.{ts,tsx}"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off", "max-lines": "off" },
  },
);
