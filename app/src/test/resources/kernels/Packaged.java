package my.kernels;

import org.zonda.kernels.Activations;
import org.zonda.kernels.Kernel;
import org.zonda.kernels.PassLayout;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Takes one activation for another. */
public final class Packaged {
  @Kernel("element.activate")
  public static void squared(
      KernelContext c,
      IntArray pass,
      FloatArray x,
      FloatArray y,
      int width,
      int inOffset,
      int inStride,
      int outOffset,
      int outStride,
      int code) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    int other = code;
    if (code == Activations.RELU) {
      other = Activations.RELU_SQUARED;
    }
    if (row < pass.get(PassLayout.ROWS) && i < width) {
      float value = x.get(inOffset + row * inStride + i);
      y.set(outOffset + row * outStride + i, Activations.apply(other, value));
    }
  }
}
