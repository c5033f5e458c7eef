import { testLifecycle } from "./languageExample";
import { python } from "./languages";

jest.setTimeout(180_000);

testLifecycle("python", python);
