package org.zonda.bench.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.zonda.bench.Hardware;
import org.zonda.bench.device.KernelCase;
import org.zonda.model.ZondaException;
import org.zonda.runtime.tornado.Device;
import org.zonda.tornado.DeviceProfile;

/** The sizes with which the kernels of a device are timed: those of models that it would run. */
final class TimedShapes {

  private static final String PRODUCTS = "matvec gated matmul";
  private static final String ATTENTION = "attention.decode";

  /**
   * What depends on the device.
   *
   * @param width of a hidden state
   * @param inner of a feed-forward layer
   * @param tokens of prompts
   * @param positions of caches
   * @param layers of caches
   * @param stackBytes of weights, about: more than caches hold
   */
  private record Grid(
      int width,
      int inner,
      List<Integer> tokens,
      List<Integer> positions,
      int layers,
      long stackBytes) {

    /** A model of 8 billion parameters. */
    static final Grid ACCELERATOR =
        new Grid(4096, 14_336, List.of(32, 512), List.of(512, 2048, 8192), 8, 512L << 20);

    /** A model of 1 billion parameters. */
    static final Grid PROCESSOR =
        new Grid(2048, 8192, List.of(32, 128), List.of(512, 2048), 4, 64L << 20);

    /** Enough to show that everything runs. */
    static final Grid SIMULATOR = new Grid(256, 512, List.of(32), List.of(64), 2, 1);
  }

  private final Device device;
  private final DeviceProfile profile;
  private final Grid grid;

  TimedShapes(Device device, DeviceProfile profile, Hardware hardware) {
    this.device = device;
    this.profile = profile;
    grid =
        switch (hardware) {
          case ACCELERATOR -> Grid.ACCELERATOR;
          case PROCESSOR, PROCESSOR_AS_DEVICE -> Grid.PROCESSOR;
          case SIMULATOR -> Grid.SIMULATOR;
        };
  }

  /** Whether a kernel can be timed by itself. */
  static boolean has(KernelEntry kernel) {
    return PRODUCTS.contains(family(kernel.id()))
        || kernel.id().equals(ATTENTION)
        || RowTiming.IDS.contains(kernel.id());
  }

  /** Refuses a kernel that cannot be timed by itself. */
  static void check(KernelEntry kernel) {
    if (!has(kernel)) {
      throw new ZondaException(
          "kernel '%s' is not timed by itself; those of matvec, gated and matmul are, attention.decode, norm.rms, norm.layer, and most of element"
              .formatted(kernel.id()));
    }
  }

  private static String family(String id) {
    return id.substring(0, id.indexOf('.'));
  }

  /**
   * The cases of a kernel.
   *
   * @param kernel one of the catalogue
   * @param name what to call it
   * @param task its code, or a user's
   * @param all whether every size is wanted, not only the usual one
   */
  List<Supplier<KernelCase>> of(KernelEntry kernel, String name, Object task, boolean all) {
    return switch (family(kernel.id())) {
      case "matvec" -> products(kernel, MatrixCases.Entry.MATVEC, name, task, all);
      case "gated" -> products(kernel, MatrixCases.Entry.GATED, name, task, false);
      case "matmul" -> products(kernel, MatrixCases.Entry.MATMUL, name, task, all);
      case "attention" ->
          grid.positions.stream()
              .filter(positions -> all || positions.equals(grid.positions.getLast()))
              .<Supplier<KernelCase>>map(
                  positions ->
                      () ->
                          new AttentionTiming(
                              name, task, positions, grid.layers, profile, device.localMemory()))
              .toList();
      default -> rows(kernel, name, task, all);
    };
  }

  private List<Supplier<KernelCase>> products(
      KernelEntry kernel, MatrixCases.Entry entry, String name, Object task, boolean all) {
    MatrixFormat format =
        MatrixFormat.ALL.stream()
            .filter(each -> kernel.id().endsWith("." + each.name()))
            .findFirst()
            .orElseThrow();
    boolean many = entry == MatrixCases.Entry.MATMUL;
    List<Supplier<KernelCase>> cases = new ArrayList<>();
    for (int tokens : many ? grid.tokens : List.of(1)) {
      if (all || !many || tokens == grid.tokens.getLast()) {
        cases.add(product(format, entry, name, task, grid.inner, grid.width, tokens));
      }
      if (all) {
        cases.add(product(format, entry, name, task, grid.width, grid.width, tokens));
        cases.add(product(format, entry, name, task, grid.width, grid.inner, tokens));
      }
    }
    return cases;
  }

  private Supplier<KernelCase> product(
      MatrixFormat format,
      MatrixCases.Entry entry,
      String name,
      Object task,
      int rows,
      int columns,
      int tokens) {
    long bytes = (long) rows * columns / 256 * format.bytesOf256();
    int matrices = (int) Math.clamp(Math.ceilDiv(grid.stackBytes, bytes), 2, 32);
    return () ->
        new ProductTiming(format, entry, name, task, rows, columns, tokens, matrices, profile);
  }

  private List<Supplier<KernelCase>> rows(
      KernelEntry kernel, String name, Object task, boolean all) {
    int group = kernel.id().startsWith("norm.") ? profile.normGroup() : profile.elementGroup();
    int width = kernel.id().startsWith("element.gate") ? grid.inner : grid.width;
    List<Integer> rows = new ArrayList<>(List.of(1, grid.tokens.getLast()));
    return rows.stream()
        .filter(count -> all || count == 1)
        .<Supplier<KernelCase>>map(
            count -> () -> new RowTiming(kernel.id(), name, task, count, width, group))
        .toList();
  }
}
