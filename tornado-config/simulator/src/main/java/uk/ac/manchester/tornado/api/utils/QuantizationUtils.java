package uk.ac.manchester.tornado.api.utils;

import uk.ac.manchester.tornado.api.types.arrays.Int8Array;

/** Dot products of signed bytes: PTX and CUDA only. */
public class QuantizationUtils {

  /** All methods are static. */
  public QuantizationUtils() {}

  /** {@code c} and the dot product of four bytes of each array from the offsets on. */
  public static int dp4a(Int8Array a, long offsetA, Int8Array b, long offsetB, int c) {
    int sum = c;
    for (int i = 0; i < 4; i++) {
      sum += a.get(Math.toIntExact(offsetA + i)) * b.get(Math.toIntExact(offsetB + i));
    }
    return sum;
  }

  /** As {@link #dp4a(Int8Array, long, Int8Array, long, int)}; {@code b} lies in local memory. */
  public static int dp4a(Int8Array a, long offsetA, byte[] b, long offsetB, int c) {
    int sum = c;
    for (int i = 0; i < 4; i++) {
      sum += a.get(Math.toIntExact(offsetA + i)) * b[Math.toIntExact(offsetB + i)];
    }
    return sum;
  }

  /** A dot product of quantised vectors, times the scales of both. */
  public static float dequantizeFusedResult(int dotProduct, float scaleA, float scaleB) {
    return dotProduct * scaleA * scaleB;
  }

  /** {@code c} and the dot product of the four signed bytes in each of two words. */
  public static int dp4a_packed(int a, int b, int c) {
    int sum = c;
    for (int shift = 0; shift < 32; shift += 8) {
      sum += (byte) (a >> shift) * (byte) (b >> shift);
    }
    return sum;
  }
}
