package org.zonda.app.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The Vector API without its module. Its classes are copied out of the running JDK into a jar for
 * the boot class path; the internal packages that the module may use, and the compiler switches
 * that the JVM sets when it sees the module, are given by name instead. The classes are that JDK's
 * own, and the compiled code is the same. What is gone is the incubator module, and with it the
 * JDK's warning and its refusal to archive linked classes and method profiles.
 *
 * <p>Jar and flags hold for the JDK that they come from, and for no other.
 */
final class VectorModule {

  /** The module's name. */
  static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /**
   * Copies the classes.
   *
   * @param jar the file to write
   * @throws IOException if this JDK has no such module or the file cannot be written
   */
  static void writeJar(Path jar) throws IOException {
    Path module = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules", NAME);
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file);
        Stream<Path> classes = Files.walk(module)) {
      for (Path path : (Iterable<Path>) classes.sorted()::iterator) {
        String name = module.relativize(path).toString();
        if (Files.isRegularFile(path) && !name.equals("module-info.class")) {
          zip.putNextEntry(new ZipEntry(name));
          Files.copy(path, zip);
          zip.closeEntry();
        }
      }
    }
  }

  /**
   * The flags that the module's declaration amounts to.
   *
   * @return JVM flags, none of which holds a path
   */
  static List<String> flags() {
    List<String> flags = new ArrayList<>();
    flags.add("-XX:+UnlockExperimentalVMOptions");
    flags.add("-XX:+EnableVectorSupport");
    flags.add("-XX:+EnableVectorReboxing");
    flags.add("-XX:+EnableVectorAggressiveReboxing");
    for (Module module : ModuleLayer.boot().modules()) {
      module.getDescriptor().exports().stream()
          .filter(exports -> exports.targets().contains(NAME))
          .map(exports -> "--add-exports=" + module.getName() + "/" + exports.source())
          .sorted()
          .forEach(flag -> flags.add(flag + "=ALL-UNNAMED"));
    }
    return flags;
  }
}
