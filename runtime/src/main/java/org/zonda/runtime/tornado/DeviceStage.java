package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zonda.kernels.PassLayout;
import org.zonda.kernels.Rows;
import org.zonda.kernels.Touch;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.backend.Chunk;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.OperationRecorder;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Progress;
import org.zonda.runtime.backend.Stage;
import org.zonda.runtime.backend.TopLogits;
import org.zonda.tornado.DeviceProfile;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A part of a model on one device. A pass is a few graphs, one after the other:
 *
 * <ol>
 *   <li>{@code step} brings down the pass's array and looks up the embedding (or {@code receive}
 *       brings down hidden states);
 *   <li>the graphs of each {@link LayerGroup}, some layers at a time: one kind for few rows
 *       (generation), one for many (prompts);
 *   <li>a graph of the {@link DeviceHead}, when logits are asked for.
 * </ol>
 *
 * With the embedding and the head here, a token that is generated sends down one small array and
 * brings back one id.
 *
 * <p>Memory: weights, cache and activations are on the device, all made while loading. TornadoVM's
 * arrays have their place on the host too and keep it, so that the host holds the repacked weights
 * and as much as the cache takes a second time.
 */
public final class DeviceStage implements Stage {

  /** A pass of up to so many rows is multiplied row by row. */
  private static final int FEW = 8;

  /** Brings down hidden states, for passes of up to a number of rows. */
  private record Receive(FloatArray states, DeviceGraph graph) {}

  private final TornadoDevice device;
  private final String description;
  private final DeviceProgram program;
  private final DeviceKvCache cache;
  private final PassArray pass;
  private final StageMemory memory;
  private final int width;
  private final Slot hidden;
  private final List<LayerGroup> groups = new ArrayList<>();
  private final Optional<DeviceHead> head;
  private final DeviceGraph step;

  /** For few and for many rows; none in a stage with the embedding. */
  private final List<Receive> receives = new ArrayList<>();

  private PassSize last = new PassSize(0, 0);

  /**
   * Uploads the weights and compiles the kernels, with room in the KV cache for as many positions
   * as the options say.
   *
   * @param device where it runs
   * @param profile how kernels are cut for the device
   * @param transformer the model
   * @param weights its tensors; not needed any more afterwards
   * @param options sizes of the KV cache and batch
   * @param part what of the model runs here
   * @param progress hears of the weights that were made ready
   * @throws ZondaException if a format or operation is not supported on devices, the profile asks
   *     for what the device's backend lacks, memory is short or a kernel fails; the message says
   *     what would work
   */
  public DeviceStage(
      TornadoDevice device,
      DeviceProfile profile,
      Transformer transformer,
      ModelSource weights,
      ExecutorOptions options,
      Part part,
      Progress progress) {
    checkProfile(profile, device);
    this.device = device;
    String name = DeviceFailures.name(device);
    description = part.describe(transformer) + " on " + name;
    width = transformer.hiddenWidth();
    program = new DeviceProgram(device, new OperationRecorder(options));
    cache = new DeviceKvCache(name, options, pages(options));
    pass = new PassArray(options.batchSize(), cache.maxPages(), options.sequences());
    WeightLoader loader = new WeightLoader(weights, program, progress, blocks(transformer, part));
    long cacheBytes = cache.bytesOf(part.attentions(transformer));
    checkMemory(loader.bytes(), cacheBytes);
    // A captured graph tells the times of none of its kernels.
    boolean captures =
        profile.captureGraphs() && Device.isNvidia(device) && options.listener().isEmpty();
    int few = captures ? 1 : Math.min(FEW, options.batchSize());
    memory = new StageMemory(device, profile, program, loader, cache, options, few);
    hidden = memory.slot(options.batchSize(), false);
    hidden.fit(width);
    try {
      head =
          part.head() ? Optional.of(new DeviceHead(memory, transformer, hidden)) : Optional.empty();
      step = build(transformer, part, captures);
      program.start();
      memory.kernels.checkAllUsed(weights.label());
      warmUp();
    } catch (OutOfMemoryError e) {
      closeAfter(e);
      throw new ZondaException(
          "the host has too little memory for its copies of %.1f GB of weights and %.1f GB of KV cache on %s; use fewer layers on the GPU or --backend cpu"
              .formatted(loader.bytes() / 1e9, cacheBytes / 1e9, name),
          e);
    } catch (RuntimeException | Error e) {
      closeAfter(e);
      throw e;
    }
  }

