package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import org.zonda.model.tensor.Tensor;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A stack of matrices of one shape and format, in planes: matrix after matrix, row after row.
 *
 * @param format how it is stored
 * @param columns elements of a row
 * @param planes one for each of the format's
 */
record DeviceMatrix(DeviceFormat format, int columns, List<TornadoNativeArray> planes) {

  /** Makes room for a number of rows in all. */
  static DeviceMatrix ofRows(DeviceFormat format, long rows, int columns) {
    long blocks = rows * (columns / format.blockElements());
    return new DeviceMatrix(
        format, columns, format.planes().stream().map(plane -> plane.array(blocks)).toList());
  }

  /**
   * Takes rows of a tensor, sharing the work among the machine's cores.
   *
   * @param tensor of this format and row length
   * @param from its first row that is wanted
   * @param rows how many
   * @param to the first one's number here
   */
  void put(Tensor tensor, long from, int rows, long to) {
    int blocks = columns / format.blockElements();
    MemorySegment data = tensor.data();
    long rowBytes = tensor.rowBytes();
    IntStream.range(0, rows)
        .parallel()
        .forEach(
            row ->
                format.repack(
                    data,
                    (from + row) * rowBytes,
                    blocks,
                    this,
                    Math.toIntExact((to + row) * blocks)));
  }

  MemorySegment segment(int plane) {
    return planes.get(plane).getSegment();
  }

  IntArray ints(int plane) {
    return (IntArray) planes.get(plane);
  }

  HalfFloatArray halves(int plane) {
    return (HalfFloatArray) planes.get(plane);
  }

  FloatArray floats(int plane) {
    return (FloatArray) planes.get(plane);
  }
}
