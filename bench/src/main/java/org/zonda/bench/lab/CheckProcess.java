package org.zonda.bench.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.zonda.model.ZondaException;
import org.zonda.runtime.tornado.Device;
import org.zonda.runtime.tornado.Devices;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/**
 * The program of the JVM in which kernels are run. It writes what it finds to a file, a JSON object
 * a line, each as soon as it is known: when the process is stopped, what it was at is there.
 */
public final class CheckProcess {

  /** What the process is asked to do. */
  enum Task {
    /** Name the devices. */
    DEVICES,
    /** Run a kernel on all its data, and compare. */
    CHECK,
    /** Run a kernel once, for the sake of the code that TornadoVM prints. */
    GENERATE
  }

  /** Stands for the number of TornadoVM's virtual device, which does not say what it is. */
  static final int VIRTUAL = -1;

  /** How the simulator's report begins of a kernel that it had to stop. */
  private static final String ENDLESS = "kernel that does not end";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Writer out;

  private CheckProcess(Writer out) {
    this.out = out;
  }

  /**
   * Does what it is asked.
   *
   * @param arguments the file to write to, the {@link Task}, and but for {@link Task#DEVICES} the
   *     kernel's id, a jar with a user's kernel for it (or nothing, for Zonda's own) and the number
   *     of the device
   * @throws IOException if the file cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    try (Writer out = Files.newBufferedWriter(Path.of(arguments[0]))) {
      CheckProcess process = new CheckProcess(out);
      try {
        if (Task.valueOf(arguments[1]) == Task.DEVICES) {
          process.devices();
        } else {
          process.kernel(
              Task.valueOf(arguments[1]),
              KernelCatalogue.get(arguments[2]),
              arguments[3],
              Integer.parseInt(arguments[4]));
        }
      } catch (ZondaException e) {
        process.write(JSON.createObjectNode().put("failed", e.getMessage()));
      } catch (RuntimeException | LinkageError e) {
        process.write(JSON.createObjectNode().put("failed", CaseRunner.reason(e)));
      }
      process.write(JSON.createObjectNode().put("done", true));
    }
  }

  private void write(ObjectNode line) throws IOException {
    out.write(line.toString());
    out.write('\n');
    out.flush();
  }

  private void devices() throws IOException {
    for (Device device : Devices.all()) {
      write(
          JSON.createObjectNode()
              .put("device", device.number())
              .put("name", device.description())
              .put("backend", device.backend())
              .put("pocl", device.pocl()));
    }
  }

  private void kernel(Task task, KernelEntry entry, String jar, int number) throws IOException {
    Object kernel =
        jar.isEmpty()
            ? KernelTask.of(entry.method())
            : UserKernels.load(Path.of(jar)).get(entry.id()).task();
    if (task == Task.GENERATE) {
      generate(entry, kernel, number);
      return;
    }
    Device device = Devices.numbered(number);
    CaseRunner runner = new CaseRunner(Optional.of(device.handle()));
    // A device's compiler may take for granted that all numbers are finite.
    List<CheckCase> cases =
        entry.cases().stream().filter(check -> check.finite() || device.simulated()).toList();
    for (CheckCase check : cases) {
      write(JSON.createObjectNode().put("begin", check.name()));
      CaseResult result = runner.run(check, kernel);
      write(
          JSON.createObjectNode()
              .put("case", result.name())
              .put("outcome", result.outcome().name())
              .put("message", result.message())
              .put("error", result.error())
              .put("place", result.place())
              .put("expected", result.expected())
              .put("found", result.found()));
      if (result.message().startsWith(ENDLESS)) {
        return; // or each case would use up its time
      }
    }
  }

  private static void generate(KernelEntry entry, Object kernel, int number) {
    CaseRunner runner =
        new CaseRunner(
            number == VIRTUAL ? Optional.empty() : Optional.of(Devices.numbered(number).handle()));
    // Not the first, which is the smallest: its loops would be unrolled to nothing.
    List<CheckCase> cases = entry.cases();
    try {
      runner.execute(cases.get(Math.min(1, cases.size() - 1)).trial().get(), kernel);
    } catch (TornadoExecutionPlanException | RuntimeException e) {
      throw new ZondaException(CaseRunner.reason(e), e);
    }
  }
}
