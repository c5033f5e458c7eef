import pulumi from "@pulumi/eslint-plugin";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["dist/", "coverage/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    // The tsconfig.json nearest to a file, as an editor takes it: an example has one of its own.
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { "@pulumi": pulumi },
    rules: {
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
