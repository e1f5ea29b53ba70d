package org.zonda.runtime.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Part;

/**
 * What of a model goes where and what it takes there, computed before anything is uploaded.
 *
 * @param device the device that takes part; empty where all runs on the CPU
 * @param onCpu what the CPU runs; empty where the device runs all
 * @param onDevice what the device runs; empty where the CPU runs all
 * @param options sizes of the KV cache and batch: what was asked for, or less where it did not fit
 * @param rows what each kind of memory takes, in the order of {@link MemoryKind}
 * @param notes why it is not otherwise, each one line; empty where all is as was asked for
 */
public record MemoryPlan(
    Optional<DeviceInfo> device,
    Optional<Part> onCpu,
    Optional<Part> onDevice,
    ExecutorOptions options,
    List<Row> rows,
    List<String> notes) {

  /** Takes copies. */
  public MemoryPlan {
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
  }

  /**
   * One kind of memory.
   *
   * @param kind what it is for
   * @param cpuBytes in the computer's memory; weights are mapped from the file, and the cache grows
   *     as sequences do
   * @param deviceBytes in the device's memory
   */
  public record Row(MemoryKind kind, long cpuBytes, long deviceBytes) {}

  /**
   * All that lies in the computer's memory.
   *
   * @return bytes
   */
  public long cpuBytes() {
    return rows.stream().mapToLong(Row::cpuBytes).sum();
  }

  /**
   * All that lies in the device's memory.
   *
   * @return bytes
   */
  public long deviceBytes() {
    return rows.stream().mapToLong(Row::deviceBytes).sum();
  }

  /**
   * The layers that the device runs.
   *
   * @return how many
   */
  public int deviceLayers() {
    return onDevice.map(Part::layers).orElse(0);
  }

  /**
   * All layers.
   *
   * @return how many the model has
   */
  public int layers() {
    return deviceLayers() + onCpu.map(Part::layers).orElse(0);
  }

  /** The same plan with one more note. */
  MemoryPlan withNote(String note) {
    List<String> more = new ArrayList<>(notes);
    more.add(note);
    return new MemoryPlan(device, onCpu, onDevice, options, rows, more);
  }
}
