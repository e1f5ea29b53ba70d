import org.zonda.kernels.Kernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

public final class NeverMoves {
  @Kernel("norm.rms")
  public static void norm(
      KernelContext c, IntArray pass, IntArray cursor, FloatArray x, FloatArray weight,
      FloatArray y, int slot, int width, int heads, int weights, int inOffset, int inStride,
      int outOffset, int outStride, float epsilon) {
    for (int i = 0; i < width; i = i + 0) {
      float value = x.get(inOffset);
    }
  }
}
