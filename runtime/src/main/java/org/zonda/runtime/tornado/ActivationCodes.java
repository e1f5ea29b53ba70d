package org.zonda.runtime.tornado;

import org.zonda.kernels.Activations;
import org.zonda.model.graph.Activation;

/** The numbers by which kernels know activations. */
final class ActivationCodes {

  private ActivationCodes() {}

  static int of(Activation activation) {
    return switch (activation) {
      case SILU -> Activations.SILU;
      case GELU -> Activations.GELU;
      case GELU_TANH -> Activations.GELU_TANH;
      case RELU -> Activations.RELU;
    };
  }
}
