import * as path from "node:path";
import { buildPlugin } from "./build";
import { OUTPUT } from "./forms";

void buildPlugin(OUTPUT).then((built) => {
  for (const [form, place] of Object.entries(built)) {
    console.log(`${form}: ${path.relative(process.cwd(), String(place))}`);
  }
});
