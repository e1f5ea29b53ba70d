package org.zonda.runtime.cpu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.zonda.runtime.cpu.machine.InstructionSet;
import org.zonda.runtime.cpu.machine.MachineCode;

/** The ways in which the CPU backend can compute a model, for the same tests over all of them. */
enum Engine {
  SCALAR,
  VECTOR,
  MACHINE_EXACT,
  MACHINE_ROUNDED;

  /** A backend of two threads; the test is skipped where there is no machine code. */
  CpuBackend open() {
    assumeTrue(
        !isMachine() || MachineCode.instructionSet() != InstructionSet.OFF,
        () -> "no machine code: " + MachineCode.reason().orElse("turned off"));
    return switch (this) {
      case SCALAR -> new CpuBackend(2, new ScalarKernels());
      case VECTOR -> new CpuBackend(2, new VectorKernels());
      case MACHINE_EXACT -> new CpuBackend(2, new VectorKernels(), CpuBackend.Arithmetic.EXACT, 0);
      case MACHINE_ROUNDED ->
          new CpuBackend(2, new VectorKernels(), CpuBackend.Arithmetic.ROUNDED, 0);
    };
  }

  /** Whether machine code computes, which may go another way for more rows. */
  boolean isMachine() {
    return this == MACHINE_EXACT || this == MACHINE_ROUNDED;
  }

  /** How far logits may be from the reference's, given what float arithmetic may cost. */
  double tolerance(GoldenModel model, double exact) {
    // llama.cpp rounds as much, but not the same numbers.
    return rounds(model) ? 1.25 * model.roundingCost() : exact;
  }

  /** How close two logits must be for either to be the larger one. */
  double gap(GoldenModel model, double exact) {
    return rounds(model) ? 2 * model.largestRoundingError() : 20 * exact;
  }

  private boolean rounds(GoldenModel model) {
    return this == MACHINE_ROUNDED && model.isQuantized();
  }
}
