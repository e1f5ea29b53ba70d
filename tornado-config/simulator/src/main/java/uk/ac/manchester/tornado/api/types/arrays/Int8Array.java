package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An array of signed 8-bit integers, the operands of integer dot products outside the Java heap.
 */
public final class Int8Array extends TornadoNativeArray {

  /** An array of so many elements, all zero. */
  public Int8Array(int numberOfElements) {
    super(numberOfElements, Byte.BYTES);
  }

  private Int8Array(MemorySegment withHeader) {
    super(withHeader, Byte.BYTES);
  }

  /** A copy of a Java array. */
  public static Int8Array fromArray(byte[] values) {
    return fromSegment(MemorySegment.ofArray(values));
  }

  /** An array of the given elements. */
  public static Int8Array fromElements(byte... values) {
    return fromArray(values);
  }

  /** A copy of a segment that holds elements and nothing else. */
  public static Int8Array fromSegment(MemorySegment segment) {
    Int8Array array = new Int8Array(elements(segment.byteSize(), Byte.BYTES));
    array.getSegment().copyFrom(segment);
    return array;
  }

  /**
   * A view of a segment that begins with room for the header ({@link #ARRAY_HEADER} bytes), into
   * which the number of elements is written.
   */
  public static Int8Array fromSegmentShallow(MemorySegment segment) {
    return new Int8Array(segment);
  }

  /** Sets all elements of an array to a value. */
  public static void initialize(Int8Array array, byte value) {
    array.init(value);
  }

  /** A new array of the elements of several, one after another. */
  public static Int8Array concat(Int8Array... arrays) {
    return fromSegment(join(arrays));
  }

  /** A copy in the Java heap. */
  public byte[] toHeapArray() {
    return getSegment().toArray(ValueLayout.JAVA_BYTE);
  }

  /** Writes an element. */
  public void set(int index, byte value) {
    segment().set(ValueLayout.JAVA_BYTE, offset(index), value);
  }

  /** Reads an element. */
  public byte get(int index) {
    return segment().get(ValueLayout.JAVA_BYTE, offset(index));
  }

  /** Sets all elements to a value. */
  public void init(byte value) {
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
    return Byte.BYTES;
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
  public Int8Array slice(int offset, int length) {
    return fromSegment(part(offset, length));
  }
}
