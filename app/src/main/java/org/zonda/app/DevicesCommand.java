package org.zonda.app;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.zonda.model.ZondaException;
import org.zonda.runtime.tornado.Device;
import org.zonda.runtime.tornado.Devices;
import org.zonda.tornado.Availability;
import org.zonda.tornado.DeviceProfile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code zonda devices}: lists what kernels can run on. */
@Command(
    name = "devices",
    header = "Lists the devices that models can run on.",
    description = "%nWhere there is none, says what is missing and how to install it.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda devices [OPTIONS]"},
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda devices",
      "  zonda devices --device-profile mine.json",
      "  zonda devices --json"
    })
final class DevicesCommand implements Runnable {

  private static final String SIMULATOR =
      "the GPU path on the CPU, slow and checked (--backend simulator)";

  private final Console console;

  @Mixin private final CommonOptions common;

  @Option(
      names = "--device-profile",
      paramLabel = "FILE",
      order = 1,
      description = "Show the profiles with the changes that this JSON file makes.")
  private String file;

  @Option(names = "--json", order = 2, description = "Print one JSON object.")
  private boolean json;

  DevicesCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  /**
   * What there is.
   *
   * @param devices all, the simulator among them where this JVM has it
   * @param missing why there is no real one, and what to do; empty if there is
   */
  private record Found(List<Device> devices, Optional<String> missing) {}

  @Override
  public void run() {
    Optional<Path> profile = Optional.ofNullable(file).map(UserPath::of);
    Found found = find();
    // Before anything is printed: the file may be wrong.
    List<DeviceProfile> profiles =
        found.devices().stream().map(device -> device.profile(profile)).toList();
    if (json) {
      Json.write(console.out(), out -> write(out, found, profiles));
      return;
    }
    for (int i = 0; i < profiles.size(); i++) {
      print(found.devices().get(i), profiles.get(i));
    }
    if (found.devices().stream().noneMatch(Device::simulated)) {
      heading("simulator", SIMULATOR);
    }
    found
        .missing()
        .ifPresent(
            reason ->
                console
                    .out()
                    .println(console.outStyle().bold("No GPU: ") + Printable.line(reason)));
  }

  private static Found find() {
    if (!Availability.present()) {
      Optional<String> none =
          Availability.installation().map(way -> "no TornadoVM SDK is installed: " + way);
      return new Found(Devices.all(), none.or(Availability::absence));
    }
    try {
      return new Found(Devices.all(), Optional.empty());
    } catch (ZondaException e) {
      return new Found(List.of(), Optional.of(e.getMessage()));
    }
  }

  private void heading(String number, String name) {
    console.out().println(console.outStyle().bold(number) + "  " + Printable.line(name));
  }

  private void line(String label, String value) {
    console.out().printf("  %-16s  %s%n", label, Printable.line(value));
  }

  private void print(Device device, DeviceProfile profile) {
    heading(
        device.simulated() ? "simulator" : "device " + device.number(),
        device.simulated() ? SIMULATOR : device.identity().name());
    line("backend", device.backend() + " (" + device.platform() + ")");
    line("type", device.identity().type() + ", " + device.computeUnits() + " compute units");
    line("memory", Quantity.bytes(device.memory()));
    line("largest array", Quantity.bytes(device.largestAllocation()));
    line("local memory", Quantity.bytes(device.localMemory()));
    line("largest group", device.largestGroup() + " work-items");
    line("half floats", yes(device.halfFloats()));
    line("captured graphs", yes(device.capturedGraphs()));
    line("dp4a", yes(device.byteDotProducts()));
    line("mma", yes(device.matrixUnits()));
    line("profile", profile.name() + ": " + profile.description());
    line("", numbers(profile));
  }

  private static String yes(boolean there) {
    return there ? "yes" : "no";
  }

  private static String numbers(DeviceProfile profile) {
    return String.format(
        Locale.ROOT,
        "%d lanes, %d rows a group; groups: norm %d, attention %d in %d splits, elements %d;"
            + " tiles of %d; %d layers a graph%s%s%s",
        profile.lanes(),
        profile.rowsPerGroup(),
        profile.normGroup(),
        profile.attentionGroup(),
        profile.attentionSplits(),
        profile.elementGroup(),
        profile.matmulTile(),
        profile.layersPerGraph(),
        profile.captureGraphs() ? ", captured" : "",
        profile.int8Inputs() ? ", int8 inputs" : "",
        profile.tensorCores() ? ", tensor cores" : "");
  }

  private static void write(JsonGenerator json, Found found, List<DeviceProfile> profiles)
      throws IOException {
    json.writeArrayFieldStart("devices");
    for (int i = 0; i < profiles.size(); i++) {
      json.writeStartObject();
      write(json, found.devices().get(i));
      write(json, profiles.get(i));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringField("missing", found.missing().orElse(null));
  }

  private static void write(JsonGenerator json, Device device) throws IOException {
    json.writeNumberField("number", device.number());
    json.writeBooleanField("simulator", device.simulated());
    json.writeStringField("name", device.identity().name());
    json.writeStringField("vendor", device.identity().vendor());
    json.writeStringField("type", device.identity().type());
    json.writeStringField("backend", device.backend());
    json.writeStringField("platform", device.platform());
    json.writeBooleanField("pocl", device.pocl());
    json.writeNumberField("compute_units", device.computeUnits());
    json.writeNumberField("memory", device.memory());
    json.writeNumberField("largest_allocation", device.largestAllocation());
    json.writeNumberField("local_memory", device.localMemory());
    json.writeNumberField("largest_group", device.largestGroup());
    json.writeBooleanField("half_floats", device.halfFloats());
    json.writeBooleanField("captured_graphs", device.capturedGraphs());
    json.writeBooleanField("dp4a", device.byteDotProducts());
    json.writeBooleanField("mma", device.matrixUnits());
  }

  private static void write(JsonGenerator json, DeviceProfile profile) throws IOException {
    json.writeObjectFieldStart("profile");
    json.writeStringField("name", profile.name());
    json.writeStringField("description", profile.description());
    json.writeNumberField("lanes", profile.lanes());
    json.writeNumberField("rowsPerGroup", profile.rowsPerGroup());
    json.writeNumberField("normGroup", profile.normGroup());
    json.writeNumberField("attentionGroup", profile.attentionGroup());
    json.writeNumberField("attentionSplits", profile.attentionSplits());
    json.writeNumberField("elementGroup", profile.elementGroup());
    json.writeNumberField("matmulTile", profile.matmulTile());
    json.writeNumberField("layersPerGraph", profile.layersPerGraph());
    json.writeBooleanField("captureGraphs", profile.captureGraphs());
    json.writeBooleanField("int8Inputs", profile.int8Inputs());
    json.writeBooleanField("tensorCores", profile.tensorCores());
    json.writeEndObject();
  }
}
