import { testLifecycle } from "./languageExample";
import { yaml } from "./languages";

jest.setTimeout(180_000);

testLifecycle("yaml", yaml);
