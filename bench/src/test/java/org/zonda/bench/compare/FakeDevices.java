package org.zonda.bench.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.backend.Backend;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Progress;
import org.zonda.runtime.backend.Stage;
import org.zonda.runtime.cpu.CpuBackend;
import org.zonda.runtime.placement.DeviceBackends;
import org.zonda.runtime.placement.DeviceInfo;

/** Devices that are the CPU, and write down what is asked of them. */
final class FakeDevices implements DeviceBackends {

  private static final long GIGABYTE = 1L << 30;

  final List<String> stages = new ArrayList<>();
  int open;
  boolean broken;
  private final DeviceInfo.Kind kind;

  FakeDevices(DeviceInfo.Kind kind) {
    this.kind = kind;
  }

  @Override
  public Optional<String> absence() {
    return Optional.empty();
  }

  @Override
  public List<DeviceInfo> list() {
    return List.of(new DeviceInfo(0, "Fake <1>", kind, 4 * GIGABYTE, GIGABYTE));
  }

  @Override
  public Backend open(DeviceInfo device, Optional<Path> profile, Progress progress) {
    if (broken) {
      throw new ZondaException("the fake is broken");
    }
    CpuBackend cpu = new CpuBackend(1);
    open++;
    return new Backend() {
      @Override
      public String description() {
        return device.description();
      }

      @Override
      public Stage stage(
          Transformer transformer, ModelSource weights, ExecutorOptions options, Part part) {
        stages.add(part.describe(transformer));
        return cpu.stage(transformer, weights, options, part);
      }

      @Override
      public void close() {
        open--;
        cpu.close();
      }
    };
  }
}
