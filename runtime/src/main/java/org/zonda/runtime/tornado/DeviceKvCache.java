package org.zonda.runtime.tornado;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.zonda.kernels.PassLayout;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.ExecutorOptions;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Keys and values of every sequence on the device, in pages of {@link PassLayout#PAGE} positions. A
 * page is the same page of every layer. All pages are made when the model is loaded and shared by
 * the sequences, which take them as they grow.
 */
final class DeviceKvCache {

  /**
   * The keys and values of a stack of equal layers; of each pair of arrays, one is used and the
   * other has one element.
   */
  record Stack(HalfFloatArray k16, HalfFloatArray v16, FloatArray k32, FloatArray v32) {

    private long bytes() {
      return List.of(k16, v16, k32, v32).stream()
          .filter(array -> array.getSize() > 1)
          .mapToLong(TornadoNativeArray::getNumBytesOfSegment)
          .sum();
    }
  }

  private final String device;
  private final CacheType type;
  private final int pages;
  private final int maxPages;
  private final Deque<Integer> freed = new ArrayDeque<>();
  private final List<List<Integer>> tables = new ArrayList<>();
  private final List<Stack> stacks = new ArrayList<>();

  /** The first page that no sequence has had yet. */
  private int fresh;

  /**
   * Plans a cache.
   *
   * @param device its name, for messages
   * @param options how long sequences may be, and how many there are
   * @param pages how many pages they share
   */
  DeviceKvCache(String device, ExecutorOptions options, int pages) {
    this.device = device;
    this.pages = pages;
    type = options.cacheType();
    maxPages = pagesOf(options.contextLength());
    for (int sequence = 0; sequence < options.sequences(); sequence++) {
      tables.add(new ArrayList<>());
    }
  }

  /** Pages that a number of positions takes. */
  static int pagesOf(int positions) {
    return (int) (((long) positions + PassLayout.PAGE - 1) / PassLayout.PAGE);
  }

  /** Physical pages of a layer. */
  int pages() {
    return pages;
  }

  /** Pages that a sequence may have. */
  int maxPages() {
    return maxPages;
  }

  boolean isHalf() {
    return type == CacheType.F16;
  }

  /** Elements of one layer's keys, or of its values, whichever are more. */
  long layerElements(Attention layer) {
    long width = Math.max(layer.keyWidth(), layer.valueWidth());
    return (long) pages * layer.kvHeads() * width * PassLayout.PAGE;
  }

  /** Bytes of an element. */
  int elementBytes() {
    return isHalf() ? Short.BYTES : Float.BYTES;
  }

  /** Makes room for the keys and values of equal layers. */
  Stack stack(StageMemory stage, Attention layer, int layers) {
    long positions = (long) layers * pages * layer.kvHeads() * PassLayout.PAGE;
    int keys = Math.toIntExact(positions * layer.keyWidth());
    int values = Math.toIntExact(positions * layer.valueWidth());
    DeviceProgram program = stage.program;
    Stack stack =
        new Stack(
            program.allocate(new HalfFloatArray(isHalf() ? keys : 1)),
            program.allocate(new HalfFloatArray(isHalf() ? values : 1)),
            program.allocate(new FloatArray(isHalf() ? 1 : keys)),
            program.allocate(new FloatArray(isHalf() ? 1 : values)));
    stacks.add(stack);
    return stack;
  }

  /** Bytes that layers will take. */
  long bytesOf(List<Attention> layers) {
    long elements = 0;
    for (Attention layer : layers) {
      long positions = (long) pages * layer.kvHeads() * PassLayout.PAGE;
      elements += positions * (layer.keyWidth() + layer.valueWidth());
    }
    return elements * elementBytes();
  }

  /** Bytes on the device. */
  long bytes() {
    return stacks.stream().mapToLong(Stack::bytes).sum();
  }

  /**
   * Gives a sequence pages.
   *
   * @param sequence the sequence
   * @param length positions that it will have
   * @param pass where its page table is kept for the device
   * @throws ZondaException if there are too few; it keeps those that it had
   */
  void reserve(int sequence, int length, PassArray pass) {
    List<Integer> table = tables.get(sequence);
    int missing = pagesOf(length) - table.size();
    int free = pages - fresh + freed.size();
    if (missing > free) {
      throw new ZondaException(
          "the KV cache on %s is full: %d of its %d pages of %d positions are free, sequence %d needs %d more for %d positions; end another sequence, or load with a shorter context or fewer sequences"
              .formatted(device, free, pages, PassLayout.PAGE, sequence, missing, length));
    }
    for (; missing > 0; missing--) {
      int page = freed.isEmpty() ? fresh++ : freed.pop();
      pass.setPage(sequence, table.size(), page);
      table.add(page);
    }
  }

  /** Takes back a sequence's pages beyond a length. */
  void truncate(int sequence, int length) {
    List<Integer> table = tables.get(sequence);
    while (table.size() > pagesOf(length)) {
      freed.push(table.removeLast());
    }
  }
}
