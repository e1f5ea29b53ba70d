import org.zonda.kernels.Kernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

public final class Throws {
  @Kernel("rows.copy")
  public static void copy(KernelContext c, IntArray pass, FloatArray x, FloatArray y, int width) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    if (row < pass.get(0)) {
      throw new IllegalStateException("no");
    }
  }
}
