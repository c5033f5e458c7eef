import * as path from "node:path";
import { buildPlugin } from "./build";

void buildPlugin(path.join(__dirname, "../../dist/plugin")).then((built) => {
  for (const [form, place] of Object.entries(built)) {
    console.log(`${form}: ${path.relative(process.cwd(), String(place))}`);
  }
});
