package org.zonda.runtime.tornado;

import java.util.Optional;
import org.zonda.kernels.AttentionKernels;
import org.zonda.kernels.AttentionPlan;
import org.zonda.kernels.Packed;
import org.zonda.kernels.PrefillKernels;
import org.zonda.kernels.RotaryKernels;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.model.graph.Rotary;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Rotates queries, appends rotated keys and values to the cache, and attends: for few rows split
 * along each sequence, so that one sequence keeps the whole device busy, else in tiles of rows.
 */
final class AttendTasks implements StepTasks {

  private final StageMemory stage;
  private final Attention attention;
  private final Optional<Rotary> rotary;
  private final FloatArray slopes;
  private final DeviceKvCache.Stack cache;
  private final Place query;
  private final Place key;
  private final Place value;
  private final Place out;

  AttendTasks(StageMemory stage, Step.Attend step, int layers, Places places) {
    this.stage = stage;
    attention = step.operation();
    rotary = step.rotary();
    float[] biases = attention.scores().slopes(attention.heads());
    slopes =
        biases.length == 0 ? stage.noFloats : stage.program.upload(FloatArray.fromArray(biases));
    cache = stage.cache.stack(stage, attention, layers);
    query = places.of(step.query());
    key = places.of(step.key());
    value = places.of(attention.value());
    out = places.of(attention.output());
    stage.attention.fit(
        Math.toIntExact(
            AttentionKernels.workspaceFloats(
                1, attention.heads(), splits(), attention.valueWidth())));
  }

  private int splits() {
    return Math.min(stage.profile.attentionSplits(), AttentionPlan.MOST);
  }

  private int items() {
    return Math.max(16, stage.profile.attentionGroup());
  }

  @Override
  public void add(Target target) {
    String what = attention.output().name();
    addRotateAppend(target, what + "_append");
    if (target.few()) {
      addDecode(target, what);
      addCombine(target, what + "_combine");
    } else {
      addPrefill(target, what);
    }
  }

  private void addRotateAppend(Target target, String what) {
    int pairs = rotary.map(r -> r.rotated() / 2).orElse(0);
    boolean adjacent = rotary.map(r -> r.pairing() == Rotary.Pairing.ADJACENT).orElse(false);
    int flags =
        (adjacent ? RotaryKernels.ADJACENT : 0) | (stage.cache.isHalf() ? RotaryKernels.HALF : 0);
    int items =
        RotaryKernels.items(
            attention.heads(),
            attention.kvHeads(),
            attention.keyWidth(),
            attention.valueWidth(),
            pairs);
    target
        .tasks()
        .add(
            what,
            Grid.elements(stage.profile.elementGroup(), items),
            (g, n) ->
                g.task(
                    n,
                    stage.kernels.of("rotary.append", RotaryKernels::rotateAppend),
                    stage.program.context,
                    target.pass(),
                    target.cursor(),
                    key.array(),
                    value.array(),
                    query.array(),
                    stage.rotations.array(),
                    cache.k16(),
                    cache.v16(),
                    cache.k32(),
                    cache.v32(),
                    target.slot(),
                    stage.cache.pages(),
                    capacity(),
                    heads(),
                    widths(),
                    at(query),
                    at(key),
                    at(value),
                    Packed.of(pairs, flags)));
  }

  private void addDecode(Target target, String what) {
    int headsPerGroup =
        headsPerGroup(
            heads ->
                AttentionKernels.decodeLocalFloats(
                    heads, attention.keyWidth(), attention.valueWidth(), items()));
    Grid grid = Grid.rows(items(), attention.kvHeads() * shares(headsPerGroup) * splits());
    target
        .tasks()
        .add(
            what,
            grid,
            (g, n) ->
                g.task(
                    n,
                    stage.kernels.of("attention.decode", AttentionKernels::decode),
                    stage.program.context,
                    target.pass(),
                    target.cursor(),
                    query.array(),
                    cache.k16(),
                    cache.v16(),
                    cache.k32(),
                    cache.v32(),
                    slopes,
                    stage.attention.array(),
                    target.slot(),
                    stage.cache.pages(),
                    capacity(),
                    heads(),
                    widths(),
                    at(query),
                    plan(headsPerGroup, splits()),
                    attention.scores().scale(),
                    attention.scores().softCap()));
  }

