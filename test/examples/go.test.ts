import { testLifecycle } from "./languageExample";
import { go } from "./languages";

jest.setTimeout(180_000);

testLifecycle("go", go);
