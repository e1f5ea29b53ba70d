import org.zonda.kernels.Kernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

public final class TwoForOne {
  @Kernel("cursor.reset")
  public static void one(KernelContext c, IntArray cursor) {
    cursor.set(0, 0);
  }

  @Kernel("cursor.reset")
  public static void other(KernelContext c, IntArray cursor) {
    cursor.set(0, 0);
  }
}
