/** Every module by its name; a name of the list without a module does not compile. */

import type { ModuleName } from '../list.ts'
import { codeModules } from './code.ts'
import { discoveryModules } from './discovery.ts'
import { idTokenModules } from './id-token.ts'
import { initLoginModules } from './init-login.ts'
import { keyModules } from './keys.ts'
import { loginModules } from './login.ts'
import { logoutModules } from './logout.ts'
import type { Module } from './module.ts'
import { promptModules } from './prompt.ts'
import { redirectUriModules } from './redirect-uri.ts'
import { registrationModules } from './registration.ts'
import { requestObjectModules } from './request-object.ts'
import { scopeModules } from './scope.ts'
import { sessionModules } from './session.ts'
import { userinfoModules } from './userinfo.ts'

/** The modules of all plans. */
export const modules: Readonly<Record<ModuleName, Module>> = {
  ...codeModules,
  ...discoveryModules,
  ...idTokenModules,
  ...initLoginModules,
  ...keyModules,
  ...loginModules,
  ...logoutModules,
  ...promptModules,
  ...redirectUriModules,
  ...registrationModules,
  ...requestObjectModules,
  ...scopeModules,
  ...sessionModules,
  ...userinfoModules,
}
