package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * An array outside the Java heap: a header of {@link #ARRAY_HEADER} bytes that begins with the
 * number of elements, and the elements. Indexes are {@code int}; an index outside the array is an
 * {@link IndexOutOfBoundsException} on the host.
 */
public abstract sealed class TornadoNativeArray
    permits FloatArray, IntArray, HalfFloatArray, ByteArray, Int8Array {

  /** Bytes before the first element. */
  public static final long ARRAY_HEADER = Long.getLong("tornado.panama.objectHeader", 16);

  private static final long ALIGNMENT = 8;

  private final MemorySegment segment;
  private final int size;
  private final int elementSize;

  TornadoNativeArray(int size, int elementSize) {
    this(Arena.ofAuto().allocate(ARRAY_HEADER + (long) size * elementSize, ALIGNMENT), elementSize);
  }

  TornadoNativeArray(MemorySegment withHeader, int elementSize) {
    this.segment = withHeader;
    this.elementSize = elementSize;
    this.size = elements(withHeader.byteSize() - ARRAY_HEADER, elementSize);
    withHeader.set(ValueLayout.JAVA_INT_UNALIGNED, 0, size);
  }

  static int elements(long bytes, int elementSize) {
    if (bytes < 0 || bytes % elementSize != 0) {
      throw new IllegalArgumentException(
          "a segment of " + bytes + " bytes does not hold whole elements of " + elementSize);
    }
    return Math.toIntExact(bytes / elementSize);
  }

  static MemorySegment join(TornadoNativeArray[] arrays) {
    long bytes = 0;
    for (TornadoNativeArray array : arrays) {
      bytes += array.getNumBytesOfSegment();
    }
    MemorySegment joined = Arena.ofAuto().allocate(bytes, ALIGNMENT);
    long at = 0;
    for (TornadoNativeArray array : arrays) {
      MemorySegment.copy(array.getSegment(), 0, joined, at, array.getNumBytesOfSegment());
      at += array.getNumBytesOfSegment();
    }
    return joined;
  }

  final MemorySegment segment() {
    return segment;
  }

  final MemorySegment data() {
    return segment.asSlice(ARRAY_HEADER);
  }

  final int size() {
    return size;
  }

  final long offset(int index) {
    return ARRAY_HEADER + (long) Objects.checkIndex(index, size) * elementSize;
  }

  final MemorySegment part(int offset, int length) {
    Objects.checkFromIndexSize(offset, length, size);
    return segment.asSlice(ARRAY_HEADER + (long) offset * elementSize, (long) length * elementSize);
  }

  /** The number of elements. */
  public abstract int getSize();

  /** The elements, without the header. */
  public abstract MemorySegment getSegment();

  /** The header and the elements. */
  public abstract MemorySegment getSegmentWithHeader();

  /** Bytes of header and elements. */
  public abstract long getNumBytesOfSegmentWithHeader();

  /** Bytes of the elements. */
  public abstract long getNumBytesOfSegment();

  /** Sets all elements to zero. */
  protected abstract void clear();

  /** Bytes of an element. */
  public abstract int getElementSize();
}
