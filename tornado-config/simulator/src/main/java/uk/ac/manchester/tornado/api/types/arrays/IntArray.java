package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.IntBuffer;

/** An array of 32-bit integers outside the Java heap. */
public final class IntArray extends TornadoNativeArray {

  /** An array of so many elements, all zero. */
  public IntArray(int numberOfElements) {
    super(numberOfElements, Integer.BYTES);
  }

  private IntArray(MemorySegment withHeader) {
    super(withHeader, Integer.BYTES);
  }

  /** A copy of a Java array. */
  public static IntArray fromArray(int[] values) {
    return fromSegment(MemorySegment.ofArray(values));
  }

  /** An array of the given elements. */
  public static IntArray fromElements(int... values) {
    return fromArray(values);
  }

  /** A copy of a segment that holds elements and nothing else. */
  public static IntArray fromSegment(MemorySegment segment) {
    IntArray array = new IntArray(elements(segment.byteSize(), Integer.BYTES));
    array.getSegment().copyFrom(segment);
    return array;
  }

  /**
   * A view of a segment that begins with room for the header ({@link #ARRAY_HEADER} bytes), into
   * which the number of elements is written.
   */
  public static IntArray fromSegmentShallow(MemorySegment segment) {
    return new IntArray(segment);
  }

  /** Sets all elements of an array to a value. */
  public static void initialize(IntArray array, int value) {
    array.init(value);
  }

  /** A new array of the elements of several, one after another. */
  public static IntArray concat(IntArray... arrays) {
    return fromSegment(join(arrays));
  }

  /** A copy of what remains in a buffer. */
  public static IntArray fromIntBuffer(IntBuffer buffer) {
    IntArray array = new IntArray(buffer.remaining());
    array.getSegment().copyFrom(MemorySegment.ofBuffer(buffer));
    return array;
  }

  /** A copy in the Java heap. */
  public int[] toHeapArray() {
    return getSegment().toArray(ValueLayout.JAVA_INT_UNALIGNED);
  }

  /** Writes an element. */
  public void set(int index, int value) {
    segment().set(ValueLayout.JAVA_INT_UNALIGNED, offset(index), value);
  }

  /** Reads an element. */
  public int get(int index) {
    return segment().get(ValueLayout.JAVA_INT_UNALIGNED, offset(index));
  }

  /** Sets all elements to a value. */
  public void init(int value) {
    for (int i = 0; i < getSize(); i++) {
      set(i, value);
    }
  }

  @Override
  public void clear() {
    getSegment().fill((byte) 0);
  }

  @Override
  public int getElementSize() {
    return Integer.BYTES;
  }

  @Override
  public int getSize() {
    return size();
  }

  @Override
  public MemorySegment getSegment() {
    return data();
  }

  @Override
  public MemorySegment getSegmentWithHeader() {
    return segment();
  }

  @Override
  public long getNumBytesOfSegmentWithHeader() {
    return segment().byteSize();
  }

  @Override
  public long getNumBytesOfSegment() {
    return segment().byteSize() - ARRAY_HEADER;
  }

  /** A copy of {@code length} elements from {@code offset} on. */
  public IntArray slice(int offset, int length) {
    return fromSegment(part(offset, length));
  }
}
