import pulumi from "@pulumi/eslint-plugin";
import { defineConfig, globalIgnores } from "eslint/config";
import importSort from "eslint-plugin-simple-import-sort";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["dist/", "coverage/", "sdk/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    // The tsconfig.json nearest to a file, as an editor takes it: an example has one of its own.
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { "@pulumi": pulumi, "import-sort": importSort },
    rules: {
      // One dialect in all folders.
      curly: ["error", "multi-line", "consistent"],
      "func-style": ["error", "declaration", { allowArrowFunctions: true }],
      "import-sort/imports": ["error", { groups: [["^node:", "^@?\\w", "^\\.\\.", "^\\."]] }],
      "import-sort/exports": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector:
            ":matches(PropertyDefinition, MethodDefinition[kind!='constructor'], TSParameterProperty)[accessibility='private']",
          message:
            "What is private begins with #: then it is, in JavaScript and in a debugger too.",
        },
      ],
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
      // The package calls itself by its name: its text in state runs from a user's folder, and
      // package.json is not as far from dist/ as from the sources.
      "@typescript-eslint/no-require-imports": [
        "error",
        { allow: ["^pulumi-azure-batch-key-rotation/"] },
      ],
    },
  },
);
