/** The catalogue of texts. */

import type { Language } from '../../protocol/language.ts'
import { de } from './de.ts'
import { en, type Messages } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'

/** Texts by language; one that lacks a text does not compile. */
export const messages: Readonly<Record<Language, Messages>> = { en, de, fr, es }
