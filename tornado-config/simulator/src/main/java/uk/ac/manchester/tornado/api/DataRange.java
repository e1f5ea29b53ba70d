package uk.ac.manchester.tornado.api;

import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** A run of elements of an array, to be copied alone. */
public class DataRange {
  private final TornadoNativeArray array;
  private long offset;
  private long size;
  private boolean materialized;

  /** The whole array. */
  public DataRange(TornadoNativeArray array) {
    this.array = array;
  }

  /** Sets the first element. */
  public DataRange withOffset(long offset) {
    this.offset = offset;
    return this;
  }

  /** Sets the number of elements. */
  public DataRange withSize(long size) {
    this.size = size;
    return this;
  }

  /** The first byte, counted from the header's beginning; only after {@link #materialize()}. */
  public long getOffset() {
    check();
    return TornadoNativeArray.ARRAY_HEADER + offset * array.getElementSize();
  }

  /** The number of bytes; only after {@link #materialize()}. */
  public long getPartialSize() {
    check();
    return size == 0 ? array.getNumBytesOfSegment() : size * array.getElementSize();
  }

  /** Fixes the range and checks that it lies within the array. */
  public void materialize() {
    materialized = true;
    long end = getOffset() + getPartialSize();
    if (end > array.getNumBytesOfSegment() + TornadoNativeArray.ARRAY_HEADER) {
      throw new TornadoRuntimeException(
          "a range of "
              + size
              + " elements from "
              + offset
              + " on does not lie within the array's "
              + array.getSize());
    }
  }

  /** The array. */
  public TornadoNativeArray getArray() {
    return array;
  }

  private void check() {
    if (!materialized) {
      throw new TornadoRuntimeException("a range must be materialized before it is read");
    }
  }
}
