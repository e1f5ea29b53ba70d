package org.zonda.runtime.tornado;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.zonda.model.ZondaException;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.exceptions.TornadoMemoryException;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;

/** Turns what TornadoVM throws into one line that says what failed, where, and what to do. */
final class DeviceFailures {

  private static final String WAY_OUT = "; use --backend cpu";

  private DeviceFailures() {}

  /** The failure of a graph. A failure of the JVM itself is thrown as it is. */
  static ZondaException of(TornadoDevice device, DeviceGraph graph, Throwable failure) {
    if (failure instanceof VirtualMachineError error) {
      throw error;
    }
    if (isShortOfMemory(failure)) {
      return new ZondaException(
          "%s has too little free memory: %s; use a shorter context, a smaller batch, fewer layers on the GPU, or --backend cpu"
              .formatted(name(device), reason(failure)),
          failure);
    }
    return new ZondaException(
        "%s on %s failed: %s".formatted(task(graph, failure), name(device), reason(failure))
            + WAY_OUT,
        failure);
  }

  /** The device as people know it. */
  static String name(TornadoDevice device) {
    String name = device.getPhysicalDevice().getDeviceName();
    return (name == null ? device.getDeviceName() : name).strip();
  }

  /** The task that the failure names, or else all that the graph has. */
  private static String task(DeviceGraph graph, Throwable failure) {
    String text = chain(failure).map(Throwable::toString).collect(Collectors.joining(" "));
    return graph.tasks.launches().stream()
        .map(TaskList.Launch::name)
        .filter(name -> text.contains(graph.name + "." + name))
        .findFirst()
        .map(name -> "kernel '" + graph.name + "." + name + "'")
        .orElseGet(
            () ->
                "one of the kernels of '%s' (%s)"
                    .formatted(
                        graph.name,
                        graph.tasks.launches().stream()
                            .map(launch -> launch.name().replaceAll("_\\d+$", ""))
                            .distinct()
                            .collect(Collectors.joining(", "))));
  }

  private static boolean isShortOfMemory(Throwable failure) {
    return chain(failure)
        .anyMatch(
            cause ->
                cause instanceof TornadoOutOfMemoryException
                    || cause instanceof TornadoMemoryException
                    || String.valueOf(cause.getMessage()).contains("Unable to allocate"));
  }

  private static Stream<Throwable> chain(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
  }

  /** The first line of the deepest message that says something. */
  private static String reason(Throwable failure) {
    return chain(failure)
        .map(Throwable::getMessage)
        .filter(message -> message != null && !message.isBlank())
        .map(DeviceFailures::oneLine)
        .reduce((outer, inner) -> inner)
        .orElse(failure.getClass().getSimpleName());
  }

  private static String oneLine(String message) {
    return message
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" "));
  }
}
