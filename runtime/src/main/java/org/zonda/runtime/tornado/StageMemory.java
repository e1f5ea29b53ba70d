package org.zonda.runtime.tornado;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.zonda.kernels.TensorKernels;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.tornado.DeviceProfile;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What the steps of a stage share: device, program, weights, cache, and memory between steps. */
final class StageMemory {

  final TornadoDevice device;
  final DeviceProfile profile;
  final DeviceProgram program;
  final WeightLoader weights;
  final DeviceKvCache cache;
  final ExecutorOptions options;
  final DeviceKernels kernels;

  private final List<Slot> slots = new ArrayList<>();

  /** Slots that no living value uses. */
  final List<Slot> free = new ArrayList<>();

  /** What kernels are given for an array that they do not read. */
  final FloatArray noFloats;

  final IntArray noInts;

  /** Between the two launches of attention for few rows. */
  final Slot attention;

  /** What queries and keys are rotated by. */
  final RotationTable rotations;

  /** Inputs of products that are rounded first. */
  final NarrowInputs narrow;

  private final Map<Integer, FloatArray> products = new HashMap<>();

  /** Most rows of a pass that is run as one of few. */
  private final int few;

  StageMemory(
      TornadoDevice device,
      DeviceProfile profile,
      DeviceProgram program,
      WeightLoader weights,
      DeviceKvCache cache,
      ExecutorOptions options,
      int few) {
    this.device = device;
    this.profile = profile;
    this.program = program;
    this.weights = weights;
    this.cache = cache;
    this.options = options;
    kernels = new DeviceKernels(options.kernels());
    this.few = few;
    noFloats = program.allocate(new FloatArray(1));
    noInts = program.allocate(new IntArray(1));
    attention = slot(few, false);
    rotations = new RotationTable(options.contextLength());
    narrow = new NarrowInputs(this);
  }

  /** Most rows of a pass. */
  int rows() {
    return options.batchSize();
  }

  /** Most rows of a pass of few. */
  int fewRows() {
    return few;
  }

  /** Notes memory for values that take it in turn. */
  Slot sharedSlot() {
    return slot(rows(), true);
  }

  /** Notes memory for values of a pass of a number of rows. */
  Slot slot(int rows, boolean shared) {
    Slot slot = new Slot(program, padded(rows), shared);
    slots.add(slot);
    return slot;
  }

  /** Tensor cores write whole tiles of rows. */
  private int padded(int rows) {
    return profile.tensorCores()
        ? Math.ceilDiv(rows, TensorKernels.WARP_ROWS) * TensorKernels.WARP_ROWS
        : rows;
  }

  /**
   * Memory for products that are then added to a residual, for one after the other.
   *
   * @param width floats a row
   * @return room for the rows of a pass
   */
  FloatArray products(int width) {
    return products.computeIfAbsent(
        width,
        floats -> {
          Slot slot = new Slot(program, padded(rows()), false);
          slot.fit(floats);
          slot.make();
          return slot.array();
        });
  }

  /** Makes all memory that was noted. */
  void makeSlots() {
    slots.forEach(Slot::make);
    rotations.make(program);
  }
}
