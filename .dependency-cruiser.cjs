/**
 * The walls of the house: who may know whom. `npm run lint` holds them, types included.
 * @type {import("dependency-cruiser").IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: "no-circle",
      comment: "What imports in a circle is one thing, or has a piece in the wrong place.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "rotation-is-pure",
      comment: "A decision depends on inputs and a time: it knows no Azure, no Pulumi, no network.",
      severity: "error",
      from: { path: "^provider/rotation/" },
      to: {
        pathNot: ["^provider/rotation/", "^(node:)?crypto$", "^node_modules/(@types/)?luxon/"],
      },
    },
    {
      name: "azure-knows-no-engine",
      comment: "It is asked by the lifecycle and by programs, and asks neither.",
      severity: "error",
      from: { path: "^provider/azure/" },
      to: { path: ["^provider/(?!azure/|rotation/)", "^node_modules/@pulumi/"] },
    },
    {
      name: "http-knows-no-service",
      comment: "How to send is the same for every service of Azure's.",
      severity: "error",
      from: { path: "^provider/azure/http/" },
      to: { path: "^provider/azure/(arm|batch|keyVault|signIn)/" },
    },
    {
      name: "lifecycle-knows-no-host",
      comment: "Any kind of provider can host it: it knows neither Pulumi nor a program.",
      severity: "error",
      from: { path: "^provider/lifecycle/" },
      to: { path: ["^provider/(program|hosts)/", "^node_modules/@pulumi/"] },
    },
    {
      name: "program-runs-no-lifecycle",
      comment:
        "It runs in a process of its own; all it knows of the provider is the text in state.",
      severity: "error",
      from: { path: "^provider/program/" },
      to: { path: "^provider/(lifecycle|hosts)/" },
    },
    {
      name: "hosts-know-no-program",
      comment: "They serve programs of any language.",
      severity: "error",
      from: { path: "^provider/hosts/" },
      to: { path: ["^provider/program/", "^components/"] },
    },
    {
      name: "components-are-programs",
      comment: "They are made of what programs use, and of azure-native.",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^provider/(azure|lifecycle|hosts)/" },
    },
    {
      name: "status-reads-state",
      comment:
        "It tells what state says: it talks to no Azure, and runs neither program nor engine.",
      severity: "error",
      from: { path: "^cli/(?!simulator/)" },
      to: {
        path: [
          "^(index\\.ts|components|simulator)",
          "^provider/(?!rotation/|azure/redact\\.ts|hosts/secretValues\\.ts)",
          "^node_modules/@(pulumi|azure)/",
        ],
      },
    },
    {
      name: "simulator-command-only-runs-it",
      comment: "What it runs is the user's: it knows nothing but the simulator.",
      severity: "error",
      from: { path: "^cli/simulator/" },
      to: { path: "^(index\\.ts|provider/|components/|cli/(?!simulator/))" },
    },
    {
      name: "nobody-needs-the-command",
      comment: "What it needs, arguments and tables, is loaded by nobody else.",
      severity: "error",
      from: { path: "^(index\\.ts|provider|components|simulator)" },
      to: { path: ["^cli/", "^node_modules/(commander|picocolors|string-width)/"] },
    },
    {
      name: "simulator-stands-alone",
      comment: "It would share the provider's mistakes if it shared its code.",
      severity: "error",
      from: { path: "^simulator/" },
      to: { path: "^(index\\.ts|provider|components|cli|dev|test|examples)" },
    },
    {
      name: "nothing-for-developers-in-the-package",
      comment: "dev/ and test/ are not published.",
      severity: "error",
      from: { path: "^(index\\.ts|provider|components|cli|simulator)" },
      to: { path: "^(dev|test|examples)/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    // The package by its own name, and what a build has made.
    exclude: { path: "^(dist|node_modules/pulumi-azure-batch-key-rotation)/" },
  },
};
