import org.zonda.kernels.Kernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

public final class ReadsUnwritten {
  @Kernel("rows.copy")
  public static void copy(KernelContext c, IntArray pass, FloatArray x, FloatArray y, int width) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    float[] shared = c.allocateFloatLocalArray(64);
    if (row < pass.get(0) && i < width) {
      shared[c.localIdx] = x.get(row * width + i);
      y.set(row * width + i, shared[63 - c.localIdx]);
    }
  }
}
