package org.zonda.kernels;

/**
 * The {@code flags} of the matrix kernels, and what all of them share.
 *
 * <p>Parameters, the same for every format and for {@code matvec}, {@code gated} and {@code
 * matmul}:
 *
 * <ul>
 *   <li>{@code pass}: {@link PassLayout}; here only {@code pass[ROWS]} is read: R.
 *   <li>{@code cursor}: {@code cursor[0]} is the index, within its stack, of the first layer of
 *       this graph execution; the kernel works for layer {@code cursor[0] + slot}.
 *   <li>{@code route}: with {@link #ROUTED}, the expert of each item: {@code R * used} numbers
 *       below {@code perLayer}; otherwise any array.
 *   <li>{@code x}: inputs; input row i is {@code columns} floats from {@code i * inStride}.
 *   <li>the planes of the format: a stack of matrices, each row after row. Layer L has matrices
 *       {@code L * perLayer} to {@code L * perLayer + perLayer - 1}: its experts, or just one.
 *   <li>{@code bias}: with {@link #BIAS}, a stack like that of the matrices, one float an output
 *       row; otherwise any array.
 *   <li>{@code y}: outputs; output item i is {@code rows} floats from {@code i * outStride}.
 *   <li>{@code slot}: the layer within this execution, see {@code cursor}.
 *   <li>{@code perLayer}: matrices that a layer has: its experts, or 1.
 *   <li>{@code rows}, {@code columns}: output and input width of one matrix.
 *   <li>{@code inStride}, {@code outStride}: floats from an input row to the next, and from an
 *       output row to the next.
 *   <li>{@code flags}: what is asked for, the sum of constants of MatrixFlags.
 *   <li>{@code lanes}: of {@code matvec} and {@code gated}, neighbouring work-items that share an
 *       output row, a power of two that divides the group size; {@code matmul} has {@code tile}
 *       there.
 *   <li>{@code tile}: of {@code matmul}, the side of a tile: 16, 32 or 64, see {@link Tiles}.
 * </ul>
 *
 * <p>Grids. {@code matvec} and {@code gated}: groups of at most {@link LaneSum#GROUP} items in x; a
 * group has {@code group size / lanes} output rows, so that the x dimension has {@code ceil(rows *
 * lanes / group size)} groups; the y dimension has at least as many groups (of size 1) as there are
 * items: R, or {@code R * used} with {@link #ROUTED}. What lies beyond the data does nothing.
 * {@code matmul}: {@link Tiles}.
 */
public final class MatrixFlags {

  /** Add to what y holds (the residual) instead of replacing it. */
  public static final int ACCUMULATE = 1;

  /** Add the bias. */
  public static final int BIAS = 2;

  /** Each item uses the matrix of its expert: {@code route[item]}. */
  public static final int ROUTED = 4;

  /**
   * With {@link #ROUTED}: items {@code row * used} to {@code row * used + used - 1} all read input
   * row {@code row}. Without this flag item i reads input row i.
   */
  public static final int SHARED_INPUT = 8;

  private static final int USED_SHIFT = 8;
  private static final int ACTIVATION_SHIFT = 16;

  private MatrixFlags() {}

  /** The bits that say how many experts a token uses (1 to 255). */
  public static int used(int experts) {
    return experts << USED_SHIFT;
  }

  /** The bits that say which of {@link Activations} {@code gated} applies to the gate. */
  public static int activation(int code) {
    return code << ACTIVATION_SHIFT;
  }

  /** Experts a token uses; 1 where nothing is routed. */
  public static int usedOf(int flags) {
    int used = 1;
    if ((flags & ROUTED) != 0) {
      used = (flags >> USED_SHIFT) & 255;
    }
    return used;
  }

  /** The activation's code. */
  public static int activationOf(int flags) {
    return (flags >> ACTIVATION_SHIFT) & 15;
  }
}