  private void addCombine(Target target, String what) {
    target
        .tasks()
        .add(
            what,
            Grid.rows(items(), attention.heads()),
            (g, n) ->
                g.task(
                    n,
                    stage.kernels.of("attention.combine", AttentionKernels::combine),
                    stage.program.context,
                    target.pass(),
                    stage.attention.array(),
                    out.array(),
                    attention.heads(),
                    attention.valueWidth(),
                    splits(),
                    out.stride()));
  }

  private void addPrefill(Target target, String what) {
    int headsPerGroup =
        headsPerGroup(
            heads ->
                PrefillKernels.localFloats(heads, attention.keyWidth(), attention.valueWidth()));
    Grid grid = new Grid(items(), attention.kvHeads() * shares(headsPerGroup), PassSize::tiles);
    target
        .tasks()
        .add(
            what,
            grid,
            (g, n) ->
                g.task(
                    n,
                    stage.kernels.of("attention.prefill", PrefillKernels::attention),
                    stage.program.context,
                    target.pass(),
                    target.cursor(),
                    query.array(),
                    cache.k16(),
                    cache.v16(),
                    cache.k32(),
                    cache.v32(),
                    slopes,
                    out.array(),
                    target.slot(),
                    stage.cache.pages(),
                    capacity(),
                    heads(),
                    widths(),
                    at(query),
                    plan(headsPerGroup, 1),
                    attention.scores().scale(),
                    attention.scores().softCap()));
  }

  /** Floats of local memory for a number of query heads a group. */
  private interface LocalFloats {
    int of(int headsPerGroup);
  }

  /** As many query heads of a KV head as have room in local memory share a group. */
  private int headsPerGroup(LocalFloats floats) {
    long memory = stage.device.getPhysicalDevice().getDeviceLocalMemorySize();
    int heads = Math.min(attention.heads() / attention.kvHeads(), AttentionPlan.MOST);
    while (heads > 1 && (long) Float.BYTES * floats.of(heads) > memory) {
      heads = (heads + 1) / 2;
    }
    if ((long) Float.BYTES * floats.of(heads) > memory) {
      throw new ZondaException(
          "attention with heads of %d and %d floats needs %d bytes of local memory, %s has %d; use --backend cpu"
              .formatted(
                  attention.keyWidth(),
                  attention.valueWidth(),
                  (long) Float.BYTES * floats.of(heads),
                  DeviceFailures.name(stage.device),
                  memory));
    }
    return heads;
  }

  private int shares(int headsPerGroup) {
    return AttentionPlan.shares(attention.heads(), attention.kvHeads(), headsPerGroup);
  }

  private int plan(int headsPerGroup, int splits) {
    int flags = stage.cache.isHalf() ? AttentionPlan.HALF : 0;
    if (attention.scores().maxBias() > 0) {
      flags |= AttentionPlan.ALIBI;
    }
    if (!attention.mask().causal()) {
      flags |= AttentionPlan.ALL;
    }
    return AttentionPlan.of(headsPerGroup, splits, items(), flags);
  }

  private int capacity() {
    return pack("batch size and pages of a sequence", stage.rows(), stage.cache.maxPages());
  }

  private int heads() {
    return pack("heads and KV heads", attention.heads(), attention.kvHeads());
  }

  private int widths() {
    return pack("widths of keys and values", attention.keyWidth(), attention.valueWidth());
  }

  private static int at(Place place) {
    return pack("widths of queries, keys and values", place.offset(), place.stride());
  }

  private static int pack(String what, int low, int high) {
    if (Math.max(low, high) > Packed.MOST) {
      throw new ZondaException(
          "attention: %s are %d and %d; the GPU path takes at most %d each; use --backend cpu"
              .formatted(what, low, high, Packed.MOST));
    }
    return Packed.of(low, high);
  }
}
