import org.zonda.kernels.Kernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

public final class Allocates {
  @Kernel("rows.copy")
  public static void copy(KernelContext c, IntArray pass, FloatArray x, FloatArray y, int width) {
    int i = c.globalIdx;
    int row = c.globalIdy;
    float[] mine = new float[500_000_000];
    mine[0] = x.get(0);
    y.set(0, mine[0]);
  }
}
