package org.zonda.kernels;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which kernel of the catalogue a method of one's own stands for, so that {@code zonda kernel}
 * can check and time it and a model can run with it.
 *
 * <pre>
 * import org.zonda.kernels.Kernel;
 *
 * public final class MyMatvec {
 *   &#64;Kernel("matvec.q8_0")
 *   public static void matvec(KernelContext c, IntArray pass, ...) { ... }
 * }
 * </pre>
 *
 * <p>The method is {@code public static void}, in a public class, and has exactly the parameters of
 * the kernel that it stands for, in their order; their names are free. For the kernels of matrices
 * these are, P being the planes of the format ({@code FloatArray w} of F32, {@code HalfFloatArray
 * w} of F16, {@code IntArray w} of BF16, {@code IntArray q, HalfFloatArray d} of Q8_0 and Q4_0,
 * {@code IntArray q, IntArray s, HalfFloatArray d} of Q4_K, {@code IntArray low, IntArray high,
 * IntArray s, HalfFloatArray d} of Q6_K and, with an {@code int layout} at the end, of all others):
 *
 * <pre>
 * matvec.*, gated.*:
 *   (KernelContext c, IntArray pass, IntArray cursor, IntArray route, FloatArray x, P,
 *    FloatArray bias, FloatArray y, int slot, int perLayer, int rows, int columns,
 *    int inStride, int outStride, int flags, int lanes)
 * matmul.*: the same, with int tile instead of int lanes
 * embed.*:
 *   (KernelContext c, IntArray pass, P, FloatArray y, int columns, int outStride, int list)
 * </pre>
 *
 * <p>What they mean is said at {@link MatrixFlags}. {@link Work}, {@link Chunk}, {@link LaneSum},
 * {@link Activations} and what else is public in this package may be used. {@code zonda kernel
 * list} has all kernels, {@code zonda kernel show ID} the signature of one with the meaning of each
 * parameter, and {@code zonda kernel show ID --template} a source file to begin with.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Kernel {

  /** The kernel's id, such as {@code matvec.q8_0}. */
  String value();
}
