/** What the pages of development mode ask of the server they belong to. */

/** What only the composition root knows. */
export interface Surroundings {
  /** Base address of the admin API as it can be reached from this machine, without a trailing slash. */
  readonly adminUrl: string
  /** Such as `SQLite` with the file, or `PostgreSQL` with host and database; never a password. */
  readonly database: { readonly engine: string; readonly detail: string }
}

/** The server as seen from within. */
export interface Self extends Surroundings {
  /** The public handler. Requests are made in process, with paths as the router knows them. */
  fetchPublic(request: Request): Promise<Response>
  /** The admin handler. */
  fetchAdmin(request: Request): Promise<Response>
  readonly version: string
}

/** A request to a handler in process: the host is never looked at. */
export function selfRequest(path: string, init: RequestInit = {}): Request {
  return new Request(new URL(path, 'http://127.0.0.1'), init)
}
