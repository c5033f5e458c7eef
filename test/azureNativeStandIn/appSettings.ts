import { type Json, objectIn } from "../support/json";

/**
 * The settings of App Service apps, which the simulator's Resource Manager does not know. They are there as
 * soon as the app is, and a PUT has all of them:
 * https://learn.microsoft.com/rest/api/appservice/web-apps/update-application-settings
 */
export class AppSettings {
  readonly #byId = new Map<string, Json>();

  static has(id: string): boolean {
    return id.endsWith("/config/appsettings");
  }

  /** The settings of the app with this id. */
  of(appId: string): Json {
    return objectIn(this.#byId.get(`${appId}/config/appsettings`) ?? {}, "properties");
  }

  get(id: string): Promise<Json | undefined> {
    return Promise.resolve(this.#byId.get(id));
  }

  put(id: string, body: Json): Promise<void> {
    this.#byId.set(id, { id, name: "appsettings", type: "Microsoft.Web/sites/config", ...body });
    return Promise.resolve();
  }

  /** What azure-native does then is not known here. */
  delete(id: string): Promise<void> {
    return Promise.reject(new Error(`the stand-in does not delete ${id}`));
  }
}
