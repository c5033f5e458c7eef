import pulumi from "@pulumi/eslint-plugin";
import { defineConfig, globalIgnores } from "eslint/config";
import importSort from "eslint-plugin-simple-import-sort";
import tseslint from "typescript-eslint";

const PRIVATE = {
  selector:
    ":matches(PropertyDefinition, MethodDefinition[kind!='constructor'], TSParameterProperty)[accessibility='private']",
  message: "What is private begins with #: then it is, in JavaScript and in a debugger too.",
};

// The package calls itself by its name: its text in state runs from a user's folder, and
// package.json is not as far from dist/ as from the sources.
const OWN_NAME = "^pulumi-azure-batch-key-rotation/";

// What a user may do without is loaded where it is used, to say there what is missing.
const OPTIONAL_PEERS = "^(@pulumi/azure-native/|@peculiar/x509$)";

export default defineConfig(
  globalIgnores(["dist/", "coverage/", "sdk/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    // One program for all, examples too: one for each would have azure-native's types in memory many times.
    languageOptions: { parserOptions: { project: "tsconfig.json" } },
    plugins: { "@pulumi": pulumi, "import-sort": importSort },
    rules: {
      // One dialect in all folders.
      curly: ["error", "multi-line", "consistent"],
      "func-style": ["error", "declaration", { allowArrowFunctions: true }],
      "import-sort/imports": ["error", { groups: [["^node:", "^@?\\w", "^\\.\\.", "^\\."]] }],
      "import-sort/exports": "error",
      "no-restricted-syntax": ["error", PRIVATE],
      "@typescript-eslint/consistent-type-imports": [
        "error",
        // In a test, a module that is replaced has to be named where it is used.
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/naming-convention": [
        "error",
        {
          selector: "variable",
          modifiers: ["const", "global"],
          types: ["boolean", "number", "string"],
          format: ["UPPER_CASE"],
        },
        {
          selector: "variable",
          modifiers: ["const", "global", "destructured"],
          types: ["boolean", "number", "string"],
          format: null,
        },
      ],

      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "@typescript-eslint/no-require-imports": ["error", { allow: [OWN_NAME] }],
    },
  },
  {
    files: ["index.ts", "{provider,components,simulator,cli}/**/*.ts"],
    rules: {
      "@typescript-eslint/no-require-imports": [
        "error",
        { allow: [OWN_NAME, OPTIONAL_PEERS, "^\\.{1,2}/"] },
      ],
      "no-restricted-syntax": [
        "error",
        PRIVATE,
        {
          selector: "ImportExpression",
          message:
            "What is loaded late is required, typed by an `import type * as`: in CommonJS neither Jest nor yarn's Plug'n'Play knows import().",
        },
      ],
    },
  },
);
