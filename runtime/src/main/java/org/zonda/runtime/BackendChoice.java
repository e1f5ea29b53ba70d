package org.zonda.runtime;

/** Where a model is to run. */
public enum BackendChoice {
  /** On a GPU, as far as there is one and the model fits; else on the CPU, and it says why. */
  AUTO,
  /** On the CPU. */
  CPU,
  /** On a device of TornadoVM, as far as the model fits; an error where there is none. */
  GPU,
  /** On the simulator of the GPU path: slow, and every memory access is checked. */
  SIMULATOR
}
