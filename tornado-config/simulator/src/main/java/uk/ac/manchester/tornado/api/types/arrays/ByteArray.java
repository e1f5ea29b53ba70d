package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import uk.ac.manchester.tornado.api.types.HalfFloat;

/** An array of bytes outside the Java heap. */
public final class ByteArray extends TornadoNativeArray {

  /** An array of so many elements, all zero. */
  public ByteArray(int numberOfElements) {
    super(numberOfElements, Byte.BYTES);
  }

  private ByteArray(MemorySegment withHeader) {
    super(withHeader, Byte.BYTES);
  }

  /** A copy of a Java array. */
  public static ByteArray fromArray(byte[] values) {
    return fromSegment(MemorySegment.ofArray(values));
  }

  /** An array of the given elements. */
  public static ByteArray fromElements(byte... values) {
    return fromArray(values);
  }

  /** A copy of a segment that holds elements and nothing else. */
  public static ByteArray fromSegment(MemorySegment segment) {
    ByteArray array = new ByteArray(elements(segment.byteSize(), Byte.BYTES));
    array.getSegment().copyFrom(segment);
    return array;
  }

  /**
   * A view of a segment that begins with room for the header ({@link #ARRAY_HEADER} bytes), into
   * which the number of elements is written.
   */
  public static ByteArray fromSegmentShallow(MemorySegment segment) {
    return new ByteArray(segment);
  }

  /** Sets all elements of an array to a value. */
  public static void initialize(ByteArray array, byte value) {
    array.init(value);
  }

  /** A new array of the elements of several, one after another. */
  public static ByteArray concat(ByteArray... arrays) {
    return fromSegment(join(arrays));
  }

  /** A copy of what remains in a buffer. */
  public static ByteArray fromByteBuffer(ByteBuffer buffer) {
    ByteArray array = new ByteArray(buffer.remaining());
    array.getSegment().copyFrom(MemorySegment.ofBuffer(buffer));
    return array;
  }

  /** Writes a half-precision number to the two bytes from an even index on. */
  public void setHalfFloat(int byteIndex, HalfFloat value) {
    segment()
        .set(ValueLayout.JAVA_SHORT_UNALIGNED, offset(even(byteIndex)), value.getHalfFloatValue());
  }

  /** The half-precision number in the two bytes from an even index on. */
  public HalfFloat getHalfFloat(int byteIndex) {
    return new HalfFloat(segment().get(ValueLayout.JAVA_SHORT_UNALIGNED, offset(even(byteIndex))));
  }

  private static int even(int byteIndex) {
    if (byteIndex % 2 != 0) {
      throw new IllegalArgumentException(
          "index " + byteIndex + " of a half-precision number in a ByteArray is odd");
    }
    return byteIndex;
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
  public ByteArray slice(int offset, int length) {
    return fromSegment(part(offset, length));
  }
}
