package org.zonda.runtime.placement;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.zonda.kernels.PassLayout;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.GpuLayers;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Part;

/**
 * Decides what of a model a device can hold: everything; else all layers, with the embedding on the
 * CPU; else as many of the last layers as fit, with the head. A context that was not asked for is
 * shortened before a layer stays behind, but not below {@link #LEAST_CONTEXT}.
 */
public final class MemoryPlanner {

  /** A context that is worth leaving layers on the CPU for. */
  static final int LEAST_CONTEXT = 4096;

  /**
   * The longest context that is not asked for: a device's cache is allocated as a whole, here and
   * there, whether it is used or not.
   */
  static final int LONGEST_DEFAULT_CONTEXT = 16_384;

  /** Positions of all sequences together, unless one alone needs more. */
  static final int SHARED_POSITIONS = 32_768;

  private static final int PAGE = PassLayout.PAGE;

  private final Transformer transformer;
  private final ModelSizes sizes;
  private final String label;
  private final ExecutorOptions wanted;
  private final boolean mayShorten;

  /**
   * Measures a model.
   *
   * @param transformer its forward pass
   * @param source its tensors, of which only types and sizes are looked at
   * @param wanted sizes of the KV cache and batch
   * @param mayShorten whether the context may be shorter, since nobody asked for its length
   */
  public MemoryPlanner(
      Transformer transformer, ModelSource source, ExecutorOptions wanted, boolean mayShorten) {
    this.transformer = transformer;
    this.wanted = wanted;
    this.mayShorten = mayShorten;
    label = source.label();
    sizes = new ModelSizes(transformer, source);
  }

  /**
   * Plans for the CPU alone.
   *
   * @param notes why
   * @return the plan
   */
  public MemoryPlan onCpu(String... notes) {
    Part whole = Part.whole(transformer);
    return new MemoryPlan(
        Optional.empty(),
        Optional.of(whole),
        Optional.empty(),
        wanted,
        rows(Optional.of(whole), Optional.empty(), wanted),
        List.of(notes));
  }

  /**
   * Plans for a device.
   *
   * @param device the device
   * @param layers how many layers it is to run
   * @param mayUseCpu whether the CPU may run everything where as many layers as fit were asked for
   *     and none does
   * @return the plan
   * @throws ZondaException if what was asked for does not fit; the message says what would
   */
  public MemoryPlan on(DeviceInfo device, GpuLayers layers, boolean mayUseCpu) {
    int all = transformer.layers().size();
    int most = layers.automatic() ? all : Math.min(all, layers.count());
    int least = layers.automatic() ? 1 : most;
    for (Part part : candidates(most, least)) {
      Optional<ExecutorOptions> options = fit(part, device);
      if (options.isPresent()) {
        return plan(part, options.get(), device, layers);
      }
    }
    String why = why(lastLayers(least), device);
    if (layers.automatic() && mayUseCpu) {
      return onCpu("on the CPU: not one layer and the head fit on " + why);
    }
    throw new ZondaException(
        "%s: %s and the head do not fit on %s; %s"
            .formatted(label, least == 1 ? "one layer" : least + " layers", why, advice(device)));
  }

  private List<Part> candidates(int most, int least) {
    List<Part> parts = new ArrayList<>();
    if (most == transformer.layers().size()) {
      parts.add(Part.whole(transformer));
    }
    for (int count = most; count >= least; count--) {
      parts.add(lastLayers(count));
    }
    return parts;
  }

  private Part lastLayers(int count) {
    int all = transformer.layers().size();
    return new Part(false, all - count, all, true);
  }

  /** The options with which a part fits; empty where it does not. */
  private Optional<ExecutorOptions> fit(Part part, DeviceInfo device) {
    if (sizes.largestArray(part) > device.largestAllocation()) {
      return Optional.empty();
    }
    long free = device.usable() - fixedBytes(part);
    long perPosition = sizes.cacheBytesPerPosition(part, wanted);
    long perContext = sizes.bytesPerContextPosition(part);
    long room =
        Math.min(
            wholePages(divide(free, perPosition + perContext)),
            wholePages(divide(device.largestAllocation(), sizes.largestCachedBytes(part, wanted))));
    int context = wanted.contextLength();
    if (mayShorten) {
      context = Math.min(context, LONGEST_DEFAULT_CONTEXT);
      if (context > room && room >= LEAST_CONTEXT) {
        context = (int) room;
      }
    }
    if (free < 0 || roundUp(context) > room) {
      return Optional.empty();
    }
    long each = roundUp(context);
    long most =
        Math.min(
            wholePages(divide(free - perContext * context, perPosition)),
            wholePages(divide(device.largestAllocation(), sizes.largestCachedBytes(part, wanted))));
    long positions = Math.clamp(each * wanted.sequences(), each, Math.max(each, SHARED_POSITIONS));
    return Optional.of(
        new ExecutorOptions(
            context,
            wanted.sequences(),
            wanted.batchSize(),
            wanted.cacheType(),
            Math.min(positions, most),
            wanted.listener(),
            wanted.kernels()));
  }