  /** Frees what was made before a failure, which stays the one that is reported. */
  private void closeAfter(Throwable failure) {
    try {
      program.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Takes the weights and makes the graphs; returns that which begins a pass. */
  private DeviceGraph build(Transformer transformer, Part part, boolean captures) {
    Optional<BlockTasks> embedding =
        part.embedding()
            ? Optional.of(new BlockTasks(memory, List.of(transformer.embedding()), hidden, hidden))
            : Optional.empty();
    List<Block> layers = transformer.layers().subList(part.from(), part.to());
    for (List<Block> equal : LayerGroup.divide(memory, layers)) {
      groups.add(new LayerGroup(memory, "layers_" + groups.size(), equal, hidden));
    }
    memory.makeSlots();
    DeviceGraph first = program.step(stepTasks(embedding), pass.array());
    if (!part.embedding()) {
      receives.add(receive("receive_few", memory.fewRows()));
      receives.add(receive("receive_many", memory.rows()));
    }
    groups.forEach(group -> group.addGraphs(pass.array(), captures));
    head.ifPresent(block -> block.addGraphs(pass.array(), captures));
    return first;
  }

  /** Pages for the positions that the cache is to have room for. */
  private static int pages(ExecutorOptions options) {
    long all = (long) DeviceKvCache.pagesOf(options.contextLength()) * options.sequences();
    boolean full = options.cachePositions() >= (long) options.contextLength() * options.sequences();
    long shared = Math.ceilDiv(options.cachePositions(), (long) PassLayout.PAGE);
    return Math.toIntExact(full ? all : Math.min(all, shared));
  }

  private static List<Block> blocks(Transformer transformer, Part part) {
    List<Block> blocks = new ArrayList<>(transformer.layers().subList(part.from(), part.to()));
    if (part.embedding()) {
      blocks.add(transformer.embedding());
    }
    if (part.head()) {
      blocks.add(transformer.head());
    }
    return blocks;
  }

  /** Refuses what the profile asks for and the device's backend has no instructions for. */
  private static void checkProfile(DeviceProfile profile, TornadoDevice device) {
    if (!Device.isNvidia(device)) {
      refuse("int8Inputs", profile.int8Inputs(), profile, device);
      refuse("tensorCores", profile.tensorCores(), profile, device);
    }
  }

  private static void refuse(
      String field, boolean wanted, DeviceProfile profile, TornadoDevice device) {
    if (wanted) {
      throw new ZondaException(
          "device profile '%s' has \"%s\": true, which needs TornadoVM's CUDA or PTX backend; %s is driven by %s; set it to false, or use an SDK with the CUDA or PTX backend"
              .formatted(
                  profile.name(),
                  field,
                  DeviceFailures.name(device),
                  device.getTornadoVMBackend()));
    }
  }

  private TaskList stepTasks(Optional<BlockTasks> embedding) {
    TaskList tasks = new TaskList();
    IntArray array = pass.array();
    tasks.add(
        "pass",
        Grid.single(),
        (g, n) ->
            g.task(n, Touch::readInts, program.context, array, array, array, array, memory.noInts));
    embedding.ifPresent(block -> block.add(new Target(tasks, array, program.cursor, 0, false)));
    groups.forEach(group -> group.addReset(tasks));
    return tasks;
  }

  private Receive receive(String name, int rows) {
    FloatArray states = new FloatArray(rows * width);
    TaskList tasks = new TaskList();
    tasks.add(
        "receive",
        Grid.elements(memory.profile.elementGroup(), width),
        (g, n) ->
            g.task(
                n,
                memory.kernels.of("rows.copy", Rows::copy),
                program.context,
                pass.array(),
                states,
                hidden.array(),
                width));
    return new Receive(states, program.graph(name, tasks, List.of(states), false));
  }

  /** Refuses before anything is loaded what the device cannot hold. */
  private void checkMemory(long weights, long cacheBytes) {
    long there = device.getPhysicalDevice().getDeviceGlobalMemorySize();
    if (weights + cacheBytes > there) {
      throw new ZondaException(
          "%s has %.1f GB of memory; the weights take %.1f GB and the KV cache %.1f GB; use a shorter context, fewer sequences, fewer layers on the GPU, or --backend cpu"
              .formatted(
                  DeviceFailures.name(device), there / 1e9, weights / 1e9, cacheBytes / 1e9));
    }
  }

  /** Runs each graph that will be needed once, so that what fails does so while loading. */
  private void warmUp() {
    Chunk token = new Chunk(new int[1], new int[1], new int[1]);
    float[] state = new float[width];
    run(token, state, true);
    if (memory.rows() > memory.fewRows()) {
      run(token, state, false);
    }
    head.ifPresent(DeviceHead::warmUp);
  }

  /** Bytes of the device's memory that it holds; for tests. */
  long deviceBytes() {
    return program.residentBytes();
  }

  @Override
  public String description() {
    return description;
  }

  /** The launches of all graphs, each compiled once; for tests. */
  int launches() {
    return program.launches();
  }

  @Override
  public void reserve(int sequence, int length) {
    cache.reserve(sequence, length, pass);
  }

  @Override
  public void truncate(int sequence, int length) {
    cache.truncate(sequence, length);
  }

  @Override
  public void fork(int from, int to, int length) {
    throw new ZondaException(
        "%s: sequences cannot share their keys and values there; use --backend cpu"
            .formatted(description));
  }

  @Override
  public void run(Chunk chunk, float[] states) {
    program.times.pass(chunk);
    run(chunk, states, chunk.rows() <= memory.fewRows());
  }

  private void run(Chunk chunk, float[] states, boolean few) {
    last = pass.set(chunk);
    program.run(step, last);
    if (!receives.isEmpty()) {
      Receive receive = few ? receives.getFirst() : receives.getLast();
      int floats = chunk.rows() * width;
      MemorySegment to = receive.states().getSegment();
      MemorySegment.copy(states, 0, to, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, floats);
      program.run(receive.graph(), last);
    }
    for (LayerGroup group : groups) {
      group.run(last, few);
    }
  }

  @Override
  public void hidden(float[] into) {
    FloatArray states = hidden.array();
    program.fetch(states, (long) last.rows() * width);
    DeviceHead.copy(states.getSegment(), into, 0, last.rows() * width);
  }

  @Override
  public void logits(int[] rows, int count, float[] into, int offset) {
    head.orElseThrow().logits(last.rows(), rows, count, into, offset);
  }

  @Override
  public TopLogits top(int[] rows, int count, int best) {
    return head.orElseThrow().top(last.rows(), rows, count, best);
  }

  @Override
  public long cacheBytes() {
    return cache.bytes();
  }

  @Override
  public void close() {
    program.close();
  }
}
