/** Objects that stand in for one of the platform's and make it only when somebody asks for what they do not have. */

/** What is left to the object of the platform. */
export interface LeftToPlatform<Whole extends object> {
  readonly attributes: readonly (keyof Whole)[]
  readonly methods: readonly (keyof Whole)[]
  /** Makes the object of the platform, or finds it. Throws TypeError for what is no stand-in. */
  readonly wholeOf: (standIn: object) => Whole
}

/** Completes a stand-in's prototype, and has it inherit from the platform's. */
export function leaveToPlatform<Whole extends object>(
  prototype: object,
  platform: Whole,
  { attributes, methods, wholeOf }: LeftToPlatform<Whole>,
): void {
  for (const name of attributes) {
    Object.defineProperty(prototype, name, {
      get(this: object): unknown {
        return wholeOf(this)[name]
      },
    })
  }
  for (const name of methods) {
    Object.defineProperty(prototype, name, {
      value(this: object, ...parameters: readonly unknown[]): unknown {
        const whole = wholeOf(this)
        return Reflect.apply(whole[name] as () => unknown, whole, parameters)
      },
    })
  }
  Object.setPrototypeOf(prototype, platform)
}