  /** What a part takes before there is a context. */
  private long fixedBytes(Part part) {
    ExecutorOptions none =
        new ExecutorOptions(1, wanted.sequences(), wanted.batchSize(), wanted.cacheType(), 1);
    return total(sizes.of(part, none));
  }

  private static long total(Map<MemoryKind, Long> bytes) {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  private static long divide(long bytes, long each) {
    return each == 0 ? Integer.MAX_VALUE : Math.max(0, bytes / each);
  }

  private static long wholePages(long positions) {
    return positions / PAGE * PAGE;
  }

  private static long roundUp(long positions) {
    return Math.ceilDiv(positions, PAGE) * PAGE;
  }

  private MemoryPlan plan(Part part, ExecutorOptions options, DeviceInfo device, GpuLayers layers) {
    Optional<Part> rest =
        part.equals(Part.whole(transformer))
            ? Optional.empty()
            : Optional.of(new Part(true, 0, part.from(), false));
    List<String> notes = new ArrayList<>();
    if (rest.isPresent() && (layers.automatic() || part.from() == 0)) {
      notes.add(
          "%s of %d fit on %s, which has %s, %s of it kept free; the CPU runs the rest"
              .formatted(
                  part.from() == 0 ? "the layers without the embedding" : part.layers() + " layers",
                  transformer.layers().size(),
                  device.description(),
                  gib(device.memory()),
                  gib(device.reserve())));
    }
    if (options.contextLength() < wanted.contextLength()) {
      notes.add(
          "the context is %d tokens of the model's %d, since nobody asked for another and a device's cache is allocated as a whole"
              .formatted(options.contextLength(), wanted.contextLength()));
    }
    return new MemoryPlan(
        Optional.of(device),
        rest,
        Optional.of(part),
        options,
        rows(rest, Optional.of(part), options),
        notes);
  }

  private List<MemoryPlan.Row> rows(
      Optional<Part> cpu, Optional<Part> device, ExecutorOptions options) {
    Map<MemoryKind, Long> here = bytes(cpu, options);
    Map<MemoryKind, Long> there = bytes(device, options);
    List<MemoryPlan.Row> rows = new ArrayList<>();
    for (MemoryKind kind : MemoryKind.values()) {
      rows.add(new MemoryPlan.Row(kind, here.get(kind), there.get(kind)));
    }
    return rows;
  }

  private Map<MemoryKind, Long> bytes(Optional<Part> part, ExecutorOptions options) {
    if (part.isPresent()) {
      return sizes.of(part.get(), options);
    }
    Map<MemoryKind, Long> nothing = new EnumMap<>(MemoryKind.class);
    for (MemoryKind kind : MemoryKind.values()) {
      nothing.put(kind, 0L);
    }
    return nothing;
  }

  /** The device and what it lacks for a part. */
  private String why(Part part, DeviceInfo device) {
    if (sizes.largestArray(part) > device.largestAllocation()) {
      return "%s: its largest array is %s, and one of %s is needed"
          .formatted(
              device.description(), gib(device.largestAllocation()), gib(sizes.largestArray(part)));
    }
    int context =
        mayShorten ? Math.min(LEAST_CONTEXT, wanted.contextLength()) : wanted.contextLength();
    ExecutorOptions least =
        new ExecutorOptions(
            context, wanted.sequences(), wanted.batchSize(), wanted.cacheType(), roundUp(context));
    return "%s: they take %s with a context of %d tokens, and of its %s a model may take %s"
        .formatted(
            device.description(),
            gib(total(sizes.of(part, least))),
            context,
            gib(device.memory()),
            gib(device.usable()));
  }

  /** How many layers would fit. */
  private String advice(DeviceInfo device) {
    for (int count = transformer.layers().size() - 1; count > 0; count--) {
      if (fit(lastLayers(count), device).isPresent()) {
        return "%d would, or more with a shorter context or a smaller batch".formatted(count);
      }
    }
    return "a shorter context, a smaller batch or a smaller model may, or use --backend cpu";
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30));
  }
}
