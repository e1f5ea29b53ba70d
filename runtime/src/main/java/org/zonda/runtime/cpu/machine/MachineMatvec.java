package org.zonda.runtime.cpu.machine;

import static java.util.Map.entry;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import org.zonda.model.tensor.TensorType;

/**
 * Multiplies rows of a quantised matrix, in their file's layout, with one row of activations that
 * are rounded to bytes, or with a few: the work of decoding, which is bound by reading the weights.
 *
 * <p>Thread-safe. A format's code is made when it is first asked for.
 */
public final class MachineMatvec {

  /** Rows of activations that one call can take. */
  public static final int MOST_TOKENS = MatvecCode.MOST_TOKENS;

  private static final Map<TensorType, IntFunction<MatvecCode>> CODES =
      new EnumMap<>(
          Map.ofEntries(
              entry(TensorType.Q8_0, BlockMatvec.Q8_0::new),
              entry(TensorType.Q4_0, BlockMatvec.Q4_0::new),
              entry(TensorType.Q4_1, BlockMatvec.Q4_1::new),
              entry(TensorType.Q5_0, BlockMatvec.Q5_0::new),
              entry(TensorType.Q5_1, BlockMatvec.Q5_1::new),
              entry(TensorType.IQ4_NL, BlockMatvec.IQ4_NL::new),
              entry(TensorType.MXFP4, BlockMatvec.MXFP4::new),
              entry(TensorType.Q2_K, SuperFormats.Q2_K::new),
              entry(TensorType.Q3_K, SuperFormats.Q3_K::new),
              entry(TensorType.Q4_K, SuperFormats.Q4_K::new),
              entry(TensorType.Q5_K, SuperFormats.Q5_K::new),
              entry(TensorType.Q6_K, SuperFormats.Q6_K::new),
              entry(TensorType.IQ4_XS, SuperFormats.IQ4_XS::new)));

  private static final Map<TensorType, Optional<MachineMatvec>> MADE =
      new EnumMap<>(TensorType.class);

  private final TensorType type;
  private final MatvecFunctions functions;

  private MachineMatvec(TensorType type, MatvecFunctions functions) {
    this.type = type;
    this.functions = functions;
  }

  /**
   * The function for a format.
   *
   * @param type how the weights are stored
   * @return empty if there is none for this format, or no machine code on this machine
   */
  public static Optional<MachineMatvec> of(TensorType type) {
    synchronized (MADE) {
      return MADE.computeIfAbsent(type, MachineMatvec::make);
    }
  }

  private static Optional<MachineMatvec> make(TensorType type) {
    if (!CODES.containsKey(type)) {
      return Optional.empty();
    }
    return MatvecFunctions.of(type, CODES.get(type))
        .map(functions -> new MachineMatvec(type, functions));
  }

  /**
   * {@code out[outOffset + r] = dot(row r, x[token])} for consecutive rows.
   *
   * @param weights holds the rows
   * @param offset of the first row in bytes
   * @param rowBytes distance of the rows
   * @param columns elements of a row, a multiple of the format's block
   * @param rows how many rows
   * @param x the activations, of as many columns
   * @param token which of their rows
   * @param out receives the sums
   * @param outOffset index of the first
   * @throws IndexOutOfBoundsException if rows, activations or sums are not inside their memory
   */
  public void multiply(
      MemorySegment weights,
      long offset,
      long rowBytes,
      int columns,
      int rows,
      QuantizedRows x,
      int token,
      float[] out,
      int outOffset) {
    multiply(weights, offset, rowBytes, columns, rows, x, token, 1, out, outOffset, 0);
  }

  /**
   * {@code out[outOffset + t * outStride + r] = dot(row r, x[token + t])} for consecutive rows and
   * a few tokens, for which the weights are read once.
   *
   * @param weights holds the rows
   * @param offset of the first row in bytes
   * @param rowBytes distance of the rows
   * @param columns elements of a row, a multiple of the format's block
   * @param rows how many rows
   * @param x the activations, of as many columns
   * @param token the first of their rows
   * @param tokens how many of them, 1 to {@link #MOST_TOKENS}
   * @param out receives the sums
   * @param outOffset index of the first
   * @param outStride from one token's sums to the next's
   * @throws IndexOutOfBoundsException if rows, activations or sums are not inside their memory
   */
  public void multiply(
      MemorySegment weights,
      long offset,
      long rowBytes,
      int columns,
      int rows,
      QuantizedRows x,
      int token,
      int tokens,
      float[] out,
      int outOffset,
      int outStride) {
    if (rows == 0) {
      return;
    }
    long used = type.bytes(columns);
    if (columns != x.columns() || rowBytes < used || tokens < 1 || tokens > MOST_TOKENS) {
      throw new IllegalArgumentException(
          "rows of %d %s in %d bytes with %d rows of activations of %d columns"
              .formatted(columns, type, rowBytes, tokens, x.columns()));
    }
    Product.checkDistances(outStride);
    Objects.checkFromIndexSize(token, tokens, x.rows());
    Objects.checkFromIndexSize(offset, (rows - 1) * rowBytes + used, weights.byteSize());
    Objects.checkFromIndexSize(outOffset, (long) (tokens - 1) * outStride + rows, out.length);
    functions.call(
        tokens,
        weights,
        offset,
        rowBytes,
        columns / type.blockElements(),
        rows,
        x.segment(),
        x.offset(token),
        QuantizedRows.scaleOffset(columns),
        functions.sums().offset(columns),
        x.rowBytes(),
        out,
        outOffset,
        outStride);
  }
}
