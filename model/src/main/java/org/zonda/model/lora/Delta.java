package org.zonda.model.lora;

import org.zonda.model.tensor.Tensor;

/**
 * What all adapters together add to a tensor of {@code rows x columns}: {@code B * A}, their
 * matrices side by side, with their scales in A, and zeros where their ranks do not fill up what
 * kernels read at once.
 *
 * @param a {@code rank x columns}, F32
 * @param b {@code rows x rank}, F32
 */
record Delta(Tensor a, Tensor b) {
  int rank() {
    return (int) a.dimension(1);
  }
}
